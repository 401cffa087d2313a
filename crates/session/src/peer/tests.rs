//! Meetings in which packets arrive that were meant for someone else.

use std::time::Duration;

use cryptab_engine::Format;
use cryptab_link::{Identity, Pair};
use cryptab_wire::relay::addressed;

use super::{Peer, Step};
use crate::credentials::Credentials;
use crate::fixtures::invite;
use crate::hello::Hello;
use crate::signal::{Signal, Tag};
use crate::{Output, Role};

fn credentials() -> Credentials {
    Credentials::new(
        invite(),
        Identity::generate().unwrap(),
        Hello::new("a", Role::Help, Format::default(), false),
    )
}

fn side(me: u8) -> (Peer, Credentials) {
    (Peer::new(Pair::new(0, 1).unwrap(), me, [me; 8]), credentials())
}

fn packet(output: &Output) -> Vec<u8> {
    let Output::ToRelay(message) = output else { panic!("{output:?}") };
    addressed(message).unwrap().1.to_vec()
}

/// Both sides hail; what each is to receive.
fn hails(sides: &mut [(Peer, Credentials); 2]) -> [Vec<u8>; 2] {
    [(1, 11), (0, 10)].map(|(of, tag): (usize, u8)| packet(&sides[of].0.hail(Tag([tag; 8]), NOW)))
}

const NOW: Duration = Duration::from_secs(1);

/// Delivers back and forth until nothing is left; how often a channel was sealed on each side.
fn settle(sides: &mut [(Peer, Credentials); 2], mut queues: [Vec<Vec<u8>>; 2]) -> [usize; 2] {
    let mut sealed = [0, 0];
    while !queues[0].is_empty() || !queues[1].is_empty() {
        let to = usize::from(queues[0].is_empty());
        let next = queues[to].remove(0);
        let (peer, credentials) = &mut sides[to];
        for step in peer.receive(&next, credentials, NOW).unwrap() {
            match step {
                Step::Send(message) => queues[1 - to].push(packet(&message)),
                Step::Sealed { .. } => sealed[to] += 1,
                Step::Message { .. } | Step::Resumed { .. } | Step::Restarted => {}
            }
        }
    }
    sealed
}

#[test]
fn two_meet() {
    let mut sides = [side(0), side(1)];
    let hails = hails(&mut sides);
    assert_eq!(settle(&mut sides, hails.map(|hail| vec![hail])), [1, 1]);
}

#[test]
fn packets_meant_for_a_predecessor_are_dropped() {
    for newcomer in [0, 1] {
        let mut sides = [side(0), side(1)];
        let hails = hails(&mut sides);
        // Sealed packets, an answer and a first hail to whoever sat there before.
        let stale = vec![
            vec![9; 100],
            Signal::Answer(Tag([77; 8])).encode(),
            Signal::Broken.encode(),
            Signal::Hail(Tag([78; 8])).encode(),
            vec![8; 32],
            hails[newcomer].clone(),
        ];
        let mut queues = hails.map(|hail| vec![hail]);
        queues[newcomer] = stale;
        assert_eq!(settle(&mut sides, queues), [1, 1], "newcomer in slot {newcomer}");
    }
}

/// Whether a side that has met is still listening after packets that are none of the channel.
fn listens_after(intruder: impl Fn(u8) -> Vec<u8>, times: u8) -> bool {
    let mut sides = [side(0), side(1)];
    let hails = hails(&mut sides);
    settle(&mut sides, hails.map(|hail| vec![hail]));
    for time in 0..times {
        let (peer, credentials) = &mut sides[0];
        let Ok(steps) = peer.receive(&intruder(time), credentials, NOW) else {
            assert!(peer.is_broken());
            assert!(peer.receive(&[0; 99], credentials, NOW).unwrap().is_empty());
            return false;
        };
        // The other side follows.
        let sent = |step: Step| match step {
            Step::Send(output) => packet(&output),
            _ => panic!("nothing else follows"),
        };
        settle(&mut sides, [Vec::new(), steps.into_iter().map(sent).collect()]);
    }
    true
}

#[test]
fn once_met_whatever_breaks_the_channel_makes_it_anew_a_few_times() {
    let intruders: [fn(u8) -> Vec<u8>; 4] = [
        |time| Signal::Hail(Tag([time; 8])).encode(),
        |_| Signal::Answer(Tag([10; 8])).encode(),
        |_| vec![0; 3],
        |_| vec![0; 16],
    ];
    for intruder in intruders {
        assert!(listens_after(intruder, 3), "{:?}", intruder(0));
        assert!(!listens_after(intruder, 7), "{:?}", intruder(0));
    }
    assert!(!listens_after(|_| Signal::Broken.encode(), 1));
}

#[test]
fn a_hail_is_answered_once() {
    let mut sides = [side(0), side(1)];
    let [hail, other] = hails(&mut sides);
    let (peer, credentials) = &mut sides[0];
    assert!(!peer.receive(&hail, credentials, NOW).unwrap().is_empty());
    assert!(peer.receive(&hail, credentials, NOW).unwrap().is_empty(), "before they have met");
    let mut sides = [side(0), side(1)];
    let [hail, _] = hails(&mut sides);
    settle(&mut sides, [vec![hail.clone()], vec![other]]);
    for _ in 0..100 {
        assert!(listens_to_echo(&mut sides[0], &hail), "and after");
    }
}

fn listens_to_echo((peer, credentials): &mut (Peer, Credentials), hail: &[u8]) -> bool {
    peer.receive(hail, credentials, NOW).unwrap().is_empty() && !peer.is_broken()
}
