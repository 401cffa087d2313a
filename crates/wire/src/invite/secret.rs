//! The invite's secret.

use std::fmt;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::control::DecodeError;

/// 16 to 32 secret bytes that only the invited know. Shown as `Secret(..)`, wiped when dropped.
#[derive(Clone, Deserialize, Eq, Serialize, Zeroize, ZeroizeOnDrop)]
#[serde(try_from = "Unchecked")]
pub struct Secret(Vec<u8>);

impl Secret {
    /// The fewest bytes: 128 bits.
    pub const MIN: usize = 16;

    /// The most bytes: 256 bits.
    pub const MAX: usize = 32;

    /// A secret of these bytes.
    ///
    /// # Errors
    /// [`DecodeError::Range`] when there are fewer than 16 or more than 32 of them.
    pub fn new(bytes: &[u8]) -> Result<Self, DecodeError> {
        Unchecked(bytes.to_vec()).try_into()
    }

    /// The bytes, to derive keys from.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl From<[u8; 16]> for Secret {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes.to_vec())
    }
}

impl From<[u8; 32]> for Secret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes.to_vec())
    }
}

#[derive(Deserialize)]
struct Unchecked(Vec<u8>);

impl TryFrom<Unchecked> for Secret {
    type Error = DecodeError;

    fn try_from(Unchecked(mut bytes): Unchecked) -> Result<Self, DecodeError> {
        if (Self::MIN..=Self::MAX).contains(&bytes.len()) {
            return Ok(Self(bytes));
        }
        bytes.zeroize();
        Err(DecodeError::Range { field: "the secret's length" })
    }
}
