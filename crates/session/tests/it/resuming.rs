//! Parties whose process is killed in mid-session, and started again.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use cryptab_engine::{LateInput, Pending};
use cryptab_session::{Engine, Error, Event, Fault, Role};
use futures::FutureExt as _;

use crate::world::{NAMES, World};

/// A room, and the applications of those in it.
struct Room {
    world: World,
    applications: Vec<Application>,
    /// Whether numbers are entered when the dealer is done with the program.
    late: bool,
}

/// What one party does: says hello, computes relu(x y - 1), and says goodbye.
#[derive(Default)]
struct Application {
    /// Sessions it has seen in this life.
    sessions: usize,
    engine: Option<Engine>,
    pending: Option<Pending<Vec<f64>>>,
    result: Option<Result<Vec<f64>, cryptab_engine::Error>>,
    /// What it multiplies, if it is not what it should be.
    other_input: bool,
    /// Whether its numbers come when the dealer is done.
    late: bool,
    numbers: Option<LateInput>,
}

impl Room {
    fn new(parties: usize, seed: u64) -> Self {
        let mut world = World::empty(u8::try_from(parties).unwrap(), "tensor", seed);
        for name in &NAMES[..parties] {
            world.come_with_disk(name, Role::Help);
        }
        let applications = (0..parties).map(|_| Application::default()).collect();
        Self { world, applications, late: false }
    }

    fn full(parties: usize, seed: u64) -> Self {
        let mut room = Self::new(parties, seed);
        room.world.run();
        room
    }

    fn work(&mut self) {
        for (party, application) in self.world.parties.iter_mut().zip(&mut self.applications) {
            if !party.is_asleep {
                application.late = self.late;
                application.work(party);
            }
        }
    }

    /// Some things happen, and the applications go on meanwhile.
    fn run_some(&mut self, steps: u64) {
        for _ in 0..steps {
            self.work();
            self.world.run_some(1);
        }
    }

    fn run(&mut self) {
        for _ in 0..5 {
            self.work();
            self.world.run();
            self.world.wait(Duration::from_secs(2));
        }
    }

    fn kill(&mut self, who: usize) {
        self.world.kill(who);
        let killed = std::mem::take(&mut self.applications[who]);
        // A process that is killed does not say that its numbers will never come.
        std::mem::forget(killed.numbers);
    }

    fn draw(&mut self, below: usize) -> usize {
        usize::try_from(self.world.draw() % below as u64).unwrap()
    }

    fn assert_done(&self, note: &str) {
        for (party, application) in self.world.parties.iter().zip(&self.applications) {
            let result = application.result.as_ref();
            let result = result.unwrap_or_else(|| panic!("{note}: no result; {:?}", party.events));
            let values = result.as_ref().unwrap_or_else(|error| panic!("{note}: {error}"));
            for (value, expected) in values.iter().zip([2.0, 0.0, 0.0]) {
                assert!((value - expected).abs() < 1e-4, "{note}: {values:?}");
            }
        }
    }

    /// Nobody has noticed anything, and everyone has heard everything once.
    fn assert_undisturbed(&self, note: &str) {
        self.assert_done(note);
        let sessions: BTreeSet<_> = self.world.dealer.sessions.iter().collect();
        assert_eq!(sessions.len(), 1, "{note}");
        let words = self.world.parties[0].node.lobby().authentication;
        for party in &self.world.parties {
            assert!(party.failures().is_empty(), "{note}: {:?}", party.events);
            assert!(party.node.lobby().authentication == words && words.is_some(), "{note}");
            for other in (0..party.node.lobby().parties).filter(|it| *it != party.node.lobby().me) {
                let said = |event: &Event| match event {
                    Event::Said { from, bytes } if *from == other => Some(bytes.clone()),
                    _ => None,
                };
                let said: Vec<_> = party.events.iter().filter_map(said).collect();
                assert_eq!(said, [vec![other, 0], vec![other, 1]], "{note}");
            }
        }
    }
}

impl Application {
    fn work(&mut self, party: &mut crate::world::Party) {
        if party.times_ready() > self.sessions
            && let Some(engine) = party.node.engine()
        {
            self.sessions = party.times_ready();
            party.node.say(vec![engine.me(), 0]).unwrap();
            self.pending = Some(self.compute(&engine));
            self.engine = Some(engine);
        }
        if let Some(engine) = &self.engine
            && let Some(Ok(())) = engine.dealt().now_or_never()
            && let Some(mut numbers) = self.numbers.take()
        {
            numbers.enter(self.first()).unwrap();
        }
        if let Some(pending) = &mut self.pending
            && let Some(result) = pending.now_or_never()
        {
            self.pending = None;
            if let (Ok(_), Some(engine)) = (&result, &self.engine) {
                party.node.say(vec![engine.me(), 1]).unwrap();
            }
            self.result = Some(result);
        }
    }

    fn first(&self) -> &'static [f64] {
        if self.other_input { &[1.5, -2.5, 0.5] } else { &[1.5, -2.0, 0.5] }
    }

    fn compute(&mut self, engine: &Engine) -> Pending<Vec<f64>> {
        let mine = |owner: u8, data: &'static [f64]| (engine.me() == owner).then_some(data);
        let x = if self.late && engine.me() == 0 {
            let (x, numbers) = engine.input_later(&[3]).unwrap();
            self.numbers = Some(numbers);
            x
        } else {
            engine.input(0, &[3], mine(0, self.first())).unwrap()
        };
        let y = engine.input(1, &[3], mine(1, &[2.0, 3.0, 1.0])).unwrap();
        let one = engine.constant(&[3], &[1.0, 1.0, 1.0]).unwrap();
        x.mul(&y).unwrap().sub(&one).unwrap().relu().unwrap().reveal().unwrap()
    }
}

/// Who is killed, and how often, is drawn from the seed.
fn killed_at_any_step(parties: usize, seeds: u64, kills: usize, late: bool) {
    for seed in 1..=seeds {
        let note = format!("{parties} parties, seed {seed}");
        let mut room = Room { late, ..Room::full(parties, seed) };
        for _ in 0..kills {
            let (before, away, who) = (room.draw(70), room.draw(20), room.draw(parties));
            room.run_some(before as u64);
            room.kill(who);
            room.run_some(away as u64);
            room.world.resume(who);
        }
        room.run();
        room.assert_undisturbed(&note);
    }
}

#[test]
fn one_of_two_is_killed_at_any_step() {
    killed_at_any_step(2, 150, 1, false);
}

#[test]
fn one_of_three_is_killed_at_any_step() {
    killed_at_any_step(3, 80, 1, false);
}

#[test]
fn one_after_the_other_is_killed_again_and_again() {
    killed_at_any_step(2, 60, 3, false);
    killed_at_any_step(3, 60, 4, false);
}

#[test]
fn one_is_killed_whose_numbers_come_later() {
    killed_at_any_step(2, 60, 2, true);
    killed_at_any_step(3, 20, 2, true);
}

#[test]
fn all_are_killed_at_once() {
    for seed in 1..=40 {
        let mut room = Room::full(3, seed);
        let steps = room.draw(90);
        room.run_some(steps as u64);
        (0..3).for_each(|who| room.kill(who));
        room.run_some(5);
        (0..3).for_each(|who| room.world.resume(who));
        room.run();
        room.assert_undisturbed(&format!("seed {seed}"));
    }
}

#[test]
fn whoever_is_killed_while_a_session_forms_takes_part_in_the_next() {
    for seed in 1..=60 {
        let mut room = Room::new(2, seed);
        let steps = room.draw(60);
        room.run_some(steps as u64);
        let who = room.draw(2);
        room.kill(who);
        room.run_some(3);
        room.world.resume(who);
        room.run();
        room.assert_done(&format!("seed {seed}, {who} after {steps}"));
    }
}

#[test]
fn other_data_are_refused_before_anything_leaves() {
    for seed in 1..=30 {
        let mut room = Room { late: seed % 2 == 0, ..Room::full(2, seed) };
        let owner = room.world.parties.iter().position(|party| party.node.lobby().me == 0).unwrap();
        room.run_some(if room.late { 30 } else { 60 });
        while room.applications[owner].numbers.is_some() {
            room.run_some(1);
        }
        room.run_some(if room.late { 7 } else { 0 });
        room.kill(owner);
        room.applications[owner].other_input = true;
        let sent = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&sent);
        room.world.relay.tamper = Some(Box::new(move |from, _, bytes| {
            if from == 0 {
                seen.borrow_mut().push(bytes.len());
            }
        }));
        room.world.resume(owner);
        room.run();
        // Nothing that is as long as a share.
        let longest = sent.borrow().iter().copied().max();
        assert!(longest.is_some_and(|longest| longest < 130), "{sent:?}");
        let [Error::Engine(error), ..] = room.world.parties[owner].failures()[..] else {
            panic!("{:?}", room.world.parties[owner].events)
        };
        assert!(error.to_string().contains("not those from before the restart"), "{error}");
        assert_eq!(room.world.parties[owner].failures()[0].fault(), Fault::Misuse);
        let text = room.world.parties[1 - owner].failures()[0].to_string();
        assert!(text.ends_with("ended the session: its computation stopped"), "{text}");
        assert!(room.world.parties[owner].disk.entries.is_empty());
    }
}

#[test]
fn an_altered_journal_is_refused_and_left_as_it_is() {
    let mut room = Room::full(2, 5);
    room.run_some(50);
    room.kill(0);
    room.world.parties[0].disk.entries[1][30] ^= 1;
    refused(&mut room, "belongs to another room or identity, or was altered");
    room.world.parties[0].disk.entries[1][30] ^= 1;
    room.world.resume(0);
    room.run();
    room.assert_undisturbed("mended");
}

#[test]
fn a_journal_of_someone_else_is_refused() {
    let mut room = Room::full(2, 5);
    room.run_some(50);
    room.kill(0);
    room.world.parties[0].disk.entries = room.world.parties[1].disk.entries.clone();
    refused(&mut room, "belongs to another room or identity");
}

/// Whoever comes back with this journal is told why it does not go on, and the journal is kept.
fn refused(room: &mut Room, complaint: &str) {
    let before = room.world.parties[0].disk.entries.clone();
    room.world.resume(0);
    room.run();
    let party = &room.world.parties[0];
    let Some(Event::Closed(error @ Error::Journal(_))) = party.events.last() else {
        panic!("{:?}", party.events)
    };
    assert!(error.to_string().contains(complaint), "{error}");
    assert_eq!(error.fault(), Fault::Input);
    assert_eq!(party.disk.entries, before);
}

#[test]
fn what_waits_for_a_journal_that_cannot_be_written_never_leaves() {
    for seed in 1..=30 {
        let note = format!("seed {seed}");
        let mut room = Room::full(2, seed);
        let owner = room.world.parties.iter().position(|party| party.node.lobby().me == 0).unwrap();
        room.world.parties[owner].disk.is_full = true;
        let sent = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&sent);
        room.world.relay.tamper = Some(Box::new(move |from, _, bytes| {
            if from == 0 {
                seen.borrow_mut().push(bytes.len());
            }
        }));
        room.run();
        let party = &room.world.parties[owner];
        let Some(Event::Closed(error @ Error::Unsaved(_))) = party.events.last() else {
            panic!("{note}: {:?}", party.events)
        };
        assert!(error.to_string().contains("the disk is full"), "{note}: {error}");
        // Nothing that is as long as a share.
        let longest = sent.borrow().iter().copied().max();
        assert!(longest.is_some_and(|longest| longest < 130), "{note}: {sent:?}");
        let text = room.world.parties[1 - owner].failures()[0].to_string();
        assert!(text.contains("ended the session"), "{note}: {text}");
    }
}

#[test]
fn a_journal_that_lost_what_was_saved_is_refused_by_the_others() {
    let mut room = Room::full(2, 5);
    room.run();
    room.assert_undisturbed("before");
    room.kill(0);
    room.world.parties[0].disk.entries.truncate(1);
    room.world.resume(0);
    room.run();
    let text = room.world.parties[1].failures()[0].to_string();
    assert!(text.contains("came back without what it had saved"), "{text}");
    assert!(!room.world.parties[0].is_ready());
}

#[test]
fn whoever_comes_back_too_late_takes_part_in_the_next_session() {
    for seed in 1..=10 {
        let mut room = Room::full(3, seed);
        room.run_some(40);
        room.kill(0);
        room.world.wait(Duration::from_secs(70));
        room.world.resume(0);
        room.run();
        assert!(!room.world.parties[0].failures().is_empty(), "seed {seed}");
        room.assert_done(&format!("seed {seed}"));
        assert!(room.world.dealer.sessions.iter().collect::<BTreeSet<_>>().len() > 1);
    }
}

#[test]
fn nothing_is_left_of_a_session_that_is_over() {
    let mut room = Room::full(2, 3);
    room.run();
    assert!(!room.world.parties[0].disk.entries.is_empty());
    room.world.parties[0].node.leave();
    room.world.run();
    room.run();
    assert!(room.world.parties.iter().all(|party| party.disk.entries.is_empty()));
}
