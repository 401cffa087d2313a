//! The exponential: a table for the exponent, a public factor for the rest, two rough comparisons.
//!
//! Source: Keller-Sun (ICML 2022); SIGMA (ePrint 2023/1269).

use super::smooth::{FRAC, GUARD, ONE, argument, inside, settle};
use crate::affine::{Affine, sum_of_products};
use crate::evaluator::Curve;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// e^-12 = 2^-17.3: below, 0.
const LOW: i64 = -12 * ONE;
/// e^20.75 is a little less than 2^30.
const HIGH: i64 = 20 * ONE + ONE * 3 / 4;
/// The constant above.
const LARGEST: u64 = 1 << (30 + FRAC);
const SLACK: u32 = 14;

/// e^x for x <= 20.5; 0 below -12; 2^30 from 20.75 on; one of the two in between.
///
/// 3 rounds: open x; truncate the product beside one level of comparisons; open 2 bits.
pub(crate) fn exp(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let form = argument(recorder, x, shape, how.width);
    let position = form.view(form.bits).turned(recorder, Curve::EXP.turn(recorder), FRAC);
    let power = Curve::EXP.evaluate(recorder, &position);
    let middle = settle(recorder, &power, shape, GUARD).affine();
    let (is_in, is_above) = inside(recorder, &form, shape, (LOW, HIGH), SLACK, how);
    let largest = Affine::number(LARGEST, shape);
    let products: [&[&Affine]; 2] = [&[&is_in, &middle], &[&is_above, &largest]];
    let shares = sum_of_products(recorder, &products, 64);
    Number::shared(x.frac, recorder.computed(&shares))
}
