use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// Names one session; made of nonces of all parties and the dealer, never used twice.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct SessionId(pub [u8; 32]);

/// What one party shares with the dealer: the root of all its streams in one session.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 32]);

impl Seed {
    /// A seed from bytes of the operating system's generator or of a key derivation.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The seed of party `index` in `session`, as the dealer with this master key derives it.
    ///
    /// A pure function, so that a dealer needs no memory of its sessions.
    #[must_use]
    pub fn derive(master: &[u8; 32], session: &SessionId, index: u8) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 dealer: seed of a party");
        hasher.update(master).update(&session.0).update(&[index]);
        Self(*hasher.finalize().as_bytes())
    }

    /// The bytes, for sending them to their party through a sealed channel.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of this seed's streams in `session`.
    pub(crate) fn stream_key(&self, session: &SessionId) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 party: key of the streams");
        hasher.update(&self.0).update(&session.0);
        *hasher.finalize().as_bytes()
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_seed() {
        assert_eq!(format!("{:?}", Seed::from_bytes([7; 32])), "Seed(..)");
    }

    #[test]
    fn parties_and_sessions_have_seeds_of_their_own() {
        let [a, b] = [SessionId([1; 32]), SessionId([2; 32])];
        let seeds = [(a, 0), (a, 1), (b, 0)].map(|(s, i)| *Seed::derive(&[9; 32], &s, i).expose());
        assert_ne!(seeds[0], seeds[1]);
        assert_ne!(seeds[0], seeds[2]);
    }
}
