//! Two native parties on one machine or network: a TCP connection between them.
//!
//! 1. Each side listens on a free port of its own addresses (`listeners`), tells the other where, and
//!    tries to reach the other's: of two parties often only one can be reached.
//! 2. A connection begins with a proof that its ends have seen each other's signals (`proof`).
//! 3. The side that offers takes the first connection so proven and says so; the others are dropped
//!    (`attempts`).
//! 4. Packets pass, each behind its length (`frames`).

mod attempts;
mod frames;
mod listeners;
mod proof;

pub(super) use attempts::connect;
pub(super) use frames::carry;
#[cfg(fuzzing)]
pub(crate) use frames::next_frame;
pub(super) use listeners::Listeners;
pub(super) use proof::Token;
