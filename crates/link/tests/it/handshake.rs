//! Who gets a channel open, and who does not.

use cryptab_link::{Channel, Error, Event, Fault, Identity, MAX_HELLO};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{
    ALICE_HELLO, BOB_HELLO, KINDS, Kind, PROLOGUE, PSK, alice, bob, connect, open, sides,
};

#[test]
fn both_sides_learn_key_and_hello() {
    for kind in KINDS {
        let (mut initiator, mut responder) = sides(kind);
        let opened = connect(&mut initiator, &mut responder, |_, packet| packet).unwrap();
        assert_eq!(opened.by_initiator, Some((bob().public(), BOB_HELLO.to_vec())));
        assert_eq!(opened.by_responder, Some((alice().public(), ALICE_HELLO.to_vec())));
        assert!(initiator.is_open() && responder.is_open());
        assert_eq!(initiator.peer(), Some(bob().public()));
        assert_eq!(responder.peer(), Some(alice().public()));
    }
}

#[test]
fn no_hello_or_key_crosses_in_the_clear() {
    for kind in KINDS {
        let mut seen = Vec::new();
        let (mut initiator, mut responder) = sides(kind);
        connect(&mut initiator, &mut responder, |_, packet| {
            seen.extend_from_slice(&packet);
            packet
        })
        .unwrap();
        let (alice, bob) = (alice().public().0, bob().public().0);
        for needle in [ALICE_HELLO, BOB_HELLO, &alice, &bob] {
            assert!(!seen.windows(needle.len()).any(|window| window == needle), "{kind:?}");
        }
    }
}

#[test]
fn hellos_may_be_empty_or_of_full_length() {
    for length in [0, MAX_HELLO] {
        let hello = vec![7; length];
        let mut initiator =
            Channel::pair_initiator(&alice(), &PSK, PROLOGUE, hello.clone()).unwrap();
        let mut responder = Channel::pair_responder(&bob(), &PSK, PROLOGUE, hello.clone()).unwrap();
        let opened = connect(&mut initiator, &mut responder, |_, packet| packet).unwrap();
        assert_eq!(opened.by_initiator.unwrap().1, hello);
        assert_eq!(opened.by_responder.unwrap().1, hello);
    }
    let error =
        Channel::pair_initiator(&alice(), &PSK, PROLOGUE, vec![0; MAX_HELLO + 1]).unwrap_err();
    assert!(matches!(error, Error::HelloTooLong { .. }));
    assert_eq!(error.fault(), Fault::Misuse);
}

/// Runs a handshake that must fail, with neither side open; returns the number of the packet refused.
fn refused(mut initiator: Channel, mut responder: Channel) -> u8 {
    let error = connect(&mut initiator, &mut responder, |_, packet| packet).unwrap_err();
    assert_eq!(error.fault(), Fault::Transport);
    assert!(!initiator.is_open() && !responder.is_open());
    match error {
        Error::Handshake { packet } => packet,
        other => panic!("{other:?}"),
    }
}

#[test]
fn another_secret_does_not_open() {
    let (initiator, _) = sides(Kind::Pair);
    let responder = Channel::pair_responder(&bob(), &[6; 32], PROLOGUE, vec![]).unwrap();
    assert_eq!(refused(initiator, responder), 3);
}

#[test]
fn another_prologue_does_not_open() {
    let (initiator, _) = sides(Kind::Pair);
    let responder = Channel::pair_responder(&bob(), &PSK, b"another room", vec![]).unwrap();
    assert_eq!(refused(initiator, responder), 1);
    let (initiator, _) = sides(Kind::Dealer);
    let responder = Channel::dealer_server(&bob(), b"another room", vec![]).unwrap();
    assert_eq!(refused(initiator, responder), 1);
}

#[test]
fn another_dealer_does_not_open() {
    let (initiator, _) = sides(Kind::Dealer);
    let other = Identity::from_secret(&[9; 32]);
    let responder = Channel::dealer_server(&other, PROLOGUE, vec![]).unwrap();
    assert_eq!(refused(initiator, responder), 1);
}

#[test]
fn a_pair_does_not_open_with_a_dealer() {
    let (initiator, _) = sides(Kind::Pair);
    let (_, responder) = sides(Kind::Dealer);
    assert_eq!(refused(initiator, responder), 1);
}

/// Without the secret, a hostile carrier can answer packets 1 and 2, but the initiator must neither open
/// nor show it a hello.
#[test]
fn an_impostor_without_the_secret_is_not_open_to_the_initiator() {
    let (mut initiator, _) = sides(Kind::Pair);
    let mut impostor = Channel::pair_responder(&bob(), &[6; 32], PROLOGUE, vec![]).unwrap();
    let first = initiator.start().unwrap().unwrap();
    let [Event::Send(second)] = &impostor.receive(&first).unwrap()[..] else { panic!("no answer") };
    let events = initiator.receive(second).unwrap();
    assert!(matches!(events[..], [Event::Send(_)]), "{events:?}");
    assert!(!initiator.is_open());
    assert!(matches!(initiator.send(b"secret"), Err(Error::NotOpen)));
    let error = initiator.receive(&[0; 64]).unwrap_err();
    assert!(matches!(error, Error::Handshake { packet: 4 }), "{error:?}");
}

#[test]
fn calls_out_of_order_are_misuse_and_harmless() {
    let (mut initiator, mut responder) = sides(Kind::Pair);
    assert!(matches!(initiator.receive(&[0; 48]), Err(Error::NotStarted)));
    assert!(matches!(initiator.send(b"early"), Err(Error::NotOpen)));
    assert!(matches!(responder.send(b"early"), Err(Error::NotOpen)));
    assert_eq!(responder.start().unwrap(), None);
    let opened = connect(&mut initiator, &mut responder, |_, packet| packet).unwrap();
    assert!(opened.by_initiator.is_some());
    assert!(matches!(initiator.start(), Err(Error::Started)));
    assert!(matches!(responder.start(), Err(Error::Started)));
    assert!(initiator.is_open() && responder.is_open());
}

#[test]
fn two_channels_between_the_same_peers_differ() {
    let (mut one, _) = open(Kind::Pair);
    let (_, mut other) = open(Kind::Pair);
    let packets = one.send(b"for this channel alone").unwrap();
    assert!(matches!(other.receive(&packets[0]), Err(Error::Altered { .. })));
}

#[test]
fn debug_shows_no_keys() {
    let (mut initiator, _) = sides(Kind::Pair);
    let before = format!("{initiator:?}");
    initiator.start().unwrap();
    let after = format!("{initiator:?}");
    assert_eq!(before, r#"Channel { state: "AwaitStart", peer: None, .. }"#);
    assert_eq!(after, r#"Channel { state: "AwaitSecond", peer: None, .. }"#);
    let (open, _) = open(Kind::Pair);
    let shown = format!("{open:?}");
    let fingerprint = bob().public().fingerprint();
    assert_eq!(
        shown,
        format!(r#"Channel {{ state: "Open", peer: Some(PublicKey({fingerprint})), .. }}"#)
    );
}
