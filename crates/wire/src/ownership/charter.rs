//! What an owner fixes when the room is made.

use serde::{Deserialize, Serialize};

use crate::OwnerKey;

/// What an owner fixes when making a room. The room's name is its hash: nobody can hold others to
/// another number of parties, another end or an open door under the same name.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Charter {
    /// Whose room it is.
    pub owner: OwnerKey,
    /// Who is let in.
    pub admission: Admission,
    /// How many parties compute together.
    pub parties: u8,
    /// When the room ends, in seconds since 1970.
    pub expires: u64,
}

/// Who is let into a room.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Admission {
    /// Whoever has the link.
    Link,
    /// Whoever shows a token that the owner signed.
    Token,
}

impl Charter {
    /// Seconds from now within which the room of an owner must end: 30 days. A relay must remember
    /// until then what the owner ordered.
    pub const LONGEST: u64 = 30 * 24 * 60 * 60;

    /// The room's name.
    #[must_use]
    pub fn room(&self) -> [u8; 16] {
        let admission = match self.admission {
            Admission::Link => 0,
            Admission::Token => 1,
        };
        let mut room = [0; 16];
        blake3::Hasher::new_derive_key("cryptab v1 room of an owner")
            .update(&self.owner.0)
            .update(&[admission, self.parties])
            .update(&self.expires.to_le_bytes())
            .finalize_xof()
            .fill(&mut room);
        room
    }
}
