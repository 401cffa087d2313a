//! Messages of every size cross, in order, in both directions.

use cryptab_link::{Error, Fault, MAX_MESSAGE};
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{KINDS, Kind, deliver, open};

/// Sizes around the borders of packets: 65,515 bytes fit in the first, 65,519 in each further one.
const BORDERS: [usize; 10] =
    [0, 1, 65_514, 65_515, 65_516, 131_033, 131_034, 131_035, 196_553, 196_554];

fn message(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|at| (at.wrapping_mul(31).wrapping_add(seed) >> 3).to_le_bytes()[0]).collect()
}

#[test]
fn every_border_crosses_in_both_directions() {
    for kind in KINDS {
        let (mut initiator, mut responder) = open(kind);
        for (seed, length) in BORDERS.into_iter().enumerate() {
            let sent = message(length, seed);
            let packets = initiator.send(&sent).unwrap();
            assert!(packets.iter().all(|packet| packet.len() <= 65_535));
            assert_eq!(packets.len(), (length + 4).div_ceil(65_519));
            assert_eq!(deliver(&packets, &mut responder).unwrap(), std::slice::from_ref(&sent));
            let packets = responder.send(&sent).unwrap();
            assert_eq!(deliver(&packets, &mut initiator).unwrap(), [sent]);
        }
    }
}

#[test]
fn a_large_message_crosses() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let sent = message(40 << 20, 3);
    let packets = initiator.send(&sent).unwrap();
    let received = deliver(&packets, &mut responder).unwrap();
    assert!(received == [sent], "40 MiB differ");
}

#[test]
fn a_message_above_the_cap_is_misuse_and_harmless() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let error = initiator.send(&vec![0; MAX_MESSAGE + 1]).unwrap_err();
    assert!(matches!(error, Error::MessageTooLong { .. }));
    assert_eq!(error.fault(), Fault::Misuse);
    let packets = initiator.send(b"go on").unwrap();
    assert_eq!(deliver(&packets, &mut responder).unwrap(), [b"go on"]);
}

#[test]
fn a_prefix_stands_before_every_packet() {
    let (mut initiator, mut responder) = open(Kind::Pair);
    let sent = message(200_000, 5);
    let packets: Vec<_> = initiator
        .send_behind(&[1, 6], &sent[..3], &sent[3..])
        .unwrap()
        .into_iter()
        .map(|packet| packet.strip_prefix(&[1, 6]).unwrap().to_vec())
        .collect();
    assert_eq!(deliver(&packets, &mut responder).unwrap(), [sent]);
}

#[test]
fn the_same_message_never_looks_the_same() {
    let (mut initiator, _) = open(Kind::Pair);
    assert_ne!(initiator.send(b"again").unwrap(), initiator.send(b"again").unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_conversation_crosses(
        lengths in proptest::collection::vec((any::<bool>(), 0_usize..150_000), 1..8),
    ) {
        let (mut initiator, mut responder) = open(Kind::Pair);
        for (seed, (forth, length)) in lengths.into_iter().enumerate() {
            let (from, to) = if forth {
                (&mut initiator, &mut responder)
            } else {
                (&mut responder, &mut initiator)
            };
            let sent = message(length, seed);
            let packets = from.send(&sent).unwrap();
            prop_assert_eq!(deliver(&packets, to).unwrap(), vec![sent]);
        }
    }
}
