//! The cipher against RFC 8439 and snow's own.

use snow::params::CipherChoice;
use snow::resolvers::{CryptoResolver, DefaultResolver};
use snow::types::Cipher;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::Resolver;
use crate::handshake::{Handshake, Way};
use crate::key::Identity;
use crate::primitives::{Ciphers, TAG};
use crate::sealed::MAX_MESSAGE;
use crate::sealed::tests::connected;

/// Appendix A.5, whose nonce is one of Noise's; that of section 2.8.2 is not.
#[test]
fn the_vector_of_the_rfc_is_sealed_and_opened() {
    let key = unhex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
    let authtext = unhex("f33388860000000000004e91");
    let plain = "Internet-Drafts are draft documents valid for a maximum of six months and may be \
        updated, replaced, or obsoleted by other documents at any time. It is inappropriate to use \
        Internet-Drafts as reference material or to cite them other than as \
        /\u{201c}work in progress./\u{201d}"
        .as_bytes();
    let sealed = unhex(
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43ee\
        a09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b9481\
        14ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0\
        f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e\
        af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb2316053fa7699\
        1955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130\
        305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709beead9d67890cbb22392336fea1851f\
        38",
    );
    let cipher = cipher(&key.try_into().unwrap());
    let nonce = 0x0807_0605_0403_0201;
    assert_eq!(seal(&*cipher, nonce, &authtext, plain), sealed);
    let mut opened = vec![0; plain.len()];
    assert_eq!(cipher.decrypt(nonce, &authtext, &sealed, &mut opened).unwrap(), plain.len());
    assert_eq!(opened, plain);
    for wrong in [&authtext[1..], b""] {
        assert!(cipher.decrypt(nonce, wrong, &sealed, &mut opened).is_err());
        assert!(opened.iter().all(|byte| *byte == 0), "written though refused");
    }
}

#[test]
fn the_next_key_is_that_of_snows_own() {
    let (mut ours, mut theirs) = (cipher(&[5; 32]), chosen(&DefaultResolver, &[5; 32]));
    for _ in 0..3 {
        ours.rekey();
        theirs.rekey();
        assert_eq!(seal(&*ours, 0, b"", b"text"), seal(&*theirs, 0, b"", b"text"));
    }
}

/// The handshake, and the keys that it leaves, on both kinds of channels.
#[test]
fn channels_open_between_this_cipher_and_snows_own() {
    let (psk, dealer) = ([3; 32], Identity::from_secret(&[2; 32]).public());
    let pair = || (Way::PairInitiator { psk: &psk }, Way::PairResponder { psk: &psk });
    let with_dealer = || (Way::DealerClient { dealer: &dealer }, Way::DealerServer);
    assert_understood(Resolver, DefaultResolver, pair());
    assert_understood(DefaultResolver, Resolver, pair());
    assert_understood(Resolver, DefaultResolver, with_dealer());
    assert_understood(DefaultResolver, Resolver, with_dealer());
}

fn assert_understood(
    first: impl CryptoResolver + Send + 'static,
    second: impl CryptoResolver + Send + 'static,
    (initiator, responder): (Way<'_>, Way<'_>),
) {
    let (alice, bob) = (Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32]));
    let (mut sender, mut receiver) = connected(
        Handshake::with_resolver(Box::new(first), &initiator, &alice, b"a room").unwrap(),
        Handshake::with_resolver(Box::new(second), &responder, &bob, b"a room").unwrap(),
        Ciphers::from_byte(0),
    );
    for _ in 0..2 {
        let packets = sender.seal(&[], b"a message", &[]).unwrap();
        assert_eq!(receiver.open(&packets[0], MAX_MESSAGE).unwrap().unwrap(), b"a message");
        std::mem::swap(&mut sender, &mut receiver);
    }
}

fn cipher(key: &[u8; 32]) -> Box<dyn Cipher> {
    chosen(&Resolver, key)
}

fn chosen(resolver: &dyn CryptoResolver, key: &[u8; 32]) -> Box<dyn Cipher> {
    let mut cipher = resolver.resolve_cipher(&CipherChoice::ChaChaPoly).unwrap();
    cipher.set(key);
    cipher
}

fn seal(cipher: &dyn Cipher, nonce: u64, authtext: &[u8], plain: &[u8]) -> Vec<u8> {
    let mut sealed = vec![0; plain.len() + TAG];
    assert_eq!(cipher.encrypt(nonce, authtext, plain, &mut sealed), sealed.len());
    sealed
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
