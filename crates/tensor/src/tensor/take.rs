//! Slices of an axis, in any order.

use super::Tensor;
use crate::{Error, Result, shape};

impl Tensor {
    /// The slices of `axis` at these positions, in this order; a position may repeat.
    ///
    /// # Errors
    /// [`Error::Axis`] for an axis that does not exist, [`Error::Parameter`] for a position beyond it,
    /// [`Error::TooLarge`] when the result does not fit into memory.
    pub fn take(&self, axis: usize, positions: &[usize]) -> Result<Self> {
        const OP: &str = "take";
        let mut shape = self.shape().to_vec();
        let Some(size) = shape.get_mut(axis) else {
            return Err(Error::Axis { op: OP, shape, axis });
        };
        let available = std::mem::replace(size, positions.len());
        if let Some(&beyond) = positions.iter().find(|&&position| position >= available) {
            return Err(Error::Parameter {
                op: OP,
                shape: self.shape().to_vec(),
                reason: "a position must lie within the axis",
                value: beyond as i128,
            });
        }
        let count = shape::count(OP, &shape)?;
        let inner: usize = shape[axis + 1..].iter().product();
        let block = available * inner;
        if count == 0 || block == 0 {
            return Ok(Self::assemble(&shape, vec![0; count]));
        }
        let mut data = Vec::with_capacity(count);
        for source in self.as_slice().chunks_exact(block) {
            match inner {
                1 => data.extend(positions.iter().map(|&position| source[position])),
                _ => positions.iter().for_each(|&position| {
                    data.extend_from_slice(&source[position * inner..(position + 1) * inner]);
                }),
            }
        }
        Ok(Self::assemble(&shape, data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_taken_in_any_order() {
        let x = Tensor::from_vec(&[2, 3, 2], (0..12).collect()).unwrap();
        let y = x.take(1, &[2, 0, 2]).unwrap();
        assert_eq!(y.shape(), [2, 3, 2]);
        assert_eq!(y.into_vec(), [4, 5, 0, 1, 4, 5, 10, 11, 6, 7, 10, 11]);
        assert_eq!(x.take(2, &[1]).unwrap().into_vec(), [1, 3, 5, 7, 9, 11]);
        assert_eq!(x.take(0, &[]).unwrap().shape(), [0, 3, 2]);
        assert!(x.take(1, &[3]).is_err());
        assert!(x.take(3, &[0]).is_err());
        assert!(Tensor::zeros(&[2, 0]).take(0, &[1, 1, 0]).unwrap().is_empty());
    }
}
