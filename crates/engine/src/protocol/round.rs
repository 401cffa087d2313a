use std::sync::Arc;

use cryptab_correlation::Known;
use cryptab_tensor::{Formula, Tensor};

use super::compare;
use crate::affine::{Affine, Partial};
use crate::dealt::byte;
use crate::form::{Form, View};
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// The integer nearest to x, halves upwards: floor(x + 1/2), exactly.
///
/// Truncation by opening errs by the carry of the low bits, `[low bits of z^ < low bits of R]`;
/// the carry is a comparison of public against dealer-known bits and is subtracted.
/// Range: |x| < 2^(width-3) in units of the last place. Cost for f fraction bits, L levels:
/// 2 + L rounds; width + C(f+1, L) + 1 bits; 128 - width + f + D(f+1, L) + 64 dealer bits.
/// Source: `truncate_exact` of the specification, after edaBits sec. 5.1.
pub(crate) fn round(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let frac = u32::from(x.frac);
    if frac == 0 {
        return Number::shared(0, x.shares.clone());
    }
    let half = if recorder.leads() { 1_u64 << (frac - 1) } else { 0 };
    let shares =
        recorder.queue().map(&x.shares, move |shares: Tensor| Formula::from(shares).plus(half));
    let (form, low) =
        Form::lift_with_low(recorder, &Partial::whole(shares), shape, u32::from(how.width), frac);
    let carry = carry(recorder, &low, shape, how.levels);
    let floor = form.affine().combine(recorder, 1, u64::MAX, &carry);
    Number::shared(0, floor.shares(recorder, 64))
}

/// `[z^ mod 2^bits < R mod 2^bits]`, opened as a bit: the sign of their difference.
pub(crate) fn carry(recorder: &Recorder<'_>, low: &View, shape: &[usize], levels: u8) -> Affine {
    // Both numbers have `bits` bits; one bit more makes them non-negative in a signed comparison:
    // the masked value z^ - R then is in (-2^bits, 2^bits), and its sign bit is the carry.
    let mask = Known::Low(Arc::new(low.mask.clone()), byte(low.bits));
    let bits = low.bits;
    let hat = recorder.queue().map(&low.hat, move |hat| hat.low_bits(bits));
    let view = View { hat, mask, bits: bits + 1 };
    compare::is_negative(recorder, &view, shape, levels).opened(recorder)
}
