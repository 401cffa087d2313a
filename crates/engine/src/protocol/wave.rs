//! Sine and cosine: a masked angle, and one harmonic.

use cryptab_tensor::{Formula, Tensor};

use super::smooth::{FRAC, GUARD, WIDTH, settle};
use crate::affine::Partial;
use crate::evaluator::{Curve, Fit};
use crate::form::{View, coarsened, turns};
use crate::recorder::Recorder;
use crate::value::Number;

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Wave {
    /// cos x.
    Cosine,
    /// sin x = cos(x - a quarter turn).
    Sine,
}

/// cos x or sin x.
///
/// Cost: 2 rounds (open the angle, truncate), 24 + 23 bits, 195 dealer bits; of a masked x: 1
/// round and 23 bits. Source: Korzilius-Schoenmakers (CSCML 2023).
pub(crate) fn wave(recorder: &Recorder<'_>, x: &Number, shape: &[usize], wave: Wave) -> Number {
    let curve = Curve::Fitted(Fit::Cosine);
    let angle = match x.widest(false).filter(|form| form.bits >= u32::from(WIDTH)) {
        Some(form) => form.view(form.bits).turned(recorder, curve.turn(recorder), FRAC),
        None => coarse_angle(recorder, x, shape, curve.turn(recorder), FRAC),
    };
    let angle = match wave {
        Wave::Cosine => angle,
        Wave::Sine => angle.minus(recorder, 1 << (angle.bits - 2)),
    };
    let form = settle(recorder, &curve.evaluate(recorder, &angle), shape, GUARD);
    Number::shared(x.frac, form.affine().shares(recorder, 64))
}

/// Where only an angle is needed: the shares are multiplied, 24 bits of them kept and opened.
///
/// The wrap of the ring reduces the range.
pub(crate) fn coarse_angle(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    turn: f64,
    frac: u32,
) -> View {
    const BITS: u32 = 24;
    let factor = turns(turn, 64 - frac);
    let scaled = recorder.queue().map(&x.shares, move |x: Tensor| Formula::from(x).times(factor));
    let coarse = coarsened(recorder, &scaled, 64, 64 - BITS);
    let coarse = Partial { owner: x.owner, ..Partial::whole(coarse) };
    let (mask, hat) = recorder.open_masked(&coarse, shape, BITS, 0);
    View { hat, mask: mask.known.clone(), bits: BITS }
}
