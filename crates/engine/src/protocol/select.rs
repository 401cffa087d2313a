//! What follows from comparisons: choosing by a secret bit.

use cryptab_tensor::Formula;

use super::compare::{self, Tables, is_negative};
use crate::affine::{Affine, product, sum_of_products};
use crate::bit::Bit;
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// max(x, 0): sign bit, then one opened bit.
///
/// Cost for width k, L levels: 2 + L rounds; k (64 or k + 1 bits) + C(k, L) + 1 bits;
/// D(k, L) + 128 dealer bits. After a truncation, with k <= 48: 1 + L rounds and no opening of x.
/// Exact. Source: ABY2.0; DReLU by one-time truth tables.
pub(crate) fn relu(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let form = x.in_ring(recorder, shape, u32::from(how.width));
    let view = compare::view(recorder, x, shape, how.width);
    let positive = is_negative(recorder, &view, shape, how.levels).flipped(recorder);
    let positive = positive.opened(recorder);
    let shares = product(recorder, &[&positive, &form.affine()], 64);
    Number::shared(x.frac, recorder.computed(&shares))
}

/// |x| = x - 2 [x < 0] x. Cost and error: as [`relu`].
pub(crate) fn absolute(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    how: Compare,
) -> Number {
    let form = x.in_ring(recorder, shape, u32::from(how.width));
    let view = compare::view(recorder, x, shape, how.width);
    let sign = is_negative(recorder, &view, shape, how.levels).opened(recorder);
    let negative_part = product(recorder, &[&sign, &form.affine()], 64);
    let shares = recorder.queue().zip(&x.shares, &negative_part, |x, negative| {
        Formula::weighted(vec![(1, x.into()), (2_u64.wrapping_neg(), negative)]).tensor()
    });
    Number::shared(x.frac, shares)
}

/// `1 - [x < 0] - [x < 1]`, in units of the last place. Cost: as [`clamp`], without products.
pub(crate) fn sign(recorder: &Recorder<'_>, x: &Number, shape: &[usize], how: Compare) -> Number {
    let view = compare::view(recorder, x, shape, how.width);
    let tables = Tables::of(recorder, &view, how.levels);
    let below = tables.all_below(recorder, shape, &[(0, 0), (0, 1)]);
    let shares: Vec<_> =
        below.iter().map(|bit| product(recorder, &[&bit.opened(recorder)], 64)).collect();
    let one = u64::from(recorder.leads());
    let shares = recorder.queue().gather(&shares, move |below| {
        let minus: Vec<_> = below.into_iter().map(|bit| (u64::MAX, bit)).collect();
        Formula::weighted(minus).plus(one).tensor()
    });
    Number::shared(0, shares)
}

/// min(max(x, low), high) with public bounds, either of them optional.
///
/// One set of tables serves both cuts. Cost: as [`relu`], C + 1 bits and the monomials once per
/// bound. Exact for `|x - low|` and `|x - high|` below 2^(width-1).
pub(crate) fn clamp(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    (low, high): (Option<i64>, Option<i64>),
    how: Compare,
) -> Number {
    let form = x.in_ring(recorder, shape, u32::from(how.width)).affine();
    let view = compare::view(recorder, x, shape, how.width);
    let tables = Tables::of(recorder, &view, how.levels);
    let cuts: Vec<(usize, u64)> = low.into_iter().chain(high).map(|cut| (0, ring(cut))).collect();
    let below = tables.all_below(recorder, shape, &cuts);
    let steps: Vec<Affine> =
        below.iter().map(|bit| bit.flipped(recorder).opened(recorder)).collect();
    let bound = |bound: i64| Affine::number(ring(bound), shape);
    let pieces: Vec<Affine> =
        low.map(bound).into_iter().chain([form]).chain(high.map(bound)).collect();
    Number::shared(x.frac, recorder.computed(&piecewise(recorder, &steps, &pieces, 64)))
}

/// pieces\[0\] + sum_j steps\[j\] * (pieces\[j+1\] - pieces\[j\]), modulo 2^bits. No rounds.
///
/// With thermometer bits `steps[j] = [x >= cut_j]` this is the piece of the interval of x.
pub(crate) fn piecewise(
    recorder: &Recorder<'_>,
    steps: &[Affine],
    pieces: &[Affine],
    bits: u32,
) -> Lazy<Formula> {
    let rise = |pair: &[Affine]| pair[1].combine(recorder, 1, u64::MAX, &pair[0]);
    let rises: Vec<Affine> = pieces.windows(2).map(rise).collect();
    let products = steps.iter().zip(&rises).map(|(step, rise)| vec![step, rise]);
    let products: Vec<Vec<&Affine>> = std::iter::once(vec![&pieces[0]]).chain(products).collect();
    let products: Vec<&[&Affine]> = products.iter().map(Vec::as_slice).collect();
    sum_of_products(recorder, &products, bits)
}

/// `bit ? x : y`, given x - y. Cost: 1 bit and 1 round after x - y is masked (width + 1 bits, or
/// 64); 128 dealer bits for a plain mask. Exact.
pub(crate) fn select(
    recorder: &Recorder<'_>,
    condition: &Bit,
    difference: &Number,
    y: &Number,
    shape: &[usize],
    width: u8,
) -> Number {
    let chosen = condition.opened(recorder);
    let form = match &difference.public {
        Some(public) => Affine::tensor(recorder, public, shape),
        None => difference.in_ring(recorder, shape, u32::from(width)).affine(),
    };
    let added = product(recorder, &[&chosen, &form], 64);
    let shares = recorder.queue().zip(&y.shares, &added, |y, added| {
        Formula::weighted(vec![(1, y.into()), (1, added)]).tensor()
    });
    Number::shared(y.frac, shares)
}

/// A bit as the number 0 or 1 (B2A). Cost: 1 round, 1 bit, 64 dealer bits.
pub(crate) fn to_number(recorder: &Recorder<'_>, bit: &Bit) -> Number {
    Number::shared(0, bit.opened(recorder).shares(recorder, 64))
}

const fn ring(number: i64) -> u64 {
    number.cast_unsigned()
}
