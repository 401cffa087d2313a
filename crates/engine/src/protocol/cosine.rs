use super::inverse::{SIXTEEN, of_mantissa};
use super::normalise::normalise;
use super::smooth::{FINE, FRAC, GUARD, WIDTH};
use super::truncate::truncate;
use crate::affine::product;
use crate::evaluator::{Curve, Fit};
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// dot / sqrt(square_1 square_2), for |dot| no larger than the root; 0 where dot is 0.
///
/// With square = m 2^e: dot is divided by the powers of two of both roots in turn, which gives a
/// number below 8, and multiplied by both sqrt(2/m) in one product.
/// Range: 2^-4 <= squares < 2^31, |dot| < 2^30. 5 rounds from products: compare; open the
/// thermometers; open the mantissas and the first quotient; open what the mantissas give and the
/// second quotient; truncate the product.
/// Cost: two normalisations (without the arguments), 39 + 26 + 64 bits, twice a mantissa's curve.
/// Source: as `normalise`; products of several masked factors: ABY2.0.
pub(crate) fn cosine(
    recorder: &Recorder<'_>,
    dot: &Number,
    squares: [&Number; 2],
    shape: &[usize],
    how: [Compare; 2],
) -> Number {
    let [one, other] =
        [0, 1].map(|i| normalise(recorder, squares[i], shape, how[i].width, &SIXTEEN, 64));
    // A root is sqrt(m / 2) 2^((e + 1) / 2 - FRAC / 2).
    let half = FRAC.cast_signed() / 2;
    let form = dot.in_ring(recorder, shape, WIDTH.into());
    let guarded = |e: i32| (e + 1) / 2 - half - GUARD.cast_signed();
    let quotient = Number::shared(dot.frac, one.select_scaled(recorder, &form, guarded));
    let form = quotient.in_ring(recorder, shape, FIRST);
    let quotient = other.select_scaled(recorder, &form, |e| (e + 1) / 2 - half);
    let quotient = Number::shared(dot.frac, quotient).in_ring(recorder, shape, SECOND).affine();
    let [one, other] = [&one, &other]
        .map(|normal| of_mantissa(recorder, normal, Curve::Fitted(Fit::Rsqrt), shape).affine());
    let cosine = product(recorder, &[&quotient, &one, &other], 64);
    let drop = u8::try_from(3 * FINE - FRAC).expect("44");
    truncate(recorder, &cosine, shape, drop, dot.frac)
}

/// |dot| / |one| < 2^15, times sqrt(8), with FINE fraction bits.
const FIRST: u32 = 38;
/// Below 8, with FINE fraction bits.
const SECOND: u32 = 25;
