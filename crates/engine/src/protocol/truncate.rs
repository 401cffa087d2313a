use cryptab_tensor::Formula;

use crate::affine::Partial;
use crate::form::Form;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;

/// z / 2^drop, rounded down or up: floor((z + d) / 2^drop) with 0 <= d < 2^drop.
///
/// The opening also is a masked form, modulo 2^(64-drop), of the *result*: later comparisons and
/// element-wise products need no further opening.
/// Error: below 1 unit in the last place (d, the *public dither*, is determined by the low bits
/// of the opened number). Never wraps for |z| < 2^62.
/// Cost: 1 round, 64 bits, 64 + drop dealer bits.
/// Source: edaBits, ePrint 2020/338 sec. 5.1, with the opening fused.
pub(crate) fn truncate(
    recorder: &Recorder<'_>,
    shares: &Lazy<Formula>,
    shape: &[usize],
    drop: u8,
    frac: u8,
) -> Number {
    truncate_partial(recorder, &Partial::whole(shares.clone()), shape, drop, frac)
}

/// As [`truncate`], of a number whose shares lack a rest that the dealer knows: the rest is taken
/// from the mask and never shared, which saves 64 dealer bits.
pub(crate) fn truncate_partial(
    recorder: &Recorder<'_>,
    partial: &Partial,
    shape: &[usize],
    drop: u8,
    frac: u8,
) -> Number {
    if drop == 0 {
        return Number::shared(frac, recorder.computed(&partial.shares(recorder, 64)));
    }
    let partial = partial.lightened(recorder);
    let form = Form::lift_with_low(recorder, &partial, shape, 64, u32::from(drop)).0;
    let shares = form.affine().shares(recorder, 64);
    Number::with_forms(frac, shares, vec![form])
}
