//! What the owner of a room has ordered.

use std::collections::BTreeSet;

use cryptab_wire::{Order, Refusal, TokenId};

/// The orders that count until the room's end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders {
    revoked: BTreeSet<TokenId>,
    is_closed: bool,
}

impl Orders {
    /// Takes an order in; whether it says something new.
    pub(crate) fn add(&mut self, order: Order) -> Result<bool, Refusal> {
        match order {
            Order::Revoke(token) => {
                if self.revoked.len() >= MAX_REVOKED && !self.revoked.contains(&token) {
                    return Err(Refusal::TooMany);
                }
                Ok(self.revoked.insert(token))
            }
            Order::Close => Ok(!std::mem::replace(&mut self.is_closed, true)),
        }
    }

    /// Refuses whoever the owner does not want: by this token, or at all.
    pub(crate) fn allow(&self, token: Option<TokenId>) -> Result<(), Refusal> {
        if self.is_closed {
            return Err(Refusal::Closed);
        }
        match token {
            Some(token) if self.revoked.contains(&token) => Err(Refusal::Revoked),
            _ => Ok(()),
        }
    }
}

/// More than any owner revokes; a room must not take memory without end.
const MAX_REVOKED: usize = 256;
