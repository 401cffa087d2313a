use std::ops::Range;

use cryptab_tensor::{Bits, compare_digits};

/// One comparison with the number that the tables are of.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// Low digits that do not count; whole blocks.
    pub(crate) first_digit: usize,
    /// The plane where the tables of the lowest block that counts start.
    pub(crate) first_table: usize,
    /// Digits of the blocks that count, least significant first.
    pub(crate) blocks: Vec<u8>,
    /// Whether the digit above them is wanted too.
    pub(crate) above: bool,
    /// Is subtracted from the public number that is left.
    pub(crate) number: u64,
}

/// Words of a plane that several cuts work on, one after the other: so much of all planes is copied
/// together, and stays in a cache.
const TILE: usize = 64;

/// For every cut and every block, shares of `[a < r]` and of `[a = r]`, where `a` are the public
/// digits less the cut, and the tables are shares of the one-hot words of the blocks of `r`
/// (without their last position, which is the parity of the others, negated by the `leads` party).
///
/// Planes of the results: lt of block 0, eq of block 0, lt of block 1, ..., the digit above if it
/// is wanted.
/// Source: one-time truth tables, Ishai et al. (TCC 2013).
pub(crate) fn look_up(digits: &Bits, tables: &Bits, cuts: &[Comparison], leads: bool) -> Vec<Bits> {
    let words = digits.words_per_plane();
    let mut results: Vec<Vec<u64>> =
        cuts.iter().map(|cut| vec![0; cut.results() * words]).collect();
    let parity = if leads { u64::MAX } else { 0 };
    let (digits_whole, tables_whole) = (planes(digits), planes(tables));
    if words == 0 {
        // There is nothing to compare.
    } else if let ([cut], [result]) = (cuts, &mut results[..]) {
        cut.look_up(&digits_whole, &tables_whole, parity, result.chunks_exact_mut(words));
    } else {
        let (mut near_digits, mut near_tables) = (Vec::new(), Vec::new());
        for start in (0..words).step_by(TILE) {
            let tile = start..words.min(start + TILE);
            let digits = gather(&mut near_digits, &digits_whole, &tile);
            let tables = gather(&mut near_tables, &tables_whole, &tile);
            for (cut, result) in cuts.iter().zip(&mut results) {
                let planes = result.chunks_exact_mut(words).map(|plane| &mut plane[tile.clone()]);
                cut.look_up(&digits, &tables, parity, planes);
            }
        }
    }
    let bits = |(cut, words): (&Comparison, Vec<u64>)| {
        let bits = Bits::from_words(digits.len(), cut.results(), words);
        bits.expect("as many words as planes take")
    };
    cuts.iter().zip(results).map(bits).collect()
}

fn planes(bits: &Bits) -> Vec<&[u64]> {
    (0..bits.planes()).map(|plane| bits.plane(plane)).collect()
}

/// A part of all planes, copied together.
fn gather<'a>(room: &'a mut Vec<u64>, planes: &[&[u64]], part: &Range<usize>) -> Vec<&'a [u64]> {
    room.clear();
    planes.iter().for_each(|plane| room.extend_from_slice(&plane[part.clone()]));
    room.chunks_exact(part.len()).collect()
}

impl Comparison {
    /// Planes of the result.
    fn results(&self) -> usize {
        2 * self.blocks.len() + usize::from(self.above)
    }

    fn look_up<'a>(
        &self,
        digits: &[&[u64]],
        tables: &[&[u64]],
        parity: u64,
        mut results: impl Iterator<Item = &'a mut [u64]>,
    ) {
        let mut next = || results.next().expect("two planes per block, and one");
        let count = self.blocks.iter().map(|&width| usize::from(width)).sum::<usize>();
        let digits = &digits[self.first_digit..][..count + usize::from(self.above)];
        let less = less(digits, self.number);
        let less: Vec<&[u64]> = less.iter().map(Vec::as_slice).collect();
        let digits = if self.number == 0 { digits } else { &less };
        let (mut low, mut tables) = (digits, &tables[self.first_table..]);
        for &width in &self.blocks {
            let (block, rest) = low.split_at(width.into());
            let (hot, others) = tables.split_at((1 << width) - 1);
            compare_digits(block, hot, parity, next(), next());
            (low, tables) = (rest, others);
        }
        low.iter().for_each(|above| next().copy_from_slice(above));
    }
}

/// The digits less a number, modulo a power of two; nothing if that is 0.
fn less(digits: &[&[u64]], number: u64) -> Vec<Vec<u64>> {
    if number == 0 {
        return Vec::new();
    }
    let mut borrows = vec![0; digits.first().map_or(0, |plane| plane.len())];
    let subtract = |(place, digits): (usize, &&[u64])| {
        let subtrahend = (number >> place & 1).wrapping_neg();
        let subtract = |(borrow, &digit): (&mut u64, &u64)| {
            let difference = digit ^ subtrahend ^ *borrow;
            *borrow = !digit & (subtrahend | *borrow) | subtrahend & *borrow;
            difference
        };
        borrows.iter_mut().zip(*digits).map(subtract).collect()
    };
    digits.iter().enumerate().map(subtract).collect()
}

pub(crate) const fn tail_mask(len: usize) -> u64 {
    match len % 64 {
        0 => u64::MAX,
        rest => (1 << rest) - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCKS: [u8; 2] = [3, 2];

    /// All pairs of numbers of 5 bits, below a digit that does not count; and three times, for
    /// several tiles.
    fn pairs() -> Vec<(u64, u64)> {
        let all = (0..64 * 32).map(|n| (n % 64, n / 64));
        all.clone().chain(all.clone()).chain(all).collect()
    }

    fn tables(numbers: &[(u64, u64)]) -> Bits {
        let mut tables = Bits::zeros(numbers.len(), 7 + 3);
        for (i, (_, known)) in numbers.iter().enumerate() {
            for (first, digit, size) in [(0, known & 7, 8), (7, known >> 3, 4)] {
                if digit < size - 1 {
                    tables.plane_mut(first + usize::try_from(digit).unwrap())[i / 64] |=
                        1 << (i % 64);
                }
            }
        }
        tables
    }

    #[test]
    fn what_is_above_may_be_unwanted() {
        let numbers = pairs();
        let public: Vec<u64> = numbers.iter().map(|(a, _)| *a & 31).collect();
        let digits = Bits::slice_ring(&public, 0, 5);
        let blocks = BLOCKS.to_vec();
        let cut = Comparison { first_digit: 0, first_table: 0, blocks, above: false, number: 0 };
        let results = look_up(&digits, &tables(&numbers), &[cut], true);
        for (i, &(a, r)) in numbers.iter().enumerate() {
            assert_eq!(results[0].bit(1, i) && results[0].bit(3, i), a & 31 == r);
        }
    }

    #[test]
    fn tables_compare_every_pair_of_digits() {
        let numbers = pairs();
        let public: Vec<u64> = numbers.iter().map(|(a, _)| *a).collect();
        let digits = Bits::slice_ring(&public, 0, 6);
        let whole = |number| Comparison {
            first_digit: 0,
            first_table: 0,
            blocks: BLOCKS.into(),
            above: true,
            number,
        };
        let high = |number| Comparison {
            first_digit: 3,
            first_table: 7,
            blocks: vec![2],
            above: true,
            number,
        };
        let cuts = [whole(0), whole(1), whole(13), whole(63), high(0), high(5)];
        let results = look_up(&digits, &tables(&numbers), &cuts, true);
        for (i, &(a, r)) in numbers.iter().enumerate() {
            for (cut, result) in cuts.iter().zip(&results) {
                let a = (a >> cut.first_digit).wrapping_sub(cut.number);
                let blocks = match cut.first_digit {
                    0 => vec![(a & 7, r & 7), (a >> 3 & 3, r >> 3), (a >> 5 & 1, 0)],
                    _ => vec![(a & 3, r >> 3), (a >> 2 & 1, 0)],
                };
                let ((above, _), blocks) = blocks.split_last().unwrap();
                for (block, (a, r)) in blocks.iter().enumerate() {
                    assert_eq!(result.bit(2 * block, i), a < r, "{cut:?}");
                    assert_eq!(result.bit(2 * block + 1, i), a == r, "{cut:?}");
                }
                assert_eq!(result.bit(2 * blocks.len(), i), *above == 1, "{cut:?}");
            }
        }
    }
}
