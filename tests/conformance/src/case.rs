use cryptab_engine::{Engine, EngineConfig, Evaluator, Format, Pending};
use cryptab_testkit::World;
use futures::FutureExt;

use crate::{Array, Made, Party};

/// How far a result may be from what is expected.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    absolute: f64,
    relative: f64,
    /// Relative where the expected number is larger than 1, else absolute.
    larger: f64,
}

impl Bound {
    /// Not at all.
    pub const EXACT: Self = Self::absolute(0.0);

    /// By so much.
    #[must_use]
    pub const fn absolute(absolute: f64) -> Self {
        Self { absolute, relative: 0.0, larger: 0.0 }
    }

    /// By so much, and a part of the expected number more.
    #[must_use]
    pub const fn mixed(absolute: f64, relative: f64) -> Self {
        Self { absolute, relative, larger: 0.0 }
    }

    /// By this part of the expected number, or of 1 if that is larger.
    #[must_use]
    pub const fn larger(larger: f64) -> Self {
        Self { absolute: 0.0, relative: 0.0, larger }
    }

    /// Whether the result is good enough.
    #[must_use]
    pub fn holds(&self, found: f64, want: f64) -> bool {
        let size = want.abs();
        let most = self.absolute + self.relative * size + self.larger * size.max(1.0);
        (found - want).abs() <= most
    }
}

type Program<'a> = Box<dyn Fn(&Party<'_>) -> Made + 'a>;

struct Part<'a> {
    want: Array,
    bound: Bound,
    program: Program<'a>,
}

/// A case of the function reference: parts that all have to agree with their expected results.
pub struct Case<'a> {
    parts: Vec<Part<'a>>,
    count: usize,
    sum: f64,
    frac_bits: u8,
    evaluators: &'static [Evaluator],
}

/// So many parts are recorded in one world.
const TOGETHER: usize = 256;

impl<'a> Case<'a> {
    /// One without parts.
    #[must_use]
    pub const fn new() -> Self {
        let evaluators = &[Evaluator::Trigonometric];
        Self { parts: Vec::new(), count: 0, sum: 0.0, frac_bits: 16, evaluators }
    }

    /// One that is run under every evaluator of smooth functions.
    #[must_use]
    pub fn smooth() -> Self {
        Self { evaluators: &Evaluator::ALL, ..Self::new() }
    }

    /// One whose session has so many fraction bits.
    #[must_use]
    pub fn with_frac_bits(frac_bits: u8) -> Self {
        Self { frac_bits, ..Self::new() }
    }

    /// A part whose results count into the reference's number and sum.
    pub fn check(&mut self, want: Array, bound: Bound, program: impl Fn(&Party<'_>) -> Made + 'a) {
        self.count += want.len();
        self.sum += want.data.iter().sum::<f64>();
        self.repeat(want, bound, program);
    }

    /// A part that the reference does not count: one done in another way, say.
    pub fn repeat(&mut self, want: Array, bound: Bound, program: impl Fn(&Party<'_>) -> Made + 'a) {
        self.parts.push(Part { want, bound, program: Box::new(program) });
    }

    /// Whether the expected results are the reference's, as far as it tells.
    ///
    /// # Panics
    /// If they are not.
    #[must_use]
    pub fn counting(self, count: usize, sum: f64) -> Self {
        assert_eq!(self.count, count, "results");
        let error = (self.sum - sum).abs();
        let most = 2e-6 + 1e-9 * sum.abs();
        assert!(error <= most, "the sum of expected results is {}, not {sum}", self.sum);
        self
    }

    /// Runs all parts with so many parties, several times with other seeds if the environment's
    /// `CONFORMANCE_RUNS` says so.
    ///
    /// # Panics
    /// If a result is wrong, or parties have different ones.
    pub fn run(self, parties: &[u8]) {
        let runs = std::env::var("CONFORMANCE_RUNS").ok().and_then(|runs| runs.parse().ok());
        let each = |&evaluator| parties.iter().map(move |&count| (evaluator, count));
        for (evaluator, count) in self.evaluators.iter().flat_map(each) {
            let format = Format { frac_bits: self.frac_bits, evaluator };
            for run in 0..runs.unwrap_or(1) {
                let seed = 1000 * run + u64::from(count);
                for (chunk, parts) in self.parts.chunks(TOGETHER).enumerate() {
                    let seed = seed + 100 * chunk as u64;
                    let world =
                        World::with(count, seed, |config| EngineConfig { format, ..config });
                    let name = format!("{evaluator}, {count} parties, seed {seed}");
                    play(parts, chunk * TOGETHER, &world, &name);
                }
            }
        }
    }
}

impl Default for Case<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Case<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

/// Runs parts together in one world; `how` says which.
fn play(parts: &[Part<'_>], first: usize, world: &World, how: &str) {
    let record = |engine: &Engine| -> Vec<Pending<Vec<f64>>> {
        let each = parts.iter().enumerate().map(|(at, part)| {
            let party = Party::new(engine, first + at + world.engines().len());
            let secret = (part.program)(&party);
            let secret = secret.unwrap_or_else(|error| panic!("part {}: {error}", first + at));
            assert_eq!(secret.shape(), part.want.shape, "part {}: its shape", first + at);
            secret.reveal().unwrap_or_else(|error| panic!("part {}: {error}", first + at))
        });
        each.collect()
    };
    let pending: Vec<_> = world.engines().iter().map(record).collect();
    world.run();
    let results = pending.into_iter().map(|all| {
        let each = all.into_iter().map(|one| one.now_or_never().expect("it has arrived"));
        each.map(|one| one.unwrap_or_else(|error| panic!("{error}"))).collect()
    });
    let results: Vec<Vec<Vec<f64>>> = results.collect();
    for (at, part) in parts.iter().enumerate() {
        let found = &results[0][at];
        let name = format!("part {}, {how}", first + at);
        assert!(results.iter().all(|all| all[at] == *found), "{name}: the parties differ");
        assert_eq!(found.len(), part.want.len(), "{name}");
        for (i, (&found, &want)) in found.iter().zip(&part.want.data).enumerate() {
            let good = part.bound.holds(found, want);
            assert!(good, "{name}, element {i}: {found} for {want} ({:?})", part.bound);
        }
    }
}
