use cryptab_tensor::Bits;

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
        let mut here = [[0; LANES]; 256];
        for word in (0..words).step_by(LANES) {
            minterms(&mut here[..size], &digit_planes, word);
            let (mut less, mut equal, mut above) = ([0; LANES], [0; LANES], [0; LANES]);
            let mut last = [parity; LANES];
            for (here, plane) in here.iter().zip(&table_planes) {
                let hot = load(plane, word);
                for lane in 0..LANES {
                    equal[lane] ^= hot[lane] & here[lane];
                    less[lane] ^= hot[lane] & above[lane];
                    above[lane] ^= here[lane];
                    last[lane] ^= hot[lane];
                }
            }
            let highest = &here[size - 1];
            for lane in 0..LANES.min(words - word) {
                equal_plane[word + lane] = equal[lane] ^ last[lane] & highest[lane];
                less_plane[word + lane] = less[lane] ^ last[lane] & above[lane];
            }
        }
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

/// Words that are worked on side by side.
const LANES: usize = 8;

/// Words of a plane from `word` on; zeros beyond its end.
fn load(plane: &[u64], word: usize) -> [u64; LANES] {
    let rest = &plane[word..];
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut lanes = [0; LANES];
        lanes[..rest.len()].copy_from_slice(rest);
        lanes
    })
}

/// `here[v]`: the elements of these words whose digits have the value v.
fn minterms(here: &mut [[u64; LANES]], digits: &[&[u64]], word: usize) {
    here[0] = [u64::MAX; LANES];
    let mut count = 1;
    for digit in digits {
        let digit = load(digit, word);
        let (low, high) = here.split_at_mut(count);
        for (zero, one) in low.iter_mut().zip(high) {
            for lane in 0..LANES {
                one[lane] = zero[lane] & digit[lane];
                zero[lane] &= !digit[lane];
            }
        }
        count *= 2;
    }
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
