//! The engine, reached through a node.

use cryptab_session::{Engine, Error, Event, Fault};
use futures::FutureExt as _;

use crate::world::World;

/// relu(x · y - 1), x from party 0, y from party 1.
fn compute(engine: &Engine) -> cryptab_engine::Pending<Vec<f64>> {
    let mine = |owner: u8, data: &'static [f64]| (engine.me() == owner).then_some(data);
    let x = engine.input(0, &[3], mine(0, &[1.5, -2.0, 0.5])).unwrap();
    let y = engine.input(1, &[3], mine(1, &[2.0, 3.0, 1.0])).unwrap();
    let one = engine.constant(&[3], &[1.0, 1.0, 1.0]).unwrap();
    x.mul(&y).unwrap().sub(&one).unwrap().relu().unwrap().reveal().unwrap()
}

fn everyone_gets_the_result(parties: u8) {
    for seed in 1..=10 {
        let mut world = World::full(parties, seed);
        let results: Vec<_> = world.engines().iter().map(compute).collect();
        world.run();
        for result in results {
            let values = result.now_or_never().expect("the world has come to rest").unwrap();
            for (value, expected) in values.iter().zip([2.0, 0.0, 0.0]) {
                assert!((value - expected).abs() < 1e-4, "seed {seed}: {values:?}");
            }
        }
        assert!(world.parties.iter().all(|party| party.failures().is_empty()));
    }
}

#[test]
fn two_parties_compute() {
    everyone_gets_the_result(2);
}

#[test]
fn three_parties_compute() {
    everyone_gets_the_result(3);
}

#[test]
fn five_parties_compute() {
    everyone_gets_the_result(5);
}

#[test]
fn whoever_is_late_misses_nothing() {
    for seed in 1..=50 {
        let mut world = World::empty(3, "tensor", seed);
        for name in ["alice", "bob", "carol"] {
            world.come(name, cryptab_session::Role::Help);
        }
        let mut results = vec![None, None, None];
        for _ in 0..10_000 {
            world.run_some(1);
            for (party, result) in world.parties.iter().zip(&mut results) {
                if result.is_none() {
                    *result = party.node.engine().as_ref().map(compute);
                }
            }
        }
        for result in results {
            let result = result.expect("ready").now_or_never().expect("done");
            assert!(result.is_ok(), "seed {seed}: {result:?}");
        }
    }
}

#[test]
fn what_was_said_before_the_other_is_ready_comes_after_ready() {
    for seed in 1..=50 {
        let mut world = World::empty(2, "tensor", seed);
        let alice = world.come("alice", cryptab_session::Role::Help);
        let bob = world.come("bob", cryptab_session::Role::Help);
        while !world.parties[alice].is_ready() {
            world.run_some(1);
        }
        world.parties[alice].node.say(vec![7]).unwrap();
        world.run();
        let events = &world.parties[bob].events;
        let at = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
        let ready = at(|event| matches!(event, Event::Ready));
        assert!(ready < at(|event| matches!(event, Event::Said { .. })), "seed {seed}");
    }
}

#[test]
fn parties_that_run_different_programs_learn_where_and_whose() {
    for seed in 1..=20 {
        let mut world = World::full(2, seed);
        let engines = world.engines();
        let results: Vec<_> = engines
            .iter()
            .map(|engine| {
                let data = (engine.me() == 0).then_some(&[1.0, 2.0][..]);
                let x = engine.input(0, &[2], data).unwrap();
                let y = if engine.me() == 0 { x.add(&x) } else { x.mul(&x) };
                y.unwrap().reveal().unwrap()
            })
            .collect();
        world.run();
        for result in results {
            let error = result.now_or_never().expect("over").unwrap_err();
            assert!(error.to_string().contains("different programs"), "seed {seed}: {error}");
        }
        let alice = world.parties.iter().position(|p| p.node.lobby().me == 0).unwrap();
        let other = world.parties[1 - alice].node.lobby().members[1].name.clone();
        let failures = world.parties[alice].failures();
        let [Error::Programs { name, operation: 1, mine, theirs, .. }] = failures[..] else {
            panic!("seed {seed}: {failures:?}")
        };
        assert_eq!(*name, other);
        assert!(mine != theirs, "{mine} {theirs}");
        assert_eq!((failures[0].fault(), failures[0].peer()), (Fault::Peer, Some(name.as_str())));
        // The channels are sound: whoever mends the program starts again.
        world.parties[0].node.restart().unwrap();
        world.run();
        let results: Vec<_> = world.engines().iter().map(compute).collect();
        world.run();
        assert_eq!(results.len(), 2);
        for result in results {
            assert!(result.now_or_never().unwrap().is_ok());
        }
    }
}

#[test]
fn an_error_of_the_engine_is_explained_with_the_name() {
    let mut world = World::full(3, 4);
    let bob = world.parties[1].node.lobby().me;
    let pending: Vec<_> = world.engines().iter().map(compute).collect();
    world.run_some(5);
    world.parties[1].node.leave();
    world.parties.iter_mut().for_each(|party| party.events.clear());
    world.run();
    for (result, who) in pending.into_iter().zip(0_u8..) {
        if who == bob {
            continue;
        }
        let Err(error) = result.now_or_never().expect("over") else { continue };
        assert!(error.to_string().contains("(bob) left the room"), "{error}");
        let explained = world.parties[0].node.explain(error);
        assert_eq!(explained.to_string(), "bob left the room");
        assert_eq!(explained.peer(), Some("bob"));
    }
}

#[test]
fn whose_view_differs_is_said_by_name() {
    let world = World::full(3, 4);
    let bob = world.parties[1].node.lobby().me;
    let peer = cryptab_engine::Peer::Party(bob);
    let error = world.parties[0].node.explain(cryptab_engine::Error::Equivocation { peer });
    assert_eq!(
        error.to_string(),
        "bob's view of what was opened differs from this party's: one of the parties sent \
         different shares to different peers"
    );
    // Bob may be as honest as this party.
    assert_eq!((error.fault(), error.peer()), (Fault::Peer, None));
}
