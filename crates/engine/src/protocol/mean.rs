use cryptab_correlation::Structure;

use super::linear::{arrange, scale};
use super::truncate::truncate;
use crate::recorder::Recorder;
use crate::value::Number;

/// Significant bits of 1 / count.
const PRECISION: u32 = 28;

/// The mean of `count` elements each: sum / 2^e, then times 2^e / count for the power of two
/// 2^e <= count.
///
/// Error: below 2 units, plus 2^-28 of the result. Range: `|mean| * count < 2^46`, `|mean| < 2^17`
/// at 16 fraction bits. Cost: 1 round per step, 64 bits each; a power of two needs the first only.
pub(crate) fn mean(
    recorder: &Recorder<'_>,
    x: &Number,
    sum: &Structure,
    shape: &[usize],
    count: usize,
) -> Number {
    let total = arrange(recorder, x, sum);
    let power = count.ilog2();
    let drop = u8::try_from(power).expect("a tensor has fewer than 2^64 elements");
    let coarse = truncate(recorder, &recorder.formula(&total.shares), shape, drop, x.frac);
    if count.is_power_of_two() {
        return coarse;
    }
    let count = count as u128;
    let factor = ((1_u128 << (PRECISION + power)) + count / 2) / count;
    let factor = u64::try_from(factor).expect("2^e / count is at most 1");
    let scaled = scale(recorder, &coarse, factor, x.frac);
    let drop = u8::try_from(PRECISION).expect("a small constant");
    truncate(recorder, &recorder.formula(&scaled.shares), shape, drop, x.frac)
}
