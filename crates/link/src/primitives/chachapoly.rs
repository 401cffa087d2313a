//! `ChaCha20-Poly1305` with the keystream of `cryptab-chacha`: the cipher of handshakes, and of channels
//! unless both sides have a faster one.
//!
//! The construction is that of RFC 8439, section 2.8; the nonce is laid out as the Noise Protocol
//! Framework, revision 34, section 12.3 says: 4 zero bytes, then the packet's number, little-endian.
//! snow's own cipher computes the same bytes at about two thirds of the speed: it knows neither simd128
//! nor AVX-512.

use cryptab_chacha::Rounds;
use poly1305::universal_hash::{KeyInit, UniversalHash};
use poly1305::{Poly1305, Tag};
use snow::Error;
use snow::params::{CipherChoice, DHChoice, HashChoice};
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::{Cipher, Dh, Hash, Random};
use zeroize::Zeroizing;

use super::{PacketCipher, TAG};

/// snow's primitives with the cipher replaced.
pub(crate) struct Resolver;

impl CryptoResolver for Resolver {
    fn resolve_rng(&self) -> Option<Box<dyn Random>> {
        DefaultResolver.resolve_rng()
    }

    fn resolve_dh(&self, choice: &DHChoice) -> Option<Box<dyn Dh>> {
        DefaultResolver.resolve_dh(choice)
    }

    fn resolve_hash(&self, choice: &HashChoice) -> Option<Box<dyn Hash>> {
        DefaultResolver.resolve_hash(choice)
    }

    fn resolve_cipher(&self, choice: &CipherChoice) -> Option<Box<dyn Cipher>> {
        match choice {
            CipherChoice::ChaChaPoly => Some(Box::<ChaChaPoly>::default()),
            other => DefaultResolver.resolve_cipher(other),
        }
    }
}

/// Wiped when dropped, as is all that it derives from the key.
#[derive(Default)]
pub(super) struct ChaChaPoly {
    key: Zeroizing<[u8; 32]>,
}

impl Cipher for ChaChaPoly {
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn set(&mut self, key: &[u8; 32]) {
        *self.key = *key;
    }

    fn encrypt(&self, nonce: u64, authtext: &[u8], plaintext: &[u8], out: &mut [u8]) -> usize {
        let (sealed, rest) = out.split_at_mut(plaintext.len());
        sealed.copy_from_slice(plaintext);
        rest[..TAG].copy_from_slice(&self.seal_with(nonce, authtext, sealed));
        plaintext.len() + TAG
    }

    fn decrypt(
        &self,
        nonce: u64,
        authtext: &[u8],
        ciphertext: &[u8],
        out: &mut [u8],
    ) -> Result<usize, Error> {
        let (sealed, tag) = ciphertext.split_last_chunk::<TAG>().ok_or(Error::Decrypt)?;
        let plain = &mut out[..sealed.len()];
        plain.copy_from_slice(sealed);
        if !self.open_with(nonce, authtext, plain, tag) {
            plain.fill(0);
            return Err(Error::Decrypt);
        }
        Ok(plain.len())
    }
}

impl PacketCipher for ChaChaPoly {
    #[cfg(test)]
    fn name(&self) -> &'static str {
        "ChaChaPoly"
    }

    fn seal(&self, number: u64, text: &mut [u8]) -> [u8; TAG] {
        self.seal_with(number, &[], text)
    }

    fn open(&self, number: u64, text: &mut [u8], tag: &[u8; TAG]) -> bool {
        self.open_with(number, &[], text, tag)
    }
}

impl ChaChaPoly {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self { key: Zeroizing::new(*key) }
    }

    fn seal_with(&self, nonce: u64, authtext: &[u8], text: &mut [u8]) -> [u8; TAG] {
        self.apply(nonce, DATA, text);
        self.mac(nonce, authtext, text).finalize().into()
    }

    /// Leaves the text as it is if it is not what was sealed.
    fn open_with(&self, nonce: u64, authtext: &[u8], text: &mut [u8], tag: &[u8; TAG]) -> bool {
        // in constant time, and before anything is written
        let is_right = self.mac(nonce, authtext, text).verify(&Tag::from(*tag)).is_ok();
        if is_right {
            self.apply(nonce, DATA, text);
        }
        is_right
    }

    /// The authenticator of `authtext` and `sealed`; its key is good for this nonce alone.
    fn mac(&self, nonce: u64, authtext: &[u8], sealed: &[u8]) -> Poly1305 {
        let mut key = Zeroizing::new([0; 32]);
        self.apply(nonce, MAC_KEY, &mut *key);
        let mut mac = Poly1305::new((&*key).into());
        mac.update_padded(authtext);
        mac.update_padded(sealed);
        let lengths = [authtext.len() as u64, sealed.len() as u64].map(u64::to_le_bytes);
        mac.update_padded(lengths.as_flattened());
        mac
    }

    fn apply(&self, nonce: u64, block: u32, bytes: &mut [u8]) {
        let mut long = [0; 12];
        long[4..].copy_from_slice(&nonce.to_le_bytes());
        cryptab_chacha::apply(Rounds::Twenty, &self.key, &long, block, bytes);
    }
}

/// The number of the block that keys the authenticator.
const MAC_KEY: u32 = 0;

/// The number of the first block that covers data.
const DATA: u32 = 1;

#[cfg(test)]
mod tests;
