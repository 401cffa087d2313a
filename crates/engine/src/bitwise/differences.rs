use cryptab_tensor::{Bits, compare_digits};

use super::tables::tail_mask;

/// Positions of a block.
pub(crate) const BLOCK: usize = 4;
/// Blocks of a word.
const BLOCKS: usize = 16;
/// Planes of a block's table: its one-hot word without the last position.
const TABLE: usize = (1 << BLOCK) - 1;

/// What `a - r` takes, from the digits of `a` and shares of the one-hot words of the blocks of
/// `r` (without their last position).
///
/// Planes of the result: for all blocks, `[a < r]` and `[a = r]` of the lowest digit, of the two
/// lowest, up to the whole block; then, for all positions, `a xor r`. Linear in the shares.
pub(crate) fn differences(digits: &Bits, tables: &Bits, leads: bool) -> Bits {
    let len = digits.len();
    let mut all = Bits::zeros(len, 3 * BLOCK * BLOCKS);
    let (parity, tail) = (if leads { u64::MAX } else { 0 }, tail_mask(len));
    let words = digits.words_per_plane();
    for block in 0..BLOCKS {
        let first = block * BLOCK;
        let table: Vec<&[u64]> = (0..TABLE).map(|at| tables.plane(block * TABLE + at)).collect();
        let digits: Vec<&[u64]> = (first..first + BLOCK).map(|at| digits.plane(at)).collect();
        for lowest in 1..=BLOCK {
            // The one-hot word of the lowest digits.
            let size = 1 << lowest;
            let summed = |value: usize| sum(words, table.iter().skip(value).step_by(size));
            let table: Vec<Vec<u64>> = (0..size - 1).map(summed).collect();
            let table: Vec<&[u64]> = table.iter().map(Vec::as_slice).collect();
            let (mut less, mut equal) = (vec![0; words], vec![0; words]);
            compare_digits(&digits[..lowest], &table, parity, &mut less, &mut equal);
            let plane = 2 * (first + lowest - 1);
            store(&mut all, plane, less, tail);
            store(&mut all, plane + 1, equal, tail);
        }
        for (at, digit) in digits.into_iter().enumerate() {
            // The digit of r is 0 where one of these positions is hot.
            let zero = (0..TABLE).filter(|value| value >> at & 1 == 0).map(|value| &table[value]);
            let mut same = sum(words, zero);
            let halves = same.iter_mut().zip(digit);
            halves.for_each(|(share, digit)| *share ^= !digit & parity);
            store(&mut all, 2 * BLOCK * BLOCKS + first + at, same, tail);
        }
    }
    all
}

fn sum<'a>(words: usize, planes: impl Iterator<Item = &'a &'a [u64]>) -> Vec<u64> {
    planes.fold(vec![0; words], |mut total, plane| {
        total.iter_mut().zip(*plane).for_each(|(sum, word)| *sum ^= word);
        total
    })
}

fn store(all: &mut Bits, plane: usize, mut words: Vec<u64>, tail: u64) {
    if let Some(last) = words.last_mut() {
        *last &= tail;
    }
    all.plane_mut(plane).copy_from_slice(&words);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_compare_all_their_lowest_digits() {
        let numbers: Vec<u64> = (0..256).collect();
        let digits = Bits::slice_ring(&numbers.iter().map(|n| n % 16).collect::<Vec<_>>(), 0, 64);
        let mut tables = Bits::zeros(numbers.len(), BLOCKS * TABLE);
        for (i, known) in numbers.iter().map(|n| usize::try_from(n / 16).unwrap()).enumerate() {
            for (block, value) in [(0, known), (1, 0)] {
                if value < TABLE {
                    tables.plane_mut(block * TABLE + value)[i / 64] |= 1 << (i % 64);
                }
            }
        }
        let all = differences(&digits, &tables, true);
        for (i, n) in numbers.iter().enumerate() {
            let (a, r) = (n % 16, n / 16);
            for lowest in 1..=4 {
                let (a, r) = (a % (1 << lowest), r % (1 << lowest));
                assert_eq!(all.bit(2 * lowest - 2, i), a < r);
                assert_eq!(all.bit(2 * lowest - 1, i), a == r);
            }
            for at in 0..4 {
                assert_eq!(all.bit(128 + at, i), (a ^ r) >> at & 1 == 1);
            }
            assert!(all.bit(15, i) && !all.bit(14, i), "0 = 0 in the second block");
        }
    }
}
