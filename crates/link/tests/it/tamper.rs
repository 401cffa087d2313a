//! What a hostile carrier can try, each try refused and the channel over.

use cryptab_link::{Channel, Error, Fault, Identity};
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{self, KINDS, Kind, PROLOGUE, PSK, connect, deliver, open, sides};

/// The handshake with one packet changed on the way, which must fail on a side that is not open.
fn spoiled(kind: Kind, which: usize, change: impl Fn(&mut Vec<u8>)) -> Error {
    let (mut initiator, mut responder) = sides(kind);
    let error = connect(&mut initiator, &mut responder, |carried, mut packet| {
        if carried == which {
            change(&mut packet);
        }
        packet
    })
    .unwrap_err();
    let receiver = if which.is_multiple_of(2) { &mut responder } else { &mut initiator };
    assert!(!receiver.is_open());
    assert_over(receiver);
    error
}

fn assert_over(channel: &mut Channel) {
    assert!(matches!(channel.receive(&[0; 48]), Err(Error::Ended { fault: Fault::Transport })));
    assert!(matches!(channel.send(b""), Err(Error::Ended { fault: Fault::Transport })));
    assert!(matches!(channel.start(), Err(Error::Ended { fault: Fault::Transport })));
    assert!(!channel.is_open());
}

fn handshake_lengths(kind: Kind) -> Vec<usize> {
    let mut lengths = Vec::new();
    let (mut initiator, mut responder) = sides(kind);
    connect(&mut initiator, &mut responder, |_, packet| {
        lengths.push(packet.len());
        packet
    })
    .unwrap();
    assert_eq!(lengths.len(), 4);
    lengths
}

#[test]
fn every_changed_byte_of_a_handshake_is_refused() {
    for kind in KINDS {
        for (which, length) in handshake_lengths(kind).into_iter().enumerate() {
            for at in 0..length {
                let error = spoiled(kind, which, |packet| packet[at] ^= 1 << (at % 8));
                let number = u8::try_from(which + 1).unwrap();
                assert!(
                    matches!(error, Error::Handshake { packet } if packet == number),
                    "{kind:?}, packet {number}, byte {at}: {error:?}"
                );
            }
        }
    }
}

#[test]
fn the_unused_top_bit_of_a_key_is_bound_too() {
    for kind in KINDS {
        spoiled(kind, 0, |packet| packet[31] ^= 0x80);
        spoiled(kind, 1, |packet| packet[31] ^= 0x80);
    }
}

#[test]
fn a_handshake_cut_anywhere_is_refused() {
    for kind in KINDS {
        for (which, length) in handshake_lengths(kind).into_iter().enumerate() {
            for end in 0..length {
                let error = spoiled(kind, which, |packet| packet.truncate(end));
                assert_eq!(error.fault(), Fault::Transport, "{kind:?}, packet {which}, {end}");
            }
        }
    }
}

#[test]
fn a_handshake_packet_that_goes_on_is_refused() {
    for kind in KINDS {
        for which in 0..4 {
            spoiled(kind, which, |packet| packet.push(0));
            spoiled(kind, which, |packet| packet.resize(70_000, 0));
        }
    }
}

#[test]
fn a_handshake_packet_sent_back_is_refused() {
    for kind in KINDS {
        let (mut initiator, _) = sides(kind);
        let first = initiator.start().unwrap().unwrap();
        assert!(matches!(initiator.receive(&first), Err(Error::Handshake { packet: 2 })));
        assert_over(&mut initiator);
    }
}

#[test]
fn a_handshake_packet_said_twice_is_refused() {
    for kind in KINDS {
        let (mut initiator, mut responder) = sides(kind);
        let first = initiator.start().unwrap().unwrap();
        responder.receive(&first).unwrap();
        assert!(matches!(responder.receive(&first), Err(Error::Handshake { packet: 3 })));
        assert_over(&mut responder);
    }
}

#[test]
fn every_changed_byte_of_a_sealed_packet_is_refused() {
    for kind in KINDS {
        let length = open(kind).0.send(b"forty").unwrap()[0].len();
        for at in 0..length {
            let (mut initiator, mut responder) = open(kind);
            let mut packets = initiator.send(b"forty").unwrap();
            packets[0][at] ^= 1 << (at % 8);
            // the responder's hello was packet 1 of the other direction: this is packet 1 of this one
            let error = deliver(&packets, &mut responder).unwrap_err();
            assert!(matches!(error, Error::Altered { packet: 1 }), "{kind:?}, {at}: {error:?}");
            assert_over(&mut responder);

            let (mut initiator, mut responder) = open(kind);
            let mut packets = responder.send(b"forty").unwrap();
            packets[0][at] ^= 1 << (at % 8);
            let error = deliver(&packets, &mut initiator).unwrap_err();
            assert!(matches!(error, Error::Altered { packet: 2 }), "{kind:?}, {at}: {error:?}");
            assert_over(&mut initiator);
        }
    }
}

/// Of every fragment of a message: its ends and its middle, and which packet it was.
#[test]
fn a_changed_byte_of_any_fragment_is_refused_and_the_packet_named() {
    for kind in KINDS {
        for number in 1..=3_u64 {
            for at in [0, 1, 4, 30_000, 65_518, 65_534] {
                let (mut initiator, mut responder) = open(kind);
                let mut packets = initiator.send(&[7; 190_000]).unwrap();
                let which = usize::try_from(number).unwrap() - 1;
                let at = at.min(packets[which].len() - 1);
                packets[which][at] ^= 1;
                let error = deliver(&packets, &mut responder).unwrap_err();
                let named = matches!(error, Error::Altered { packet } if packet == number);
                assert!(named, "{kind:?}, packet {number}, byte {at}: {error:?}");
                assert_over(&mut responder);
            }
        }
    }
}

#[test]
fn a_sealed_packet_cut_anywhere_is_refused() {
    let length = open(Kind::Pair).0.send(b"forty").unwrap()[0].len();
    for end in 0..length {
        let (mut initiator, mut responder) = open(Kind::Pair);
        let mut packets = initiator.send(b"forty").unwrap();
        packets[0].truncate(end);
        let error = deliver(&packets, &mut responder).unwrap_err();
        assert!(matches!(error, Error::Altered { .. } | Error::PacketSize { .. }), "{error:?}");
        assert_over(&mut responder);
    }
}

#[test]
fn a_sealed_packet_that_goes_on_is_refused() {
    for more in [1, 16, 70_000] {
        let (mut initiator, mut responder) = open(Kind::Pair);
        let mut packets = initiator.send(b"forty").unwrap();
        let length = packets[0].len();
        packets[0].resize(length + more, 0);
        assert!(deliver(&packets, &mut responder).is_err());
        assert_over(&mut responder);
    }
}

#[test]
fn a_replayed_packet_is_named() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let packets = initiator.send(b"pay me once").unwrap();
    deliver(&packets, &mut responder).unwrap();
    let error = deliver(&packets, &mut responder).unwrap_err();
    assert!(matches!(error, Error::Replayed { expected: 2, found: 1 }), "{error:?}");
    assert_over(&mut responder);
}

#[test]
fn reordered_packets_are_named() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let mut packets = initiator.send(&[7; 200_000]).unwrap();
    packets.swap(1, 2);
    let error = deliver(&packets, &mut responder).unwrap_err();
    assert!(matches!(error, Error::Reordered { expected: 2, found: 3 }), "{error:?}");
    assert_over(&mut responder);
}

#[test]
fn a_lost_packet_is_named() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let first = initiator.send(b"lost").unwrap();
    let second = initiator.send(b"came").unwrap();
    drop(first);
    let error = deliver(&second, &mut responder).unwrap_err();
    assert!(matches!(error, Error::Reordered { expected: 1, found: 2 }), "{error:?}");
    assert_over(&mut responder);
}

#[test]
fn a_lost_hello_is_noticed() {
    let (mut initiator, mut responder) = sides(Kind::Pair);
    let mut hello = Vec::new();
    let _ = connect(&mut initiator, &mut responder, |carried, packet| {
        if carried == 3 {
            hello.clone_from(&packet);
            return vec![];
        }
        packet
    });
    assert!(!hello.is_empty());
    assert!(!initiator.is_open());
    assert_over(&mut initiator);
}

#[test]
fn a_packet_sent_back_to_its_sender_is_refused() {
    let (mut initiator, _) = open(Kind::Pair);
    let packets = initiator.send(b"echo").unwrap();
    assert!(matches!(deliver(&packets, &mut initiator), Err(Error::Altered { .. })));
    assert_over(&mut initiator);
}

/// Somebody who holds the invite can stand between two: each then sees another key than the other has,
/// and nothing else tells.
#[test]
fn a_man_in_the_middle_with_the_secret_is_seen_by_his_key_alone() {
    let mallory = Identity::from_secret(&[9; 32]);
    let hello = || b"whoever you expect".to_vec();
    let (mut alice, mut bob) = sides(Kind::Pair);
    let mut to_alice = Channel::pair_responder(&mallory, &PSK, PROLOGUE, hello()).unwrap();
    let mut to_bob = Channel::pair_initiator(&mallory, &PSK, PROLOGUE, hello()).unwrap();
    let with_alice = connect(&mut alice, &mut to_alice, |_, packet| packet).unwrap();
    let with_bob = connect(&mut to_bob, &mut bob, |_, packet| packet).unwrap();
    assert_eq!(with_alice.by_initiator.unwrap().0, mallory.public());
    assert_eq!(with_bob.by_responder.unwrap().0, mallory.public());
    assert_ne!(alice.peer().unwrap().fingerprint(), support::bob().public().fingerprint());
    assert_ne!(bob.peer().unwrap().fingerprint(), support::alice().public().fingerprint());
    // A packet that is carried past him opens nowhere.
    let packets = alice.send(b"for bob").unwrap();
    assert!(matches!(deliver(&packets, &mut bob), Err(Error::Altered { .. })));
}

#[derive(Clone, Debug)]
enum Trick {
    Flip { packet: usize, byte: usize, bit: u8 },
    Cut { packet: usize, end: usize },
    Drop { packet: usize },
    Repeat { packet: usize },
    Swap { one: usize, other: usize },
    Forge { packet: usize, bytes: Vec<u8> },
}

fn trick() -> impl Strategy<Value = Trick> {
    let index = || any::<usize>();
    prop_oneof![
        (index(), index(), 0_u8..8).prop_map(|(packet, byte, bit)| Trick::Flip {
            packet,
            byte,
            bit
        }),
        (index(), index()).prop_map(|(packet, end)| Trick::Cut { packet, end }),
        index().prop_map(|packet| Trick::Drop { packet }),
        index().prop_map(|packet| Trick::Repeat { packet }),
        (index(), index()).prop_map(|(one, other)| Trick::Swap { one, other }),
        (index(), proptest::collection::vec(any::<u8>(), 0..200))
            .prop_map(|(packet, bytes)| Trick::Forge { packet, bytes }),
    ]
}

fn play(trick: Trick, packets: &mut Vec<Vec<u8>>) {
    let count = packets.len();
    match trick {
        Trick::Flip { packet, byte, bit } => {
            let packet = &mut packets[packet % count];
            let at = byte % packet.len();
            packet[at] ^= 1 << bit;
        }
        Trick::Cut { packet, end } => {
            let packet = &mut packets[packet % count];
            packet.truncate(end % packet.len());
        }
        Trick::Drop { packet } => drop(packets.remove(packet % count)),
        Trick::Repeat { packet } => {
            let again = packets[packet % count].clone();
            packets.insert(packet % count, again);
        }
        Trick::Swap { one, other } => packets.swap(one % count, other % count),
        Trick::Forge { packet, bytes } => packets.insert(packet % count, bytes),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever is done to the packets, what comes out is a beginning of what went in: unaltered messages,
    /// in order, none twice. And if anything but the end was touched, an error says so.
    #[test]
    fn what_comes_out_is_a_prefix_of_what_went_in(
        lengths in proptest::collection::vec(0_usize..140_000, 1..5),
        trick in trick(),
    ) {
        let (mut initiator, mut responder) = open(Kind::Pair);
        let sent: Vec<Vec<u8>> = lengths.iter().map(|length| vec![7; *length]).collect();
        let honest: Vec<Vec<u8>> =
            sent.iter().flat_map(|message| initiator.send(message).unwrap()).collect();
        let mut packets = honest.clone();
        play(trick, &mut packets);

        let mut received = Vec::new();
        let mut error = None;
        for packet in &packets {
            match deliver(std::slice::from_ref(packet), &mut responder) {
                Ok(messages) => received.extend(messages),
                Err(refusal) => {
                    error = Some(refusal);
                    break;
                }
            }
        }
        prop_assert!(sent.starts_with(&received));
        prop_assert_eq!(error.is_none(), honest.starts_with(&packets));
        if error.is_some() {
            assert_over(&mut responder);
        }
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for kind in KINDS {
            let (mut initiator, mut responder) = sides(kind);
            prop_assert!(responder.receive(&bytes).is_err());
            initiator.start().unwrap();
            prop_assert!(initiator.receive(&bytes).is_err());
            let (mut initiator, _) = open(kind);
            prop_assert!(initiator.receive(&bytes).is_err());
        }
    }
}
