//! Every party records the same program; results are compared with the clear computation.

use cryptab_engine::{Engine, Result, Secret};
use cryptab_testkit::World;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Party counts that every behaviour is tested for.
pub(crate) const PARTIES: [u8; 3] = [2, 3, 5];

/// One unit in the last place.
pub(crate) const UNIT: f64 = 1.0 / 65_536.0;

/// A private input of `owner`.
pub(crate) fn input(engine: &Engine, owner: u8, shape: &[usize], data: &[f64]) -> Result<Secret> {
    engine.input(owner, shape, (engine.me() == owner).then_some(data))
}

/// Reveals the program's result for every party count and compares it with `expected`.
pub(crate) fn check(expected: &[f64], tolerance: f64, program: impl Fn(&Engine) -> Result<Secret>) {
    for parties in PARTIES {
        let world = World::new(parties, u64::from(parties));
        for result in world.reveal(&program) {
            let result = result.unwrap();
            assert_eq!(result.len(), expected.len(), "{parties} parties");
            for (i, (found, wanted)) in result.iter().zip(expected).enumerate() {
                let error = (found - wanted).abs();
                assert!(error <= tolerance, "{parties} parties, element {i}: {found} for {wanted}");
            }
        }
    }
}

/// A value on the grid of 16 fraction bits.
pub(crate) fn grid(value: f64) -> f64 {
    (value / UNIT).round_ties_even() * UNIT
}

/// Numbers of many magnitudes and both signs below 2^bits, on the grid; from a fixed seed.
pub(crate) fn numbers(count: usize, bits: f64, seed: u64) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as f64 / 2_f64.powi(64)
    };
    (0..count)
        .map(|_| {
            let magnitude = 2_f64.powf(next() * (bits + 16.0) - 16.0);
            grid(if next() < 0.5 { -magnitude } else { magnitude })
        })
        .collect()
}

/// A property test whose seed is fixed, and printed on failure.
pub(crate) fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, rng_seed: RngSeed::Fixed(7), ..Config::default() })
}
