//! What the owner signs for an invited person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::signature::{Signature, Statement};
use crate::{Charter, Role, hex};

/// What a token allows.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Grant {
    /// The one role allowed, or any.
    pub role: Option<Role>,
    /// The one slot allowed, or any.
    pub slot: Option<u8>,
    /// Until when, in seconds since 1970; the room's end comes before if it is earlier.
    pub expires: u64,
}

/// A right to be in a room, signed by its owner: one identity at a time may use it, by proving that
/// it has the token's key. Public: see [`Pass`](crate::Pass) and [`Ticket`](crate::Ticket).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Token {
    pub(super) key: [u8; 32],
    /// What it allows.
    pub grant: Grant,
    pub(super) signature: Signature,
}

/// A token's short name, in orders and for people: 16 hexadecimal digits.
#[derive(Clone, Copy, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct TokenId(pub [u8; 8]);

/// A text that names no token.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("a token's name has 16 hexadecimal digits")]
pub struct UnknownToken;

impl Token {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> TokenId {
        let mut id = [0; 8];
        blake3::Hasher::new_derive_key("cryptab v1 token name")
            .update(&self.key)
            .finalize_xof()
            .fill(&mut id);
        TokenId(id)
    }

    /// Whether the owner of the room with this charter signed it.
    #[must_use]
    pub fn is_genuine(&self, charter: &Charter) -> bool {
        Self::statement(charter.room(), &self.key, self.grant, |what| {
            what.is_signed(&charter.owner.0, self.signature)
        })
    }

    pub(super) fn statement<T>(
        room: [u8; 16],
        key: &[u8; 32],
        grant: Grant,
        act: impl FnOnce(&Statement<'_>) -> T,
    ) -> T {
        let Grant { role, slot, expires } = grant;
        // Neither a role nor a slot has this number.
        let limits = [role.map_or(u8::MAX, Role::code), slot.unwrap_or(u8::MAX)];
        let parts: &[&[u8]] = &[key, &limits, &expires.to_le_bytes()];
        act(&Statement { kind: b"token", room, parts })
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TokenId({self})")
    }
}

impl FromStr for TokenId {
    type Err = UnknownToken;

    fn from_str(text: &str) -> Result<Self, UnknownToken> {
        hex::decode(text).map(Self).ok_or(UnknownToken)
    }
}
