//! Bit planes as bytes: `ceil(len / 8)` bytes a plane, least significant bit first.

use super::Bits;
use crate::{Error, Result};

impl Bits {
    /// The planes, one after the other, `ceil(len / 8)` bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let per_plane = self.len().div_ceil(8);
        let mut bytes = Vec::with_capacity(self.planes() * per_plane + 7);
        if self.is_empty() {
            return bytes;
        }
        for plane in self.words().chunks_exact(self.words_per_plane()) {
            let end = bytes.len() + per_plane;
            bytes.extend(plane.iter().flat_map(|word| word.to_le_bytes()));
            bytes.truncate(end);
        }
        bytes
    }

    /// One plane: the first of `bytes` become its `ceil(len / 8)` bytes.
    ///
    /// # Panics
    /// When there are fewer bytes.
    pub fn plane_to_bytes(&self, plane: usize, bytes: &mut [u8]) {
        let bytes = &mut bytes[..self.len().div_ceil(8)];
        for (bytes, word) in bytes.chunks_mut(8).zip(self.plane(plane)) {
            bytes.copy_from_slice(&word.to_le_bytes()[..bytes.len()]);
        }
    }

    /// The inverse of [`Bits::to_bytes`].
    ///
    /// # Errors
    /// As [`Bits::check_bytes`].
    pub fn from_bytes(len: usize, planes: usize, bytes: &[u8]) -> Result<Self> {
        Self::check_bytes(len, planes, bytes)?;
        let mut bits = Self::zeros(len, planes);
        if !bits.is_empty() {
            let planes = bytes.chunks_exact(len.div_ceil(8)).enumerate();
            planes.for_each(|(plane, bytes)| bits.set_plane(plane, 0, bytes));
        }
        Ok(bits)
    }

    /// Writes the bits of `bytes` to a plane, from bit `start` on: a multiple of 64. Bits past `len` must be 0.
    ///
    /// # Panics
    /// When there is no such plane, or it is too short.
    pub fn set_plane(&mut self, plane: usize, start: usize, bytes: &[u8]) {
        assert!(start.is_multiple_of(64), "bits start at a word");
        let (whole, rest) = bytes.as_chunks::<8>();
        let words = &mut self.plane_mut(plane)[start / 64..][..bytes.len().div_ceil(8)];
        for (word, bytes) in words.iter_mut().zip(whole) {
            *word = u64::from_le_bytes(*bytes);
        }
        if let (Some(last), false) = (words.last_mut(), rest.is_empty()) {
            let mut wide = [0; 8];
            wide[..rest.len()].copy_from_slice(rest);
            *last = u64::from_le_bytes(wide);
        }
    }

    /// Whether `bytes` are planes.
    ///
    /// # Errors
    /// [`Error::Packed`] unless there are exactly `planes * ceil(len / 8)` bytes, [`Error::Padding`] when unused bits
    /// are set.
    pub fn check_bytes(len: usize, planes: usize, bytes: &[u8]) -> Result<()> {
        let per_plane = len.div_ceil(8);
        let expected = planes.saturating_mul(per_plane);
        if bytes.len() != expected {
            let actual = bytes.len();
            return Err(Error::Packed { op: "bits from bytes", unit: "bytes", expected, actual });
        }
        let used = len % 8;
        let mut last = bytes.iter().skip(per_plane.saturating_sub(1)).step_by(per_plane.max(1));
        if used > 0 && last.any(|byte| byte >> used != 0) {
            return Err(Error::Padding { op: "bits from bytes" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    #[test]
    fn wrong_lengths_and_padding_are_refused() {
        assert!(Bits::from_bytes(9, 2, &[0; 4]).is_ok());
        assert!(Bits::from_bytes(9, 2, &[0; 3]).is_err());
        assert!(Bits::from_bytes(9, 2, &[0; 5]).is_err());
        assert!(Bits::from_bytes(usize::MAX, usize::MAX, &[]).is_err());
        let padding = Err(Error::Padding { op: "bits from bytes" });
        assert_eq!(Bits::from_bytes(9, 2, &[255, 2, 0, 0]), padding);
        assert_eq!(Bits::from_bytes(0, 3, &[]), Ok(Bits::zeros(0, 3)));
    }

    proptest! {
        #[test]
        fn from_bytes_inverts_to_bytes(len in 0_usize..200, planes in 0_usize..4, seed in vec(any::<u64>(), 16)) {
            let words = seed[..planes * len.div_ceil(64)].to_vec();
            let bits = Bits::from_words(len, planes, words).unwrap();
            let bytes = bits.to_bytes();
            prop_assert_eq!(bytes.len(), planes * len.div_ceil(8));
            prop_assert_eq!(Bits::from_bytes(len, planes, &bytes), Ok(bits));
        }
    }
}
