use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Seals the entries of a journal, each for its place.
pub(crate) struct Seal(XChaCha20Poly1305);

impl Seal {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// The entry for this place under a random nonce; nothing when there are no random numbers.
    pub(crate) fn close(&self, place: u64, entry: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: entry, aad: &place.to_le_bytes() };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// The entry in this place; nothing when it is another one's, or was altered.
    pub(crate) fn open(&self, place: u64, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: &place.to_le_bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }
}

const NONCE: usize = 24;

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn an_entry_opens_in_its_place_unaltered_and_under_its_key_alone() {
        let seal = Seal::new(&[7; 32]);
        let sealed = seal.close(3, b"entry").unwrap();
        assert_eq!(seal.open(3, &sealed).unwrap().as_slice(), b"entry");
        assert!(seal.open(4, &sealed).is_none());
        assert!(Seal::new(&[8; 32]).open(3, &sealed).is_none());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(seal.open(3, &altered).is_none() && seal.open(3, &sealed[..at]).is_none());
        }
        assert_ne!(sealed, seal.close(3, b"entry").unwrap());
    }
}
