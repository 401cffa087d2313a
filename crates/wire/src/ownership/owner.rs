//! The owner's key pair.

use std::fmt;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::order::{Order, SignedOrder};
use super::ticket::Ticket;
use super::token::{Grant, Token};
use crate::{Charter, Secret};

/// An owner's public key (Ed25519).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct OwnerKey(pub [u8; 32]);

/// An owner's key pair: whoever has it invites, takes invites back, and closes the room. Secret;
/// shown as the public key alone, wiped when dropped.
pub struct Owner(SigningKey);

impl Owner {
    /// The owner whose secret key this is: 32 random bytes.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The secret key, to be kept where nobody else reads it.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public key.
    #[must_use]
    pub fn key(&self) -> OwnerKey {
        OwnerKey(self.0.verifying_key().to_bytes())
    }

    /// A ticket to the room of this charter. `seed` is random, for this ticket alone.
    #[must_use]
    pub fn invite(&self, charter: &Charter, seed: [u8; 16], grant: Grant) -> Ticket {
        let seed = Secret::from(seed);
        let key = Ticket::key_of(&seed).verifying_key().to_bytes();
        let signature = Token::statement(charter.room(), &key, grant, |what| what.sign(&self.0));
        Ticket { seed, grant, signature }
    }

    /// An order to those in the room of this charter.
    #[must_use]
    pub fn order(&self, charter: &Charter, order: Order) -> SignedOrder {
        let signature = order.statement(charter.room(), |what| what.sign(&self.0));
        SignedOrder { order, signature }
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Owner").field(&self.key()).finish()
    }
}
