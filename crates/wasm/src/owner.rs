//! What the owner of a room may do later.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use cryptab_session::{Charter, Error, Invite, Order, Owner, SignedOrder};
use cryptab_wire::{FromRelay, ToRelay, VERSION};
use futures::channel::oneshot;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::driver::Addresses;
use crate::failure::Failure;
use crate::invite::unhex;
use crate::socket::{News, Socket};
use crate::timer::Timer;

/// Closes the room that a link leads to, or takes back the invite whose token `revoke` names; done
/// when the relay obeys. `owner` is the owner's secret key, 64 hexadecimal digits.
///
/// # Errors
/// If the key is not the owner's, or the relay cannot be reached or refuses.
#[wasm_bindgen(js_name = orderAsOwner)]
pub async fn order_as_owner(
    link: String,
    owner: String,
    revoke: Option<String>,
) -> Result<(), JsValue> {
    Ok(bring(&link, &owner, revoke.as_deref()).await?)
}

/// The order that an owner gives, for the room of this invite, and what the owner has laid down for it.
pub(crate) fn signed(
    invite: &Invite,
    owner: &str,
    revoke: Option<&str>,
) -> Result<(Charter, SignedOrder), Failure> {
    let secret = unhex(owner).ok_or_else(|| Failure::misuse("an owner's key has 64 digits"))?;
    let owner = Owner::from_secret(&secret);
    let order = match revoke {
        None => Order::Close,
        Some(token) => {
            Order::Revoke(token.parse().map_err(|_| Failure::misuse("a token has 16 digits"))?)
        }
    };
    let charter = invite.charter().filter(|charter| charter.owner == owner.key());
    let charter =
        charter.ok_or_else(|| Failure::misuse("this is not the key of the room's owner"))?;
    Ok((charter, owner.order(&charter, order)))
}

async fn bring(link: &str, owner: &str, revoke: Option<&str>) -> Result<(), Failure> {
    let invite = Invite::from_link(link)?;
    let (charter, order) = signed(&invite, owner, revoke)?;
    let url = Addresses::of(link, &invite)?.relay;
    let message = ToRelay::Order { version: VERSION, charter, order }.encode();

    let (answered, answer) = oneshot::channel();
    let answered = RefCell::new(Some(answered));
    let answered = Rc::new(move |outcome| {
        if let Some(answered) = answered.take() {
            // Nobody waits any more: then nobody needs to know.
            let _ = answered.send(outcome);
        }
    });
    let socket = Rc::new(RefCell::new(None::<Socket>));
    let to_relay = Rc::downgrade(&socket);
    let hears = Rc::clone(&answered);
    let hear = move |news| match news {
        News::Opened => {
            if let Some(socket) = to_relay.upgrade()
                && let Some(socket) = &*socket.borrow()
            {
                socket.send(&message);
            }
        }
        News::Message(bytes) => hears(match FromRelay::answer(&bytes, order) {
            Some(answer) => answer.map_err(Error::Refused),
            None => Err(Error::Relay("it does not speak as a relay does".to_owned())),
        }),
        News::Closed(reason) => hears(Err(Error::Relay(reason))),
    };
    let opened = Socket::open(&url, hear);
    let opened =
        opened.map_err(|_| Failure::bug(format!("the browser does not connect to {url}")))?;
    *socket.borrow_mut() = Some(opened);
    let _silence = Timer::new(PATIENCE, PATIENCE, move || {
        answered(Err(Error::Relay("it does not answer".to_owned())));
    });
    answer.await.map_err(|_| Failure::bug("the connection was forgotten"))?.map_err(Failure::from)
}

/// How long the relay has to answer.
const PATIENCE: Duration = Duration::from_secs(15);
