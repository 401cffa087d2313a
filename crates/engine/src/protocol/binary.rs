//! Words combined bit by bit.

use cryptab_correlation::AndNode;
use cryptab_tensor::Bits;

use super::{boolean, nodes};
use crate::bit::Bit;
use crate::recorder::Recorder;
use crate::word::{WIDTH, Word};

/// `x and y` of one shape, bit by bit.
///
/// Cost: 1 round, 128 bits, 64 dealer bits; free if all parties know one of them. Exact.
/// Source: Beaver's products of bits with masks of the dealer (ABY2.0).
pub(crate) fn and(recorder: &Recorder<'_>, x: &Word, y: &Word, shape: &[usize]) -> Word {
    match (&x.public, &y.public) {
        (_, Some(mask)) => return x.masked(recorder, mask),
        (Some(mask), None) => {
            return Word { frac: x.frac, ..y.masked(recorder, mask) };
        }
        (None, None) => {}
    }
    let bits = vec![WIDTH * shape.iter().product::<usize>()];
    let (a, b) = (x.bits(recorder, bits.clone()), y.bits(recorder, bits));
    let both = boolean::and(recorder, &[&a, &b]);
    Word { frac: x.frac, ..Word::from_bits(recorder, &both, shape) }
}

/// `bit ? x : y`, all of one shape.
///
/// Cost: 1 round, 66 bits, 64 dealer bits, and one if the bit comes from a comparison of numbers.
/// Exact. Source: as [`and`]; the bit is opened once for every half of the word.
pub(crate) fn select(
    recorder: &Recorder<'_>,
    condition: &Bit,
    x: &Word,
    y: &Word,
    shape: &[usize],
) -> Word {
    const HALF: u8 = 32;
    let difference = x.xor(recorder, y).planes(recorder);
    let inputs =
        recorder.queue().zip(&condition.only_shared(recorder), &difference, |bit, difference| {
            Bits::concat(&[bit, difference]).expect("a bit for every word")
        });
    let half = |first: usize| std::iter::once(0).chain(first..first + usize::from(HALF));
    let planes = half(1).chain(half(1 + usize::from(HALF))).collect();
    let halves = vec![AndNode::Select { count: HALF }; 2];
    let chosen = nodes::evaluate(recorder, halves, &inputs, planes, shape.iter().product());
    Word::from_planes(recorder, y.frac, &chosen, shape).xor(recorder, y)
}
