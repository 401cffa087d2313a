//! Rooms with an owner: who is let in, and what the owner may order later.
//!
//! Whoever makes a room may keep an Ed25519 key for it. The room's name is then a hash of that key
//! and of what the owner fixed ([`Charter`]), so that everybody who knows the name, the relay
//! included, can tell what the owner signed from what somebody else did.
//!
//! 1. The owner signs a [`Token`] for each invited person: a key of its own, perhaps a role and a
//!    slot, and an end. The link carries it with the key's secret: a [`Ticket`].
//! 2. Whoever joins shows a [`Pass`]: the token, and a proof by the token's key that it is meant for
//!    this member. Relay and parties both see it, and neither can use it as another member.
//! 3. The owner takes a token back, or closes the room, with a [`SignedOrder`].
//!
//! Assumed: the link reaches the invited person alone. Whoever has a ticket may use it, one identity
//! at a time.

mod charter;
mod order;
mod owner;
mod pass;
mod signature;
mod ticket;
mod token;

pub use charter::{Admission, Charter};
pub use order::{Order, SignedOrder};
pub use owner::{Owner, OwnerKey};
pub use pass::{Pass, PassError};
pub use signature::Signature;
pub use ticket::Ticket;
pub use token::{Grant, Token, TokenId, UnknownToken};

#[cfg(test)]
mod tests;
