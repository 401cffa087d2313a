//! One engine in the middle of a computation, with an honest dealer at hand.

use std::cell::RefCell;
use std::collections::HashMap;

use cryptab_correlation::{Correction, Corrector, Request, Seed, SessionId};
use cryptab_engine::{Engine, EngineConfig, Format, Outgoing, Pending, RevealPolicy, Secret};
use cryptab_testkit::World;

/// The world whose messages are the seeds of the corpus: the first of these parties is attacked.
pub const PARTIES: u8 = 2;
/// Its seed.
pub const SEED: u64 = 1;

/// A program of many kinds of rounds, on few elements.
///
/// # Panics
/// If it cannot be recorded.
pub fn record(engine: &Engine) -> Vec<Pending<Vec<f64>>> {
    let program = || -> cryptab_engine::Result<Vec<Secret>> {
        let data = |owner, data: &'static [f64]| (engine.me() == owner).then_some(data);
        let x = engine.input(0, &[2, 2], data(0, &[1.5, -2.0, 0.25, 3.0]))?;
        let y = engine.input(1, &[2, 2], data(1, &[0.5, 2.0, -1.0, 0.125]))?;
        let product = x.mul(&y)?;
        Ok(vec![
            x.matmul(&y)?,
            product.relu()?,
            x.lt(&y)?,
            product.exp()?,
            x.sort(0, cryptab_engine::Order::Ascending)?.0,
        ])
    };
    let secrets = program().expect("the program fits together");
    secrets.iter().map(|secret| secret.reveal().expect("everything may be revealed")).collect()
}

/// A world in which the program is recorded and nothing has been sent yet.
///
/// # Panics
/// As [`record`].
#[must_use]
pub fn world() -> (World, Vec<Vec<Pending<Vec<f64>>>>) {
    let world = World::new(PARTIES, SEED);
    let pending = world.engines().iter().map(record).collect();
    (world, pending)
}

/// The engine of party 0 of that world, alone, and its dealer.
#[derive(Debug)]
pub struct Attacked {
    /// The engine.
    pub engine: Engine,
    corrector: Corrector,
    _pending: Vec<Pending<Vec<f64>>>,
}

impl Default for Attacked {
    fn default() -> Self {
        Self::new()
    }
}

impl Attacked {
    /// With the program recorded.
    ///
    /// # Panics
    /// As [`record`].
    #[must_use]
    pub fn new() -> Self {
        let mut session = [0; 32];
        session[..8].copy_from_slice(&SEED.to_le_bytes());
        let session = SessionId(session);
        let seeds: Vec<_> =
            (0..PARTIES).map(|party| Seed::derive(&[42; 32], &session, party)).collect();
        let engine = Engine::new(EngineConfig {
            me: 0,
            parties: PARTIES,
            session,
            seed: seeds[0].clone(),
            own: Seed::derive(&[17; 32], &session, 0),
            format: Format::default(),
            dealer_credit: 256 << 20,
            reveal: RevealPolicy::Any,
        });
        let pending = record(&engine);
        Self { engine, corrector: Corrector::new(&seeds, session), _pending: pending }
    }

    /// Lets the engine do what it can; it gets every correction that it asks for.
    ///
    /// # Panics
    /// If an honest dealer is refused by an engine that has not failed.
    pub fn run(&self) {
        loop {
            let outgoing = self.engine.poll();
            if outgoing.is_empty() {
                return;
            }
            for message in outgoing {
                if let Outgoing::Dealer(request) = message {
                    let correction = self.answer(&request);
                    if self.engine.error().is_none() {
                        self.engine.receive_correction(correction).expect("an honest dealer");
                    }
                }
            }
        }
    }

    /// What an honest dealer answers.
    ///
    /// # Panics
    /// If the engine asks for what is not served.
    #[must_use]
    pub fn answer(&self, request: &[u8]) -> Vec<u8> {
        // The session is the same in every run, and so are the answers: most of the time goes there.
        ANSWERS.with_borrow_mut(|answers| match answers.get(request) {
            Some(answer) => answer.clone(),
            None => {
                let answer = self.computed(request);
                answers.insert(request.to_vec(), answer.clone());
                answer
            }
        })
    }

    fn computed(&self, request: &[u8]) -> Vec<u8> {
        let request = Request::from_bytes(request).expect("an engine sends requests");
        let corrections = self.corrector.correct(&request).expect("that are served");
        let bytes = corrections.into_iter().next().unwrap_or_default().into();
        Correction { address: request.address, bytes }.to_bytes()
    }
}

thread_local! {
    static ANSWERS: RefCell<HashMap<Vec<u8>, Vec<u8>>> = RefCell::default();
}
