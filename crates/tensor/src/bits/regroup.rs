//! One long plane as several short ones, and back.

use super::{Bits, WORD};
use crate::{Error, Result};

impl Bits {
    /// One plane cut into `planes` planes of equal length.
    ///
    /// # Errors
    /// [`Error::Packed`] when there is not exactly one plane, or its length is no multiple of `planes`.
    pub fn split(&self, planes: usize) -> Result<Self> {
        let len = self.len().checked_div(planes).unwrap_or(0);
        if self.planes() != 1 || len * planes != self.len() {
            let (expected, actual) = (planes * len, self.planes() * self.len());
            return Err(Error::Packed { op: "bits split", unit: "bits", expected, actual });
        }
        let mut parts = Self::zeros(len, planes);
        let source = self.words();
        for plane in 0..planes {
            let (word, shift) = (plane * len / WORD, plane * len % WORD);
            for (i, out) in parts.plane_mut(plane).iter_mut().enumerate() {
                *out = source[word + i] >> shift;
                if shift > 0 && word + i + 1 < source.len() {
                    *out |= source[word + i + 1] << (WORD - shift);
                }
            }
        }
        parts.clear_unused();
        Ok(parts)
    }

    /// All planes, one after the other, as one plane: the inverse of [`Bits::split`].
    pub fn joined(&self) -> Self {
        let mut all = Self::zeros(self.len() * self.planes(), 1);
        let words = all.words_mut();
        for plane in 0..self.planes() {
            let (word, shift) = (plane * self.len() / WORD, plane * self.len() % WORD);
            for (i, &bits) in self.plane(plane).iter().enumerate() {
                words[word + i] |= bits << shift;
                let over = if shift > 0 { bits >> (WORD - shift) } else { 0 };
                if over != 0 {
                    words[word + i + 1] |= over;
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn joined_inverts_split(planes in 1_usize..9, len in 0_usize..150, seed in vec(any::<u64>(), 22)) {
            let total = planes * len;
            let plane = Bits::from_words(total, 1, seed[..total.div_ceil(64)].to_vec()).unwrap();
            let parts = plane.split(planes).unwrap();
            prop_assert_eq!((parts.len(), parts.planes()), (len, planes));
            for i in 0..total {
                prop_assert_eq!(parts.bit(i / len, i % len), plane.bit(0, i));
            }
            prop_assert_eq!(parts.joined(), plane);
        }
    }

    #[test]
    fn uneven_parts_are_refused() {
        assert!(Bits::zeros(7, 1).split(2).is_err());
        assert!(Bits::zeros(8, 2).split(2).is_err());
        assert!(Bits::zeros(8, 1).split(0).is_err());
        assert!(Bits::zeros(0, 1).split(3).is_ok());
    }
}
