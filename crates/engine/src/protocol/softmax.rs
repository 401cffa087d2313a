//! Softmax over the rows of `[rows, columns]`, shifted by the maximum.
//!
//! Rounds: the maximum; open it; truncate the exponentials; open their range bits; open sum and
//! exponentials; open 1 / sum; truncate the products. A sum of more than 16 exponentials is
//! normalised first. Powers and quotients stay in small rings.
//! Source: `softmax` of the specification.

use cryptab_correlation::Structure;
use cryptab_tensor::Tensor;

use super::extremum::{Search, Sizes, Wanted, first};
use super::inverse::{log_of, of_mantissa};
use super::normalise::{Edge, Regions, Signs, normalise};
use super::smooth::{FINE, FRAC, GUARD, ONE, argument, argument_in_ring, settle};
use super::wave::coarse_angle;
use super::{compare, linear};
use crate::affine::{Affine, product};
use crate::dealt::byte;
use crate::evaluator::{Base, Curve, Fit};
use crate::form::{Form, View};
use crate::lazy::Lazy;
use crate::op::{Compare, Extremum};
use crate::recorder::Recorder;
use crate::value::Number;

/// Sums of at most 16 exponentials need no normalisation.
const SMALL_SUM: usize = 16;
/// The opening of a number in \[0, 1\] with FINE fraction bits.
const UNIT_WIDTH: u32 = FINE + 3;
/// A share of a sum, with twice FINE fraction bits.
const SHARE_WIDTH: u32 = 2 * FINE + 4;
/// e^-14 = 2^-20.2: below, 0.
const LOW: i64 = -14 * ONE;
const SLACK: u32 = 14;

/// e^(x_i - max) / sum_j e^(x_j - max) for |x_i - x_j| < 2^(width-1); shares of `[rows, columns]`.
///
/// `x` is masked already.
pub(crate) fn softmax(recorder: &Recorder<'_>, x: &Number, sizes: Sizes, how: Compare) -> Number {
    let shape = [sizes.rows, sizes.columns];
    let Exponentials { powers, sum, .. } = exponentials(recorder, x, sizes, how);
    let column = [sizes.columns];
    let frac = byte(FRAC);
    if sizes.rows <= SMALL_SUM {
        let curve = Curve::Fitted(Fit::ReciprocalOfSum);
        let angle = coarse_angle(recorder, &sum, &column, curve.turn(recorder), FINE);
        let inverse = settle(recorder, &curve.evaluate(recorder, &angle), &column, 0).affine();
        let inverse = inverse.arranged(recorder, &repeated(sizes));
        let shares = product(recorder, &[&unit(recorder, &powers, &shape), &inverse], 64);
        let form = Form::lift(recorder, &shares, &shape, SHARE_WIDTH, 2 * FINE - FRAC);
        let shares = form.affine().shares(recorder, 64);
        return Number::with_forms(frac, shares, vec![form]);
    }
    let (regions, width) = regions_of_sum(sizes.rows, 3);
    let normal = normalise(recorder, &sum, &column, width, &regions, 64);
    let inverse = of_mantissa(recorder, &normal, Curve::Fitted(Fit::Reciprocal), &column).affine();
    let inverse = inverse.arranged(recorder, &repeated(sizes));
    let quotient = product(recorder, &[&unit(recorder, &powers, &shape), &inverse], SHARE_WIDTH);
    let form = Form::lift(recorder, &quotient, &shape, SHARE_WIDTH, 0);
    let normal = normal.arranged(recorder, &repeated(sizes));
    let drop = |e: i32| e + FINE.cast_signed() - FRAC.cast_signed();
    Number::shared(frac, normal.select_scaled(recorder, &form, drop))
}

/// x_i - max - log sum_j e^(x_j - max).
pub(crate) fn log_softmax(
    recorder: &Recorder<'_>,
    x: &Number,
    sizes: Sizes,
    how: Compare,
) -> Number {
    let Exponentials { top, sum, .. } = exponentials(recorder, x, sizes, how);
    let column = [sizes.columns];
    let logarithm = if sizes.rows <= SMALL_SUM {
        let curve = Curve::Fitted(Fit::LogOfSum);
        let angle = coarse_angle(recorder, &sum, &column, curve.turn(recorder), FINE);
        let form = settle(recorder, &curve.evaluate(recorder, &angle), &column, GUARD);
        form.affine().shares(recorder, 64)
    } else {
        let (regions, width) = regions_of_sum(sizes.rows, 4);
        log_of(recorder, (&sum, FINE), &column, Base::E, &regions, width)
    };
    let shift =
        recorder.queue().zip(&top, &logarithm, |top, log| top.add(&log).expect("equal shapes"));
    let shares = recorder
        .queue()
        .zip(&x.shares, &shift, |x: Tensor, shift| x.sub(&shift).expect("a row for every row"));
    Number::shared(x.frac, shares)
}

/// The maximum, and e^(x - max).
struct Exponentials {
    top: Lazy<Tensor>,
    /// With FINE fraction bits.
    powers: Number,
    /// Their sums, `[columns]`.
    sum: Number,
}

fn exponentials(recorder: &Recorder<'_>, x: &Number, sizes: Sizes, how: Compare) -> Exponentials {
    let shape = [sizes.rows, sizes.columns];
    let _form = argument_in_ring(recorder, x, &shape, how.width);
    let search = Search { extremum: Extremum::Max, compare: how };
    let wanted = Wanted { value: true, place: None };
    let top = first(recorder, x.alias(), sizes, search, &wanted).value;
    let top = Number::shared(x.frac, top.expect("the value is wanted"));
    let form = argument(recorder, &top, &[sizes.columns], how.width);
    let shift = form.view(form.bits).arranged(recorder, &repeated(sizes));
    let form = argument(recorder, x, &shape, how.width);
    let difference = form.view(form.bits).minus_view(recorder, &shift);
    let powers = exp_nonpositive(recorder, &difference, &shape, how);
    let powers = Number::shared(byte(FINE), powers);
    let over_rows = Structure::Sum { axes: vec![0], keep: false };
    let sum = linear::arrange(recorder, &powers, &over_rows);
    Exponentials { top: top.shares, powers, sum }
}

/// e^x with FINE fraction bits for a masked x <= 0; 0 below -14.
///
/// 2 rounds after x is masked: truncate beside one comparison; open 1 bit.
fn exp_nonpositive(
    recorder: &Recorder<'_>,
    x: &View,
    shape: &[usize],
    how: Compare,
) -> Lazy<Tensor> {
    let curve = Curve::EXP_NONPOSITIVE;
    let position = x.turned(recorder, curve.turn(recorder), FRAC);
    let middle = settle(recorder, &curve.evaluate(recorder, &position), shape, 0).affine();
    let rough = View { bits: u32::from(how.width).min(x.bits), ..x.clone() };
    let rough = rough.shifted(recorder, SLACK).minus(recorder, (LOW >> SLACK).cast_unsigned());
    let below = compare::is_negative(recorder, &rough, shape, how.levels);
    let is_in = below.flipped(recorder).opened(recorder);
    recorder.computed(&product(recorder, &[&is_in, &middle], 64))
}

/// Regions for a sum of numbers in \[0, 1\], one of which is 1; and the range of the sum.
fn regions_of_sum(count: usize, step: i32) -> (Regions, u8) {
    let lowest = FINE.cast_signed() - 1;
    let octaves = i32::try_from(usize::BITS - count.leading_zeros()).expect("few bits");
    // Rounded up: the last region holds 2^octaves, with room above.
    let most = (octaves.max(step) + step) / step;
    // A sum of `count` numbers of 1 and the cuts, with room for what rounding adds.
    let width = FINE.cast_signed() + octaves + 2;
    let width = u8::try_from(width.max(lowest + step * most + 1)).expect("few bits");
    let (signs, none) = (Signs::Positive, Edge::None);
    (Regions { lowest, step, most, signs, underflow: none, overflow: none }, width)
}

fn unit(recorder: &Recorder<'_>, y: &Number, shape: &[usize]) -> Affine {
    y.masked(recorder, shape, UNIT_WIDTH, true).affine()
}

/// One for every column, repeated for every row.
fn repeated(sizes: Sizes) -> Structure {
    Structure::Broadcast(vec![sizes.rows as u64, sizes.columns as u64])
}
