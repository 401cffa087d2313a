//! The node: what a driver drives.

mod authenticating;
mod dealing;
mod ending;
mod entry;
mod forming;
mod journaling;
mod knowing;
mod lobby;
mod patience;
mod reaching;
mod resuming;
mod room;
mod running;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use cryptab_correlation::Seed;
use cryptab_engine::{self as engine, Engine, RevealPolicy};
use cryptab_wire::SignedOrder;

use self::authenticating::Authenticating;
use crate::acquaintance::Acquaintances;
use crate::agreement::Agreement;
use crate::backoff::Backoff;
use crate::credentials::Credentials;
use crate::dealer::Line;
use crate::hello::Hello;
use crate::journal::{Ledger, Seal, Word};
use crate::message::{MAX_SAID, Message};
use crate::peer::Peer;
use crate::reach::Reach;
use crate::supply::Supply;
use crate::{Error, Event, Input, Join, Journal, Lobby, Output, Route, cast};

/// One party in one room. See the [crate] for its contract.
pub struct Node {
    credentials: Credentials,
    reveal: RevealPolicy,
    /// The slot to ask the relay for.
    wanted: Option<u8>,
    /// Whether there was a connection to the relay before.
    reached: bool,
    /// Whether the relay has let this party in before.
    welcomed: bool,
    seat: Option<Seat>,
    /// The latest session that this party took part in forming.
    epoch: u64,
    phase: Phase,
    /// Which way frames may take.
    route: Route,
    /// How long to wait for whoever is away.
    patience: Duration,
    /// The relay, while it cannot be reached.
    relay: Reach,
    /// Pauses between attempts to form a session with a dealer that is lost.
    backoff: Backoff,
    /// When to form a session again, after the dealer was lost.
    retry: Option<Duration>,
    now: Duration,
    /// What seals the journal, if there is one.
    keeper: Option<Keeper>,
    outputs: VecDeque<Output>,
    /// What those who were introduced in each slot called themselves, also when they have left.
    names: BTreeMap<u8, String>,
    authenticating: Authenticating,
    acquaintances: Acquaintances,
    /// What the room's owner has ordered so far.
    orders: Vec<SignedOrder>,
    /// The lobby as the application knows it.
    shown: Option<Lobby>,
    /// Why the last session ended, until there is another one.
    ended: Option<Error>,
    finished: bool,
}

/// This party's place in the room, and the others there.
struct Seat {
    slot: u8,
    /// Whether the relay can be reached; without it, a session goes on where there are direct
    /// connections.
    is_online: bool,
    peers: BTreeMap<u8, Peer>,
}

enum Phase {
    /// No session: someone or something is missing.
    Lobby,
    /// A session forms.
    Forming(Forming),
    /// A session runs.
    Running(Running),
}

struct Forming {
    nonce: [u8; 32],
    /// What this party will draw its part of random values from.
    own: Seed,
    /// Once all nonces are there: what this party agrees to, and the line to the dealer.
    agreed: Option<(Box<Agreement>, Line)>,
    seed: Option<Seed>,
}

struct Running {
    engine: Engine,
    dealer: Supply,
    /// The journal, if this party can be resumed.
    ledger: Option<Box<Ledger>>,
    /// How many times this party's application has spoken.
    spoken: u64,
    /// And those of the others.
    said: BTreeMap<u8, u64>,
}

struct Keeper {
    seal: Seal,
    /// The number of the next entry.
    next: u64,
}

impl Running {
    const fn new(engine: Engine, dealer: Supply, ledger: Option<Box<Ledger>>) -> Self {
        Self { engine, dealer, ledger, spoken: 0, said: BTreeMap::new() }
    }
}

impl Node {
    /// A party that is about to join; `now` is the time since 1970-01-01.
    #[must_use]
    pub fn new(join: Join, now: Duration) -> Self {
        let Join {
            invite,
            identity,
            name,
            acquaintances,
            role,
            slot,
            format,
            reveal,
            route,
            patience,
            journal,
        } = join;
        let hello = Hello::new(&name, role, format, route != Route::Relay);
        let granted = invite.ticket().and_then(|ticket| ticket.grant.slot);
        let credentials = Credentials::new(invite, identity, hello);
        let keeper = match &journal {
            Journal::Off => None,
            Journal::Fresh | Journal::Resume(_) => {
                Some(Keeper { seal: Seal::new(&credentials.journal_key()), next: 0 })
            }
        };
        let mut node = Self {
            credentials,
            reveal,
            wanted: granted.or(slot),
            reached: false,
            welcomed: false,
            seat: None,
            epoch: 0,
            phase: Phase::Lobby,
            route,
            patience,
            relay: Reach::new(Backoff::of_relay()),
            backoff: Backoff::of_dealer(),
            retry: None,
            now,
            keeper,
            outputs: VecDeque::new(),
            names: BTreeMap::new(),
            authenticating: Authenticating::default(),
            acquaintances: Acquaintances::new(acquaintances),
            orders: Vec::new(),
            shown: None,
            ended: None,
            finished: false,
        };
        if !node.refuse_expired() {
            node.refuse_role();
        }
        if let Journal::Resume(entries) = journal
            && !node.finished
        {
            node.resume_or_complain(&entries);
        }
        node
    }

    /// Takes what has happened by `now`. Poll afterwards.
    pub fn handle(&mut self, input: Input, now: Duration) {
        if self.finished {
            return;
        }
        self.now = now;
        self.end_when_due();
        if self.finished {
            return;
        }
        match input {
            Input::RelayOpened => self.enter(),
            Input::RelayMessage(bytes) => self.hear_relay(&bytes),
            Input::RelayClosed(reason) => self.lose_relay(&reason),
            Input::DealerOpened => self.open_dealer(),
            Input::DealerMessage(bytes) => self.hear_dealer(&bytes),
            Input::DealerClosed(reason) => self.lose_dealer(&reason),
            Input::DirectSignal { slot, bytes } => self.signal_directly(slot, &bytes),
            Input::DirectOpened { slot } => self.open_direct(slot),
            Input::DirectMessage { slot, bytes } => self.hear_directly(slot, &bytes),
            Input::DirectClosed { slot, reason } => self.lose_direct(slot, &reason),
            Input::Saved { number } => self.be_saved(number),
            Input::JournalLost(reason) => self.lose_journal(&reason),
            Input::Tick => self.tick(),
        }
        self.announce();
    }

    /// The next thing to do, if there is any.
    pub fn poll(&mut self) -> Option<Output> {
        if self.outputs.is_empty() && !self.finished {
            self.run_engine();
            self.flush();
            self.announce();
        }
        self.outputs.pop_front()
    }

    /// Says something to the applications of all peers, through the sealed channels.
    ///
    /// # Errors
    /// [`Error::Misuse`] when no session is [`Ready`](Event::Ready), or above [`MAX_SAID`] bytes.
    pub fn say(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        if bytes.len() > MAX_SAID {
            return Err(Error::Misuse("an application may say at most 64 KiB at a time"));
        }
        // What is recorded before is heard before.
        self.run_engine();
        let Phase::Running(running) = &mut self.phase else {
            return Err(Error::Misuse("an application can speak only while a session is ready"));
        };
        let number = running.spoken;
        running.spoken += 1;
        self.speak(Word::Say { number, bytes });
        self.release();
        Ok(())
    }

    /// Ends the present session, if there is one, and forms a new one at once.
    ///
    /// # Errors
    /// [`Error::Misuse`] when the room is not complete, or the error that the roles are.
    pub fn restart(&mut self) -> Result<(), Error> {
        if !self.is_complete() {
            return Err(Error::Misuse("a session can only form when everyone is here"));
        }
        cast::check(&self.credentials.invite.program, &self.lobby().members)?;
        self.drop_session(&engine::Error::Ended);
        self.begin();
        self.announce();
        Ok(())
    }

    /// Leaves the room: the node is finished.
    pub fn leave(&mut self) {
        if !self.finished {
            self.release_for_good();
            self.tell_all(&Message::Leave);
            self.close(Error::Left);
        }
    }

    /// The engine of the present session, between [`Event::Ready`] and its end.
    #[must_use]
    pub fn engine(&self) -> Option<Engine> {
        match &self.phase {
            Phase::Running(running) => Some(running.engine.clone()),
            Phase::Lobby | Phase::Forming(_) => None,
        }
    }

    /// Whether the node is finished: it does nothing any more.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        self.finished
    }

    /// An engine's error, with the name of the peer at fault in it; why the session ended, if the engine
    /// stopped because of that.
    #[must_use]
    pub fn explain(&self, error: engine::Error) -> Error {
        match error {
            engine::Error::Peer { .. } | engine::Error::Ended if self.ended.is_some() => {
                self.ended.clone().unwrap_or(Error::Engine(error))
            }
            engine::Error::Peer { peer: engine::Peer::Party(slot), complaint } => {
                let name = self.name_of(slot);
                let prefix = format!("({name}) ");
                let complaint = complaint.strip_prefix(&prefix).unwrap_or(&complaint).to_owned();
                Error::Peer { slot, name, complaint }
            }
            engine::Error::Peer { peer: engine::Peer::Dealer, complaint } => {
                Error::Dealer(complaint)
            }
            engine::Error::Programs {
                peer: engine::Peer::Party(slot),
                operation,
                mine,
                theirs,
            } => Error::Programs { slot, name: self.name_of(slot), operation, mine, theirs },
            engine::Error::Equivocation { peer: engine::Peer::Party(slot) } => {
                Error::Equivocation { slot, name: self.name_of(slot) }
            }
            error => Error::Engine(error),
        }
    }

    fn tell(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = match self.phase {
            Phase::Lobby => "lobby",
            Phase::Forming(_) => "forming",
            Phase::Running(_) => "running",
        };
        formatter
            .debug_struct("Node")
            .field("name", &self.credentials.hello.name)
            .field("slot", &self.seat.as_ref().map(|seat| seat.slot))
            .field("phase", &phase)
            .field("epoch", &self.epoch)
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}
