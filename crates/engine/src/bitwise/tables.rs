use cryptab_tensor::{Bits, compare_digits};

/// For every block, shares of `[a < r]` and of `[a = r]`, where `a` are the public digits and
/// the tables, from plane `first_table` on, are shares of the one-hot words of the blocks of `r`
/// (without their last position, which is the parity of the others, negated by the `leads` party).
///
/// Planes of the result: lt of block 0, eq of block 0, lt of block 1, ...
/// Source: one-time truth tables, Ishai et al. (TCC 2013).
pub(crate) fn look_up(
    digits: &Bits,
    (tables, first_table): (&Bits, usize),
    blocks: &[u8],
    leads: bool,
) -> Bits {
    let words = digits.words_per_plane();
    let mut pairs = Bits::zeros(digits.len(), 2 * blocks.len());
    let (mut first_digit, mut first_table) = (0, first_table);
    let parity = if leads { u64::MAX } else { 0 };
    let tail = tail_mask(digits.len());
    for (block, &width) in blocks.iter().enumerate() {
        let (width, size) = (usize::from(width), 1_usize << width);
        let digit_planes: Vec<&[u64]> = (0..width).map(|i| digits.plane(first_digit + i)).collect();
        let table_planes: Vec<&[u64]> =
            (0..size - 1).map(|i| tables.plane(first_table + i)).collect();
        let (mut less_plane, mut equal_plane) = (vec![0; words], vec![0; words]);
        compare_digits(&digit_planes, &table_planes, parity, &mut less_plane, &mut equal_plane);
        if let Some(word) = words.checked_sub(1) {
            less_plane[word] &= tail;
            equal_plane[word] &= tail;
        }
        pairs.plane_mut(2 * block).copy_from_slice(&less_plane);
        pairs.plane_mut(2 * block + 1).copy_from_slice(&equal_plane);
        first_digit += width;
        first_table += size - 1;
    }
    pairs
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

    #[test]
    fn tables_compare_every_pair_of_digits() {
        let blocks = [3_u8, 2];
        let numbers: Vec<u64> = (0..32 * 32).collect();
        let digits = Bits::slice_ring(&numbers.iter().map(|n| n % 32).collect::<Vec<_>>(), 0, 5);
        let mut tables = Bits::zeros(numbers.len(), 7 + 3);
        for (i, known) in numbers.iter().map(|n| n / 32).enumerate() {
            for (first, digit, size) in [(0, known & 7, 8), (7, known >> 3, 4)] {
                if digit < size - 1 {
                    tables.plane_mut(first + usize::try_from(digit).unwrap())[i / 64] |=
                        1 << (i % 64);
                }
            }
        }
        let pairs = look_up(&digits, (&tables, 0), &blocks, true);
        for (i, n) in numbers.iter().enumerate() {
            let (a, r) = (n % 32, n / 32);
            for (block, (a, r)) in [(a & 7, r & 7), (a >> 3, r >> 3)].into_iter().enumerate() {
                assert_eq!(pairs.bit(2 * block, i), a < r);
                assert_eq!(pairs.bit(2 * block + 1, i), a == r);
            }
        }
    }
}
