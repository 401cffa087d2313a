//! A peer that holds the keys but breaks the rules.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{Awaiting, EAGER, FULL, HEADER, MAX_MESSAGE, Sealed, TAG};
use crate::error::{Error, Fault};
use crate::handshake::{Handshake, Way};
use crate::key::Identity;
use crate::primitives::Ciphers;

fn pair() -> (Sealed, Sealed) {
    let (alice, bob) = (Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32]));
    let psk = [3; 32];
    connected(
        Handshake::new(&Way::PairInitiator { psk: &psk }, &alice, b"").unwrap(),
        Handshake::new(&Way::PairResponder { psk: &psk }, &bob, b"").unwrap(),
        Ciphers::of_this_processor(),
    )
}

pub(crate) fn connected(
    mut initiator: Handshake,
    mut responder: Handshake,
    ciphers: Ciphers,
) -> (Sealed, Sealed) {
    let first = initiator.write(&[]).unwrap();
    responder.read_empty(&first).unwrap();
    let second = responder.write(&[]).unwrap();
    initiator.read(&second).unwrap();
    let third = initiator.write(&[]).unwrap();
    responder.read(&third).unwrap();
    (initiator.finish(ciphers).unwrap().1, responder.finish(ciphers).unwrap().1)
}

fn announcing(length: u32, head: usize) -> Vec<u8> {
    [length.to_le_bytes().as_slice(), &vec![7; head]].concat()
}

/// Seals each part as one packet and opens them in order: the error of the last.
fn broken(parts: &[Vec<u8>]) -> Error {
    let (mut sender, mut receiver) = pair();
    let packets: Vec<_> =
        parts.iter().map(|part| sender.seal_packet(&[], &[part]).unwrap()).collect();
    let (last, others) = packets.split_last().unwrap();
    for packet in others {
        assert_eq!(receiver.open(packet, MAX_MESSAGE).unwrap(), None);
    }
    receiver.open(last, MAX_MESSAGE).unwrap_err()
}

#[test]
fn wrong_cuts_are_the_peers_fault() {
    let full = u32::try_from(FULL).unwrap();
    let cases = [
        vec![vec![]],
        vec![vec![0; HEADER - 1]],
        vec![announcing(5, 4)],
        vec![announcing(5, 6)],
        vec![announcing(full, 0)],
        vec![announcing(full, FULL - HEADER - 1)],
        vec![announcing(full, FULL - HEADER), vec![7; HEADER - 1]],
        vec![announcing(full, FULL - HEADER), vec![7; HEADER + 1]],
        vec![announcing(full, FULL - HEADER), vec![]],
        vec![announcing(2 * full, FULL - HEADER), vec![7; HEADER]],
    ];
    for case in cases {
        let error = broken(&case);
        assert!(matches!(error, Error::Protocol(_)), "{error:?}");
        assert_eq!(error.fault(), Fault::Peer);
    }
}

#[test]
fn an_announced_length_above_the_cap_is_refused_before_allocation() {
    for length in [u32::MAX, (1 << 30) + 1] {
        let (mut sender, mut receiver) = pair();
        let packet = sender.seal_packet(&[], &[&announcing(length, FULL - HEADER)]).unwrap();
        let error = receiver.open(&packet, MAX_MESSAGE).unwrap_err();
        assert!(matches!(error, Error::Announced { .. }), "{error:?}");
        assert!(matches!(receiver.awaiting, Awaiting::Message));
    }
}

#[test]
fn an_announced_length_alone_takes_little_memory() {
    let (mut sender, mut receiver) = pair();
    let packet = sender.seal_packet(&[], &[&announcing(1 << 30, FULL - HEADER)]).unwrap();
    assert_eq!(receiver.open(&packet, MAX_MESSAGE).unwrap(), None);
    let Awaiting::Rest { message, length } = &receiver.awaiting else { panic!("not begun") };
    assert_eq!(*length, 1 << 30);
    assert!(message.capacity() <= EAGER);
}

#[test]
fn a_packet_is_a_noise_message() {
    let (mut sender, _) = pair();
    let packets = sender.seal(&[], &vec![0; 2 * FULL], &[]).unwrap();
    let sizes: Vec<_> = packets.iter().map(Vec::len).collect();
    assert_eq!(sizes, [65_535, 65_535, HEADER + TAG]);
}
