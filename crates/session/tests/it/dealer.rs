//! The dealer goes, comes back, refuses and lies.

use std::collections::BTreeSet;
use std::time::Duration;

use cryptab_session::{DealerState, Engine, Error, Fault};
use futures::FutureExt as _;

use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_session_outlives_its_dealer() {
    for seed in 1..=30 {
        let mut world = World::full(3, seed);
        let compute = |engine: &Engine| {
            let data = (engine.me() == 0).then_some(&[2.0, -1.0][..]);
            let x = engine.input(0, &[2], data).unwrap();
            x.relu().unwrap().mul(&x).unwrap().reveal().unwrap()
        };
        let results: Vec<_> = world.engines().iter().map(compute).collect();
        let steps = world.draw() % 40;
        world.run_some(steps);
        world.set_dealer(false);
        world.run();
        world.wait(20 * SECOND);
        assert!(world.parties.iter().all(|party| party.is_ready() && party.failures().is_empty()));
        assert!(world.parties.iter().all(|party| party.dealer() == DealerState::Lost));
        world.set_dealer(true);
        world.wait(11 * SECOND);
        for party in &world.parties {
            assert_eq!((party.times_ready(), party.dealer()), (1, DealerState::Sealed));
        }
        for result in results {
            let values = result.now_or_never().expect("done").unwrap();
            assert!((values[0] - 4.0).abs() < 1e-4 && values[1].abs() < 1e-4, "{values:?}");
        }
        let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
        assert_eq!((sessions.len(), world.dealer.sessions.len()), (1, 6), "seed {seed}");
    }
}

#[test]
fn a_dealer_that_does_not_come_back_is_named() {
    let mut world = World::full(2, 5);
    let pending = world.engines()[0].input(0, &[1], Some(&[1.0])).unwrap().reveal().unwrap();
    world.set_dealer(false);
    let before = world.dealer.attempts;
    world.wait(59 * SECOND);
    let attempts = world.dealer.attempts - before;
    assert!((10..=30).contains(&attempts), "{attempts} attempts of two parties in a minute");
    world.wait(20 * SECOND);
    for party in &world.parties {
        assert!(!party.is_ready() && party.failures()[0].fault() == Fault::Dealer);
    }
    assert!(pending.now_or_never().unwrap().is_err());
}

#[test]
fn someone_alone_loses_the_dealer() {
    let mut world = World::full(3, 8);
    let now = world.now;
    let closed = cryptab_session::Input::DealerClosed("network changed".to_owned());
    world.parties[2].node.handle(closed, now);
    world.run();
    assert_eq!(world.parties[2].dealer(), DealerState::Lost);
    world.wait(2 * SECOND);
    for party in &world.parties {
        assert_eq!((party.times_ready(), party.dealer()), (1, DealerState::Sealed));
        assert!(party.failures().is_empty());
    }
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
fn a_dealer_whose_answers_never_can_be_verified_is_named() {
    let mut world = World::full(2, 6);
    // The handshake and the seed have come through; no correction does.
    world.dealer.tamper = Some(Box::new(move |who, bytes| {
        if who == 0 && bytes.len() > 100 {
            let last = bytes.len() - 1;
            bytes[last] ^= 1;
        }
    }));
    let results: Vec<_> = world
        .engines()
        .iter()
        .map(|engine| {
            let data = (engine.me() == 0).then_some(&[1.0; 64][..]);
            let x = engine.input(0, &[64], data).unwrap();
            x.relu().unwrap().reveal().unwrap()
        })
        .collect();
    world.wait(120 * SECOND);
    // Who is sent corrections depends on the session's name.
    let named = world
        .parties
        .iter()
        .any(|party| party.failures().first().is_some_and(|error| error.fault() == Fault::Dealer));
    let done =
        results.into_iter().filter_map(|result| result.now_or_never()).all(|result| result.is_ok());
    assert!(named != done, "{:?}", world.parties[0].failures());
}

#[test]
fn a_dealer_without_the_pinned_key_is_not_heard() {
    let mut world = World::full(2, 6);
    let now = world.now;
    let packet = cryptab_session::Input::DealerMessage(vec![1; 200].into());
    world.parties[0].node.handle(packet, now);
    world.run();
    assert_eq!(world.parties[0].dealer(), DealerState::Lost);
    world.wait(2 * SECOND);
    assert!(world.parties.iter().all(|party| party.is_ready() && party.failures().is_empty()));
}
