//! Sides that are fast with different ciphers.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{Channel, Event};
use crate::error::Error;
use crate::key::Identity;
use crate::primitives::Ciphers;

/// Two channels before their first packet; each is fast with what its byte says.
fn sides(initiators: u8, responders: u8) -> (Channel, Channel) {
    let [alice, bob] = [[1; 32], [2; 32]].map(|secret| Identity::from_secret(&secret));
    let hello = || b"hello".to_vec();
    let mut initiator = Channel::pair_initiator(&alice, &[3; 32], b"room", hello()).unwrap();
    let mut responder = Channel::pair_responder(&bob, &[3; 32], b"room", hello()).unwrap();
    initiator.ciphers = Ciphers::from_byte(initiators);
    responder.ciphers = Ciphers::from_byte(responders);
    (initiator, responder)
}

fn sent(events: Vec<Event>) -> Vec<u8> {
    let mut events = events.into_iter();
    let Some(Event::Send(packet)) = events.next() else { panic!("nothing to send") };
    packet
}

#[test]
fn sides_with_different_ciphers_understand_each_other() {
    for (initiators, responders) in [(0, 0), (0, 1), (1, 0), (1, 1), (0xff, 0xff), (0xfe, 1)] {
        let (mut initiator, mut responder) = sides(initiators, responders);
        let first = initiator.start().unwrap().unwrap();
        let second = sent(responder.receive(&first).unwrap());
        let third = sent(initiator.receive(&second).unwrap());
        let fourth = sent(responder.receive(&third).unwrap());
        let events = initiator.receive(&fourth).unwrap();
        assert!(matches!(&events[..], [Event::Open { hello, .. }] if hello == b"hello"));
        for _ in 0..2 {
            for length in [0, 1, 65_515, 65_516, 200_000] {
                let message = vec![7; length];
                let packets = initiator.send(&message).unwrap();
                let events = packets.iter().map(|packet| responder.receive(packet).unwrap());
                let last = events.last().unwrap();
                assert!(last == [Event::Message(message)], "{initiators} {responders} {length}");
            }
            std::mem::swap(&mut initiator, &mut responder);
        }
    }
}

/// Nobody on the way can talk them out of a cipher: what they say of it is part of the handshake.
#[test]
fn ciphers_changed_on_the_way_do_not_open() {
    let (mut initiator, mut responder) = sides(1, 1);
    let first = initiator.start().unwrap().unwrap();
    let mut second = sent(responder.receive(&first).unwrap());
    let payload = second.len() - 17;
    second[payload] ^= 1;
    let error = initiator.receive(&second).unwrap_err();
    assert!(matches!(error, Error::Handshake { packet: 2 }), "{error:?}");
}

/// A peer that says one thing and does another is noticed at its first sealed packet.
#[test]
fn a_peer_that_seals_with_another_cipher_is_refused() {
    if Ciphers::of_this_processor().byte() == 0 {
        return;
    }
    let (mut initiator, mut responder) = sides(1, 1);
    let first = initiator.start().unwrap().unwrap();
    let second = sent(responder.receive(&first).unwrap());
    let third = sent(initiator.receive(&second).unwrap());
    responder.ciphers = Ciphers::from_byte(0);
    let fourth = sent(responder.receive(&third).unwrap());
    let error = initiator.receive(&fourth).unwrap_err();
    assert!(matches!(error, Error::Handshake { packet: 4 }), "{error:?}");
}
