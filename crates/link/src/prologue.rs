//! What both sides must agree on before a channel opens.

use cryptab_wire::Invite;

use crate::key::PublicKey;

/// What two parties of a room must agree on. Bound into their handshake: if anything differs, the
/// channel does not open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Prologue<'program> {
    /// Protocol version.
    pub version: u8,
    /// The room's name.
    pub room: [u8; 16],
    /// How many parties compute together.
    pub parties: u8,
    /// The program's name, which fixes roles and number format.
    pub program: &'program str,
    /// The dealer everybody draws from.
    pub dealer_key: PublicKey,
    /// Whose channel this is.
    pub slots: Pair,
}

impl<'program> Prologue<'program> {
    /// The prologue of the channel between two slots of a room.
    #[must_use]
    pub fn of(invite: &'program Invite, slots: Pair) -> Self {
        Self {
            version: invite.version,
            room: invite.room,
            parties: invite.parties,
            program: &invite.program,
            dealer_key: PublicKey(invite.dealer_key),
            slots,
        }
    }

    /// The bytes to give to a [`Channel`](crate::Channel). Different prologues have different bytes:
    /// all fields but the program have a fixed length, and the program comes last.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = b"cryptab pair".to_vec();
        bytes.push(self.version);
        bytes.extend_from_slice(&self.room);
        bytes.extend_from_slice(&[self.parties, self.slots.lower, self.slots.upper]);
        bytes.extend_from_slice(&self.dealer_key.0);
        bytes.extend_from_slice(self.program.as_bytes());
        bytes
    }
}

/// The prologue of a party's channel to a dealer. The dealer serves many rooms and learns which
/// one only inside the channel, so that only the version is bound; its key is bound by the handshake.
#[must_use]
pub fn dealer_prologue(version: u8) -> Vec<u8> {
    let mut bytes = b"cryptab dealer".to_vec();
    bytes.push(version);
    bytes
}

/// Two different slots of a room. The lower one is the initiator.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Pair {
    lower: u8,
    upper: u8,
}

impl Pair {
    /// The pair of two slots, in either order; nothing when they are the same.
    #[must_use]
    pub const fn new(one: u8, other: u8) -> Option<Self> {
        if one < other {
            Some(Self { lower: one, upper: other })
        } else if one > other {
            Some(Self { lower: other, upper: one })
        } else {
            None
        }
    }

    /// The slot that starts the handshake.
    #[must_use]
    pub const fn initiator(&self) -> u8 {
        self.lower
    }

    /// The slot that waits for it.
    #[must_use]
    pub const fn responder(&self) -> u8 {
        self.upper
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{Pair, Prologue, dealer_prologue};
    use crate::key::PublicKey;

    #[test]
    fn every_field_counts() {
        let base = Prologue {
            version: 1,
            room: [1; 16],
            parties: 3,
            program: "photo",
            dealer_key: PublicKey([2; 32]),
            slots: Pair::new(0, 1).unwrap(),
        };
        let others = [
            Prologue { version: 2, ..base.clone() },
            Prologue { room: [2; 16], ..base.clone() },
            Prologue { parties: 2, ..base.clone() },
            Prologue { program: "photos", ..base.clone() },
            Prologue { dealer_key: PublicKey([3; 32]), ..base.clone() },
            Prologue { slots: Pair::new(0, 2).unwrap(), ..base.clone() },
            Prologue { slots: Pair::new(1, 2).unwrap(), ..base.clone() },
        ];
        for other in others {
            assert_ne!(base.encode(), other.encode(), "{other:?}");
        }
        assert_ne!(dealer_prologue(1), dealer_prologue(2));
    }

    #[test]
    fn the_lower_slot_starts() {
        let pair = Pair::new(5, 2).unwrap();
        assert_eq!((pair.initiator(), pair.responder()), (2, 5));
        assert_eq!(Pair::new(2, 5), Some(pair));
        assert_eq!(Pair::new(3, 3), None);
    }
}
