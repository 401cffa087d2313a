//! A party that runs its program again.

use cryptab_engine::{Engine, Error, Peer, Result, Secret};
use cryptab_testkit::{Action, Endpoint, World};

use crate::common::input;

fn program(engine: &Engine) -> Result<Secret> {
    let x = input(engine, 0, &[70], &[1.5; 70])?;
    x.mul(&input(engine, 1, &[70], &[2.0; 70])?)?.relu()
}

/// Party 0 says everything twice.
fn said_again(is_resumed: bool) -> Vec<Result<Vec<f64>>> {
    let world = World::new(2, 4);
    world.network().intercept(|envelope| match (envelope.from, envelope.to) {
        (Endpoint::Party(0), Endpoint::Party(_)) => Action::Replay,
        _ => Action::Deliver,
    });
    if is_resumed {
        world.engines()[1].peer_resumed(0);
    }
    world.reveal(program)
}

#[test]
fn what_a_resumed_peer_says_again_is_left_out() {
    for result in said_again(true) {
        assert!(result.unwrap().iter().all(|x| (x - 3.0).abs() < 2e-5));
    }
    assert!(matches!(&said_again(false)[1], Err(Error::Peer { peer: Peer::Party(0), .. })));
}

#[test]
fn another_share_at_the_same_place_is_refused() {
    let world = World::new(3, 4);
    let engine = &world.engines()[1];
    engine.peer_resumed(0);
    program(engine).unwrap().reveal().unwrap();
    let first = {
        let twin = World::new(3, 4);
        twin.network().record();
        let _results = twin.reveal(program);
        let network = twin.network();
        let sent = network.recorded().iter();
        let mut sent = sent.filter(|e| e.from == Endpoint::Party(0) && e.to == Endpoint::Party(1));
        sent.next().unwrap().bytes.clone()
    };
    engine.receive(0, &first).unwrap();
    engine.receive(0, &first).unwrap();
    let mut other = first;
    let middle = other.len() - 40;
    other[middle] ^= 1;
    let error = engine.receive(0, &other).unwrap_err();
    assert!(error.to_string().contains("another share than before"), "{error}");
}

#[test]
fn fingerprints_cover_operations_and_own_data_alone() {
    let of = |me: usize, data: f64, negated: bool| {
        let world = World::new(2, 9);
        let engine = &world.engines()[me];
        engine.keep_fingerprints();
        let x = input(engine, 0, &[3], &[data; 3]).unwrap();
        let _y = if negated { x.neg() } else { x.abs() };
        assert_eq!(engine.fingerprint(3), None);
        (engine.fingerprint(1).unwrap(), engine.fingerprint(2).unwrap(), engine.operations())
    };
    let (first, second, operations) = of(0, 1.0, false);
    assert_eq!((first, second, operations), of(0, 1.0, false));
    let (other, later, _) = of(0, 1.5, false);
    assert!(other != first && later != second);
    let (same, other, _) = of(0, 1.0, true);
    assert!(same == first && other != second);
    assert_eq!(of(1, 1.0, false), of(1, 1.5, false), "the data of another party");
}

#[test]
fn fingerprints_cover_data_that_come_later() {
    let of = |numbers: [f64; 2]| {
        let world = World::new(2, 9);
        let engine = &world.engines()[0];
        engine.keep_fingerprints();
        let (x, mut first) = engine.input_later(&[1]).unwrap();
        let (_y, mut second) = engine.input_later(&[1]).unwrap();
        let _z = x.abs();
        let recorded = engine.fingerprint(3).unwrap();
        assert_eq!((engine.late_fingerprint(1), engine.entered_late()), (None, 0));
        second.enter(&numbers[1..]).unwrap();
        first.enter(&numbers[..1]).unwrap();
        assert_eq!((engine.entered_late(), engine.fingerprint(3)), (2, Some(recorded)));
        [recorded, engine.late_fingerprint(1).unwrap(), engine.late_fingerprint(2).unwrap()]
    };
    let same = of([1.0, 2.0]);
    assert_eq!(same, of([1.0, 2.0]));
    let others = [of([1.5, 2.0]), of([1.0, 2.5]), of([2.0, 1.0])];
    assert!(others.iter().all(|other| other[0] == same[0] && other[2] != same[2]));
    assert_eq!(others[0][1], same[1]);
    assert_ne!(others[1][1], same[1]);
}
