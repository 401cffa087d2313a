use std::ops::Range;

use crate::{Address, SessionId};

/// Elements (or bits of a plane) of one request that share a king.
pub const CHUNK: usize = 1 << 16;

/// Which party receives the correction of which chunk of one request.
///
/// The first king is a hash of session and address, then they take turns: a plain rotation
/// over requests would give every comparison of a network to the same party whenever a
/// program repeats its operations with an even period.
#[derive(Clone, Copy, Debug)]
pub struct Kings {
    first: u8,
    parties: u8,
}

impl Kings {
    /// The kings of the request at `address`.
    #[must_use]
    pub fn new(session: &SessionId, address: Address, parties: u8) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 king of a request");
        hasher.update(&session.0).update(&address.op.to_le_bytes());
        hasher.update(&address.step.to_le_bytes());
        let hash = *hasher.finalize().as_bytes();
        Self { first: hash[0] % parties, parties }
    }

    /// The king of chunk number `chunk`.
    ///
    /// # Panics
    /// Never: kings are numbered as parties are.
    #[must_use]
    pub fn of(&self, chunk: usize) -> u8 {
        let king = (usize::from(self.first) + chunk) % usize::from(self.parties);
        u8::try_from(king).expect("below the number of parties")
    }

    /// Whether `party` receives any part of a correction of `length` elements.
    #[must_use]
    pub fn includes(&self, party: u8, length: usize) -> bool {
        chunks(length).any(|(chunk, _)| self.of(chunk) == party)
    }
}

/// The chunks of a vector of `length` elements, numbered.
pub(crate) fn chunks(length: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
    let count = length.div_ceil(CHUNK);
    (0..count).map(move |chunk| (chunk, chunk * CHUNK..((chunk + 1) * CHUNK).min(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kings_take_turns_within_a_tensor_and_spread_over_requests() {
        let session = SessionId([4; 32]);
        let kings = Kings::new(&session, Address::new(1, 1), 3);
        assert_eq!(kings.of(3), kings.of(0));
        assert_ne!(kings.of(1), kings.of(0));
        let mut load = [0; 3];
        for op in 0..300 {
            load[usize::from(Kings::new(&session, Address::new(op, 0), 3).of(0))] += 1;
        }
        assert!(load.iter().all(|&share| share > 60), "{load:?}");
    }
}
