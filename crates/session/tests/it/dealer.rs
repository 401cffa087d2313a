//! The dealer goes, comes back, refuses and lies.

use std::collections::BTreeSet;
use std::time::Duration;

use cryptab_session::{DealerState, Error, Fault};
use futures::FutureExt as _;

use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn the_dealer_goes_and_comes_back() {
    for seed in 1..=20 {
        let mut world = World::full(3, seed);
        let engine = world.parties[0].node.engine().unwrap();
        let data = (engine.me() == 0).then_some(&[1.0][..]);
        let pending = engine.input(0, &[1], data).unwrap().reveal().unwrap();
        world.set_dealer(false);
        world.run();
        for party in &world.parties {
            assert!(!party.is_ready());
            assert!(!party.failures().is_empty());
            let blamed = party.failures().iter().all(|failure| failure.fault() == Fault::Dealer);
            assert!(blamed, "{:?}", party.failures());
        }
        assert!(pending.now_or_never().unwrap().is_err());
        assert!(world.parties.iter().any(|party| party.dealer() == DealerState::Lost));
        // In vain, for a while.
        for _ in 0..5 {
            world.wait(SECOND);
            assert!(world.parties.iter().all(|party| !party.is_ready()));
        }
        world.set_dealer(true);
        for _ in 0..10 {
            world.wait(SECOND);
        }
        assert!(world.parties.iter().all(|party| party.is_ready()), "seed {seed}");
        let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
        assert_eq!((sessions.len(), world.dealer.sessions.len()), (2, 6), "seed {seed}");
    }
}

#[test]
fn a_dealer_that_is_away_is_tried_less_and_less_often() {
    let mut world = World::full(2, 5);
    world.set_dealer(false);
    world.run();
    let mut attempts = 0;
    for _ in 0..60 {
        let before = world.parties[0].failures().len() + world.parties[1].failures().len();
        world.wait(SECOND);
        let after = world.parties[0].failures().len() + world.parties[1].failures().len();
        attempts += usize::from(after > before);
    }
    assert!((6..=20).contains(&attempts), "{attempts} attempts in a minute");
}

#[test]
fn someone_alone_loses_the_dealer() {
    let mut world = World::full(3, 8);
    let now = world.now;
    world.parties[2]
        .node
        .handle(cryptab_session::Input::DealerClosed("network changed".to_owned()), now);
    world.run();
    assert_eq!(world.parties[2].last_failure(), "the dealer: network changed");
    assert_eq!(world.parties[0].last_failure(), "the dealer: carol has lost it");
    assert_eq!(world.parties[2].dealer(), DealerState::Lost);
    world.wait(SECOND);
    assert!(world.parties.iter().all(|party| party.is_ready() && party.times_ready() == 2));
}

#[test]
fn a_refusal_is_passed_on() {
    let mut world = World::empty(2, "tensor", 2);
    world.dealer.refuses = Some("too many\nsessions".to_owned());
    world.come("alice", cryptab_session::Role::Help);
    world.come("bob", cryptab_session::Role::Help);
    world.run();
    let refused = "the dealer: refused this party: too manysessions";
    let texts: Vec<_> = world.parties.iter().map(|party| party.last_failure()).collect();
    assert!(texts.iter().any(|text| text == refused), "{texts:?}");
    world.dealer.refuses = None;
    world.wait(10 * SECOND);
    assert!(world.parties.iter().all(|party| party.is_ready()));
}

#[test]
fn a_dealer_that_lies_is_named() {
    let malformed: &[u8] = &[9, 9, 9];
    let unasked: &[u8] = &[3, 1, 0, 0, 0, 9, 0, 0, 0, 1, 2, 3];
    let seed_again: &[u8] = &[&[1; 33][..]].concat();
    for lie in [malformed, unasked, seed_again, &[3], &[]] {
        let mut world = World::full(2, 6);
        world.dealer.lies = Some(lie.to_vec());
        for engine in world.engines() {
            let data = (engine.me() == 0).then_some(&[1.0; 64][..]);
            let x = engine.input(0, &[64], data).unwrap();
            let _unread = x.relu().unwrap().reveal().unwrap();
        }
        world.run();
        for party in &world.parties {
            let failures = party.failures();
            assert!(matches!(failures[..], [Error::Dealer(_), ..]), "{lie:?}: {failures:?}");
            assert!(!party.is_ready());
        }
    }
}

#[test]
fn a_dealer_without_the_pinned_key_is_not_heard() {
    let mut world = World::full(2, 6);
    let now = world.now;
    let packet = cryptab_session::Input::DealerMessage(vec![1; 200].into());
    world.parties[0].node.handle(packet, now);
    world.run();
    assert!(world.parties[0].last_failure().starts_with("the dealer: sealed packet"));
    world.wait(SECOND);
    assert!(world.parties.iter().all(|party| party.is_ready()));
}
