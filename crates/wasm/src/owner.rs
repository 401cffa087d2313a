//! What the owner of a room may do later.

use std::cell::RefCell;
use std::rc::Rc;

use cryptab_session::{Error, Invite, Order, Owner, SignedOrder};
use cryptab_wire::relay::ToClient;
use cryptab_wire::{FromRelay, ToRelay, VERSION};
use futures::channel::oneshot;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::driver::Addresses;
use crate::failure::Failure;
use crate::invite::unhex;
use crate::socket::{News, Socket};

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

/// The order that an owner gives, for the room of this invite.
pub(crate) fn signed(
    invite: &Invite,
    owner: &str,
    revoke: Option<&str>,
) -> Result<SignedOrder, Failure> {
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
    Ok(owner.order(&charter, order))
}

async fn bring(link: &str, owner: &str, revoke: Option<&str>) -> Result<(), Failure> {
    let invite = Invite::from_link(link)?;
    let order = signed(&invite, owner, revoke)?;
    let charter = invite.charter().ok_or_else(|| Failure::misuse("the room has no owner"))?;
    let url = Addresses::of(link, &invite)?.relay;
    let message = ToRelay::Order { version: VERSION, charter, order }.encode();

    let (answered, answer) = oneshot::channel();
    let answered = RefCell::new(Some(answered));
    let socket = Rc::new(RefCell::new(None::<Socket>));
    let to_relay = Rc::downgrade(&socket);
    let hear = move |news| {
        let outcome = match news {
            News::Opened => {
                if let Some(socket) = to_relay.upgrade()
                    && let Some(socket) = &*socket.borrow()
                {
                    socket.send(&message);
                }
                return;
            }
            News::Message(bytes) => heard(&bytes, order),
            News::Closed(reason) => Err(Error::Relay(reason)),
        };
        if let Some(answered) = answered.take() {
            // Nobody waits any more: then nobody needs to know.
            let _ = answered.send(outcome);
        }
    };
    let opened = Socket::open(&url, hear);
    let opened =
        opened.map_err(|_| Failure::bug(format!("the browser does not connect to {url}")))?;
    *socket.borrow_mut() = Some(opened);
    answer.await.map_err(|_| Failure::bug("the connection was forgotten"))?.map_err(Failure::from)
}

/// What the relay answers.
fn heard(bytes: &[u8], order: SignedOrder) -> Result<(), Error> {
    match ToClient::decode(bytes) {
        Ok(ToClient::Notice(FromRelay::Ordered { order: told })) if told == order => Ok(()),
        Ok(ToClient::Notice(FromRelay::Refused { reason })) => Err(Error::Refused(reason)),
        _ => Err(Error::Relay("it does not speak as a relay does".to_owned())),
    }
}
