//! Numbers that come later than the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use cryptab_engine::{Engine, Error, LateInput, Result, Secret};
use cryptab_testkit::World;
use futures::FutureExt as _;

/// max(x y, 0), where party 0 has x, perhaps later.
fn program(engine: &Engine, later: bool) -> Result<(Secret, Option<LateInput>)> {
    let (x, numbers) = match (engine.me(), later) {
        (0, true) => engine.input_later(&[4]).map(|(x, numbers)| (x, Some(numbers)))?,
        (me, _) => (engine.input(0, &[4], (me == 0).then_some(&NUMBERS))?, None),
    };
    let y = engine.input(1, &[4], (engine.me() == 1).then_some(&[2.0; 4]))?;
    Ok((x.mul(&y)?.relu()?, numbers))
}

const NUMBERS: [f64; 4] = [1.5, -2.0, 0.0, 1000.25];

#[test]
fn everything_is_dealt_before_the_numbers_come() {
    for parties in [2, 3, 5] {
        let world = World::new(parties, 3);
        let recorded: Vec<_> =
            world.engines().iter().map(|engine| program(engine, true).unwrap()).collect();
        let pending: Vec<_> = recorded.iter().map(|(y, _)| y.reveal().unwrap()).collect();
        assert!(world.engines()[0].dealt().now_or_never().is_none());
        world.run();
        let dealt = world.engines().iter().map(|engine| engine.dealt().now_or_never());
        assert!(dealt.into_iter().all(|dealt| matches!(dealt, Some(Ok(())))));
        let before: Vec<_> = world.engines().iter().map(Engine::progress).collect();
        assert!(before.iter().any(|progress| progress.dealer_bytes > 0));
        assert!(before[1..].iter().all(|progress| progress.waiting_for.contains(&0)));

        let mut numbers = recorded.into_iter().find_map(|(_, numbers)| numbers).unwrap();
        numbers.enter(&NUMBERS).unwrap();
        world.run();
        for (result, engine) in pending.into_iter().zip(world.engines()) {
            let wanted = NUMBERS.map(|x| (2.0 * x).max(0.0));
            let result = result.now_or_never().unwrap().unwrap();
            assert!(result.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 2e-5), "{result:?}");
            let after = engine.progress();
            assert_eq!(after.dealer_bytes, before[usize::from(engine.me())].dealer_bytes);
        }
    }
}

#[test]
fn it_costs_what_it_costs_with_numbers_at_once() {
    let cost = |later| {
        let world = World::new(2, 3);
        let _recorded: Vec<_> =
            world.engines().iter().map(|engine| program(engine, later).unwrap()).collect();
        world.engines()[0].cost()
    };
    assert_eq!(cost(true), cost(false));
}

#[test]
fn numbers_are_entered_once_and_only_good_ones() {
    let world = World::new(2, 3);
    let (_x, mut numbers) = world.engines()[0].input_later(&[2]).unwrap();
    for bad in [&[1.0][..], &[1.0, f64::NAN], &[1e30, 0.0]] {
        assert!(matches!(numbers.enter(bad), Err(Error::Input { .. })));
    }
    numbers.enter(&[1.0, 2.0]).unwrap();
    assert!(matches!(numbers.enter(&[1.0, 2.0]), Err(Error::Misuse { .. })));
}

#[test]
fn numbers_that_never_come_end_the_computation() {
    let world = World::new(2, 3);
    let engine = &world.engines()[0];
    let (x, numbers) = engine.input_later(&[2]).unwrap();
    drop(numbers);
    assert!(matches!(engine.error(), Some(Error::Misuse { .. })));
    assert!(x.reveal().is_err());

    let world = World::new(2, 3);
    let engine = &world.engines()[0];
    let (_x, numbers) = engine.input_later(&[2]).unwrap();
    numbers.abandon("the sensor is broken");
    let error = engine.error().unwrap();
    assert!(matches!(error, Error::Input { .. }) && error.to_string().contains("sensor"));
    assert!(engine.recorded().now_or_never().is_some(), "whoever runs the engine is told");
    assert!(engine.poll().is_empty());
    engine.fail(Error::Ended);
    assert!(engine.recorded().now_or_never().is_none(), "and told once");
}

#[test]
fn whoever_waits_is_woken_when_numbers_never_come() {
    let world = World::new(2, 3);
    let engine = &world.engines()[0];
    let (x, numbers) = engine.input_later(&[2]).unwrap();
    let _theirs = world.engines()[1].input(0, &[2], None).unwrap().sigmoid().unwrap();
    let mut pending = Box::pin(x.sigmoid().unwrap().reveal().unwrap());
    world.run();
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    assert!(pending.as_mut().poll(&mut context).is_pending());
    drop(numbers);
    assert!(woken.0.load(Ordering::Relaxed));
    assert!(matches!(pending.as_mut().poll(&mut context), Poll::Ready(Err(Error::Misuse { .. }))));
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
