//! Words added and compared.
//!
//! Where bits differ, one of them decides: the carry out of a position is
//! `c' = p ? c : s = s xor p (s xor c)`. In an addition p = x xor y and s = x; in the comparison
//! x < y, p says that the bits are equal and s = y. So the pairs of blocks of 4 positions are
//! polynomials of the bits of p and of `s_i xor s_{i-1}`, which are local: no round is spent on
//! products of x and y.

use cryptab_correlation::AndNode;
use cryptab_tensor::{Bits, Tensor};

use super::nodes::{evaluate, picked};
use super::{carry, compare};
use crate::bit::Bit;
use crate::bitwise::BLOCK;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::word::{WIDTH, Word};

/// `x + y` modulo 2^64, of words of one shape and scale.
///
/// Cost: 3 rounds, 226 bits, 1066 dealer bits. Exact.
pub(crate) fn add(recorder: &Recorder<'_>, x: &Word, y: &Word, shape: &[usize]) -> Word {
    let len = shape.iter().product();
    let (left, halves) = (x.planes(recorder), x.xor(recorder, y).planes(recorder));
    // The last position sends no carry anywhere.
    let pairs = block_pairs(recorder, &halves, &left, WIDTH - 1, len);
    let carries = carry::carries(recorder, &pairs, len);
    let sum = recorder
        .queue()
        .zip(&halves, &carries, |halves, carries| halves.xor(&carries).expect("64 planes each"));
    Word::from_planes(recorder, x.frac, &sum, shape)
}

/// `[x < y]`, of words of one shape and scale, as signed numbers.
///
/// Cost: 3 rounds, 166 bits, 688 dealer bits. Exact.
pub(crate) fn less(recorder: &Recorder<'_>, x: &Word, y: &Word, shape: &[usize]) -> Bit {
    let len = shape.iter().product();
    let equal = x.xor(recorder, y).flipped(recorder).planes(recorder);
    // Of different signs, the negative one is less.
    let decides = recorder.queue().zip(&x.shares, &y.shares, |x: Tensor, y: Tensor| {
        let words = x.as_slice().iter().zip(y.as_slice());
        let mixed = words.map(|(x, y)| x & SIGN | y & !SIGN).collect::<Vec<_>>();
        Bits::slice_ring(&mixed, 0, 64)
    });
    let pairs = block_pairs(recorder, &equal, &decides, WIDTH, len);
    let wholes = recorder.queue().map(&pairs, |pairs| {
        let whole = |block: usize| 2 * (BLOCK * block + BLOCK - 1);
        let planes = (0..WIDTH / BLOCK).flat_map(|block| [whole(block), whole(block) + 1]);
        picked(&pairs, &planes.collect::<Vec<_>>())
    });
    let groups = compare::combine(recorder, &wholes, shape, &[4; 4]);
    let pair = compare::combine(recorder, &groups, shape, &[4]);
    let shares = recorder.queue().map(&pair, |pair| pair.select(0..1));
    Bit { shares, known: None, shape: shape.to_vec() }
}

/// `[x = y]`, of words of one shape and scale. Cost: 3 rounds, 84 bits, 231 dealer bits. Exact.
pub(crate) fn equal(recorder: &Recorder<'_>, x: &Word, y: &Word, shape: &[usize]) -> Bit {
    let same = x.xor(recorder, y).flipped(recorder).planes(recorder);
    let shares = compare::all(recorder, same, shape, &[vec![4; 16], vec![4; 4], vec![4]]);
    Bit { shares, known: None, shape: shape.to_vec() }
}

const SIGN: u64 = 1 << 63;

/// Planes lt and eq of the lowest position of a block, of its two lowest, up to all four, block
/// after block, from p and s of `positions` positions; those of the others are 0.
///
/// Cost: 1 round, 2 bits for each position, 37 dealer bits for each block of four.
fn block_pairs(
    recorder: &Recorder<'_>,
    passes: &Lazy<Bits>,
    decides: &Lazy<Bits>,
    positions: usize,
    len: usize,
) -> Lazy<Bits> {
    let inputs = recorder.queue().zip(passes, decides, |passes, decides: Bits| {
        let mut changes = decides.clone();
        for at in (0..WIDTH).filter(|at| at % BLOCK > 0) {
            let words = changes.plane_mut(at).iter_mut().zip(decides.plane(at - 1));
            words.for_each(|(change, lower)| *change ^= lower);
        }
        Bits::concat(&[changes, passes]).expect("64 planes each")
    });
    let mut nodes = Vec::with_capacity(WIDTH / BLOCK);
    let mut planes = Vec::with_capacity(2 * WIDTH);
    for first in (0..positions).step_by(BLOCK) {
        let block = first..(first + BLOCK).min(positions);
        let fan_in = u8::try_from(block.len() + 1).expect("a block is small");
        nodes.push(AndNode::Prefix { fan_in, with_eq: false });
        planes.extend(block.clone());
        planes.extend(block.map(|at| WIDTH + at));
    }
    let products = evaluate(recorder, nodes, &inputs, planes, len);
    recorder.queue().zip(&products, decides, move |products, decides| {
        let rest = Bits::zeros(products.len(), 2 * (WIDTH - positions));
        let mut pairs = Bits::concat(&[products, rest]).expect("planes of one length");
        for at in 0..positions {
            let words = pairs.plane_mut(2 * at).iter_mut().zip(decides.plane(at));
            words.for_each(|(less, decides)| *less ^= decides);
        }
        pairs
    })
}
