//! Bytes to typed messages and back, for everything that leaves a process.
//!
//! Every decoder here validates while it parses: a value that exists is well-formed. Lengths are
//! capped before anything is allocated, trailing bytes are refused, and no `usize` is on the wire.
//! Nothing here is a secret-keeping layer: secrecy and authenticity come from `cryptab-link`.
//!
//! - [`frame`]: what parties' engines say to each other
//! - [`invite`]: what a room's link carries in its fragment
//! - [`dealer`]: what a party and the dealer say to each other
//! - [`ownership`]: what a room's owner signs, and who may come in by it
//! - [`relay`]: what a client and the relay say to each other
//! - [`control`]: the one encoding of small control messages (postcard, capped, exact)
//! - [`hex`]: keys and names as people and files see them

pub mod control;
pub mod dealer;
pub mod frame;
pub mod hex;
pub mod invite;
pub mod ownership;
pub mod relay;
mod role;

pub use control::DecodeError;
pub use dealer::{DealerHello, FromDealer, Statement, ToDealer};
pub use frame::{EngineMessage, Frame, PayloadAddress, begin_frame, encode_dispute};
pub use invite::{Invite, InviteError, Ownership, Secret};
pub use ownership::{
    Admission, Charter, Grant, Order, Owner, OwnerKey, Pass, PassError, SignedOrder, Ticket, Token,
    TokenId, UnknownToken,
};
pub use relay::{Claim, FromRelay, Refusal, ToClient, ToRelay};
pub use role::{Role, UnknownRole};

/// Version of the protocol: of invites, relay messages, channels and frames alike.
///
/// It is stated in every invite and every join, and bound into every channel's handshake.
pub const VERSION: u8 = 1;

/// The fewest parties that can compute together.
pub const MIN_PARTIES: u8 = 2;

/// The most parties in one room.
pub const MAX_PARTIES: u8 = 8;
