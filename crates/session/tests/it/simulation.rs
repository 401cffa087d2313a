//! Thousands of runs of the photo program, each with its own seed: packets are lost, doubled, swapped and
//! altered, lines are cut, parties fall asleep, relay and dealer are restarted, and in a third of the runs
//! parties are killed and started again with their journals. Every run ends on every party
//! with the right photo or with an error that says why; none hangs, and nothing is taken twice (an engine
//! that gets a share twice fails).
//!
//! `CRYPTAB_SIMULATIONS=20000 cargo nextest run -p cryptab-session simulation` makes more runs, and
//! `CRYPTAB_SIMULATION=1234` one.

use std::time::Duration;

use cryptab_engine::Engine;
use cryptab_photo::{Adjust, Parties, Run, Side, Size, clear, record};
use cryptab_session::Role;
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, Shared};

use crate::world::{Fault, Party, World};

const SIZE: Size = Size { width: 4, height: 3 };
type Outcome = Shared<LocalBoxFuture<'static, Result<Option<Vec<u8>>, String>>>;

fn photo(seed: u64) -> Vec<u8> {
    (0..3 * SIZE.pixels() as u64)
        .map(|i| (seed.wrapping_mul(i + 7) >> 5).to_le_bytes()[0])
        .collect()
}

fn adjust(seed: u64) -> Adjust {
    #[expect(clippy::cast_precision_loss, reason = "below 100")]
    let brightness = (seed % 40) as f64 - 20.0;
    Adjust { brightness, contrast: 1.25, ..Adjust::default() }
}

/// The program, as the application of this engine runs it.
fn start(engine: &Engine, roles: &[Role], seed: u64) -> Outcome {
    let at = |role| u8::try_from(roles.iter().position(|other| *other == role).unwrap()).unwrap();
    let parties = Parties { owner: at(Role::Photo), adjuster: at(Role::Adjust) };
    let (rgb, secret) = (photo(seed), adjust(seed));
    let rgb = (engine.me() == parties.owner).then_some(&rgb[..]);
    let secret = (engine.me() == parties.adjuster).then_some(&secret);
    let run = record(engine, parties, SIZE, Side::Three, rgb, secret).map(Run::finish);
    async move {
        let finished = run.map_err(|error| error.to_string())?.await;
        finished.map(|(result, _)| result).map_err(|error| error.to_string())
    }
    .boxed_local()
    .shared()
}

/// What everyone has of the program, while its process runs.
struct Programs {
    roles: Vec<Role>,
    seed: u64,
    /// Nothing where the process was killed, or found no session to go on with.
    outcomes: Vec<Option<Outcome>>,
    killed: Vec<bool>,
}

impl Programs {
    fn start(world: &World, seed: u64) -> Self {
        let roles = world.parties[0].node.lobby().members.iter().map(|m| m.role).collect();
        let (outcomes, killed) = (Vec::new(), vec![false; world.parties.len()]);
        let mut programs = Self { roles, seed, outcomes, killed };
        let begun = world.parties.iter().map(|party| programs.begin(party)).collect();
        programs.outcomes = begun;
        programs
    }

    fn begin(&self, party: &Party) -> Option<Outcome> {
        party.node.engine().map(|engine| start(&engine, &self.roles, self.seed))
    }

    fn kill(&mut self, world: &mut World, who: usize) {
        if !self.killed[who] {
            world.kill(who);
            (self.outcomes[who], self.killed[who]) = (None, true);
        }
    }

    fn resume(&mut self, world: &mut World, who: usize) {
        if self.killed[who] {
            world.resume(who);
            (self.outcomes[who], self.killed[who]) = (self.begin(&world.parties[who]), false);
        }
    }
}

/// One run; how many parties got what they should.
fn simulate(parties: u8, seed: u64) -> usize {
    let has_disks = seed.is_multiple_of(3);
    let mut world = World::equipped(parties, seed, seed.is_multiple_of(2), has_disks);
    let mut programs = Programs::start(&world, seed);
    let kinds = if has_disks { 18 } else { 14 };
    let mut faults = world.draw() % 12;
    while faults > 0 {
        let steps = world.draw() % 12;
        world.run_some(steps);
        faults -= 1;
        let who = usize::try_from(world.draw() % u64::from(parties)).unwrap();
        match world.draw() % kinds {
            0 => world.next_packet(who, Fault::Lose),
            1 => world.next_packet(who, Fault::Double),
            2 => world.next_packet(who, Fault::Swap),
            3 => world.next_packet(who, Fault::Alter),
            4 | 5 => world.cut_and_noticed(who),
            6 => world.parties[who].is_asleep = true,
            7 if !programs.killed[who] => world.parties[who].is_asleep = false,
            8 => world.lose_relay(),
            9 => world.relay.is_up = true,
            10 => world.set_dealer(false),
            11 | 12 => world.directs.cut(who, u8::from(who == 0)),
            14 | 15 => programs.kill(&mut world, who),
            16 | 17 => programs.resume(&mut world, who),
            _ => world.set_dealer(true),
        }
        let pause = world.draw() % 4000;
        world.wait_some(Duration::from_millis(pause));
    }
    world.relay.is_up = true;
    world.set_dealer(true);
    (0..world.parties.len()).for_each(|who| programs.resume(&mut world, who));
    world.parties.iter_mut().for_each(|party| party.is_asleep = false);
    world.wait(Duration::from_secs(30));
    let outcomes = programs.outcomes;
    if outcomes.iter().flatten().any(|outcome| outcome.clone().now_or_never().is_none()) {
        // Whoever was away for longer than anyone waits has ended it for all.
        world.wait(Duration::from_secs(120));
    }
    let expected = clear(&photo(seed), SIZE, &adjust(seed));
    let mut right = 0;
    for (outcome, party) in outcomes.into_iter().zip(&world.parties) {
        let state = || format!("seed {seed}: {:?}", party.failures());
        // Killed before anything was written, it has entered anew; the others have lost it.
        let Some(outcome) = outcome else { continue };
        let outcome = outcome.now_or_never().unwrap_or_else(|| panic!("hangs: {}", state()));
        match outcome {
            Ok(Some(result)) => {
                let close = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= 1;
                assert!(result.iter().zip(&expected).all(close), "wrong: {}", state());
                right += 1;
            }
            Ok(None) => right += 1,
            Err(error) => {
                assert!(!error.is_empty(), "{}", state());
                let told = !party.failures().is_empty() || party.closed().is_some();
                assert!(told, "nobody was told: {} {error}", state());
            }
        }
    }
    right
}

fn simulations(parties: u8, share: u64) {
    if let Ok(seed) = std::env::var("CRYPTAB_SIMULATION") {
        simulate(parties, seed.parse().unwrap());
        return;
    }
    let all = std::env::var("CRYPTAB_SIMULATIONS").map_or(4000, |count| count.parse().unwrap());
    let runs = all / share;
    let right: usize = (1..=runs).map(|seed| simulate(parties, seed)).sum();
    let all = usize::try_from(runs).unwrap() * usize::from(parties);
    // Faults that heal must not cost the result: only a minority of runs loses a party for good.
    assert!(right * 10 >= all * 9, "{right} of {all} parties got the result");
}

#[test]
fn two_parties_adjust_a_photo_through_every_fault() {
    simulations(2, 2);
}

#[test]
fn three_parties_adjust_a_photo_through_every_fault() {
    simulations(3, 2);
}
