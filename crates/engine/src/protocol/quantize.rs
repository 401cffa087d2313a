use std::sync::Arc;

use cryptab_correlation::Known;
use cryptab_tensor::Formula;

use super::compare::Tables;
use super::round::carry;
use crate::affine::{Affine, Partial, product, sum_of_products};
use crate::dealt::{Dealt, byte};
use crate::form::View;
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// The nearest integer (halves upwards), saturated to 0..2^levels - 1. Exact.
///
/// Everything is computed modulo the smallest power of two that holds it: with k = `how.width`,
/// f fraction bits, m = k - f, r = levels + 2 (9 at least):
///   z^ = x + 1/2 + R mod 2^k;  y = (z^ >> f) - (R >> f) - `[z^ mod 2^f < R mod 2^f]` mod 2^m;
///   y^ = y + S mod 2^m;  `[y >= 0] y + [y >= 2^levels] (2^levels - 1 - y)` mod 2^r.
/// The shares of the result are valid modulo 2^r only.
/// Range: |x + 1/2| < 2^(k-1) units, |y - 2^levels| < 2^(m-1).
/// Cost, L levels of ANDs each: 4 + 2 L rounds; k + m + C(f+1, L) + 2 C(m, L) + 3 bits;
/// 2 m + D(f+1, L) + 4 r and D(m, L) + the ANDs of the second cut in dealer bits.
/// Source: edaBits, ePrint 2020/338 sec. 5.1 (shifts of masks); ABY2.0 (bit injection).
pub(crate) fn quantize(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    levels: u8,
    how: Compare,
) -> Number {
    let (frac, ring) = (u32::from(x.frac), narrow_ring(levels));
    let bits = u32::from(how.width) - frac;
    let whole = match frac {
        0 => recorder.formula(&x.shares),
        _ => nearest(recorder, x, shape, how),
    };
    let (mask, hat) = recorder.open_masked(&Partial::whole(whole), shape, bits, 0);
    let view = View { hat: hat.clone(), mask: mask.known.clone(), bits };
    let tables = Tables::of(recorder, &view, how.levels);
    let below = tables.all_below(recorder, shape, &[(0, 0), (0, 1 << levels)]);
    let reaches = |cut: usize| below[cut].flipped(recorder).opened(recorder);
    let (not_below, above) = (reaches(0), reaches(1));
    let value = Affine::constant(hat, shape).plus_known(Dealt::combined(vec![(u64::MAX, mask)]));
    let highest = Affine::number((1 << levels) - 1, shape);
    let rest = highest.combine(recorder, 1, u64::MAX, &value);
    let products: [&[&Affine]; 2] = [&[&not_below, &value], &[&above, &rest]];
    let shares = sum_of_products(recorder, &products, ring);
    Number::shared(0, recorder.computed(&shares)).narrowed(ring)
}

/// Bits of the ring in which quantized numbers are shared.
pub(crate) const fn narrow_ring(levels: u8) -> u32 {
    if levels < 7 { 9 } else { levels as u32 + 2 }
}

/// Shares modulo 2^(k-f) of the integer nearest to x, halves upwards.
fn nearest(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Lazy<Formula> {
    let (frac, width) = (u32::from(x.frac), u32::from(how.width));
    let (mask, hat) = recorder.open_masked(&x.partial(recorder), shape, width, 1 << (frac - 1));
    let low = View { hat: hat.clone(), mask: mask.known.clone(), bits: frac };
    let carry = carry(recorder, &low, shape, how.levels);
    let known = Known::Low(Arc::new(mask.known.clone()), byte(width));
    let shifted = Dealt::asked(Known::Shift(Arc::new(known), byte(frac)), shape, 0);
    let nearest = Affine::constant(recorder.queue().map(&hat, move |hat| hat.shr(frac)), shape)
        .plus_known(Dealt::combined(vec![(u64::MAX, shifted)]))
        .combine(recorder, 1, u64::MAX, &carry);
    product(recorder, &[&nearest], width - frac)
}
