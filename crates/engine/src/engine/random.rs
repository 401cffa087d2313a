//! Random tensors that nobody knows: no party alone, and not the dealer.
//!
//! All are made of random bits, each the xor of one of every party: see
//! [`crate::EngineConfig::own`].

use super::Engine;
use crate::dealt::byte;
use crate::{Error, Order, Result, Secret};

/// Integers from a range that is no power of two are within 2^-BIAS of uniform ones.
const BIAS: u32 = 40;

impl Engine {
    /// Uniform bits. Free.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn random_bits(&self, shape: &[usize]) -> Result<Secret> {
        Secret::random_bits(&self.core, shape)
    }

    /// Uniform numbers from 0 on, below 1: multiples of a unit in the last place. Exact.
    ///
    /// Cost for f fraction bits: 1 round, f bits, 64 f dealer bits.
    ///
    /// ```
    /// # use cryptab_testkit::World;
    /// let results = World::new(2, 1).reveal(|engine| engine.rand(&[3]));
    /// assert!(results[0].as_ref().is_ok_and(|x| x.iter().all(|x| (0.0..1.0).contains(x))));
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn rand(&self, shape: &[usize]) -> Result<Secret> {
        Secret::uniform(&self.core, shape)
    }

    /// Uniform integers from `low` on, below `high`.
    ///
    /// R mod n for n = high - low and R of b + 40 random bits, 2^b the next power of two: all are
    /// from `low` to `high - 1`, and their distribution has a statistical distance below 2^-40
    /// from the uniform one; none if n is a power of two.
    /// With r_i = 2^i mod n, `R mod n = S - n floor(S / n)` for `S = sum R_i r_i < 42 n`. The
    /// quotient comes from the same bits: `S / n` in b + 7 fraction bits, half of 1 / n added, errs
    /// by less than that half.
    ///
    /// Range: n <= 2^47. Cost for n = 2^b: 1 round, b bits, 64 b dealer bits. Otherwise 4 rounds:
    /// b + 40 bits, 64 (b + 40) dealer bits, and [`Secret::round`] of numbers with b + 7 fraction
    /// bits in a declared range of b + 14.
    ///
    /// # Errors
    /// If there are no such integers, or more than 2^47.
    pub fn randint(&self, low: i64, high: i64, shape: &[usize]) -> Result<Secret> {
        let range = high.checked_sub(low).filter(|range| (1..=1 << 47).contains(range));
        let range = range.ok_or_else(|| Error::misuse("randint", format!("{low} to {high}")))?;
        let range = range.cast_unsigned();
        let bits = u64::BITS - (range - 1).leading_zeros();
        let least = Secret::public(&self.core, &[], vec![low.cast_unsigned()], 0)?;
        if range.is_power_of_two() {
            let weights: Vec<u64> = (0..bits).map(|i| 1 << i).collect();
            return Secret::weighted(&self.core, shape, &weights, 0)?.add(&least);
        }
        let frac = bits + 7;
        let weights: Vec<u64> = (0..bits + BIAS).map(|power| rest(power, range)).collect();
        let shares: Vec<u64> = weights.iter().map(|rest| share(*rest, range, frac)).collect();
        let drawn = Secret::random_numbers(&self.core, shape, weights.len())?;
        let half = Secret::public(&self.core, &[], vec![(1 << (frac - 1)) / range], byte(frac))?;
        let ratio = drawn.weighing(&shares, byte(frac))?.add(&half)?.within(byte(frac + 7))?;
        let range = Secret::public(&self.core, &[], vec![range], 0)?;
        let whole = drawn.weighing(&weights, 0)?.sub(&ratio.floor()?.mul(&range)?)?;
        whole.reshape(shape)?.add(&least)
    }

    /// Numbers of mean 0 and deviation 1, normally distributed.
    ///
    /// The distribution function errs by less than 2^-12; no number is beyond 6.9.
    /// Cost: 6 rounds; 60 bits and 3840 dealer bits, besides a truncation, a square and two
    /// products.
    /// Source: a sum w of twelve uniform numbers, whose fourth cumulant k is taken out:
    /// `w - k (w^3 - 3 w) / 24`, Cornish and Fisher (1938).
    ///
    /// # Errors
    /// If the session has ended.
    pub fn randn(&self, shape: &[usize]) -> Result<Secret> {
        let frac = self.core.config.format.frac_bits;
        // Eleven numbers of 4 bits, and one of 16 that fills the gaps.
        let coarse = (0..44).map(|i| 2_f64.powi(i % 4 - 4));
        let sizes: Vec<f64> = coarse.chain((0..16).map(|i| 2_f64.powi(i - 16))).collect();
        let sum = |power: i32| sizes.iter().map(|size| size.powi(power)).sum::<f64>();
        let (mean, deviation) = (sum(1) / 2.0, (sum(2) / 4.0).sqrt());
        let cumulant = -sum(4) / 8.0 / deviation.powi(4);
        let fine = 2_f64.powi(FINE.into());
        #[expect(clippy::cast_possible_truncation, reason = "below 2^31")]
        let ring = |x: f64| ((x * fine).round_ties_even() as i64).cast_unsigned();
        let weights: Vec<u64> = sizes.iter().map(|size| ring(size / deviation)).collect();
        let centre = Secret::public(&self.core, &[], vec![ring(mean / deviation)], FINE)?;
        let w = Secret::weighted(&self.core, shape, &weights, FINE)?.sub(&centre)?.rescale(frac)?;
        let third = -cumulant / 24.0;
        let square = w.square()?.mul(&self.constant(&[], &[third])?)?;
        square.add(&self.constant(&[], &[1.0 - 3.0 * third])?)?.mul(&w)?.within((frac + 4).max(8))
    }

    /// The integers below `count` in a random order: where random numbers of 61 bits are in order.
    ///
    /// Equal ones make it less than uniform: the statistical distance is below count^2 / 2^62.
    /// Cost: 1 round, 61 bits and 3904 dealer bits each; then [`Secret::argsort`].
    ///
    /// # Errors
    /// As [`Secret::argsort`].
    pub fn randperm(&self, count: usize) -> Result<Secret> {
        let weights: Vec<u64> = (0..KEY).map(|i| 1 << i).collect();
        let keys = Secret::weighted(&self.core, &[count], &weights, 0)?.within(byte(KEY + 1))?;
        keys.argsort(0, Order::Ascending)
    }
}

/// 2^power mod range.
fn rest(power: u32, range: u64) -> u64 {
    u64::try_from((1_u128 << power) % u128::from(range)).expect("below the range")
}

/// part / range for part < range, in units of 2^-frac, which are 55 bits at most: the nearest.
fn share(part: u64, range: u64, frac: u32) -> u64 {
    let nearest = ((u128::from(part) << (frac + 1)) / u128::from(range)).div_ceil(2);
    u64::try_from(nearest).expect("not above 2^frac")
}

/// Fraction bits of the weights of a normal number.
const FINE: u8 = 28;
/// Bits of what a random order is the order of: differences stay in the ring.
const KEY: u32 = 61;
