//! One party in one room, without sockets, clocks or threads: the same in a process and in a tab.
//!
//! # The contract
//! A driver makes a [`Node`], tells it what happens ([`Node::handle`]: connections open, messages
//! arrive, time passes) and does what it says ([`Node::poll`], until it returns nothing). It polls
//! also when the engine's `recorded()` resolves and after any other call. `now` is the time since
//! 1970-01-01; [`Node::wake`] says when a [`Input::Tick`] is due.
//!
//! # From a link to a result
//! 1. The relay gives this party a slot and says who else is there.
//! 2. With each of the others: hail and answer (so that nobody reads what was meant for someone who
//!    sat there before), then the handshake of `cryptab-link`, in which both introduce themselves.
//! 3. All slots are taken and all channels sealed: everyone sends everyone a fresh nonce. The nonces
//!    of all make the session's name, so no session ever has the masks of another.
//! 4. Everyone tells everyone a hash of what it agrees to (keys, nonces, roles, number format,
//!    program, dealer) and gives the dealer the statement that its seed derives from.
//! 5. All agree and the seed has come: [`Event::Ready`], and [`Node::engine`] computes.
//!
//! Independent of sessions, those who are together in the room find the words that people compare to
//! be sure that nobody sits between them: [`Lobby::authentication`].
//!
//! # When something fails
//! Connections that are lost are made again: a session waits for relay, dealer and peers
//! ([`Join::patience`]), channels that break are made anew, and streams send again what was not
//! acknowledged.
//!
//! Someone says goodbye, lies, was started anew or runs another program, or whoever is away does not
//! come in time: [`Event::Failed`] says who, pending results of the engine resolve to an error, and
//! the node is back in the lobby. As soon as the room is complete again (or the dealer is there
//! again) a new session forms, with fresh nonces.
//! Sessions are counted in *epochs*, so that all parties form the same one: whoever begins takes the
//! next number, and whoever hears of a higher one follows.
//!
//! In a room with an owner, peers check what the relay checks: that the owner invited everyone who is
//! here, to this role, and has not taken the invite back ([`Node::order`]).
//!
//! A peer that lies, breaks its channel too often, or cannot be verified when it is met, is not
//! listened to any more until it has left the room and come again.
//!
//! # When this process ends in mid-session
//! With a [`Journal`], a party that is made anew under the same identity goes on with its session: it is
//! [`Event::Ready`] at once, records the same program on the same data, and what came before comes again. The
//! others wait for it as for one whose connection is lost.
//!
//! # What it assumes
//! Names and roles are claims of whoever holds the invite. The relay can keep parties apart, and can
//! claim that they left; it cannot speak for them.

mod acquaintance;
mod agreement;
mod authentication;
mod backoff;
mod cast;
mod computation;
mod credentials;
mod dealer;
mod error;
mod event;
#[cfg(test)]
mod fixtures;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod hello;
mod join;
mod journal;
mod lobby;
mod message;
mod name;
mod node;
mod peer;
mod reach;
mod signal;
mod standing;
mod supply;

pub use acquaintance::Acquaintance;
pub use authentication::{Authentication, Emoji};
pub use error::{Error, Fault};
pub use event::{Event, Input, Output};
pub use join::{Join, Route};
pub use journal::Journal;
pub use lobby::{DealerState, Lobby, Member};
pub use message::MAX_SAID;
pub use node::Node;

pub use cryptab_engine::{Engine, Evaluator, Format, RevealPolicy};
pub use cryptab_link::{Identity, Path};
pub use cryptab_wire::{
    Admission, Charter, Grant, Invite, InviteError, Order, Owner, OwnerKey, Ownership, Role,
    SignedOrder, Ticket, TokenId, UnknownRole, UnknownToken,
};
