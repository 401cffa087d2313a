//! A relay that does not keep to the protocol: whatever it does, what the parties believe is true.
//!
//! It carries what they say, decides who hears of whom, and may know the invite. It may end a session and
//! keep one from forming; that is never silent. Assertions are about what parties see, not about how a
//! channel or a stream above it finds out.

mod carrying;
mod impersonating;
mod lying;

use std::time::Duration;

use cryptab_session::{Engine, Error, Event, Fault, Role};
use futures::FutureExt as _;

use crate::world::{Party, World};

/// Whoever is away is given up before.
const LONG: Duration = Duration::from_secs(100);

/// A room of two whose relay is about to become hostile, everyone ready.
fn ready(seed: u64) -> World {
    let world = World::full(2, seed);
    assert!(world.parties.iter().all(Party::is_ready));
    world
}

/// A room in which two have come and nothing was delivered yet.
fn arriving(seed: u64) -> World {
    let mut world = World::empty(2, "tensor", seed);
    world.come("alice", Role::Help);
    world.come("bob", Role::Help);
    world
}

/// What every party said, each its own words, and what it heard.
fn talk(world: &mut World) {
    for word in 0..4 {
        for (who, party) in (0_u8..).zip(&mut world.parties) {
            // Someone may have learnt already that it is over.
            let _ = party.node.say(vec![who, word]);
        }
    }
    world.wait(LONG);
}

/// Nobody heard what was not said, twice, or in another order.
fn assert_heard_is_said(world: &World) {
    for (who, party) in world.parties.iter().enumerate() {
        let heard: Vec<_> = party
            .events
            .iter()
            .filter_map(|event| match event {
                Event::Said { bytes, .. } => Some(bytes.clone()),
                _ => None,
            })
            .collect();
        for other in 0_u8..u8::try_from(world.parties.len()).unwrap() {
            let words: Vec<_> = heard.iter().filter(|bytes| bytes[0] == other).collect();
            assert!(words.is_sorted_by(|one, next| one[1] < next[1]), "{who} heard {heard:?}");
            assert!(words.is_empty() || usize::from(other) != who, "{who} heard itself");
        }
    }
}

/// The only two ends: nothing was disturbed for anybody, or everybody knows that something was.
fn assert_unharmed_or_detected(world: &World, what: &str) {
    let harmed = world.parties.iter().any(|party| !party.is_ready());
    for party in &world.parties {
        let known = party.closed().is_some() || !party.failures().is_empty();
        assert!(!harmed || known, "{what}: {:?}", party.events);
        for error in party.failures().into_iter().chain(party.closed()) {
            let blamed = matches!(error.fault(), Fault::Peer | Fault::Relay);
            assert!(blamed, "{what}: {error:?}");
        }
    }
}

/// A product of two parties' numbers, to be delivered by whatever relay there is.
fn compute(world: &mut World) -> Vec<Result<Vec<f64>, Option<cryptab_engine::Error>>> {
    let record = |engine: &Engine| {
        let data = |owner, value: &'static [f64]| (engine.me() == owner).then_some(value);
        let x = engine.input(0, &[2], data(0, &[1.5, -2.0])).unwrap();
        let y = engine.input(1, &[2], data(1, &[2.0, 0.5])).unwrap();
        x.mul(&y).unwrap().reveal().unwrap()
    };
    let pending: Vec<_> = world.engines().iter().map(record).collect();
    world.wait(LONG);
    pending
        .into_iter()
        .map(|result| match result.now_or_never() {
            Some(Ok(values)) => Ok(values),
            Some(Err(error)) => Err(Some(error)),
            None => Err(None),
        })
        .collect()
}

/// A result that came is right.
fn assert_results_are_right(results: &[Result<Vec<f64>, Option<cryptab_engine::Error>>]) {
    for values in results.iter().flatten() {
        let right = values.iter().zip([3.0, -1.0]).all(|(value, due)| (value - due).abs() < 1e-3);
        assert!(right, "{values:?}");
    }
}

/// The complaints of one party.
fn complaints(party: &Party) -> Vec<String> {
    party.failures().iter().map(|error: &&Error| error.to_string()).collect()
}
