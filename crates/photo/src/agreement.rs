use cryptab_wire::control::{self, DecodeError};
use serde::{Deserialize, Serialize};

use crate::{Side, Size};

/// What the parties tell each other before they compute: only what is public anyway.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Agreement {
    /// The photo's owner: its size.
    Photo(Size),
    /// The adjuster: the side of the filter.
    Filter(Side),
}

const MAX_BYTES: usize = 16;

impl Agreement {
    /// The bytes to say.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        control::encode(&self)
    }

    /// Parses what a peer has said.
    ///
    /// # Errors
    /// If it is nothing that belongs here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        control::decode(bytes, MAX_BYTES)
    }
}
