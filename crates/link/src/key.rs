//! Static keys: who a peer is, for the time of a room.

use std::fmt;

use snow::params::DHChoice;
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::Dh;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::Error;

/// A static X25519 key pair. Shown as its public half only, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Identity {
    secret: [u8; 32],
    #[zeroize(skip)]
    public: PublicKey,
}

impl Identity {
    /// A new identity, from the operating system's generator.
    ///
    /// # Errors
    /// [`Error::Randomness`] when the generator fails.
    pub fn generate() -> Result<Self, Error> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *secret).map_err(Error::Randomness)?;
        Ok(Self::from_secret(&secret))
    }

    /// The identity with this secret key, as kept by a dealer over restarts.
    ///
    /// # Panics
    /// Never: X25519 is compiled in, and every 32 bytes are a key.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        let mut pair: Box<dyn Dh> =
            DefaultResolver.resolve_dh(&DHChoice::Curve25519).expect("X25519 is compiled in");
        pair.set(secret);
        let public = pair.pubkey().try_into().expect("X25519 keys have 32 bytes");
        Self { secret: *secret, public: PublicKey(public) }
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> PublicKey {
        self.public
    }

    /// The secret half, to be stored where nobody else can read it.
    #[must_use]
    pub const fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("public", &self.public).finish_non_exhaustive()
    }
}

/// A peer's static X25519 public key.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// A short form for people to compare, as `3f2a 91c4`.
    ///
    /// 32 bits of a hash: enough to notice the wrong person among friends, not enough against someone
    /// who computes keys until one fits. The channel never relies on it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = blake3::derive_key("cryptab v1 fingerprint of a public key", &self.0);
        let [a, b, c, d, ..] = hash;
        format!("{a:02x}{b:02x} {c:02x}{d:02x}")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{Identity, PublicKey};

    /// RFC 7748, section 6.1.
    const ALICE_SECRET: [u8; 32] = [
        0x77, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1, 0x72, 0x51, 0xb2, 0x66,
        0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0, 0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9,
        0x2c, 0x2a,
    ];
    const ALICE_PUBLIC: [u8; 32] = [
        0x85, 0x20, 0xf0, 0x09, 0x89, 0x30, 0xa7, 0x54, 0x74, 0x8b, 0x7d, 0xdc, 0xb4, 0x3e, 0xf7,
        0x5a, 0x0d, 0xbf, 0x3a, 0x0d, 0x26, 0x38, 0x1a, 0xf4, 0xeb, 0xa4, 0xa9, 0x8e, 0xaa, 0x9b,
        0x4e, 0x6a,
    ];

    #[test]
    fn the_public_key_is_that_of_the_rfc() {
        assert_eq!(Identity::from_secret(&ALICE_SECRET).public(), PublicKey(ALICE_PUBLIC));
    }

    #[test]
    fn debug_hides_the_secret() {
        let identity = Identity::from_secret(&[0xab; 32]);
        let shown = format!("{identity:?} {identity:#?}");
        assert!(shown.contains(&identity.public().fingerprint()), "{shown}");
        assert!(!shown.contains("171") && !shown.contains("abab"), "{shown}");
    }

    #[test]
    fn fingerprints_are_two_groups_of_four() {
        let shown = PublicKey(ALICE_PUBLIC).fingerprint();
        let groups: Vec<_> = shown.split(' ').collect();
        assert!(groups.len() == 2 && groups.iter().all(|group| group.len() == 4), "{shown}");
        assert_ne!(shown, PublicKey([0; 32]).fingerprint());
    }

    #[test]
    fn generated_identities_differ() {
        assert_ne!(Identity::generate().unwrap().public(), Identity::generate().unwrap().public());
    }
}
