//! Sums over axes.

use super::Tensor;
use crate::{Error, Result};

/// What becomes of an axis that is summed over.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum KeepDim {
    /// It disappears from the shape.
    Drop,
    /// It stays, with size 1.
    Keep,
}

impl Tensor {
    /// The sum over some axes, modulo 2^64. No axes: the tensor itself. An empty sum is 0.
    ///
    /// # Errors
    /// [`Error::Axis`] when an axis does not exist or is named twice.
    pub fn sum(&self, axes: &[usize], keep: KeepDim) -> Result<Self> {
        let mut summed = vec![false; self.rank()];
        for &axis in axes {
            match summed.get_mut(axis) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(Error::Axis { op: "sum", shape: self.shape().to_vec(), axis }),
            }
        }
        let mut shape = self.shape().to_vec();
        let mut data: Option<Vec<u64>> = None;
        // Last axis first: the contiguous sums shrink the data before the strided ones see them.
        for axis in (0..shape.len()).rev().filter(|&axis| summed[axis]) {
            let source = data.as_deref().unwrap_or(self.as_slice());
            let outer = shape[..axis].iter().product();
            let inner = shape[axis + 1..].iter().product();
            data = Some(sum_middle(source, outer, shape[axis], inner));
            shape[axis] = 1;
        }
        if keep == KeepDim::Drop {
            let mut flags = summed.iter();
            shape.retain(|_| flags.next() == Some(&false));
        }
        match data {
            Some(data) => Ok(Self::assemble(&shape, data)),
            None => Ok(self.clone()),
        }
    }
}

/// `outer x size x inner` to `outer x inner`.
fn sum_middle(source: &[u64], outer: usize, size: usize, inner: usize) -> Vec<u64> {
    let mut out = vec![0_u64; outer * inner];
    if source.is_empty() {
        return out;
    }
    for (sums, block) in out.chunks_exact_mut(inner).zip(source.chunks_exact(size * inner)) {
        if inner == 1 {
            sums[0] = block.iter().fold(0, |sum, value| sum.wrapping_add(*value));
            continue;
        }
        for row in block.chunks_exact(inner) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum = sum.wrapping_add(*value);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_any_axes() {
        let x = Tensor::from_vec(&[2, 3, 2], (0..12).collect()).unwrap();
        assert_eq!(x.sum(&[1], KeepDim::Drop).unwrap().into_vec(), [6, 9, 24, 27]);
        assert_eq!(x.sum(&[2, 0], KeepDim::Drop).unwrap().into_vec(), [14, 22, 30]);
        let all = x.sum(&[0, 1, 2], KeepDim::Keep).unwrap();
        assert_eq!((all.shape(), all.as_slice()), ([1, 1, 1].as_slice(), [66].as_slice()));
        assert_eq!(x.sum(&[0, 1, 2], KeepDim::Drop).unwrap(), Tensor::scalar(66));
        assert_eq!(x.sum(&[], KeepDim::Drop).unwrap(), x);
    }

    #[test]
    fn sums_wrap_and_empty_sums_are_zero() {
        let x = Tensor::from_vec(&[2], vec![u64::MAX, 2]).unwrap();
        assert_eq!(x.sum(&[0], KeepDim::Drop).unwrap(), Tensor::scalar(1));
        let empty = Tensor::zeros(&[2, 0, 3]);
        assert_eq!(empty.sum(&[1], KeepDim::Drop).unwrap(), Tensor::zeros(&[2, 3]));
        assert_eq!(empty.sum(&[0], KeepDim::Keep).unwrap(), Tensor::zeros(&[1, 0, 3]));
    }

    #[test]
    fn axes_must_exist_once() {
        let x = Tensor::zeros(&[2, 3]);
        assert!(x.sum(&[2], KeepDim::Drop).is_err());
        assert!(x.sum(&[1, 1], KeepDim::Drop).is_err());
    }
}
