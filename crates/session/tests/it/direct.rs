//! Connections from party to party.

use std::time::Duration;

use cryptab_engine::{Engine, Pending};
use cryptab_session::{Path, Role, Route};
use futures::FutureExt as _;

use crate::world::{World, join};

const SECOND: Duration = Duration::from_secs(1);

fn compute(world: &World) -> Vec<Pending<Vec<f64>>> {
    let compute = |engine: &Engine| {
        let data = (engine.me() == 0).then_some(&[3.0][..]);
        let x = engine.input(0, &[1], data).unwrap();
        x.mul(&x).unwrap().relu().unwrap().reveal().unwrap()
    };
    world.engines().iter().map(compute).collect()
}

fn done(results: Vec<Pending<Vec<f64>>>) -> bool {
    results.into_iter().all(|result| {
        result.now_or_never().is_some_and(|values| (values.unwrap()[0] - 9.0).abs() < 1e-3)
    })
}

fn route(route: Route, seed: u64) -> World {
    let mut world = World::empty(3, "tensor", seed);
    world.directs.are_allowed = true;
    for name in ["alice", "bob", "carol"] {
        let join = cryptab_session::Join { route, ..join(&world.invite, name, Role::Help) };
        world.come_with(join);
        world.run();
    }
    world
}

fn paths(world: &World) -> Vec<Path> {
    let lobbies = world.parties.iter().map(|party| party.node.lobby());
    let others = lobbies.flat_map(|lobby| lobby.members.into_iter().filter(|member| !member.you));
    others.map(|member| member.path).collect()
}

#[test]
fn whoever_wants_nothing_but_direct_connections_gets_them_and_waits_for_them() {
    for seed in 1..=10 {
        let mut world = route(Route::Direct, seed);
        assert_eq!(paths(&world), [Path::Direct; 6], "seed {seed}");
        let results = compute(&world);
        let steps = world.draw() % 30;
        world.run_some(steps);
        world.directs.cut(0, 1);
        world.run();
        assert!(world.parties[0].node.lobby().members.iter().any(|member| member.away));
        world.wait(10 * SECOND);
        assert!(world.parties[0].node.lobby().members.iter().all(|member| !member.away));
        assert!(done(results), "seed {seed}");
    }
}

#[test]
fn whoever_wants_none_gets_none() {
    let mut world = route(Route::Relay, 1);
    assert_eq!(paths(&world), [Path::Relay; 6]);
    assert_eq!(world.directs.opened, 0);
    let results = compute(&world);
    world.run();
    assert!(done(results));
}

#[test]
fn a_direct_connection_whose_handshake_does_not_end_is_made_anew() {
    let mut world = World::empty(2, "tensor", 1);
    world.directs.are_allowed = true;
    world.directs.loses = 1;
    for name in ["alice", "bob"] {
        let join = join(&world.invite, name, Role::Help);
        world.come_with(cryptab_session::Join { route: Route::Direct, ..join });
        world.run();
    }
    world.wait(7 * SECOND);
    assert_eq!((world.directs.opened, paths(&world)), (2, vec![Path::Relay; 2]));
    world.wait(7 * SECOND);
    assert_eq!((world.directs.opened, paths(&world)), (4, vec![Path::Direct; 2]));
}

#[test]
fn a_session_goes_on_by_direct_connections_while_the_relay_is_gone() {
    let mut world = route(Route::Best, 3);
    assert_eq!(world.directs.opened, 6);
    world.lose_relay();
    world.run();
    let results = compute(&world);
    world.run();
    assert!(done(results));
    assert_eq!(paths(&world), [Path::Direct; 6]);
    // For longer than anyone waits for someone who is away.
    world.wait(100 * SECOND);
    let results = compute(&world);
    world.wait(SECOND);
    assert!(done(results) && world.parties.iter().all(|party| party.failures().is_empty()));
    world.relay.is_up = true;
    world.wait(10 * SECOND);
    assert!(world.parties.iter().all(|party| party.node.lobby().is_online));
}

#[test]
fn what_a_direct_connection_loses_comes_through_the_relay() {
    for seed in 1..=20 {
        let mut world = route(Route::Best, seed);
        let results = compute(&world);
        for _ in 0..4 {
            let steps = world.draw() % 12;
            world.run_some(steps);
            world.directs.cut(0, 1);
            world.directs.cut(1, 2);
        }
        world.run();
        assert!(done(results), "seed {seed}");
    }
}
