//! Kernels in portable code. The other backends compile most of them again for their instruction sets (hence
//! `inline(always)`), where the compiler turns the loops into vector code.

use super::{Arithmetic, Block, Operand, TILE, TileKernel};
use crate::digits::lanes;

#[inline(always)]
pub(super) fn arithmetic(op: Arithmetic, out: &mut [u64], left: Operand<'_>, right: Operand<'_>) {
    match op {
        Arithmetic::Add => apply(out, left, right, u64::wrapping_add),
        Arithmetic::Subtract => apply(out, left, right, u64::wrapping_sub),
        Arithmetic::Multiply => apply(out, left, right, u64::wrapping_mul),
        Arithmetic::Negate => apply(out, left, Operand::Value(0), |a, _| a.wrapping_neg()),
        Arithmetic::And => apply(out, left, right, |a, b| a & b),
        Arithmetic::ShiftLeft => apply(out, left, right, |a, b| a << (b & 63)),
        Arithmetic::ShiftRight => apply(out, left, right, |a, b| a >> (b & 63)),
    }
}

#[inline(always)]
fn apply(out: &mut [u64], left: Operand<'_>, right: Operand<'_>, f: impl Fn(u64, u64) -> u64) {
    let len = out.len();
    match (left, right) {
        (Operand::Slice(a), Operand::Slice(b)) => {
            for ((out, a), b) in out.iter_mut().zip(&a[..len]).zip(&b[..len]) {
                *out = f(*a, *b);
            }
        }
        (Operand::Slice(a), Operand::Value(b)) => {
            for (out, a) in out.iter_mut().zip(&a[..len]) {
                *out = f(*a, b);
            }
        }
        (Operand::Value(a), Operand::Slice(b)) => {
            for (out, b) in out.iter_mut().zip(&b[..len]) {
                *out = f(a, *b);
            }
        }
        (Operand::Value(a), Operand::Value(b)) => out.fill(f(a, b)),
    }
}

#[inline(always)]
pub(super) fn add_product(sums: &mut [u64], factors: &[&[u64]]) {
    match factors {
        [] => sums.iter_mut().for_each(|sum| *sum = sum.wrapping_add(1)),
        [a] => {
            for (sum, &x) in sums.iter_mut().zip(*a) {
                *sum = sum.wrapping_add(x);
            }
        }
        [a, b] => {
            for ((sum, &x), &y) in sums.iter_mut().zip(*a).zip(*b) {
                *sum = sum.wrapping_add(x.wrapping_mul(y));
            }
        }
        [first, rest @ ..] => {
            let mut product = [0; TILE];
            let product = &mut product[..sums.len()];
            product.copy_from_slice(&first[..sums.len()]);
            for factor in rest {
                for (value, &x) in product.iter_mut().zip(*factor) {
                    *value = value.wrapping_mul(x);
                }
            }
            for (sum, &value) in sums.iter_mut().zip(&*product) {
                *sum = sum.wrapping_add(value);
            }
        }
    }
}

#[inline(always)]
pub(super) fn weighted_sum(out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
    /// Enough independent sums to hide the latency of a multiplication in every backend.
    const LANES: usize = 32;
    let whole = out.len() / LANES * LANES;
    for (index, sums) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let mut lanes = *sums;
        for (tap, weight) in taps.iter().zip(weights) {
            let values = &tap[index * LANES..(index + 1) * LANES];
            for (lane, value) in lanes.iter_mut().zip(values) {
                *lane = lane.wrapping_add(value.wrapping_mul(*weight));
            }
        }
        *sums = lanes;
    }
    let rest = &mut out[whole..];
    for (tap, weight) in taps.iter().zip(weights) {
        for (sum, value) in rest.iter_mut().zip(&tap[whole..]) {
            *sum = sum.wrapping_add(value.wrapping_mul(*weight));
        }
    }
}

#[inline(always)]
pub(super) fn dot(left: &[u64], right: &[u64]) -> u64 {
    const LANES: usize = 8;
    let len = left.len().min(right.len());
    let (left, left_rest) = left[..len].as_chunks::<LANES>();
    let (right, right_rest) = right[..len].as_chunks::<LANES>();
    let mut lanes = [0_u64; LANES];
    for (left, right) in left.iter().zip(right) {
        for ((lane, a), b) in lanes.iter_mut().zip(left).zip(right) {
            *lane = lane.wrapping_add(a.wrapping_mul(*b));
        }
    }
    let rest = left_rest.iter().zip(right_rest).map(|(a, b)| a.wrapping_mul(*b));
    lanes.into_iter().chain(rest).fold(0, u64::wrapping_add)
}

/// Swaps ever smaller off-diagonal squares: Warren, Hacker's Delight (2nd ed.), section 7-3, for least significant
/// bits first.
#[inline(always)]
pub(super) fn transpose(block: &mut Block) {
    swap_squares::<32>(block, 0x0000_0000_ffff_ffff);
    swap_squares::<16>(block, 0x0000_ffff_0000_ffff);
    swap_squares::<8>(block, 0x00ff_00ff_00ff_00ff);
    swap_squares::<4>(block, 0x0f0f_0f0f_0f0f_0f0f);
    swap_squares::<2>(block, 0x3333_3333_3333_3333);
    swap_squares::<1>(block, 0x5555_5555_5555_5555);
}

#[inline(always)]
fn swap_squares<const SIZE: usize>(block: &mut Block, mask: u64) {
    for pair in block.chunks_exact_mut(2 * SIZE) {
        let (upper, lower) = pair.split_at_mut(SIZE);
        for (upper, lower) in upper.iter_mut().zip(lower) {
            let difference = (*upper >> SIZE ^ *lower) & mask;
            *upper ^= difference << SIZE;
            *lower ^= difference;
        }
    }
}

#[inline(always)]
pub(super) fn spread(out: &mut [u64], words: &[u64]) {
    assert!(out.len() <= 64 * words.len(), "a bit per element");
    for (out, word) in out.chunks_mut(64).zip(words) {
        for (bit, out) in out.iter_mut().enumerate() {
            *out = word >> bit & 1;
        }
    }
}

#[inline(always)]
pub(super) fn compare_digits(
    digits: &[&[u64]],
    hot: &[&[u64]],
    parity: u64,
    less: &mut [u64],
    equal: &mut [u64],
) {
    /// Words that are worked on side by side: several vectors.
    const LANES: usize = 16;
    type Lanes = [u64; LANES];
    /// A number of neighbouring values: which of them the digits so far choose.
    #[derive(Clone, Copy)]
    struct Node {
        /// The share of the value that is chosen.
        equal: Lanes,
        /// The sum of the shares of the values behind it.
        less: Lanes,
        /// The sum of all shares.
        all: Lanes,
    }
    let Some(upper) = digits.len().checked_sub(1) else {
        less.fill(0);
        equal.fill(parity);
        return;
    };
    let pairs = 1 << upper;
    // Nodes of one, two, four pairs ..., each waiting for its right neighbour.
    let zeros = [0; LANES];
    let mut left = [Node { equal: zeros, less: zeros, all: zeros }; super::MOST_DIGITS];
    let mut chosen = [zeros; super::MOST_DIGITS];
    for word in (0..less.len()).step_by(LANES) {
        for (chosen, digit) in chosen.iter_mut().zip(digits) {
            *chosen = lanes(digit, word);
        }
        for pair in 0..pairs {
            let first: Lanes = lanes(hot[2 * pair], word);
            let second = if pair + 1 < pairs {
                lanes(hot[2 * pair + 1], word)
            } else {
                let mut last = [parity; LANES];
                for node in &left[..upper] {
                    last.iter_mut().zip(&node.all).for_each(|(last, all)| *last ^= all);
                }
                last.iter_mut().zip(&first).for_each(|(last, first)| *last ^= first);
                last
            };
            let mut node = Node { equal: zeros, less: zeros, all: zeros };
            for lane in 0..LANES {
                let digit = chosen[0][lane];
                node.equal[lane] = first[lane] & !digit | second[lane] & digit;
                node.less[lane] = second[lane] & !digit;
                node.all[lane] = first[lane] ^ second[lane];
            }
            let merges = pair.trailing_ones() as usize;
            for (left, digit) in left.iter().zip(&chosen[1..]).take(merges) {
                for lane in 0..LANES {
                    let digit = digit[lane];
                    let behind = left.less[lane] ^ node.all[lane];
                    node.equal[lane] = left.equal[lane] & !digit | node.equal[lane] & digit;
                    node.less[lane] = behind & !digit | node.less[lane] & digit;
                    node.all[lane] ^= left.all[lane];
                }
            }
            left[merges] = node;
        }
        let count = LANES.min(less.len() - word);
        less[word..word + count].copy_from_slice(&left[upper].less[..count]);
        equal[word..word + count].copy_from_slice(&left[upper].equal[..count]);
    }
}

pub(super) fn tile_kernel() -> TileKernel {
    const ROWS: usize = 4;
    const COLUMNS: usize = 2;
    fn run(left: &[u64], right: &[u64], tile: &mut [u64]) {
        let mut sums = [[0_u64; COLUMNS]; ROWS];
        let (left, right) = (left.as_chunks::<ROWS>().0, right.as_chunks::<COLUMNS>().0);
        for (left, right) in left.iter().zip(right) {
            for (sums, a) in sums.iter_mut().zip(left) {
                for (sum, b) in sums.iter_mut().zip(right) {
                    *sum = sum.wrapping_add(a.wrapping_mul(*b));
                }
            }
        }
        tile.copy_from_slice(sums.as_flattened());
    }
    TileKernel { rows: ROWS, columns: COLUMNS, halved_from: 256, run }
}
