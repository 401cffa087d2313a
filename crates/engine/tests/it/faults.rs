use std::cell::RefCell;
use std::rc::Rc;

use cryptab_engine::{Engine, Error, Peer, RevealPolicy};
use cryptab_testkit::{Action, Endpoint, Envelope, World};
use futures::FutureExt;

use crate::common::input;

fn program(engine: &Engine) -> cryptab_engine::Result<cryptab_engine::Secret> {
    let x = input(engine, 0, &[70], &[1.5; 70])?;
    x.mul(&input(engine, 1, &[70], &[2.0; 70])?)?.relu()
}

#[test]
fn different_programs_stop_with_the_first_difference() {
    let world = World::new(3, 1);
    let pending: Vec<_> = world
        .engines()
        .iter()
        .map(|engine| {
            let x = input(engine, 0, &[4], &[1.0; 4]).unwrap();
            let y = if engine.me() == 2 { x.abs() } else { x.relu() };
            y.unwrap().reveal().unwrap()
        })
        .collect();
    world.run();
    let errors: Vec<_> = pending.into_iter().map(|p| p.now_or_never()).collect();
    let Some(Some(Err(Error::Programs { peer, operation, mine, theirs }))) = errors.first() else {
        panic!("{errors:?}")
    };
    assert_eq!((*peer, *operation), (Peer::Party(2), 1));
    assert!(mine.contains("Relu") && theirs.contains("Abs"), "{mine} {theirs}");
}

#[test]
fn late_recording_is_waited_for() {
    let world = World::new(2, 2);
    let early = program(&world.engines()[0]).unwrap().reveal().unwrap();
    world.run();
    let late = program(&world.engines()[1]).unwrap().reveal().unwrap();
    world.run();
    for result in [early, late] {
        let result = result.now_or_never().unwrap().unwrap();
        assert!(result.iter().all(|x| (x - 3.0).abs() < 2e-5));
    }
}

#[test]
fn a_frame_that_overtakes_another_one_does_not_hold_it_up() {
    let reveal = |engine: &Engine| program(engine).unwrap().reveal().unwrap();
    let world = World::new(2, 2);
    world.network().record();
    let _results: Vec<_> = world.engines().iter().map(reveal).collect();
    world.run();
    let is_to_ben = |envelope: &Envelope| {
        (envelope.from, envelope.to) == (Endpoint::Party(0), Endpoint::Party(1))
    };
    let last = world.network().recorded().iter().filter(|envelope| is_to_ben(envelope)).count();

    // The last frame of the first result is late: the frames of the second one come before it.
    let world = World::new(2, 2);
    let late = Rc::new(RefCell::new(Vec::new()));
    let (held, mut sent) = (Rc::clone(&late), 0);
    world.network().intercept(move |envelope| {
        sent += usize::from(is_to_ben(envelope));
        if !is_to_ben(envelope) || sent != last {
            return Action::Deliver;
        }
        held.borrow_mut().push(envelope.bytes.clone());
        Action::Drop
    });
    let mut results: Vec<_> = world.engines().iter().map(reveal).collect();
    world.run();
    let (of_ben, of_ada) = (results.pop().unwrap(), results.pop().unwrap());
    assert!(of_ada.now_or_never().is_some());
    let of_ada = reveal(&world.engines()[0]);
    world.run();
    world.engines()[1].receive(0, &late.take()[0]).unwrap();
    world.run();
    assert!(of_ben.now_or_never().is_some(), "ben goes on");
    let of_ben = reveal(&world.engines()[1]);
    world.run();
    assert!(of_ada.now_or_never().is_some() && of_ben.now_or_never().is_some());
}

#[test]
fn a_result_for_one_reaches_nobody_else() {
    let world = World::with(3, 3, |config| cryptab_engine::EngineConfig {
        reveal: RevealPolicy::OnlyTo(1),
        ..config
    });
    world.network().record();
    let secrets: Vec<_> = world.engines().iter().map(|e| program(e).unwrap()).collect();
    assert!(matches!(secrets[0].reveal(), Err(Error::Misuse { .. })));
    let pending: Vec<_> = secrets.iter().map(|secret| secret.reveal_to(1).unwrap()).collect();
    world.run();
    for (party, result) in pending.into_iter().enumerate() {
        let result = result.now_or_never().unwrap().unwrap();
        assert_eq!(result.is_some(), party == 1);
    }
    let network = world.network();
    let last_round = network.recorded().iter().rev().take(2);
    assert!(last_round.clone().all(|e| e.to == Endpoint::Party(1)), "shares went to party 1 only");
}

/// A party that receives nothing is done when its share has left, not before.
#[test]
fn a_result_for_another_is_done_when_the_own_share_has_left() {
    let world = World::new(2, 11);
    // The dealer is silent: shares of zero are missing, so nothing can be revealed.
    world.network().intercept(|envelope| match envelope.from {
        Endpoint::Dealer => Action::Drop,
        Endpoint::Party(_) => Action::Deliver,
    });
    let record = |engine: &Engine| input(engine, 0, &[140_000], &[1.0; 140_000]).unwrap();
    let pending: Vec<_> =
        world.engines().iter().map(|engine| record(engine).reveal_to(0).unwrap()).collect();
    world.run();
    assert!(pending.into_iter().all(|result| result.now_or_never().is_none()));
}

/// Sends a message of party 0 to party 1 altered in some way; party 1 must name party 0.
fn refuses(tamper: impl Fn(&[u8]) -> Action + 'static) {
    refuses_in_round(1, tamper);
}

fn refuses_in_round(round: u32, tamper: impl Fn(&[u8]) -> Action + 'static) {
    let world = World::new(2, 4);
    let mut seen = 0;
    world.network().intercept(move |envelope| {
        if envelope.from == Endpoint::Party(0) && envelope.to == Endpoint::Party(1) {
            seen += 1;
            if seen == round {
                return tamper(&envelope.bytes);
            }
        }
        Action::Deliver
    });
    let results = world.reveal(program);
    match &results[1] {
        Err(Error::Peer { peer: Peer::Party(0), .. } | Error::Programs { .. }) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn lying_peers_are_named() {
    refuses(|_| Action::Replay);
    refuses(|bytes| Action::Alter(bytes[..bytes.len() - 1].to_vec()));
    refuses(|bytes| Action::Alter([bytes, &[0]].concat()));
    // The program opens 70 bits: the last byte of a plane has two unused ones.
    let padding = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        if let Some(last) = bytes.last_mut() {
            *last |= 0x80;
        }
        Action::Alter(bytes)
    };
    refuses_in_round(4, padding);
    refuses(|_| Action::Alter(vec![9, 9]));
    refuses(|_| Action::Alter(Vec::new()));
}

#[test]
fn another_tape_hash_is_disputed_and_nothing_is_opened() {
    let world = World::new(2, 5);
    world.network().intercept(|envelope| {
        let mut bytes = envelope.bytes.clone();
        if envelope.from == Endpoint::Party(0) && envelope.to == Endpoint::Party(1) && bytes[0] == 1
        {
            bytes[9] ^= 1;
        }
        Action::Alter(bytes)
    });
    let results = world.reveal(program);
    assert!(results.iter().all(Result::is_err));
    assert_eq!(world.engines()[1].progress().rounds_done, 1);
}

#[test]
fn a_lying_dealer_is_named() {
    let world = World::new(2, 6);
    world.network().intercept(|envelope| match envelope.from {
        Endpoint::Dealer => Action::Alter(envelope.bytes[..envelope.bytes.len() - 1].to_vec()),
        Endpoint::Party(_) => Action::Deliver,
    });
    let results = world.reveal(program);
    assert!(results.iter().any(|r| matches!(r, Err(Error::Peer { peer: Peer::Dealer, .. }))));
}

#[test]
fn a_malformed_correction_is_refused() {
    let world = World::new(2, 6);
    world.network().intercept(|envelope| match envelope.from {
        Endpoint::Dealer => {
            let mut bytes = envelope.bytes.clone();
            let last = bytes.len() - 1;
            bytes[last] |= 0x80;
            Action::Alter(bytes)
        }
        Endpoint::Party(_) => Action::Deliver,
    });
    let results = world.reveal(program);
    assert!(results.iter().any(|r| matches!(r, Err(Error::Peer { peer: Peer::Dealer, .. }))));
}

#[test]
fn a_failure_reaches_every_pending_result() {
    let world = World::new(2, 7);
    let engine = &world.engines()[0];
    let pending = program(engine).unwrap().reveal().unwrap();
    engine.fail(Error::Ended);
    assert!(matches!(pending.now_or_never(), Some(Err(Error::Ended))));
    assert!(program(engine).is_err());
}

#[test]
fn bad_data_are_refused_by_element() {
    let world = World::new(2, 8);
    let engine = &world.engines()[0];
    for bad in [f64::NAN, f64::INFINITY, 2_f64.powi(30)] {
        let error = engine.input(0, &[2], Some(&[0.0, bad])).unwrap_err();
        assert!(matches!(error, Error::Input { .. }), "{error}");
        assert!(error.to_string().contains('1'), "{error}");
    }
    assert!(matches!(engine.input(0, &[2], Some(&[0.0])), Err(Error::Input { .. })));
    assert!(matches!(engine.input(1, &[1], Some(&[0.0])), Err(Error::Misuse { .. })));
    assert!(matches!(engine.input(0, &[1], None), Err(Error::Misuse { .. })));
}
