//! Which cipher seals the messages of a channel.

use super::TAG;
use super::chachapoly::ChaChaPoly;

/// Seals packets where they are. A number is used once with a key.
pub(crate) trait PacketCipher: Send + Sync {
    /// The name that Noise gives it.
    #[cfg(test)]
    fn name(&self) -> &'static str;

    /// Turns a plain text into its sealed form; the tag belongs behind it.
    fn seal(&self, number: u64, text: &mut [u8]) -> [u8; TAG];

    /// Turns a sealed form back into the plain text, if it is one of this number.
    fn open(&self, number: u64, text: &mut [u8], tag: &[u8; TAG]) -> bool;
}

/// The ciphers that a side is fast with, beside `ChaCha20-Poly1305`, which serves everybody: a byte of the
/// handshake, a bit for each. Bits without a meaning are left alone: a later version may give them one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ciphers(u8);

impl Ciphers {
    /// What this processor has instructions for.
    pub(crate) fn of_this_processor() -> Self {
        Self(if has_aes() { AES_256_GCM } else { 0 })
    }

    pub(crate) const fn from_byte(byte: u8) -> Self {
        Self(byte)
    }

    pub(crate) const fn byte(self) -> u8 {
        self.0
    }

    /// What both sides are fast with.
    pub(crate) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The best of the ciphers, with a key.
    pub(crate) fn keyed(self, key: &[u8; 32]) -> Box<dyn PacketCipher> {
        #[cfg(not(target_arch = "wasm32"))]
        if self.0 & AES_256_GCM != 0 {
            return Box::new(super::aesgcm::AesGcm::new(key));
        }
        Box::new(ChaChaPoly::new(key))
    }
}

/// Without these instructions AES is slow, or leaks its key through the time it takes.
fn has_aes() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("aes") && is_x86_feature_detected!("pclmulqdq");
    #[cfg(target_arch = "aarch64")]
    return std::arch::is_aarch64_feature_detected!("aes")
        && std::arch::is_aarch64_feature_detected!("pmull");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    false
}

const AES_256_GCM: u8 = 1;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{AES_256_GCM, Ciphers};

    #[test]
    fn a_cipher_is_used_if_both_sides_have_it() {
        let cases =
            [(0, 0, "ChaChaPoly"), (0, AES_256_GCM, "ChaChaPoly"), (AES_256_GCM, 0, "ChaChaPoly")];
        #[cfg(not(target_arch = "wasm32"))]
        let cases =
            [&cases[..], &[(AES_256_GCM, 0xff, "AESGCM"), (0xfe, 0xff, "ChaChaPoly")]].concat();
        for (ours, theirs, name) in cases {
            let common = Ciphers::from_byte(ours).common(Ciphers::from_byte(theirs));
            assert_eq!(common.keyed(&[1; 32]).name(), name, "{ours} {theirs}");
        }
    }
}
