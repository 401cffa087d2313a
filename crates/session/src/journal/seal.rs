use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Seals the entries of a journal, each for its place in one session.
pub(crate) struct Seal(XChaCha20Poly1305);

impl Seal {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// The entry for this place under a random nonce; nothing when there are no random numbers.
    pub(crate) fn close(&self, place: u64, session: &[u8; 32], entry: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload { msg: entry, aad: &bound(place, session) };
        let sealed = self.0.encrypt(XNonce::from_slice(&nonce), payload).ok()?;
        Some([&nonce[..], &sealed].concat())
    }

    /// The entry in this place; nothing when it is another one's, or was altered.
    pub(crate) fn open(
        &self,
        place: u64,
        session: &[u8; 32],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let payload = Payload { msg: sealed, aad: &bound(place, session) };
        self.0.decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }
}

fn bound(place: u64, session: &[u8; 32]) -> [u8; 40] {
    let mut bound = [0; 40];
    bound[..8].copy_from_slice(&place.to_le_bytes());
    bound[8..].copy_from_slice(session);
    bound
}

const NONCE: usize = 24;

#[cfg(test)]
mod tests {
    use super::Seal;

    #[test]
    fn an_entry_opens_in_its_place_unaltered_and_under_its_key_alone() {
        let (seal, session) = (Seal::new(&[7; 32]), [1; 32]);
        let sealed = seal.close(3, &session, b"entry").unwrap();
        assert_eq!(seal.open(3, &session, &sealed).unwrap().as_slice(), b"entry");
        assert!(seal.open(4, &session, &sealed).is_none());
        assert!(seal.open(3, &[2; 32], &sealed).is_none(), "of an earlier session");
        assert!(Seal::new(&[8; 32]).open(3, &session, &sealed).is_none());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(seal.open(3, &session, &altered).is_none());
            assert!(seal.open(3, &session, &sealed[..at]).is_none());
        }
        assert_ne!(sealed, seal.close(3, &session, b"entry").unwrap());
    }
}
