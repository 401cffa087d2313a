//! Ring elements to bit planes and back.

use super::{Bits, WORD};
use crate::{Backend, backend::Block, parallel, pieces::in_pieces};

/// Blocks of 64 elements that are transposed together, so that each plane is written in whole cache lines.
const GROUP: usize = 8;

/// At most this many planes are gathered bit by bit; more are cheaper by transposition.
const FEW_PLANES: u32 = 3;

impl Bits {
    /// Bits `low..low + count` of every element: bit `low + p` of element `i` becomes bit `i` of plane `p`.
    ///
    /// # Panics
    /// When `low + count` exceeds 64.
    pub fn slice_ring(values: &[u64], low: u32, count: u32) -> Self {
        assert!(low <= 64 && count <= 64 - low, "elements have 64 bits, not {low} + {count}");
        let mut bits = Self::zeros(values.len(), count as usize);
        if bits.is_empty() {
            return bits;
        }
        let per_plane = bits.words_per_plane();
        let words = parallel::chunk_size(per_plane, parallel::WORTHWHILE / WORD);
        let words = words.next_multiple_of(GROUP);
        let mut blocks = parallel::column_blocks(bits.words_mut(), per_plane, words);
        parallel::for_each_chunk(&mut blocks, 1, |index, blocks| {
            let first = index * words * WORD;
            let values = &values[first..values.len().min(first + words * WORD)];
            match count {
                0..=FEW_PLANES => gather_planes(values, low, &mut blocks[0]),
                _ => transpose_planes(values, low, &mut blocks[0]),
            }
        });
        bits
    }

    /// The inverse of [`Bits::slice_ring`]: plane `p` becomes bit `low + p` of every element; the other bits are 0.
    ///
    /// # Panics
    /// When `low` plus the number of planes exceeds 64.
    pub fn join_ring(&self, low: u32) -> Vec<u64> {
        let low = low as usize;
        assert!(low + self.planes() <= WORD, "elements have 64 bits");
        let mut out = vec![0; self.len()];
        if self.is_empty() {
            return out;
        }
        let chunk = parallel::chunk_size(out.len(), parallel::WORTHWHILE);
        let chunk = chunk.next_multiple_of(WORD * GROUP);
        parallel::for_each_chunk(&mut out, chunk, |index, out| {
            let first = index * chunk / WORD;
            for (offset, out) in out.chunks_mut(WORD * GROUP).enumerate() {
                let mut group: [Block; GROUP] = [[0; WORD]; GROUP];
                let word = first + offset * GROUP;
                for plane in 0..self.planes() {
                    for (block, bits) in group.iter_mut().zip(&self.plane(plane)[word..]) {
                        block[low + plane] = *bits;
                    }
                }
                for (block, out) in group.iter_mut().zip(out.chunks_mut(WORD)) {
                    Backend::detect().transpose(block);
                    out.copy_from_slice(&block[..out.len()]);
                }
            }
        });
        out
    }

    /// The bits of one plane as elements 0 and 1.
    ///
    /// # Panics
    /// When there is no such plane.
    pub fn to_ring(&self, plane: usize) -> Vec<u64> {
        in_pieces(self.len(), |start, piece| self.spread(plane, start, piece))
    }

    /// Some of [`Bits::to_ring`]: the elements from `start` on, a multiple of 64.
    ///
    /// # Panics
    /// When there are not as many bits.
    pub fn spread(&self, plane: usize, start: usize, elements: &mut [u64]) {
        assert!(start.is_multiple_of(WORD), "elements start at a word");
        Backend::detect().spread(elements, &self.plane(plane)[start / WORD..]);
    }
}

fn transpose_planes(values: &[u64], low: u32, planes: &mut [&mut [u64]]) {
    let mut group = [[0; WORD]; GROUP];
    for (index, values) in values.chunks(WORD * GROUP).enumerate() {
        let blocks = values.len().div_ceil(WORD);
        for (block, values) in group.iter_mut().zip(values.chunks(WORD)) {
            block[..values.len()].copy_from_slice(values);
            block[values.len()..].fill(0);
            Backend::detect().transpose(block);
        }
        let at = index * GROUP;
        for (bit, plane) in (low as usize..).zip(planes.iter_mut()) {
            for (word, block) in plane[at..at + blocks].iter_mut().zip(&group) {
                *word = block[bit];
            }
        }
    }
}

fn gather_planes(values: &[u64], low: u32, planes: &mut [&mut [u64]]) {
    for (index, values) in values.chunks(WORD).enumerate() {
        for (bit, plane) in (low..).zip(planes.iter_mut()) {
            let gathered =
                values.iter().rev().fold(0, |word, value| word << 1 | (value >> bit & 1));
            plane[index] = gathered;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn planes_hold_the_bits(values in vec(any::<u64>(), 0..1_200), low in 0_u32..=64, count in 0_u32..=64) {
            let count = count.min(64 - low);
            let bits = Bits::slice_ring(&values, low, count);
            for plane in 0..count {
                let ring = bits.to_ring(plane as usize);
                prop_assert_eq!(ring.len(), values.len());
                for (value, bit) in values.iter().zip(ring) {
                    prop_assert_eq!(value >> (low + plane) & 1, bit);
                }
            }
            let clean = Bits::from_words(values.len(), count as usize, bits.words().to_vec());
            prop_assert_eq!(clean.unwrap(), bits.clone());
            let mask = if count == 64 { u64::MAX } else { (1 << count) - 1 };
            let joined: Vec<u64> = values
                .iter()
                .map(|value| if count == 0 { 0 } else { (value >> low & mask) << low })
                .collect();
            prop_assert_eq!(bits.join_ring(low), joined);
        }
    }

    #[test]
    fn large_planes_are_cut_into_blocks() {
        let values: Vec<u64> =
            (0..300_001).map(|i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
        let bits = Bits::slice_ring(&values, 0, 64);
        assert_eq!(bits.join_ring(0), values);
        let sign: Vec<u64> = values.iter().map(|value| value >> 63).collect();
        assert_eq!(Bits::slice_ring(&values, 63, 1).to_ring(0), sign);
        assert_eq!(bits.to_ring(63), sign);
    }
}
