//! What a room's owner wants, brought to the relay from outside the room.

use std::time::Duration;

use cryptab_session::{Invite, SignedOrder};
use cryptab_wire::{FromRelay, ToRelay, VERSION};
use tokio::time::timeout;

use crate::pipe::{News, Pipe};
use crate::{Addresses, Error};

/// Brings an order of the owner of the room that `link` leads to, and waits until the relay obeys.
///
/// # Errors
/// When the link is none, the room has no owner, or the relay cannot be reached or refuses.
pub async fn order(link: &str, order: SignedOrder) -> Result<(), Error> {
    let invite = Invite::from_link(link)?;
    let url = Addresses::of(link, &invite)?.relay;
    let Some(charter) = invite.charter() else {
        return Err(Error::Address("the room has no owner".to_owned()));
    };
    let message = ToRelay::Order { version: VERSION, charter, order }.encode();
    let mut relay = Pipe::open(&url);
    let obeyed = timeout(PATIENCE, obeyed(&mut relay, message, order)).await;
    relay.close().await;
    obeyed
        .unwrap_or_else(|_| Err("it does not answer".to_owned().into()))
        .map_err(|refusal| refusal.into_error(url))
}

/// Why an order came to nothing.
enum Refusal {
    ByRelay(cryptab_wire::Refusal),
    Unheard(String),
}

async fn obeyed(relay: &mut Pipe, message: Vec<u8>, order: SignedOrder) -> Result<(), Refusal> {
    loop {
        match relay.next().await {
            Some(News::Opened) => relay.send(message.clone()),
            Some(News::Closed(reason)) => return Err(reason.into()),
            Some(News::Message(bytes)) => {
                let answer = FromRelay::answer(&bytes, order).ok_or_else(|| NO_RELAY.to_owned())?;
                return answer.map_err(Refusal::ByRelay);
            }
            None => return Err("it does not answer".to_owned().into()),
        }
    }
}

impl Refusal {
    fn into_error(self, url: String) -> Error {
        match self {
            Self::ByRelay(reason) => cryptab_session::Error::Refused(reason).into(),
            Self::Unheard(reason) => Error::Relay { url, reason },
        }
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Unheard(reason)
    }
}

const NO_RELAY: &str = "it does not speak as a relay does";
const PATIENCE: Duration = Duration::from_secs(15);
