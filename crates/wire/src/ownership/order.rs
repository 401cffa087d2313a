//! What an owner says later.

use serde::{Deserialize, Serialize};

use super::signature::{Signature, Statement};
use super::token::TokenId;
use crate::Charter;

/// What an owner wants. Both last until the room's end, so that saying one again changes nothing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Order {
    /// This token is not valid any more; whoever uses it must go.
    Revoke(TokenId),
    /// The room is closed: everybody must go, nobody is let in.
    Close,
}

/// An order that its room can verify.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct SignedOrder {
    /// What is wanted.
    pub order: Order,
    pub(super) signature: Signature,
}

impl Order {
    pub(super) fn statement<T>(self, room: [u8; 16], act: impl FnOnce(&Statement<'_>) -> T) -> T {
        let (kind, token): (&[u8], _) = match self {
            Self::Revoke(TokenId(token)) => (&[1], token),
            Self::Close => (&[2], [0; 8]),
        };
        act(&Statement { kind: b"order", room, parts: &[kind, &token] })
    }
}

impl SignedOrder {
    /// Whether the owner of the room with this charter signed it, for that room.
    #[must_use]
    pub fn is_genuine(&self, charter: &Charter) -> bool {
        self.order
            .statement(charter.room(), |what| what.is_signed(&charter.owner.0, self.signature))
    }
}
