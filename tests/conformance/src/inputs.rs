//! Reproducible inputs: section 4.1 of the function reference.

use crate::{Array, UNIT};

/// `SM(seed)[i]`: SplitMix64.
#[must_use]
pub const fn mixed(seed: u64, i: u64) -> u64 {
    let z = seed.wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number on the grid of 16 fraction bits, halves to even.
#[must_use]
pub fn snapped(value: f64) -> f64 {
    (value / UNIT).round_ties_even() * UNIT
}

#[expect(clippy::cast_precision_loss, reason = "53 bits")]
fn unit(seed: u64, i: u64) -> f64 {
    (mixed(seed, i) >> 11) as f64 * 2_f64.powi(-53)
}

/// `U(seed, low, high, shape)`: reals on the grid.
#[must_use]
pub fn reals(seed: u64, low: f64, high: f64, shape: &[usize]) -> Array {
    Array::counted(shape, |i| snapped(low + (high - low) * unit(seed, i)))
}

/// `Z(seed, low, high, shape)`: integers from `low` on, below `high`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "ranges are below 2^53")]
pub fn integers(seed: u64, low: i64, high: i64, shape: &[usize]) -> Array {
    let width = (high - low).cast_unsigned();
    Array::counted(shape, |i| (low + (mixed(seed, i) % width).cast_signed()) as f64)
}

/// `B(seed, p, shape)`: 0 and 1.
#[must_use]
pub fn bernoulli(seed: u64, p: f64, shape: &[usize]) -> Array {
    Array::counted(shape, |i| f64::from(u8::from(unit(seed, i) < p)))
}
