//! Functions that are flat, or the identity, on both sides of an interval; and the exponential.
//!
//! The evaluator's curve inside the interval, the limit outside; two rough comparisons run beside
//! the truncation.
//!
//! Sources: trigonometric sums with a dealer: Boura et al. (FC 2018), Zheng et al. (ACSAC 2023),
//! `SecFormer` (arXiv 2401.00793); exponent and table: Keller-Sun (ICML 2022).

use cryptab_tensor::{Formula, Tensor};

use super::smooth::{FRAC, GUARD, ONE, argument, argument_in_ring, inside, settle};
use crate::affine::{Affine, sum_of_products};
use crate::evaluator::{Curve, Fit};
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// `base` for x < -bound; `base` + 2^gain * (curve(2^gain * x) + offset / 2) (+ x / 2) inside;
/// `limit` above the bound.
///
/// Cuts are multiples of 2^slack units; the curve reaches one such multiple beyond the bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    curve: Curve,
    bound: i64,
    slack: u32,
    gain: u32,
    halves: i64,
    base: i64,
    limit: Limit,
}

/// What is above the interval.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Limit {
    /// One.
    One,
    /// x itself; inside, x / 2 is added to the curve.
    Identity,
}

/// 1 / (1 + e^-x); 0 or 1 beyond 10.5.
pub(crate) const SIGMOID: Shape = Shape {
    curve: Curve::Fitted(Fit::Logistic),
    bound: ONE * 21 / 2,
    slack: 14,
    gain: 0,
    halves: 1,
    base: 0,
    limit: Limit::One,
};

/// tanh x = 2 sigmoid(2 x) - 1; -1 or 1 beyond 5.25.
pub(crate) const TANH: Shape =
    Shape { bound: ONE * 21 / 4, slack: 13, gain: 1, base: -ONE, ..SIGMOID };

/// erf x; -1 or 1 beyond 2.9375.
pub(crate) const ERF: Shape = Shape {
    curve: Curve::Fitted(Fit::Erf),
    bound: ONE * 47 / 16,
    slack: 12,
    halves: 2,
    base: -ONE,
    ..SIGMOID
};

/// x (1 + erf(x / sqrt 2)) / 2; 0 or x beyond 4.375.
pub(crate) const GELU: Shape = Shape {
    curve: Curve::Fitted(Fit::Gelu),
    bound: ONE * 35 / 8,
    slack: 13,
    halves: 0,
    limit: Limit::Identity,
    ..SIGMOID
};

/// x / (1 + e^-x); 0 or x beyond 12.5.
pub(crate) const SILU: Shape =
    Shape { curve: Curve::Fitted(Fit::Silu), bound: ONE * 25 / 2, slack: 14, ..GELU };

/// x tanh(log(1 + e^x)); 0 or x beyond 12.5.
pub(crate) const MISH: Shape = Shape { curve: Curve::Fitted(Fit::Mish), ..SILU };

/// log(1 + e^x) = x / 2 + log(2 cosh(x / 2)); 0 or x beyond 10.5.
pub(crate) const SOFTPLUS: Shape =
    Shape { curve: Curve::Fitted(Fit::Softplus), bound: ONE * 21 / 2, slack: 14, ..GELU };

/// A function with two limits.
///
/// 3 rounds: open x; truncate the curve beside one level of comparisons; open 2 bits.
pub(crate) fn saturating(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    function: &Shape,
    how: Compare,
) -> Number {
    let Shape { curve, bound, slack, gain, halves, base, limit } = *function;
    let above = match limit {
        Limit::One => Affine::number((ONE - base).cast_unsigned(), shape),
        Limit::Identity => argument_in_ring(recorder, x, shape, how.width).affine(),
    };
    let form = argument(recorder, x, shape, how.width);
    let turn = curve.turn(recorder) / f64::from(1_u32 << gain);
    let mut inner = curve.evaluate(recorder, &form.view(form.bits).turned(recorder, turn, FRAC));
    let half_x = (limit == Limit::Identity).then(|| {
        let half = 1_u64 << (inner.scale - FRAC - 1);
        recorder.queue().map(&x.shares, move |x: Tensor| Formula::from(x).times(half))
    });
    let offset = halves << (inner.scale - 1);
    inner = inner.plus(recorder, offset, half_x.as_slice());
    inner.scale -= gain;
    let middle = settle(recorder, &inner, shape, GUARD).affine();
    let cuts = (-bound, bound + (1 << slack));
    let (is_in, is_above) = inside(recorder, &form, shape, cuts, slack, how);
    let products: [&[&Affine]; 2] = [&[&is_in, &middle], &[&is_above, &above]];
    let shares = sum_of_products(recorder, &products, 64);
    let base = if recorder.leads() { base.cast_unsigned() } else { 0 };
    let shares = recorder.queue().map(&shares, move |shares| shares.plus(base).tensor());
    Number::shared(x.frac, shares)
}
