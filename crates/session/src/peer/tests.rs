//! Meetings in which packets arrive that were meant for someone else.

use cryptab_engine::Format;
use cryptab_link::{Identity, Pair};
use cryptab_wire::relay::addressed;
use cryptab_wire::{Invite, Secret};

use super::{Peer, Step};
use crate::Role;
use crate::credentials::Credentials;
use crate::hello::Hello;
use crate::signal::{Signal, Tag};

fn credentials() -> Credentials {
    let invite = Invite {
        version: 1,
        room: [1; 16],
        secret: Secret::from([2; 16]),
        dealer_key: [3; 32],
        parties: 2,
        program: "tensor".into(),
        expires: 0,
        dealer_url: None,
        ownership: None,
    };
    Credentials::new(
        invite,
        Identity::generate().unwrap(),
        Hello::new("a", Role::Help, Format::default()),
    )
}

fn side(me: u8, tag: u8) -> (Peer, Credentials) {
    (Peer::new(Pair::new(0, 1).unwrap(), me, Tag([tag; 8])), credentials())
}

fn packet(message: &[u8]) -> Vec<u8> {
    addressed(message).unwrap().1.to_vec()
}

/// Delivers back and forth until nothing is left; how often a channel was sealed on each side.
fn settle(sides: &mut [(Peer, Credentials); 2], mut queues: [Vec<Vec<u8>>; 2]) -> [usize; 2] {
    let mut sealed = [0, 0];
    while !queues[0].is_empty() || !queues[1].is_empty() {
        let to = usize::from(queues[0].is_empty());
        let next = queues[to].remove(0);
        let (peer, credentials) = &mut sides[to];
        for step in peer.receive(&next, credentials).unwrap() {
            match step {
                Step::Send(message) => queues[1 - to].push(packet(&message)),
                Step::Sealed { .. } => sealed[to] += 1,
                Step::Message(_) => {}
            }
        }
    }
    sealed
}

#[test]
fn two_meet() {
    let mut sides = [side(0, 10), side(1, 11)];
    let hails = [packet(&sides[1].0.hail()), packet(&sides[0].0.hail())];
    assert_eq!(settle(&mut sides, hails.map(|hail| vec![hail])), [1, 1]);
}

#[test]
fn packets_meant_for_a_predecessor_are_dropped() {
    for newcomer in [0, 1] {
        let mut sides = [side(0, 10), side(1, 11)];
        let hail = |of: usize| packet(&sides[of].0.hail());
        // Sealed packets, an answer and a first hail to whoever sat there before.
        let stale = vec![
            vec![9; 100],
            Signal::Answer(Tag([77; 8])).encode(),
            Signal::Broken.encode(),
            Signal::Hail(Tag([78; 8])).encode(),
            vec![8; 32],
            hail(1 - newcomer),
        ];
        let mut queues = [vec![hail(1)], vec![hail(0)]];
        queues[newcomer] = stale;
        assert_eq!(settle(&mut sides, queues), [1, 1], "newcomer in slot {newcomer}");
    }
}

#[test]
fn once_met_nothing_else_is_accepted() {
    for intruder in [
        Signal::Hail(Tag([1; 8])).encode(),
        Signal::Answer(Tag([10; 8])).encode(),
        Signal::Broken.encode(),
        vec![0; 3],
        vec![0; 16],
    ] {
        let mut sides = [side(0, 10), side(1, 11)];
        let hails = [packet(&sides[1].0.hail()), packet(&sides[0].0.hail())];
        settle(&mut sides, hails.map(|hail| vec![hail]));
        let (peer, credentials) = &mut sides[0];
        assert!(peer.receive(&intruder, credentials).is_err(), "{intruder:?}");
        assert!(peer.is_broken());
        assert!(peer.receive(&[0; 99], credentials).unwrap().is_empty());
    }
}
