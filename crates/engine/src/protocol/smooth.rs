//! What protocols for smooth functions have in common: numbers have 16 fraction bits, results of
//! the evaluator a few more; one opening brings them back.
//!
//! Comparisons here may be *rough*: near a cut either answer is fine, because both pieces are
//! accurate there. They use only the high bits of x.

use crate::affine::Affine;
use crate::bit::Bit;
use crate::evaluator::Small;
use crate::form::{Form, coarsened};
use crate::op::Compare;
use crate::protocol::compare::Tables;
use crate::recorder::Recorder;
use crate::value::Number;

/// Fraction bits of arguments and results.
pub(crate) const FRAC: u32 = 16;
/// One.
pub(crate) const ONE: i64 = 1 << FRAC;
/// Extra fraction bits kept until the last truncation.
pub(crate) const GUARD: u32 = 4;
/// Fraction bits of intermediate results.
pub(crate) const FINE: u32 = FRAC + GUARD;
/// The widest range of arguments: |x| < 2^31.
pub(crate) const WIDTH: u8 = 48;
/// Angles need so many bits of an argument.
const ANGLE_BITS: u8 = 40;

/// From the ring of an evaluation to `Z_2^64` by one opening; FINE - `drop` fraction bits.
///
/// Low bits are dropped locally down to FINE fraction bits (error at most N/2 units there), the
/// last `drop` by truncation with public dither. Cost: 1 round, bits - (scale - FINE) bits.
pub(crate) fn settle(recorder: &Recorder<'_>, z: &Small, shape: &[usize], drop: u32) -> Form {
    let extra = z.scale - FINE;
    let coarse = coarsened(recorder, &z.shares, z.bits, extra);
    Form::lift(recorder, &coarse, shape, z.bits - extra, drop)
}

/// A masked form wide enough for comparisons of `width` bits and for angles.
pub(crate) fn argument(recorder: &Recorder<'_>, x: &Number, shape: &[usize], width: u8) -> Form {
    x.masked(recorder, shape, u32::from(width.max(ANGLE_BITS)), false)
}

/// x as an operand in `Z_2^64`, wide enough for angles too.
pub(crate) fn argument_in_ring(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    width: u8,
) -> Form {
    x.in_ring(recorder, shape, u32::from(width.max(ANGLE_BITS)))
}

/// Rough indicators of low <= x < high and of x >= high, as opened bits.
///
/// Multiples of 2^slack; x may count as inside up to 2^slack below `low`, and as above from
/// 2^slack below `high` on. One set of tables. Cost: L rounds, and 1 for the bits.
pub(crate) fn inside(
    recorder: &Recorder<'_>,
    form: &Form,
    shape: &[usize],
    (low, high): (i64, i64),
    slack: u32,
    how: Compare,
) -> (Affine, Affine) {
    let view = form.view(u32::from(how.width)).shifted(recorder, slack);
    let cuts = [low, high].map(|cut| (0, (cut >> slack).cast_unsigned()));
    let below = Tables::of(recorder, &view, how.levels).all_below(recorder, shape, &cuts);
    let [below_low, below_high] = &below[..] else { unreachable!("a bit per cut") };
    // Both contain the same bit of the mask.
    let between = Bit {
        shares: recorder.queue().zip(&below_low.shares, &below_high.shares, |a, b| {
            a.xor(&b).expect("equal dimensions")
        }),
        known: None,
        shape: shape.to_vec(),
    };
    (between.opened(recorder), below_high.flipped(recorder).opened(recorder))
}
