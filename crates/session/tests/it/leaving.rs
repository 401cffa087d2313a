//! People and the relay come and go.

use std::collections::BTreeSet;
use std::time::Duration;

use cryptab_engine::Pending;
use cryptab_session::{DealerState, Engine, Error, Fault, Input, Role};
use futures::FutureExt as _;

use crate::world::World;

/// A pending result of the party in slot 0, which waits for the others.
fn pending(world: &World) -> Vec<Pending<Vec<f64>>> {
    let compute = |engine: &Engine| {
        let data = (engine.me() == 0).then_some(&[1.0, -3.0][..]);
        let x = engine.input(0, &[2], data).unwrap();
        x.mul(&x).unwrap().relu().unwrap().reveal().unwrap()
    };
    world.engines().iter().map(compute).collect()
}

fn assert_done(results: Vec<Pending<Vec<f64>>>) {
    for result in results {
        let values = result.now_or_never().expect("the world has come to rest").unwrap();
        assert!((values[0] - 1.0).abs() < 1e-4 && (values[1] - 9.0).abs() < 1e-4, "{values:?}");
    }
}

#[test]
fn who_says_goodbye_in_mid_run_is_named_at_once() {
    let mut world = World::full(3, 1);
    let results = pending(&world);
    world.parties[1].node.leave();
    world.run();
    for who in [0, 2] {
        // From bob, or from the other one, who heard him first.
        let text = world.parties[who].last_failure();
        assert!(text == "bob left the room" || text.ends_with("because of bob"), "{text}");
        assert!(world.parties[who].node.engine().is_none());
        assert_eq!(world.parties[who].dealer(), DealerState::Waiting);
    }
    assert!(results.into_iter().all(|result| result.now_or_never().unwrap().is_err()));
}

#[test]
fn who_vanishes_is_waited_for_and_named_when_it_does_not_come() {
    let mut world = World::full(3, 1);
    let results = pending(&world);
    world.vanish(1);
    world.run();
    let is_away = |world: &World, who: usize| {
        let lobby = world.parties[who].node.lobby();
        lobby.members.iter().any(|member| member.name == "bob" && member.away)
    };
    assert!(is_away(&world, 0) && is_away(&world, 2));
    world.wait(Duration::from_secs(59));
    assert!(world.parties[0].is_ready() && world.parties[2].is_ready());
    world.wait(Duration::from_secs(2));
    for who in [0, 2] {
        let failures = world.parties[who].failures();
        let text = failures[0].to_string();
        let is_named = text.starts_with("bob has been away for 60 seconds")
            || text.ends_with("ended the session because of bob");
        assert!(failures.len() == 1 && is_named, "{failures:?}");
        assert_eq!(world.parties[who].node.lobby().members.len(), 2);
    }
    let failed = results.into_iter().map(|result| result.now_or_never());
    assert_eq!(failed.flatten().filter(Result::is_err).count(), 2);
    world.come("bob", Role::Adjust);
    world.run();
    assert!(world.parties[0].is_ready() && world.parties[2].is_ready());
}

#[test]
fn who_was_started_anew_is_named_by_whoever_leaves_because_of_it() {
    for seed in 1..=40 {
        let mut world = World::full(3, seed);
        world.vanish(1);
        world.run();
        world.come("bob", Role::Adjust);
        let mut has_left = false;
        while world.parties[2].failures().is_empty() {
            world.run_some(1);
            if !has_left && !world.parties[0].failures().is_empty() {
                has_left = true;
                world.parties[0].node.leave();
            }
        }
        let text = world.parties[2].failures()[0].to_string();
        assert!(text.contains("bob"), "seed {seed}: {text}");
    }
}

#[test]
fn who_falls_silent_is_away_until_it_speaks_again() {
    let mut world = World::full(2, 1);
    world.parties[1].is_asleep = true;
    world.wait(Duration::from_secs(25));
    assert!(world.parties[0].node.lobby().members.iter().any(|member| member.away));
    let results = pending(&world);
    world.parties[1].is_asleep = false;
    world.wait(Duration::from_secs(1));
    assert!(world.parties[0].node.lobby().members.iter().all(|member| !member.away));
    assert_done(results);
}

/// Whoever leaves, and whenever: the others learn it, and when the slot is filled all start anew.
fn comes_back(parties: u8) {
    for seed in 1..=60 {
        let mut world = World::full(parties, seed);
        let engines = world.engines();
        let mut results = Vec::new();
        for engine in &engines {
            let data = (engine.me() == 0).then_some(&[1.0, -1.0][..]);
            let x = engine.input(0, &[2], data).unwrap();
            results.push(x.mul(&x).unwrap().relu().unwrap().reveal().unwrap());
        }
        let steps = world.draw() % 40;
        world.run_some(steps);
        let leaver = usize::try_from(world.draw() % u64::from(parties)).unwrap();
        let member = world.parties[leaver].node.lobby();
        let me = member.members.iter().find(|member| member.you).unwrap().clone();
        world.vanish(leaver);
        let steps = world.draw() % 20;
        world.run_some(steps);
        let back = world.come(&me.name, me.role);
        // Leaves before all have noticed, and comes again.
        let steps = world.draw() % 20;
        world.run_some(steps);
        world.vanish(back);
        let back = world.come(&me.name, me.role);
        world.run();
        for (who, party) in world.parties.iter().enumerate() {
            if who == leaver || (who != back && who >= usize::from(parties)) {
                continue;
            }
            assert!(party.is_ready(), "seed {seed}, {who}: {party:?}", party = party.events);
            if who != back {
                let failures = party.failures();
                assert!(!failures.is_empty(), "seed {seed}");
                for failure in failures {
                    let text = failure.to_string();
                    assert_eq!(failure.fault(), Fault::Peer, "seed {seed}: {text}");
                    let who_is_named = text.starts_with(&format!("{} left", me.name))
                        || text.contains("left the room")
                        || text.contains("ended the session")
                        || text.contains("has begun a new session");
                    assert!(who_is_named, "seed {seed}: {text}");
                }
            }
        }
        let now = world.parties[back].node.engine().unwrap();
        assert_eq!(now.parties(), parties);
    }
}

#[test]
fn one_of_two_comes_back() {
    comes_back(2);
}

#[test]
fn one_of_three_comes_back() {
    comes_back(3);
}

#[test]
fn one_of_five_comes_back() {
    comes_back(5);
}

#[test]
fn no_session_is_used_twice() {
    let mut world = World::full(2, 11);
    for _ in 0..10 {
        let last = world.parties.len() - 1;
        world.vanish(last);
        world.run();
        world.come("bob", Role::Adjust);
        world.run();
    }
    let sessions: BTreeSet<_> = world.dealer.sessions.iter().collect();
    assert_eq!((sessions.len(), world.dealer.sessions.len()), (11, 22));
}

#[test]
fn a_session_outlives_its_relay() {
    for seed in 1..=30 {
        let mut world = World::full(3, seed);
        let results = pending(&world);
        let steps = world.draw() % 60;
        world.run_some(steps);
        world.lose_relay();
        world.run();
        for party in &world.parties {
            assert!(party.is_ready() && !party.node.lobby().is_online);
        }
        world.wait(Duration::from_secs(20));
        world.relay.is_up = true;
        world.wait(Duration::from_secs(5));
        for party in &world.parties {
            assert!(party.is_ready() && party.node.lobby().is_online, "seed {seed}");
            assert_eq!((party.times_ready(), party.failures().len()), (1, 0), "seed {seed}");
        }
        assert_done(results);
    }
}

#[test]
fn a_relay_that_does_not_come_back_is_named() {
    let mut world = World::full(2, 3);
    let results = pending(&world);
    world.lose_relay();
    world.wait(Duration::from_secs(70));
    for party in &world.parties {
        assert!(party.node.is_finished());
        let text = party.closed().unwrap().to_string();
        assert!(text == "the relay: connection refused", "{text}");
        assert_eq!(party.closed().unwrap().fault(), Fault::Relay);
    }
    assert!(results.into_iter().all(|result| result.now_or_never().unwrap().is_err()));
}

#[test]
fn without_a_session_nobody_waits_for_the_relay_in_silence() {
    let mut world = World::empty(3, "tensor", 5);
    world.come("alice", Role::Help);
    world.come("bob", Role::Help);
    world.run();
    world.lose_relay();
    world.run();
    for party in &world.parties {
        assert_eq!(party.last_failure(), "the relay: connection reset");
        assert!(party.node.lobby().members.is_empty());
    }
    world.relay.is_up = true;
    world.wait(Duration::from_secs(2));
    assert!(world.parties.iter().all(|party| party.sealed_with() == 1));
}

#[test]
fn one_party_alone_loses_the_relay_and_the_relay_does_not_know_yet() {
    let mut world = World::full(2, 3);
    let results = pending(&world);
    world.run_some(10);
    world.cut(0);
    // Its old connection still counts.
    world.wait(Duration::from_secs(3));
    assert!(world.parties.iter().all(|party| party.is_ready() && party.failures().is_empty()));
    world.forget_old_lines(0);
    world.wait(Duration::from_secs(6));
    assert!(world.parties.iter().all(|party| party.is_ready() && party.times_ready() == 1));
    assert!(world.parties[0].node.lobby().is_online);
    assert_done(results);
}

#[test]
fn leaving_ends_everything_here_and_the_session_there() {
    let mut world = World::full(2, 3);
    world.parties[0].node.leave();
    world.run();
    assert!(matches!(world.parties[0].closed(), Some(Error::Left)));
    assert!(world.parties[0].node.is_finished() && world.parties[0].node.engine().is_none());
    assert_eq!(world.parties[1].last_failure(), "alice left the room");
    assert_eq!(world.parties[1].dealer(), DealerState::Waiting);
    let now = world.now;
    world.parties[0].node.handle(Input::RelayOpened, now);
    assert!(world.parties[0].node.poll().is_none());
}
