//! A party in a room.

pub(crate) mod photo;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use cryptab_session::{
    Acquaintance, Authentication, Evaluator, Format, Identity, Invite, Join, RevealPolicy, Role,
    Route,
};
use js_sys::Function;
use serde::Deserialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::driver::{Addresses, Driver};
use crate::event::Progress;
use crate::failure::Failure;
use crate::journal::{Journal, Store};
use crate::owner;
use crate::session::Session;

pub use photo::Photo;

/// A party in a room; dropped or closed, it leaves.
#[wasm_bindgen]
pub struct Room {
    driver: Rc<Driver>,
    invite: Invite,
}

#[derive(Deserialize)]
struct Options {
    name: String,
    role: Role,
    #[serde(default)]
    evaluator: Evaluator,
    #[serde(default)]
    route: Route,
    #[serde(default)]
    acquaintances: Vec<Acquaintance>,
    /// Seconds.
    patience: Option<u32>,
}

/// Seconds that a session waits for who is away, if the page says nothing.
const PATIENCE: u32 = 60;

#[wasm_bindgen]
impl Room {
    /// Begins to enter the room that a link names, as `{ name, role, evaluator, route, acquaintances,
    /// patience }`. `identity` is the party's secret key, 32 bytes; without an `evaluator` it is
    /// `trigonometric`, without a `route` it is `best`, without a `patience` whoever is away is waited
    /// for 60 seconds. Calls `on_event` with whatever happens from now on: `lobby` once this party is
    /// inside, or `closed` when it cannot be.
    ///
    /// Calls `connect_direct(offers, hear)` for each direct connection that is wanted, where `offers`
    /// says whether this side makes the offer. It answers with an object whose `signal(bytes)` takes
    /// what the other side says about the connection, whose `opened()` hears that it came about, and
    /// whose `close()` ends it; and later calls
    /// `hear` with `{ channel }`, an `RTCDataChannel` that is not open yet, `{ signal }`, bytes for the
    /// other side, or `{ failed }`, why there is no connection.
    ///
    /// With a `journal`, the session is written down there and goes on from there: `entries` is what was
    /// saved and not forgotten, `save(number, entry)` saves one more, `forget()` forgets all, and
    /// `listen(hear)` names what is called with `{ saved }`, the number of the last entry that is
    /// saved, `{ forgotten: true }` once all are, or `{ lost }`, why none can be saved.
    ///
    /// # Errors
    /// If the link is no invite, or an option is missing.
    pub fn join(
        link: &str,
        identity: &[u8],
        #[wasm_bindgen(
            unchecked_param_type = "{ name: string; role: string; evaluator?: string; route?: string; acquaintances?: { name: string; key: string; verified: boolean }[]; patience?: number | undefined }"
        )]
        options: JsValue,
        on_event: Function,
        connect_direct: Function,
        journal: Option<Store>,
    ) -> Result<Self, JsValue> {
        Ok(join(link, identity, options, on_event, connect_direct, journal)?)
    }

    /// The session under way.
    ///
    /// # Errors
    /// If none is.
    pub fn session(&self) -> Result<Session, JsValue> {
        Ok(Session::new(self.driver.engine()?, Rc::clone(&self.driver)))
    }

    /// How far the session is: `{ stage, round, rounds, bytes, dealerBytes, waitingFor }`, or nothing
    /// when none is under way.
    #[wasm_bindgen(
        unchecked_return_type = "{ stage: string; round: number; rounds: number; bytes: number; \
                                            dealerBytes: number; waitingFor: string[] } | undefined"
    )]
    #[must_use]
    pub fn progress(&self) -> JsValue {
        let Ok(engine) = self.driver.engine() else { return JsValue::UNDEFINED };
        let progress = engine.progress();
        let lobby = self.driver.lobby();
        let mut slots = self.driver.awaits();
        slots.extend(progress.waiting_for);
        let awaited = lobby.members.into_iter().filter(|member| slots.contains(&member.slot));
        let mut waiting_for: Vec<_> = awaited.map(|member| member.name).collect();
        if waiting_for.is_empty() && progress.waiting_for_dealer {
            waiting_for.push("the dealer".to_owned());
        }
        let shown = Progress {
            stage: progress.stage,
            round: progress.rounds_done,
            rounds: progress.rounds_total,
            bytes: progress.bytes_sent,
            dealer_bytes: progress.dealer_bytes,
            waiting_for,
        };
        serde_wasm_bindgen::to_value(&shown).unwrap_or_default()
    }

    /// The user has compared this authentication, of a `lobby` event, with all others.
    ///
    /// # Errors
    /// If there are no words to compare, or others than those by now.
    pub fn confirm(&self, compared: JsValue) -> Result<(), JsValue> {
        let compared: Authentication = serde_wasm_bindgen::from_value(compared)
            .map_err(|_| Failure::misuse("the authentication of a `lobby` event is missing"))?;
        Ok(self.driver.confirm(&compared)?)
    }

    /// The user accepts the key of the party in this slot under the name that it shows.
    ///
    /// # Errors
    /// If nobody is there.
    pub fn accept(&self, slot: u8) -> Result<(), JsValue> {
        Ok(self.driver.accept(slot)?)
    }

    /// Closes the room, or takes back the invite whose token `revoke` names, as its owner: the relay
    /// and all peers are told. `owner` is the owner's secret key, 64 hexadecimal digits.
    ///
    /// # Errors
    /// If the key is not the owner's.
    pub fn order(&self, owner: &str, revoke: Option<String>) -> Result<(), JsValue> {
        let (_, order) = owner::signed(&self.invite, owner, revoke.as_deref())?;
        Ok(self.driver.order(order)?)
    }

    /// Leaves the room.
    pub fn close(&self) {
        self.driver.close();
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Room").finish_non_exhaustive()
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.driver.close();
    }
}

fn join(
    link: &str,
    identity: &[u8],
    options: JsValue,
    told: Function,
    connect_direct: Function,
    journal: Option<Store>,
) -> Result<Room, Failure> {
    let Options { name, role, evaluator, route, acquaintances, patience } =
        serde_wasm_bindgen::from_value(options)?;
    let invite = Invite::from_link(link)?;
    let addresses = Addresses::of(link, &invite)?;
    let secret = identity.try_into().map_err(|_| Failure::misuse("a key has 32 bytes"))?;
    let join = Join {
        invite: invite.clone(),
        identity: Identity::from_secret(secret),
        name,
        acquaintances,
        role,
        slot: None,
        format: Format { evaluator, ..Format::default() },
        reveal: RevealPolicy::Any,
        route,
        patience: Duration::from_secs(patience.unwrap_or(PATIENCE).into()),
        journal: Journal::found(journal.as_ref()),
    };
    Ok(Room { driver: Driver::start(join, addresses, told, connect_direct, journal), invite })
}
