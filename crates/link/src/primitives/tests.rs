//! The ciphers of channels against other crates' implementations, and against changes.

use chacha20poly1305::ChaCha20Poly1305;
use chacha20poly1305::aead::{Aead, KeyInit};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::chachapoly::ChaChaPoly;
use super::{PacketCipher, TAG};

/// A cipher, and the same text sealed by a crate that has nothing to do with it.
struct Case {
    keyed: fn(&[u8; 32]) -> Box<dyn PacketCipher>,
    theirs: fn(&[u8; 32], u64, &[u8]) -> Vec<u8>,
}

const CASES: &[Case] = &[
    Case {
        keyed: |key| Box::new(ChaChaPoly::new(key)),
        theirs: |key, number, text| {
            let long = [&[0; 4], &number.to_le_bytes()[..]].concat();
            ChaCha20Poly1305::new(key.into()).encrypt(long[..].into(), text).unwrap()
        },
    },
    #[cfg(not(target_arch = "wasm32"))]
    Case {
        keyed: |key| Box::new(super::aesgcm::AesGcm::new(key)),
        theirs: |key, number, text| {
            let long = [&[0; 4], &number.to_be_bytes()[..]].concat();
            aes_gcm::Aes256Gcm::new(key.into()).encrypt(long[..].into(), text).unwrap()
        },
    },
];

#[test]
fn every_length_is_sealed_as_by_the_other_crate_and_opened() {
    let longer = [511, 512, 513, 1_000, 4_095, 20_001, 65_515, LONGEST - 1, LONGEST];
    for Case { keyed, theirs } in CASES {
        for length in (0..=300).chain(longer) {
            let key = draw("key", length, 32).try_into().unwrap();
            let text = draw("text", length, length);
            let number = u64::from_le_bytes(draw("number", length, 8).try_into().unwrap());

            let cipher = keyed(&key);
            let sealed = seal(&*cipher, number, &text);
            assert!(theirs(&key, number, &text) == sealed, "{}: {length} bytes", cipher.name());
            let opened = open(&*cipher, number, &sealed).unwrap();
            assert!(opened == text, "{}: {length} bytes", cipher.name());
        }
    }
}

#[test]
fn a_changed_bit_anywhere_is_refused_and_nothing_is_told() {
    let key = [7; 32];
    for (Case { keyed, .. }, length) in
        CASES.iter().flat_map(|case| [0, 1, 15, 64, 300].map(|length| (case, length)))
    {
        let cipher = keyed(&key);
        let name = cipher.name();
        let sealed = seal(&*cipher, 9, &draw("text", length, length));
        assert!(open(&*cipher, 9, &sealed).is_some());
        for bit in 0..8 * sealed.len() {
            let opened = open(&*cipher, 9, &flipped(&sealed, bit));
            assert!(opened.is_none(), "{name}: bit {bit} of {length} bytes and tag");
        }
        for bit in 0..64 {
            let opened = open(&*cipher, 9 ^ (1 << bit), &sealed);
            assert!(opened.is_none(), "{name}: bit {bit} of the number");
        }
        for bit in 0..256 {
            let other = flipped(&key, bit).try_into().unwrap();
            let opened = open(&*keyed(&other), 9, &sealed);
            assert!(opened.is_none(), "{name}: bit {bit} of the key");
        }
    }
}

#[test]
fn another_length_is_refused_and_nothing_is_told() {
    for Case { keyed, .. } in CASES {
        let cipher = keyed(&[7; 32]);
        let sealed = seal(&*cipher, 9, &draw("text", 0, 100));
        for end in TAG..sealed.len() {
            assert!(open(&*cipher, 9, &sealed[..end]).is_none(), "{}: {end} bytes", cipher.name());
        }
        assert!(open(&*cipher, 9, &[&sealed[..], &[0]].concat()).is_none(), "{}", cipher.name());
    }
}

fn seal(cipher: &dyn PacketCipher, number: u64, text: &[u8]) -> Vec<u8> {
    let mut sealed = text.to_vec();
    let tag = cipher.seal(number, &mut sealed);
    [&sealed[..], &tag].concat()
}

/// The plain text; if refused, after a look at what was left there.
fn open(cipher: &dyn PacketCipher, number: u64, sealed: &[u8]) -> Option<Vec<u8>> {
    let (sealed, tag) = sealed.split_last_chunk()?;
    let mut text = sealed.to_vec();
    if !cipher.open(number, &mut text, tag) {
        let says_nothing = text == sealed || text.iter().all(|byte| *byte == 0);
        assert!(says_nothing, "written though refused");
        return None;
    }
    Some(text)
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
