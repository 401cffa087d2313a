//! What smooth functions of a masked value need from the dealer: moments of the mask, with which
//! a trigonometric sum is evaluated without communication; powers of two, for exponentials.
//!
//! cos n(x^ - l) = cos n x^ cos n l + sin n x^ sin n l: the dealer shares cos n l and sin n l, the
//! parties compute the rest from the public x^. Both sides are here, so that they fit.
//!
//! Source: Boura et al. (FC 2018, ePrint 2017/1234); Keller-Sun (ICML 2022) for exponents.

use serde::{Deserialize, Serialize};

use crate::circle::{Circle, PHASE_BITS, Powers, UNIT_BITS, rounded};
use crate::parallel::for_each_chunk;
use crate::{Error, Result};

/// Cosines and sines of multiples of an angle.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Moments {
    /// Angles are numbers modulo 2^bits, a turn being 2^bits.
    pub bits: u8,
    /// Fraction bits of the cosines and sines.
    pub scale: u8,
    /// The multiples: a row of cosines, then a row of sines for each.
    pub multiples: Vec<u8>,
}

/// Powers of two with exponents all around a circle.
///
/// Row i of 2^`index_bits` holds 2^y at scale `scale`, where y is the position i * 2^(30 -
/// `index_bits`) - mask on a circle of 2^30, in octaves, taken from `lowest` up to `lowest + turn`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Exponentials {
    /// The circle is cut into 2^`index_bits` segments.
    pub index_bits: u8,
    /// Octaves of the whole circle.
    pub turn: u8,
    /// The least exponent, in units of 2^-24.
    pub lowest: i32,
    /// Fraction bits of the powers.
    pub scale: u8,
}

/// A public trigonometric sum: `constant + sum a_n cos n x + b_n sin n x`, coefficients scaled by
/// 2^24.
#[derive(Clone, Debug)]
pub struct Sum {
    /// The moments of the mask that it takes.
    pub moments: Moments,
    /// `[a_n, b_n]` for every multiple.
    pub coefficients: Vec<[i32; 2]>,
    /// The constant.
    pub constant: i64,
    /// Fraction bits of the public multipliers.
    pub public_bits: u8,
}

/// Bits of the circle of [`Exponentials`].
pub const EXPONENT_CIRCLE: u32 = 30;
/// Fraction bits of coefficients.
const COEFFICIENT_BITS: u32 = 24;
/// Elements that are worked on at a time: their sums stay in the nearest cache.
const BLOCK: usize = 2048;

impl Moments {
    pub(crate) fn rows(&self) -> Result<usize> {
        let served = (1..=64).contains(&self.bits)
            && u32::from(self.scale) <= UNIT_BITS
            && (1..=MAX_MULTIPLES).contains(&self.multiples.len());
        meaningful(served, "moments: a circle of 1 to 64 bits, a scale of at most 30")?;
        Ok(2 * self.multiples.len())
    }

    /// Some of row `row`: cosines, then sines of the first multiple, then the second's, given the
    /// masks.
    pub(crate) fn fill(&self, row: usize, masks: &[u64], moments: &mut [u64]) {
        let circle = Circle::tables();
        let drop = UNIT_BITS - u32::from(self.scale);
        let multiple = self.unit(self.multiples[row / 2]);
        let angles = masks.iter().map(|mask| circle.cos_sin(mask.wrapping_mul(multiple)));
        if row.is_multiple_of(2) {
            moments
                .iter_mut()
                .zip(angles)
                .for_each(|(m, (c, _))| *m = rounded(c, drop).cast_unsigned());
        } else {
            moments
                .iter_mut()
                .zip(angles)
                .for_each(|(m, (_, s))| *m = rounded(s, drop).cast_unsigned());
        }
    }

    /// All rows.
    #[cfg(test)]
    fn of(&self, masks: &[u64]) -> Vec<u64> {
        let mut rows = vec![0; 2 * self.multiples.len() * masks.len()];
        let each = rows.chunks_exact_mut(masks.len()).enumerate();
        each.for_each(|(row, moments)| self.fill(row, masks, moments));
        rows
    }

    /// The factor that makes a multiple of an angle a part of 2^64.
    fn unit(&self, multiple: u8) -> u64 {
        u64::from(multiple) << (64 - u32::from(self.bits))
    }
}

impl Sum {
    /// Fraction bits of the result.
    #[must_use]
    pub fn scale(&self) -> u32 {
        u32::from(self.public_bits) + u32::from(self.moments.scale)
    }

    /// A party's shares of the sum at x = public - mask; `moments(row, shares)` reads its shares of the
    /// moments of a row, for the same elements.
    ///
    /// The party that `leads` adds the constant.
    ///
    /// # Panics
    /// If there are not as many coefficients as moments, or as many results as public numbers.
    pub fn evaluate(
        &self,
        public: &[u64],
        moments: impl Fn(usize, &mut [u64]),
        leads: bool,
        total: &mut [u64],
    ) {
        assert_eq!(self.coefficients.len(), self.moments.multiples.len(), "one for each multiple");
        assert_eq!(public.len(), total.len(), "a result for each number");
        let drop = UNIT_BITS + COEFFICIENT_BITS - u32::from(self.public_bits);
        let constant = match self.scale().checked_sub(COEFFICIENT_BITS) {
            _ if !leads => 0,
            Some(up) => self.constant << up,
            None => rounded(self.constant, COEFFICIENT_BITS - self.scale()),
        };
        total.fill(constant.cast_unsigned());
        let circle = Circle::tables();
        let mut shares = [vec![0; public.len()], vec![0; public.len()]];
        for (i, (&multiple, &[a, b])) in
            self.moments.multiples.iter().zip(&self.coefficients).enumerate()
        {
            let (a, b) = (i64::from(a), i64::from(b));
            let multiple = self.moments.unit(multiple);
            shares.iter_mut().enumerate().for_each(|(row, shares)| moments(2 * i + row, shares));
            let pairs = shares[0].iter().zip(&shares[1]);
            for ((sum, &hat), (&cosine, &sine)) in total.iter_mut().zip(public).zip(pairs) {
                let (c, s) = circle.cos_sin(hat.wrapping_mul(multiple));
                let even = rounded(a * c + b * s, drop).cast_unsigned();
                let odd = rounded(a * s - b * c, drop).cast_unsigned();
                let term = even.wrapping_mul(cosine).wrapping_add(odd.wrapping_mul(sine));
                *sum = sum.wrapping_add(term);
            }
        }
    }
}

impl Exponentials {
    pub(crate) fn rows(&self) -> Result<usize> {
        let highest = i64::from(self.lowest) + (i64::from(self.turn) << PHASE_BITS);
        let within =
            |exponent: i64| (-3..=60).contains(&(i64::from(self.scale) + (exponent >> PHASE_BITS)));
        let served = self.index_bits <= MAX_INDEX_BITS
            && (1..=64).contains(&self.turn)
            && within(i64::from(self.lowest))
            && within(highest);
        meaningful(served, "exponentials: at most 2^8 segments, powers that fit")?;
        Ok(1 << self.index_bits)
    }

    /// Some of row `row`: the powers of that segment, given the masks.
    pub(crate) fn fill(&self, row: usize, masks: &[u64], result: &mut [u64]) {
        let powers = Powers::tables();
        let (turn, lowest) = (i64::from(self.turn) << PHASE_BITS, i64::from(self.lowest));
        let shift = lowest.rem_euclid(turn);
        let first = (row as u64) << (EXPONENT_CIRCLE - u32::from(self.index_bits));
        for (power, &mask) in result.iter_mut().zip(masks) {
            // Below the whole turn; so one turn more or less brings it into the range.
            let octaves = self.octaves(first.wrapping_sub(mask)) - shift;
            let octaves = if octaves < 0 { octaves + turn } else { octaves };
            *power = powers.two_to(octaves + lowest, u32::from(self.scale));
        }
    }

    /// All rows.
    #[cfg(test)]
    fn of(&self, masks: &[u64]) -> Vec<u64> {
        let mut rows = vec![0; masks.len() << self.index_bits];
        let each = rows.chunks_exact_mut(masks.len()).enumerate();
        each.for_each(|(row, powers)| self.fill(row, masks, powers));
        rows
    }

    /// A party's shares of 2^y at y = public - mask, given its shares of the rows: the row of the
    /// segment of the public number, times a public power with `factor_bits` fraction bits.
    ///
    /// # Errors
    /// If there are not as many shares as segments of the public numbers.
    pub fn evaluate(&self, public: &[u64], shares: &[u64], factor_bits: u8) -> Result<Vec<u64>> {
        let len = public.len();
        meaningful(shares.len() == self.rows()? * len, "a row of shares for each segment")?;
        let powers = Powers::tables();
        let rest = EXPONENT_CIRCLE - u32::from(self.index_bits);
        let mut result = vec![0; len];
        for_each_chunk(&mut result, BLOCK, |index, result| {
            let start = index * BLOCK;
            for (i, (result, &hat)) in result.iter_mut().zip(&public[start..]).enumerate() {
                #[expect(clippy::cast_possible_truncation, reason = "at most 8 bits")]
                let row = (hat >> rest & ((1 << self.index_bits) - 1)) as usize;
                let octaves = self.octaves(hat & ((1 << rest) - 1));
                let factor = powers.two_to(octaves, u32::from(factor_bits));
                *result = shares[row * len + start + i].wrapping_mul(factor);
            }
        });
        Ok(result)
    }

    /// A position on the circle in units of 2^-24 octaves.
    #[inline]
    fn octaves(&self, position: u64) -> i64 {
        let position = position & ((1 << EXPONENT_CIRCLE) - 1);
        ((position * u64::from(self.turn)) >> (EXPONENT_CIRCLE - PHASE_BITS)).cast_signed()
    }
}

/// The longest sum that a dealer serves.
const MAX_MULTIPLES: usize = 64;
/// The finest cut of a circle that a dealer serves.
const MAX_INDEX_BITS: u8 = 8;

fn meaningful(holds: bool, reason: &'static str) -> Result<()> {
    holds.then_some(()).ok_or(Error::Meaningless { reason })
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    fn masks() -> Vec<u64> {
        (1..3000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect()
    }

    #[test]
    fn a_sum_is_evaluated_at_the_difference_of_public_number_and_mask() {
        for bits in [22, 24, 48, 64] {
            let moments = Moments { bits, scale: 20, multiples: vec![1, 3] };
            let coefficients = vec![[1 << 24, 5 << 20], [-3 << 20, 1 << 23]];
            let sum = Sum { moments, coefficients, constant: 1 << 22, public_bits: 20 };
            let masks = masks();
            let public: Vec<u64> = masks.iter().map(|mask| mask.rotate_left(17)).collect();
            let rows = sum.moments.of(&masks);
            let mut found = vec![0; masks.len()];
            let row = |row: usize, shares: &mut [u64]| {
                shares.copy_from_slice(&rows[row * masks.len()..(row + 1) * masks.len()]);
            };
            sum.evaluate(&public, row, true, &mut found);
            for ((found, hat), mask) in found.into_iter().zip(public).zip(masks) {
                let position = hat.wrapping_sub(mask) << (64 - bits);
                let x = position as f64 / 2_f64.powi(64) * TAU;
                let exact = 0.25 + x.cos() + 0.3125 * x.sin() - 0.1875 * (3.0 * x).cos()
                    + 0.5 * (3.0 * x).sin();
                let found = found.cast_signed() as f64 / 2_f64.powi(40);
                assert!((found - exact).abs() < 8e-6, "{found} for {exact}");
            }
        }
    }

    #[test]
    fn powers_are_those_of_the_difference() {
        let table =
            Exponentials { index_bits: 5, turn: 50, lowest: -(10 << PHASE_BITS), scale: 17 };
        let masks = masks();
        let public: Vec<u64> = masks.iter().map(|mask| mask.rotate_left(17)).collect();
        let rows = table.of(&masks);
        let found = table.evaluate(&public, &rows, 14).unwrap();
        for ((found, hat), mask) in found.into_iter().zip(public).zip(masks) {
            let position = hat.wrapping_sub(mask) & ((1 << EXPONENT_CIRCLE) - 1);
            let octaves = position as f64 / 2_f64.powi(30) * 50.0;
            let octaves = if octaves >= 40.0 { octaves - 50.0 } else { octaves };
            let found = found as f64 / 2_f64.powi(31);
            let exact = octaves.exp2();
            // Beyond, a power does not fit 63 bits, or an end of the range is near.
            if (-8.0..31.0).contains(&octaves) {
                assert!((found - exact).abs() < exact * 1e-4 + 1e-4, "{found} for {exact}");
            }
        }
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let moments = |bits, scale, count| Moments { bits, scale, multiples: vec![1; count] };
        assert!(moments(64, 30, 64).rows().is_ok());
        for bad in [moments(0, 20, 1), moments(65, 20, 1), moments(9, 31, 1), moments(9, 9, 65)] {
            assert!(bad.rows().is_err());
        }
        let table = Exponentials { index_bits: 5, turn: 50, lowest: 0, scale: 10 };
        assert!(table.rows().is_ok());
        for bad in [
            Exponentials { index_bits: 9, ..table },
            Exponentials { turn: 0, ..table },
            Exponentials { scale: 60, ..table },
            Exponentials { lowest: i32::MIN, ..table },
        ] {
            assert!(bad.rows().is_err());
        }
    }
}
