//! Functions of unbounded range: reciprocal, roots, logarithms, quotients.
//!
//! A function of the mantissa, shifted by the exponent: 5 rounds from bare shares. Cuts between
//! regions are rough: the curves reach a quarter beyond them. Arguments have an even number of
//! fraction bits, results have 16; domains are those of 16, and begin with a unit for any.
//! Source: as `normalise`; Boura et al. (FC 2018) for the functions of the mantissa.

use cryptab_tensor::{Formula, Tensor};

use super::linear;
use super::normalise::{Edge, Normalised, Regions, Signs, normalise};
use super::smooth::{FINE, FRAC, GUARD, settle};
use crate::affine::{Affine, product};
use crate::dealt::byte;
use crate::evaluator::{Base, Curve, Fit};
use crate::form::Form;
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// Regions of ratio 8, from 1 unit to 2^48.
const EIGHT: Regions = Regions {
    lowest: -1,
    step: 3,
    most: 16,
    signs: Signs::Positive,
    underflow: Edge::None,
    overflow: Edge::None,
};

/// Regions of ratio 16.
pub(crate) const SIXTEEN: Regions = Regions { step: 4, most: 12, ..EIGHT };

/// Fraction bits as exponents are counted.
const FRAC_EXPONENT: i32 = FRAC.cast_signed();
const FINE_EXPONENT: i32 = FINE.cast_signed();

/// 1 / x for a unit <= |x| < 2^47 units; 0 from 2^19 on.
pub(crate) fn reciprocal(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    signs: Signs,
    how: Compare,
) -> Number {
    // The last region ends at 2^19, or above.
    let most = 12 + (exponent_of(x) - FRAC_EXPONENT + 2) / 3;
    let regions = Regions { most, signs, overflow: Edge::Zero, ..EIGHT };
    let normal = normalise(recorder, x, shape, how.width, &regions, 64);
    let form = of_mantissa(recorder, &normal, Curve::Fitted(Fit::Reciprocal), shape);
    let drop = |e| e + FINE_EXPONENT - FRAC_EXPONENT - exponent_of(x);
    Number::shared(byte(FRAC), normal.select_scaled(recorder, &form, drop))
}

/// 1 / sqrt x for 2^-16 <= x < 2^31: sqrt(2/m) * 2^-((e+1)/2).
pub(crate) fn rsqrt(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let normal = normalise(recorder, x, shape, how.width, &SIXTEEN, 64);
    let form = of_mantissa(recorder, &normal, Curve::Fitted(Fit::Rsqrt), shape);
    let drop = |e| (e + 1) / 2 + FINE_EXPONENT - FRAC_EXPONENT - exponent_of(x) / 2;
    Number::shared(byte(FRAC), normal.select_scaled(recorder, &form, drop))
}

/// sqrt x for x < 2^31: sqrt(m/2) * 2^((e+1)/2); 0 for x <= 0.
pub(crate) fn sqrt(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let regions = Regions { underflow: Edge::Zero, ..SIXTEEN };
    let normal = normalise(recorder, x, shape, how.width, &regions, 64);
    let form = of_mantissa(recorder, &normal, Curve::Fitted(Fit::Sqrt), shape);
    let drop = |e| FINE_EXPONENT - FRAC_EXPONENT + exponent_of(x) / 2 - (e + 1) / 2;
    Number::shared(byte(FRAC), normal.select_scaled(recorder, &form, drop))
}

/// The logarithm for 2^-16 <= x < 2^31: that of m, and the exponent from the thermometer.
pub(crate) fn log(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    base: Base,
    how: Compare,
) -> Number {
    let shares = log_of(recorder, (x, x.frac.into()), shape, base, &SIXTEEN, how.width);
    Number::shared(byte(FRAC), shares)
}

/// The logarithm of numbers with `frac` fraction bits in regions of ratio 16.
pub(crate) fn log_of(
    recorder: &Recorder<'_>,
    (x, frac): (&Number, u32),
    shape: &[usize],
    base: Base,
    regions: &Regions,
    width: u8,
) -> Lazy<Tensor> {
    let curve = Curve::Fitted(base.log());
    let normal = normalise(recorder, x, shape, width, regions, curve.bits(recorder));
    let exponent_unit = base.of_two() * (1_u64 << curve.scale(recorder)) as f64;
    let lowest = rounded(f64::from(regions.lowest - frac.cast_signed()) * exponent_unit);
    let step = rounded(f64::from(regions.step) * exponent_unit).cast_unsigned();
    let ring = curve.bits(recorder);
    let bits: Vec<Lazy<Formula>> =
        normal.steps.iter().map(|bit| product(recorder, &[bit], ring)).collect();
    let mut exponent = Vec::new();
    if !bits.is_empty() {
        exponent.push(recorder.queue().gather(&bits, move |bits| {
            Formula::weighted(bits.into_iter().map(|bit| (step, bit)).collect())
        }));
    }
    let total = curve.evaluate(recorder, &normal.mantissa).plus(recorder, lowest, &exponent);
    settle(recorder, &total, shape, GUARD).affine().shares(recorder, 64)
}

/// log(1 + x).
pub(crate) fn log1p(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let dimensions = shape.to_vec();
    let frac = x.frac;
    let one = Lazy::thunk(move || Tensor::filled(&dimensions, 1 << frac));
    let one = Number::known(recorder, x.frac, one);
    let sum = linear::combine(recorder, (x, shape), 1, (&one, shape));
    log(recorder, &sum, shape, Base::E, how)
}

/// x / y with a relative error of the quotient, not of 1 / y.
///
/// |x| < 2^24, 2^-16 <= |y| < 2^31. 6 rounds: x * f(m) is opened once, and truncated by the
/// exponents of all regions of y.
pub(crate) fn divide(
    recorder: &Recorder<'_>,
    x: &Number,
    y: &Number,
    shape: &[usize],
    signs: Signs,
    how: Compare,
) -> Number {
    /// |x| < 2^24, in units.
    const DIVIDEND: u32 = 41;
    let regions = Regions { signs, ..EIGHT };
    let normal = normalise(recorder, y, shape, how.width, &regions, 64);
    let inverse = of_mantissa(recorder, &normal, Curve::Fitted(Fit::Reciprocal), shape).affine();
    let dividend = match &x.public {
        Some(public) => Affine::tensor(recorder, public, shape),
        None => x.in_ring(recorder, shape, DIVIDEND).affine(),
    };
    let quotient = product(recorder, &[&dividend, &inverse], 64);
    let form = Form::lift(recorder, &quotient, shape, 64, 0);
    let drop = |e| e + FINE_EXPONENT - exponent_of(y);
    Number::shared(x.frac, normal.select_scaled(recorder, &form, drop))
}

/// f(m) with FINE fraction bits, masked: all its truncations are available.
pub(crate) fn of_mantissa(
    recorder: &Recorder<'_>,
    normal: &Normalised,
    curve: Curve,
    shape: &[usize],
) -> Form {
    settle(recorder, &curve.evaluate(recorder, &normal.mantissa), shape, 0)
}

/// Fraction bits of an argument.
const fn exponent_of(x: &Number) -> i32 {
    x.frac as i32
}

/// Doubles are multiplied and rounded: the same on every platform.
fn rounded(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "below 2^63")]
    let rounded = value.round() as i64;
    rounded
}
