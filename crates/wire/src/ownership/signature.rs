//! Signatures, and what they are over.

use std::fmt;

use ed25519_dalek::{Signature as Ed25519, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::VERSION;

/// An Ed25519 signature.
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "[[u8; 32]; 2]", into = "[[u8; 32]; 2]")]
pub struct Signature([[u8; 32]; 2]);

/// What is signed: a kind of statement, about a room, with these bytes. Statements of one kind all
/// have the same length, so that no two have the same bytes.
pub(super) struct Statement<'bytes> {
    pub(super) kind: &'static [u8],
    pub(super) room: [u8; 16],
    pub(super) parts: &'bytes [&'bytes [u8]],
}

impl Statement<'_> {
    pub(super) fn sign(&self, key: &SigningKey) -> Signature {
        let bytes = key.sign(&self.bytes()).to_bytes();
        let (halves, _) = bytes.as_chunks();
        Signature([halves[0], halves[1]])
    }

    /// Whether the signature is the key's. Strict: neither a key of small order nor another form of
    /// the same signature is accepted.
    pub(super) fn is_signed(&self, key: &[u8; 32], signature: Signature) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(key) else { return false };
        let [high, low] = &signature.0;
        let signature = Ed25519::from_components(*high, *low);
        key.verify_strict(&self.bytes(), &signature).is_ok()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = [b"cryptab ", self.kind, &[0, VERSION], &self.room].concat();
        self.parts.iter().for_each(|part| bytes.extend_from_slice(part));
        bytes
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signature(..)")
    }
}

impl From<[[u8; 32]; 2]> for Signature {
    fn from(halves: [[u8; 32]; 2]) -> Self {
        Self(halves)
    }
}

impl From<Signature> for [[u8; 32]; 2] {
    fn from(Signature(halves): Signature) -> Self {
        halves
    }
}
