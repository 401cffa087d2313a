//! All the carries of an addition or subtraction of 64 bits, in two rounds.
//!
//! Of a range of positions, a pair says whether it generates a carry (lt) and whether it passes
//! one on (eq); of two neighbours, (lt, eq) and (lt', eq') above, the pair is
//! `(lt' xor eq' lt, eq' eq)`. Blocks of 4 positions, whose pairs are given, make groups of 4
//! blocks in one round; then the carries into all positions are polynomials of the pairs of
//! groups, blocks and positions, opened in another.
//!
//! Cost: 2 rounds, 100 bits, 496 dealer bits a word. Exact.
//! Source: parallel prefix adders (Brent-Kung) with multi-fan-in AND (ABY2.0, Ohata-Nuida).

use cryptab_correlation::AndNode;
use cryptab_tensor::Bits;

use super::nodes::{evaluate, picked};
use crate::bitwise::BLOCK;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::word::WIDTH;

const GROUPS: usize = 4;
const BLOCKS: usize = 4;

/// Shares of the carries into all positions, a plane each.
///
/// `pairs`: planes lt and eq of the lowest position of a block, of its two lowest, up to all
/// four; block after block.
pub(crate) fn carries(recorder: &Recorder<'_>, pairs: &Lazy<Bits>, len: usize) -> Lazy<Bits> {
    let sums = first_blocks(recorder, pairs, len);
    let both =
        recorder.queue().zip(pairs, &sums, |a, b| Bits::concat(&[a, b]).expect("equal lengths"));
    // Planes of the lt (and, one more, the eq) of the lowest positions of a block, and of the
    // lowest blocks of a group.
    let position = |block: usize, count: usize| 2 * (BLOCK * block + count - 1);
    let blocks = |group: usize, count: usize| 2 * WIDTH + 2 * (BLOCKS * group + count - 1);
    let mut nodes = Vec::with_capacity(GROUPS);
    let mut planes = Vec::new();
    for group in 0..GROUPS {
        nodes.push(AndNode::Carry { below: u8::try_from(group).expect("few groups") });
        planes.extend((0..group).map(|below| blocks(below, BLOCKS)));
        planes.extend((1..group).map(|below| blocks(below, BLOCKS) + 1));
        planes.extend((1..BLOCKS).map(|count| blocks(group, count)));
        let passing = if group > 0 { 1..BLOCKS } else { 0..0 };
        planes.extend(passing.map(|count| blocks(group, count) + 1));
        for block in (0..BLOCKS).filter(|&block| group + block > 0) {
            let inner = 1..BLOCK;
            planes.extend(inner.map(|count| position(BLOCKS * group + block, count) + 1));
        }
    }
    let carried = evaluate(recorder, nodes, &both, planes, len);
    recorder.queue().zip(&carried, pairs, move |mut carries, pairs| {
        for at in (0..WIDTH).filter(|at| at % BLOCK > 0) {
            let inside = pairs.plane(2 * (at - 1));
            let words = carries.plane_mut(at).iter_mut().zip(inside);
            words.for_each(|(carry, inside)| *carry ^= inside);
        }
        carries
    })
}

/// Planes lt and eq of the lowest block of a group, of its two lowest, up to all four; group
/// after group. What no carry needs is 0: eq of the lowest group, and the last group as a whole.
fn first_blocks(recorder: &Recorder<'_>, pairs: &Lazy<Bits>, len: usize) -> Lazy<Bits> {
    let whole = |group: usize, block: usize| 2 * (BLOCK * (BLOCKS * group + block + 1) - 1);
    let fan_in = |group: usize| if group + 1 < GROUPS { BLOCKS } else { BLOCKS - 1 };
    let mut nodes = Vec::with_capacity(GROUPS);
    let mut planes = Vec::new();
    for group in 0..GROUPS {
        let (fan_in, with_eq) = (fan_in(group), group > 0);
        nodes.push(AndNode::Prefix { fan_in: u8::try_from(fan_in).expect("small"), with_eq });
        planes.extend((0..fan_in - 1).map(|block| whole(group, block)));
        planes.extend((1..fan_in).map(|block| whole(group, block) + 1));
        planes.extend(with_eq.then(|| whole(group, 0) + 1));
    }
    let products = evaluate(recorder, nodes, pairs, planes, len);
    recorder.queue().zip(pairs, &products, move |pairs, products| {
        let mut sums = Vec::with_capacity(GROUPS);
        let mut next = 0;
        for group in 0..GROUPS {
            sums.push(picked(&pairs, &[whole(group, 0), whole(group, 0) + 1]));
            for block in 1..fan_in(group) {
                let less = products.select(next..next + 1);
                let highest = picked(&pairs, &[whole(group, block)]);
                sums.push(less.xor(&highest).expect("planes of one length"));
                sums.push(products.select(next + 1..next + 2));
                next += 2;
            }
        }
        sums.push(Bits::zeros(pairs.len(), 2));
        Bits::concat(&sums).expect("planes of one length")
    })
}
