//! What the entries of a journal say. The first is the [`Head`]; the others begin with a byte of their kind:
//!
//! | bytes | meaning |
//! |---|---|
//! | `1, slot, delivered (2 x 8), bytes` | this message has come; no bytes of one that is not heard again |
//! | `2, slot, life (8)` | the peer was resumed: what it sends is counted anew |
//! | `3, operations (4), fingerprint (32)` | so much was recorded before anything more was sent |
//! | `4, inputs (4), fingerprint (32)` | so many inputs that were to come later had come before anything more was sent |

use cryptab_engine::Format;
use cryptab_link::Memory;
use cryptab_wire::{SignedOrder, control};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::Role;

/// What a session is made from.
#[derive(Deserialize, Serialize)]
pub(crate) struct Head {
    pub(crate) version: u8,
    pub(crate) epoch: u64,
    pub(crate) slot: u8,
    pub(crate) role: Role,
    pub(crate) format: Format,
    pub(crate) session: [u8; 32],
    /// What the dealer is told.
    pub(crate) dealer_hello: Vec<u8>,
    pub(crate) seed: [u8; 32],
    pub(crate) own: [u8; 32],
    /// What the room's owner had ordered by then.
    pub(crate) orders: Vec<SignedOrder>,
    pub(crate) peers: Vec<Known>,
}

/// A peer, as it was when the session began.
#[derive(Deserialize, Serialize)]
pub(crate) struct Known {
    pub(crate) slot: u8,
    pub(crate) key: [u8; 32],
    pub(crate) hello: Vec<u8>,
    pub(crate) memory: Memory,
    /// Messages of the session that had come by then.
    pub(crate) early: Vec<Vec<u8>>,
}

/// What happened then.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Entry<'bytes> {
    Message { from: u8, delivered: [u64; 2], bytes: &'bytes [u8] },
    Resumed { slot: u8, life: [u8; 8] },
    Program(Reached),
    Late(Reached),
}

/// How far something is, and a hash of it up to there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Reached {
    pub(crate) count: u32,
    pub(crate) fingerprint: [u8; 32],
}

impl Drop for Head {
    fn drop(&mut self) {
        self.seed.zeroize();
        self.own.zeroize();
    }
}

impl Head {
    pub(crate) const VERSION: u8 = 2;
    /// What the head itself is sealed for: the others, for its session.
    pub(crate) const SESSION: [u8; 32] = [0; 32];

    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(control::encode(self))
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let head: Self = control::decode(bytes, usize::MAX).ok()?;
        (head.version == Self::VERSION).then_some(head)
    }
}

impl<'bytes> Entry<'bytes> {
    pub(crate) fn encode(&self) -> Vec<u8> {
        match self {
            Self::Message { from, delivered, bytes } => {
                let [small, bulk] = delivered.map(u64::to_le_bytes);
                [&[MESSAGE, *from][..], &small, &bulk, bytes].concat()
            }
            Self::Resumed { slot, life } => [&[RESUMED, *slot][..], life].concat(),
            Self::Program(reached) => reached.encode(PROGRAM),
            Self::Late(reached) => reached.encode(LATE),
        }
    }

    pub(crate) fn parse(bytes: &'bytes [u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        match *kind {
            MESSAGE => {
                let (&from, rest) = rest.split_first()?;
                let (small, rest) = rest.split_first_chunk()?;
                let (bulk, bytes) = rest.split_first_chunk()?;
                let delivered = [*small, *bulk].map(u64::from_le_bytes);
                Some(Self::Message { from, delivered, bytes })
            }
            RESUMED => {
                let (&slot, life) = rest.split_first()?;
                Some(Self::Resumed { slot, life: life.try_into().ok()? })
            }
            PROGRAM => Reached::parse(rest).map(Self::Program),
            LATE => Reached::parse(rest).map(Self::Late),
            _ => None,
        }
    }
}

impl Reached {
    fn encode(&self, kind: u8) -> Vec<u8> {
        [&[kind][..], &self.count.to_le_bytes(), &self.fingerprint].concat()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (count, fingerprint) = bytes.split_first_chunk()?;
        let count = u32::from_le_bytes(*count);
        Some(Self { count, fingerprint: fingerprint.try_into().ok()? })
    }
}

const MESSAGE: u8 = 1;
const RESUMED: u8 = 2;
const PROGRAM: u8 = 3;
const LATE: u8 = 4;

#[cfg(test)]
mod tests {
    use super::{Entry, Reached};

    #[test]
    fn entries_survive_the_way_and_shorter_ones_are_refused() {
        let entries = [
            Entry::Message { from: 2, delivered: [3, 1 << 40], bytes: b"" },
            Entry::Resumed { slot: 1, life: [9; 8] },
            Entry::Program(Reached { count: 70_000, fingerprint: [5; 32] }),
            Entry::Late(Reached { count: 1, fingerprint: [6; 32] }),
        ];
        for entry in entries {
            let bytes = entry.encode();
            assert_eq!(Entry::parse(&bytes), Some(entry));
            assert!((0..bytes.len()).all(|end| Entry::parse(&bytes[..end]).is_none()));
        }
        assert_eq!(Entry::parse(&[5; 37]), None);
    }
}
