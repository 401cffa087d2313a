//! The ciphers of channels against other crates' implementations, and against changes.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use snow::types::Cipher;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::TAG;
use super::chachapoly::ChaChaPoly;

/// A cipher, and the same text sealed by a crate that has nothing to do with it.
struct Case {
    name: &'static str,
    keyed: fn(&[u8; 32]) -> Box<dyn Cipher>,
    theirs: fn(&[u8; 32], u64, Payload<'_, '_>) -> Vec<u8>,
}

const CASES: &[Case] = &[
    Case {
        name: "ChaCha20-Poly1305",
        keyed: |key| Box::new(ChaChaPoly::new(key)),
        theirs: |key, nonce, payload| {
            let long = [&[0; 4], &nonce.to_le_bytes()[..]].concat();
            ChaCha20Poly1305::new(key.into()).encrypt(long[..].into(), payload).unwrap()
        },
    },
    #[cfg(not(target_arch = "wasm32"))]
    Case {
        name: "AES-256-GCM",
        keyed: |key| Box::new(super::aesgcm::AesGcm::new(key)),
        theirs: |key, nonce, payload| {
            let long = [&[0; 4], &nonce.to_be_bytes()[..]].concat();
            aes_gcm::Aes256Gcm::new(key.into()).encrypt(long[..].into(), payload).unwrap()
        },
    },
];

#[test]
fn every_length_is_sealed_as_by_the_other_crate_and_opened() {
    let longer = [511, 512, 513, 1_000, 4_095, 20_001, 65_515, LONGEST - 1, LONGEST];
    for Case { name, keyed, theirs } in CASES {
        for length in (0..=300).chain(longer) {
            let key = draw("key", length, 32).try_into().unwrap();
            let authtext = draw("authtext", length, length % 67);
            let plain = draw("plain", length, length);
            let nonce = u64::from_le_bytes(draw("nonce", length, 8).try_into().unwrap());

            let sealed = seal(&*keyed(&key), nonce, &authtext, &plain);
            let payload = Payload { msg: &plain, aad: &authtext };
            assert!(theirs(&key, nonce, payload) == sealed, "{name}: {length} bytes");
            let opened = open(&*keyed(&key), nonce, &authtext, &sealed).unwrap();
            assert!(opened == plain, "{name}: {length} bytes");
        }
    }
}

#[test]
fn a_changed_bit_anywhere_is_refused_and_nothing_is_told() {
    let key = [7; 32];
    for (Case { name, keyed, .. }, length) in
        CASES.iter().flat_map(|case| [0, 1, 15, 64, 300].map(|length| (case, length)))
    {
        let authtext = draw("authtext", length, 21);
        let sealed = seal(&*keyed(&key), 9, &authtext, &draw("plain", length, length));
        assert!(open(&*keyed(&key), 9, &authtext, &sealed).is_some());
        for bit in 0..8 * sealed.len() {
            let opened = open(&*keyed(&key), 9, &authtext, &flipped(&sealed, bit));
            assert!(opened.is_none(), "{name}: bit {bit} of {length} bytes and tag");
        }
        for bit in 0..8 * authtext.len() {
            let opened = open(&*keyed(&key), 9, &flipped(&authtext, bit), &sealed);
            assert!(opened.is_none(), "{name}: bit {bit} of the associated data");
        }
        for bit in 0..64 {
            let opened = open(&*keyed(&key), 9 ^ (1 << bit), &authtext, &sealed);
            assert!(opened.is_none(), "{name}: bit {bit} of the nonce");
        }
        for bit in 0..256 {
            let other = flipped(&key, bit).try_into().unwrap();
            let opened = open(&*keyed(&other), 9, &authtext, &sealed);
            assert!(opened.is_none(), "{name}: bit {bit} of the key");
        }
    }
}

#[test]
fn another_length_is_refused_and_nothing_is_told() {
    for Case { name, keyed, .. } in CASES {
        let cipher = keyed(&[7; 32]);
        let sealed = seal(&*cipher, 9, b"authtext", &draw("plain", 0, 100));
        for end in 0..sealed.len() {
            let opened = open(&*cipher, 9, b"authtext", &sealed[..end]);
            assert!(opened.is_none(), "{name}: {end} bytes");
        }
        for (authtext, more) in
            [(&b"authtex"[..], &[][..]), (b"authtext\0", &[]), (b"authtext", &[0])]
        {
            let opened = open(&*cipher, 9, authtext, &[&sealed, more].concat());
            assert!(opened.is_none(), "{name}: {authtext:?}, {more:?}");
        }
    }
}

pub(super) fn seal(cipher: &dyn Cipher, nonce: u64, authtext: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut sealed = vec![UNTOUCHED; plain.len() + TAG];
    assert_eq!(cipher.encrypt(nonce, authtext, plain, &mut sealed), sealed.len());
    sealed
}

/// The plain text; if refused, after a look at what was written.
pub(super) fn open(
    cipher: &dyn Cipher,
    nonce: u64,
    authtext: &[u8],
    sealed: &[u8],
) -> Option<Vec<u8>> {
    let mut plain = vec![UNTOUCHED; sealed.len().saturating_sub(TAG)];
    let Ok(length) = cipher.decrypt(nonce, authtext, sealed, &mut plain) else {
        let says_nothing = |byte: &u8| *byte == UNTOUCHED || *byte == plain[0];
        assert!(plain.iter().all(says_nothing), "written though refused");
        return None;
    };
    assert_eq!(length, plain.len());
    Some(plain)
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// Bytes that look random, the same in every run.
fn draw(what: &str, case: usize, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut hasher = blake3::Hasher::new();
    hasher.update(what.as_bytes()).update(&(case as u64).to_le_bytes());
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}

/// The longest text of a Noise message.
const LONGEST: usize = 65_535 - TAG;

const UNTOUCHED: u8 = 0xa5;
