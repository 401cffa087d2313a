//! What smooth functions take of a masked value: positions on circles, and truncations of one
//! opening by several amounts.

use std::rc::Rc;
use std::sync::Arc;

use cryptab_correlation::Known;
use cryptab_tensor::Formula;

use super::{Carry, Form, View};
use crate::affine::Affine;
use crate::dealt::{Dealt, byte};
use crate::lazy::Lazy;
use crate::recorder::Recorder;

impl Form {
    /// Affine form in `Z_2^64` of value / 2^drop, truncated with public dither; a negative `drop`
    /// multiplies. No round.
    ///
    /// Truncations by several amounts of one opening (not of a plain 64-bit one, which has no room
    /// for the carry).
    pub(crate) fn scaled_down(&self, recorder: &Recorder<'_>, drop: i32) -> Affine {
        debug_assert!(self.exact, "this form is only valid modulo 2^bits");
        let shape = &self.mask.shape;
        match u32::try_from(drop) {
            Err(_) => self.affine().multiple(recorder, 1 << drop.unsigned_abs()),
            Ok(0) => self.affine(),
            Ok(drop) if drop >= self.bits => Affine::number(0, shape),
            Ok(drop) => {
                let bits = self.bits;
                let hat =
                    recorder.queue().map(&self.hat, move |hat| arithmetic_shift(&hat, bits, drop));
                let mask = Known::Shift(Arc::new(self.mask.known.clone()), byte(drop));
                let mask = Dealt::asked(mask, shape, 0);
                let minus_mask = Dealt::combined(vec![(u64::MAX, mask)]);
                let affine = Affine::constant(hat, shape).plus_known(minus_mask);
                match &self.carry {
                    Some(Carry { opened, carry, top }) => {
                        let wrap = Dealt::combined(vec![(1 << (self.bits - drop), Rc::clone(top))]);
                        affine.plus_opened(*opened, carry.clone(), wrap)
                    }
                    None => affine,
                }
            }
        }
    }

    /// `value * 2^shift` modulo 2^bits, for a ring of `bits` bits that is not wider than this form
    /// gets by it; a negative `shift` drops low bits, with public dither.
    pub(crate) fn part(&self, recorder: &Recorder<'_>, shift: i32) -> Affine {
        let shape = &self.mask.shape;
        match u32::try_from(shift) {
            Ok(shift) => {
                let hat = recorder.queue().map(&self.hat, move |hat| hat.shl(shift));
                let minus_mask =
                    Dealt::combined(vec![((1_u64 << shift).wrapping_neg(), Rc::clone(&self.mask))]);
                Affine::constant(hat, shape).plus_known(minus_mask)
            }
            Err(_) => {
                let View { hat, mask, .. } =
                    self.view(self.bits).shifted(recorder, shift.unsigned_abs());
                let minus_mask = Dealt::combined(vec![(u64::MAX, Dealt::asked(mask, shape, 0))]);
                Affine::constant(hat, shape).plus_known(minus_mask)
            }
        }
    }
}

impl View {
    /// The position of x, that has `frac` fraction bits, on a circle of length `turn`.
    pub(crate) fn turned(&self, recorder: &Recorder<'_>, turn: f64, frac: u32) -> Self {
        let factor = turns(turn, self.bits - frac);
        let hat = recorder.queue().map(&self.hat, move |hat| hat.times(factor));
        let mask = Known::Combine(vec![(factor, self.mask.clone())], 0);
        Self { hat, mask, bits: self.bits }
    }

    /// The view of value / 2^drop: rounded down or up, depending on public bits.
    pub(crate) fn shifted(&self, recorder: &Recorder<'_>, drop: u32) -> Self {
        if drop == 0 {
            return self.clone();
        }
        let bits = self.bits;
        let hat = recorder.queue().map(&self.hat, move |hat| match bits {
            64 => hat.shr(drop),
            _ => hat.low_bits(bits).shr(drop),
        });
        Self { hat, mask: self.mask_without(drop), bits: bits - drop }
    }

    /// The mask without its low `drop` bits.
    pub(crate) fn mask_without(&self, drop: u32) -> Known {
        let low = match (drop, self.bits) {
            (0, _) => return self.mask.clone(),
            (_, 64) => self.mask.clone(),
            (_, bits) => Known::Low(Arc::new(self.mask.clone()), byte(bits)),
        };
        Known::Shift(Arc::new(low), byte(drop))
    }
}

/// How many turns of length `turn` there are in 1, in units of 2^-bits.
///
/// One division of doubles: the same on every platform.
pub(crate) fn turns(turn: f64, bits: u32) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 2^64")]
    let factor = ((1_u64 << bits) as f64 / turn).round() as u64;
    factor
}

/// Shares modulo 2^bits without their low `drop` bits, and modulo 2^(bits - drop).
///
/// Shares of value / 2^drop, off by at most N/2 units in the last place. Nothing can wrap because
/// the ring shrinks too.
pub(crate) fn coarsened(
    recorder: &Recorder<'_>,
    shares: &Lazy<Formula>,
    bits: u32,
    drop: u32,
) -> Lazy<Formula> {
    let half = 1_u64 << drop >> 1;
    recorder.queue().map(shares, move |shares| shares.plus(half).low_bits(bits).shr(drop))
}

/// hat / 2^drop, rounded down; `hat` is at least -2^(bits-2) and below 2^bits - 2^(bits-2), also
/// where that does not fit 63 bits.
fn arithmetic_shift(hat: &Formula, bits: u32, drop: u32) -> Formula {
    let bias = if bits == 64 { 1_u64 << 62 } else { 1 << 63 };
    hat.plus(bias).shr(drop).plus((bias >> drop).wrapping_neg())
}
