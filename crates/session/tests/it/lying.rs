//! Peers, and carriers of packets, that do not keep to the protocol.

use std::time::Duration;

use cryptab_session::{Error, Event, MAX_SAID};
use futures::FutureExt as _;

use crate::rogue::Duel;
use crate::world::{Party, World};

fn nonce(epoch: u64, byte: u8) -> Vec<u8> {
    [&[1][..], &epoch.to_le_bytes(), &[byte; 32]].concat()
}

/// What the world's parties heard each other's applications say.
fn said(party: &Party) -> Vec<Vec<u8>> {
    let said = |event: &Event| match event {
        Event::Said { bytes, .. } => Some(bytes.clone()),
        _ => None,
    };
    party.events.iter().filter_map(said).collect()
}

/// Two parties; what is done to the sealed packets of slot 0, once the session runs. The sender, the
/// receiver, and what the sender says: three messages.
fn changed(mut change: impl FnMut(u32, &mut Vec<u8>) + 'static) -> (World, usize, usize) {
    let mut world = World::full(2, 4);
    let liar = world.parties.iter().position(|party| party.node.lobby().me == 0).unwrap();
    let mut count = 0;
    world.relay.tamper = Some(Box::new(move |from, _, bytes| {
        if from == 0 && bytes.len() > 2 + 16 {
            count += 1;
            change(count, bytes);
        }
    }));
    for byte in 0..3 {
        world.parties[liar].node.say(vec![byte; 20]).unwrap();
    }
    world.wait(Duration::from_secs(30));
    (world, liar, 1 - liar)
}

#[test]
fn packets_changed_on_the_way_are_refused_and_what_was_in_them_arrives_once() {
    let flip = |count, bytes: &mut Vec<u8>| {
        if count == 1 {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
        }
    };
    let mut first = Vec::new();
    let replay = move |count, bytes: &mut Vec<u8>| match count {
        1 => first.clone_from(bytes),
        2 => bytes.clone_from(&first),
        _ => {}
    };
    let mut held = Vec::new();
    let reorder = move |count, bytes: &mut Vec<u8>| {
        if count < 3 {
            std::mem::swap(&mut held, bytes);
            if bytes.is_empty() {
                bytes.clone_from(&held);
            }
        }
    };
    let cut = |count, bytes: &mut Vec<u8>| {
        if count == 2 {
            bytes.truncate(bytes.len() - 1);
        }
    };
    for (world, _, other) in [changed(flip), changed(replay), changed(reorder), changed(cut)] {
        assert_eq!(said(&world.parties[other]), [[0; 20], [1; 20], [2; 20]]);
        assert!(world.parties.iter().all(|party| party.is_ready() && party.failures().is_empty()));
    }
}

#[test]
fn whose_packets_are_always_changed_is_named() {
    let (world, liar, other) = changed(|_, bytes| {
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
    });
    let text = world.parties[other].last_failure();
    let name = ["alice", "bob"][liar];
    assert!(text.starts_with(&format!("{name} cannot be trusted: ")), "{text}");
    // The other side learns it too, rather than waiting for ever.
    let text = world.parties[liar].last_failure();
    assert!(text.contains("does not listen any more"), "{text}");
    assert!(world.parties.iter().all(|party| party.sealed_with() == 0 && !party.is_ready()));
    assert!(said(&world.parties[other]).is_empty());
}

#[test]
fn tampering_with_any_packet_of_the_meeting_makes_no_session() {
    for target in 0..20 {
        for seed in 1..=3 {
            let mut world = World::empty(2, "tensor", seed);
            let mut count = 0;
            world.relay.tamper = Some(Box::new(move |_, _, bytes| {
                if count == target {
                    let middle = usize::midpoint(2, bytes.len());
                    bytes[middle] ^= 0x40;
                }
                count += 1;
            }));
            world.come("alice", cryptab_session::Role::Help);
            world.come("bob", cryptab_session::Role::Help);
            world.run();
            let ready = world.parties.iter().filter(|party| party.is_ready()).count();
            // Whoever became ready before the last packets were touched has learnt of it since.
            let count_failures = |party: &Party| party.failures().len();
            let failures: usize = world.parties.iter().map(count_failures).sum();
            assert!(ready == 0 || (ready == 2 && failures == 0), "packet {target}, seed {seed}");
        }
    }
}

#[test]
fn malformed_messages_are_refused_and_the_peer_is_named() {
    let bad: [&[u8]; 9] = [
        &[],
        &[0],
        &[1, 2, 3],
        &[2; 20],
        &[3, 1, 0, 0, 0, 0, 0, 0, 0, 9, 9],
        &[6, 1],
        &[255; 40],
        &nonce(0, 1),
        &nonce(u64::MAX, 1),
    ];
    for message in bad {
        let mut duel = Duel::new();
        assert!(duel.failures().is_empty());
        duel.say(message);
        let failures = duel.failures();
        let [text] = &failures[..] else { panic!("{message:?}: {failures:?}") };
        assert!(text.starts_with("mallory sent a malformed message: "), "{text}");
        assert!(!duel.node.lobby().members[1].sealed);
    }
}

#[test]
fn a_wrong_agreement_is_refused() {
    let mut duel = Duel::new();
    duel.say(&nonce(1, 7));
    duel.say(&[&[2][..], &[0; 32]].concat());
    assert_eq!(duel.failures(), ["mallory agrees to another session than this party"]);
    assert!(duel.node.engine().is_none());
}

#[test]
fn a_session_that_is_past_is_refused() {
    let mut duel = Duel::new();
    duel.say(&nonce(1, 7));
    duel.say(&nonce(1, 7));
    assert_eq!(duel.failures(), ["mallory proposed a session that is past"]);
}

#[test]
fn every_proposal_gets_a_fresh_nonce() {
    let mut duel = Duel::new();
    for epoch in 1..50 {
        duel.say(&nonce(epoch, 7));
    }
    let mut nonces: Vec<_> =
        duel.heard.iter().filter(|message| message[0] == 1).map(|message| &message[9..]).collect();
    assert_eq!(nonces.len(), 49);
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 49);
}

#[test]
fn agreeing_twice_is_refused() {
    let mut duel = Duel::new();
    duel.say(&nonce(5, 7));
    let agreed = duel.heard.iter().rev().find(|message| message[0] == 2).unwrap().clone();
    duel.say(&agreed);
    duel.say(&agreed);
    assert_eq!(duel.failures(), ["mallory agreed twice to one session"]);
}

#[test]
fn a_flood_before_the_session_is_refused() {
    let mut duel = Duel::new();
    duel.say(&nonce(1, 7));
    for _ in 0..100 {
        if duel.failures().is_empty() {
            duel.say(&[4, 1, 2, 3]);
        }
    }
    assert_eq!(duel.failures(), ["mallory sent too much before the session began"]);
}

#[test]
fn messages_of_no_session_are_dropped() {
    let mut duel = Duel::new();
    for _ in 0..200 {
        duel.say(&[4, 1, 2, 3]);
        duel.say(&[&[5][..], &[0; 8], &[1]].concat());
    }
    duel.say(&[&[2][..], &[0; 32]].concat());
    assert!(duel.failures().is_empty());
}

#[test]
fn an_application_that_says_too_much_is_refused() {
    let mut duel = Duel::new();
    duel.say(&[&[5][..], &[0; 8], &vec![0; MAX_SAID + 1]].concat());
    let failures = duel.failures();
    assert!(
        failures[0].contains("at most 65537 are allowed") || failures[0].contains("65536"),
        "{failures:?}"
    );
}

#[test]
fn bad_introductions_are_refused() {
    for hello in [
        vec![],
        vec![1, 3, b'b', b'o', b'b', 9, 16, 0, 0],
        vec![2, 3, b'b', b'o', b'b', 2, 16, 0, 0],
        vec![1, 3, b'b', b'\n', b'b', 2, 16, 0, 0],
        vec![1, 0, 2, 16, 0, 0],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 0],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 9, 0],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 0, 2],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 0, 0, 0],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 0, 0, 0],
        vec![1, 3, b'b', b'o', b'b', 2, 16, 0, 1],
        [&[1, 100][..], &[b'a'; 100], &[2, 16, 0, 0]].concat(),
    ] {
        let hello = if hello.is_empty() { hello } else { [hello, vec![9; 32]].concat() };
        let duel = Duel::introduced_as(hello.clone());
        let failures = duel.failures();
        let [text] = &failures[..] else { panic!("{hello:?}: {failures:?}") };
        let complaint = match hello.first() {
            Some(2) => "speaks version 2 of the protocol, this party version 1",
            _ => "introduced itself wrongly",
        };
        assert!(text.starts_with(&format!("the party in slot 1 {complaint}")), "{text}");
        assert!(!duel.node.lobby().members[1].sealed);
    }
}

#[test]
fn a_third_party_is_told_why_it_is_over() {
    for seed in 1..=20 {
        let mut world = World::full(3, seed);
        let slots: Vec<_> = world.parties.iter().map(|party| party.node.lobby().me).collect();
        let (alice, bob) = (slots[0], slots[1]);
        world.relay.tamper = Some(Box::new(move |from, to, bytes| {
            if from == alice && to == bob && bytes.len() > 2 + 16 {
                let last = bytes.len() - 1;
                bytes[last] ^= 1;
            }
        }));
        let carol = world.parties[2].node.engine().unwrap();
        let result = carol.input(alice, &[1], None).unwrap().reveal().unwrap();
        world.parties[0].node.say(vec![9]).unwrap();
        world.run();
        let error = result.now_or_never().unwrap().unwrap_err();
        // Before the application has taken the event, too.
        assert!(matches!(world.parties[2].node.explain(error), Error::GivenUp { .. }));
        let text = world.parties[2].last_failure();
        assert!(
            text == "bob ended the session because of alice"
                || text == "alice ended the session because of bob",
            "seed {seed}: {text}"
        );
        assert!(matches!(world.parties[2].failures()[0], Error::GivenUp { .. }));
        // Asking again does not help as long as two of the others do not trust each other: they say so.
        world.relay.tamper = None;
        world.parties[2].node.restart().unwrap();
        world.run();
        assert!(world.parties[2].failures().len() == 2 && !world.parties[2].is_ready());
        // Someone leaves and comes again.
        world.vanish(0);
        world.come("alice", cryptab_session::Role::Photo);
        world.run();
        assert!(world.parties[1..].iter().all(Party::is_ready), "seed {seed}");
    }
}
