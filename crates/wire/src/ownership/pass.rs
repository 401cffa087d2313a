//! What a member shows to be let in.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::signature::{Signature, Statement};
use super::token::Token;
use crate::Charter;

/// A token, and the proof that it is used by the member who shows it. It can be seen by anybody:
/// as another member it is worth nothing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Pass {
    /// The token.
    pub token: Token,
    pub(super) proof: Signature,
}

/// What is wrong with a pass. The fault of whoever shows it.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum PassError {
    /// Someone else's signature, another room, or a changed token.
    #[error("a token that the owner of this room did not sign")]
    NotGenuine,
    /// The proof was made by another key, or for another member.
    #[error("a token that is somebody else's")]
    NotTheirs,
    /// The token is past its end.
    #[error("a token that has expired")]
    Expired,
}

impl Pass {
    /// Checks that `member` may be in the room of this charter `now`, in seconds since 1970. Whether
    /// the token was revoked, or is used already, the caller knows.
    ///
    /// # Errors
    /// [`PassError`], the fault of whoever shows the pass.
    pub fn check(&self, charter: &Charter, member: &[u8; 16], now: u64) -> Result<(), PassError> {
        if !self.token.is_genuine(charter) {
            return Err(PassError::NotGenuine);
        }
        let is_theirs = Self::statement(charter.room(), member, |what| {
            what.is_signed(&self.token.key, self.proof)
        });
        if !is_theirs {
            return Err(PassError::NotTheirs);
        }
        if now >= self.token.grant.expires { Err(PassError::Expired) } else { Ok(()) }
    }

    pub(super) fn statement<T>(
        room: [u8; 16],
        member: &[u8; 16],
        act: impl FnOnce(&Statement<'_>) -> T,
    ) -> T {
        act(&Statement { kind: b"use of a token", room, parts: &[member] })
    }
}
