//! Packed bit planes.

mod bytes;
mod regroup;
mod ring;

use std::{fmt, ops::Range, sync::Arc};

use crate::{Error, Result, parallel};

/// Bits per word.
const WORD: usize = u64::BITS as usize;

/// `planes` planes of `len` bits. Plane after plane; bit `i` of a plane is bit `i % 64` of its word `i / 64`; the
/// unused bits of a plane's last word are always 0. Cheap to clone (clones share their words until one is written to).
///
/// Its `Debug` form shows the sizes only, because the bits may be somebody's share.
#[derive(Clone, Eq, PartialEq)]
pub struct Bits {
    len: usize,
    planes: usize,
    words: Arc<Vec<u64>>,
}

impl Bits {
    /// All bits 0.
    pub fn zeros(len: usize, planes: usize) -> Self {
        Self { len, planes, words: Arc::new(vec![0; planes * len.div_ceil(WORD)]) }
    }

    /// Planes from their words, `len.div_ceil(64)` words each. Unused bits may be anything; they become 0.
    ///
    /// # Errors
    /// [`Error::Packed`] when the number of words is not `planes * len.div_ceil(64)`.
    pub fn from_words(len: usize, planes: usize, words: Vec<u64>) -> Result<Self> {
        let expected = planes.saturating_mul(len.div_ceil(WORD));
        if words.len() != expected {
            let actual = words.len();
            return Err(Error::Packed { op: "bits from words", unit: "words", expected, actual });
        }
        let mut bits = Self { len, planes, words: Arc::new(words) };
        bits.clear_unused();
        Ok(bits)
    }

    /// All planes of the first, then all planes of the second, and so on.
    ///
    /// # Errors
    /// [`Error::Planes`] when their lengths differ. No bits at all are 0 planes of 0 bits.
    pub fn concat(parts: &[Self]) -> Result<Self> {
        let Some(first) = parts.first() else {
            return Ok(Self::zeros(0, 0));
        };
        if let Some(other) = parts.iter().find(|part| part.len != first.len) {
            return Err(first.misfit("bits concat", other));
        }
        let planes = parts.iter().map(|part| part.planes).sum();
        let words: Vec<&[u64]> = parts.iter().map(|part| part.words.as_slice()).collect();
        Ok(Self { len: first.len, planes, words: Arc::new(words.concat()) })
    }

    /// The words of plane `plane`, for writing. Bits past `len` must stay 0.
    ///
    /// # Panics
    /// When there is no such plane.
    pub fn plane_mut(&mut self, plane: usize) -> &mut [u64] {
        let range = self.plane_range(plane);
        &mut self.words_mut()[range]
    }

    /// Has `change` write to the words of every plane, given its number. Unused bits become 0.
    pub fn change_planes(&mut self, mut change: impl FnMut(usize, &mut [u64])) {
        if self.is_empty() {
            return;
        }
        let per_plane = self.words_per_plane();
        let planes = self.words_mut().chunks_exact_mut(per_plane).enumerate();
        planes.for_each(|(plane, words)| change(plane, words));
        self.clear_unused();
    }

    /// `self ^= other`.
    ///
    /// # Errors
    /// [`Error::Planes`] when the sizes differ.
    pub fn xor_assign(&mut self, other: &Self) -> Result<()> {
        self.check_same("bits xor", other)?;
        for (word, other) in self.words_mut().iter_mut().zip(other.words()) {
            *word ^= other;
        }
        Ok(())
    }

    /// Bits per plane.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no bit at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0 || self.planes == 0
    }

    /// The number of planes.
    pub fn planes(&self) -> usize {
        self.planes
    }

    /// The words of a plane: `len.div_ceil(64)`.
    pub fn words_per_plane(&self) -> usize {
        self.len.div_ceil(WORD)
    }

    /// All words, plane after plane.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// All words, plane after plane.
    pub fn into_words(self) -> Vec<u64> {
        Arc::unwrap_or_clone(self.words)
    }

    /// The words of plane `plane`.
    ///
    /// # Panics
    /// When there is no such plane.
    pub fn plane(&self, plane: usize) -> &[u64] {
        &self.words[self.plane_range(plane)]
    }

    /// Bit `index` of plane `plane`.
    ///
    /// # Panics
    /// When there is no such bit.
    pub fn bit(&self, plane: usize, index: usize) -> bool {
        assert!(index < self.len, "bit {index} of {}", self.len);
        self.plane(plane)[index / WORD] >> (index % WORD) & 1 == 1
    }

    /// A copy of some consecutive planes.
    ///
    /// # Panics
    /// When the range exceeds the planes.
    pub fn select(&self, planes: Range<usize>) -> Self {
        let per_plane = self.words_per_plane();
        assert!(planes.end <= self.planes, "planes {planes:?} of {}", self.planes);
        let words = self.words[planes.start * per_plane..planes.end * per_plane].to_vec();
        Self { len: self.len, planes: planes.len(), words: Arc::new(words) }
    }

    /// `self ^ other`, plane by plane.
    ///
    /// # Errors
    /// [`Error::Planes`] when the sizes differ.
    pub fn xor(&self, other: &Self) -> Result<Self> {
        self.combine("bits xor", other, |a, b| a ^ b)
    }

    /// `self & other`, plane by plane.
    ///
    /// # Errors
    /// [`Error::Planes`] when the sizes differ.
    pub fn and(&self, other: &Self) -> Result<Self> {
        self.combine("bits and", other, |a, b| a & b)
    }

    /// Every bit flipped (the unused ones stay 0).
    pub fn not(&self) -> Self {
        let words = self.words.iter().map(|word| !word).collect();
        let mut flipped = Self { len: self.len, planes: self.planes, words: Arc::new(words) };
        flipped.clear_unused();
        flipped
    }

    fn combine(
        &self,
        op: &'static str,
        other: &Self,
        combine: impl Fn(u64, u64) -> u64 + Sync + Send,
    ) -> Result<Self> {
        self.check_same(op, other)?;
        let mut words = vec![0; self.words.len()];
        let chunk = parallel::chunk_size(words.len(), parallel::WORTHWHILE);
        parallel::for_each_chunk(&mut words, chunk, |index, out| {
            let range = index * chunk..index * chunk + out.len();
            let (a, b) = (&self.words[range.clone()], &other.words[range]);
            for ((out, a), b) in out.iter_mut().zip(a).zip(b) {
                *out = combine(*a, *b);
            }
        });
        Ok(Self { len: self.len, planes: self.planes, words: Arc::new(words) })
    }

    fn words_mut(&mut self) -> &mut [u64] {
        Arc::make_mut(&mut self.words).as_mut_slice()
    }

    fn plane_range(&self, plane: usize) -> Range<usize> {
        assert!(plane < self.planes, "plane {plane} of {}", self.planes);
        let per_plane = self.words_per_plane();
        plane * per_plane..(plane + 1) * per_plane
    }

    fn clear_unused(&mut self) {
        let (used, per_plane) = (self.len % WORD, self.words_per_plane());
        if used == 0 {
            return;
        }
        for plane in self.words_mut().chunks_exact_mut(per_plane) {
            plane[per_plane - 1] &= (1 << used) - 1;
        }
    }

    fn check_same(&self, op: &'static str, other: &Self) -> Result<()> {
        if (self.len, self.planes) == (other.len, other.planes) {
            return Ok(());
        }
        Err(self.misfit(op, other))
    }

    fn misfit(&self, op: &'static str, other: &Self) -> Error {
        Error::Planes {
            op,
            left_planes: self.planes,
            left_len: self.len,
            right_planes: other.planes,
            right_len: other.len,
        }
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bits")
            .field("len", &self.len)
            .field("planes", &self.planes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unused_bits_stay_zero() {
        let ones = Bits::zeros(70, 2).not();
        assert_eq!(ones.words(), [u64::MAX, 63, u64::MAX, 63]);
        assert_eq!(Bits::from_words(70, 2, vec![u64::MAX; 4]).unwrap(), ones);
        assert_eq!(ones.not(), Bits::zeros(70, 2));
        assert!(ones.bit(1, 69));
    }

    #[test]
    fn words_combine() {
        let a = Bits::from_words(4, 2, vec![0b1100, 0b0001]).unwrap();
        let b = Bits::from_words(4, 2, vec![0b1010, 0b0011]).unwrap();
        assert_eq!(a.xor(&b).unwrap().words(), [0b0110, 0b0010]);
        assert_eq!(a.and(&b).unwrap().words(), [0b1000, 0b0001]);
        let mut c = a.clone();
        c.xor_assign(&b).unwrap();
        assert_eq!(c, a.xor(&b).unwrap());
        assert_eq!(c.select(1..2).words(), [0b0010]);
        let message = a.xor(&Bits::zeros(4, 1)).unwrap_err().to_string();
        assert_eq!(message, "bits xor: 2 planes of 4 bits and 1 planes of 4 bits do not fit");
    }

    #[test]
    fn planes_concatenate() {
        let a = Bits::from_words(4, 1, vec![1]).unwrap();
        let b = Bits::from_words(4, 2, vec![2, 3]).unwrap();
        let both = Bits::concat(&[a.clone(), b]).unwrap();
        assert_eq!((both.planes(), both.words()), (3, [1, 2, 3].as_slice()));
        assert!(Bits::concat(&[a, Bits::zeros(5, 1)]).is_err());
        assert!(Bits::concat(&[]).unwrap().is_empty());
    }

    #[test]
    fn word_counts_are_checked() {
        assert!(Bits::from_words(65, 2, vec![0; 3]).is_err());
        assert!(Bits::from_words(usize::MAX, usize::MAX, vec![]).is_err());
        assert!(Bits::from_words(0, 5, vec![]).unwrap().is_empty());
    }
}
