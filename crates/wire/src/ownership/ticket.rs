//! What the link of an invited person carries.

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::pass::Pass;
use super::signature::Signature;
use super::token::{Grant, Token};
use crate::Secret;

/// A token with the secret of its key: whoever has it may use the token. The secret is redacted
/// when shown.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ticket {
    pub(super) seed: Secret,
    /// What it allows.
    pub grant: Grant,
    pub(super) signature: Signature,
}

impl Ticket {
    /// The token, without the secret.
    #[must_use]
    pub fn token(&self) -> Token {
        let key = Self::key_of(&self.seed).verifying_key().to_bytes();
        Token { key, grant: self.grant, signature: self.signature }
    }

    /// What a member shows in the room.
    #[must_use]
    pub fn pass(&self, room: [u8; 16], member: [u8; 16]) -> Pass {
        let key = Self::key_of(&self.seed);
        let proof = Pass::statement(room, &member, |what| what.sign(&key));
        Pass { token: self.token(), proof }
    }

    pub(super) fn key_of(seed: &Secret) -> SigningKey {
        let secret = blake3::derive_key("cryptab v1 key of a token", seed.as_bytes());
        SigningKey::from_bytes(&Zeroizing::new(secret))
    }
}
