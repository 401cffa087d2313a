//! The tensor itself: construction and access. Operations are in the files below.

mod elementwise;
mod gather;
mod reduce;
mod structure;
mod take;

use std::fmt;

use ndarray::{ArcArray, IxDyn};

pub use self::{
    reduce::KeepDim,
    structure::{PadMode, Slice},
};
use crate::{Error, Result, shape};

/// A tensor of ring elements: any rank, row-major, cheap to clone (clones share their data until one is written to).
///
/// Its `Debug` form shows the shape only, because the elements may be somebody's share.
#[derive(Clone, PartialEq)]
pub struct Tensor {
    /// Always in standard (row-major, contiguous) layout.
    array: ArcArray<u64, IxDyn>,
}

impl Tensor {
    /// A tensor of this shape with these elements, in row-major order.
    ///
    /// # Errors
    /// [`Error::Length`] when the data do not fill the shape exactly, [`Error::TooLarge`] for an impossible shape.
    pub fn from_vec(shape: &[usize], data: Vec<u64>) -> Result<Self> {
        let expected = shape::count("from_vec", shape)?;
        if data.len() != expected {
            let actual = data.len();
            return Err(Error::Length { op: "from_vec", shape: shape.to_vec(), expected, actual });
        }
        Ok(Self::assemble(shape, data))
    }

    /// A tensor of zeros.
    ///
    /// # Panics
    /// When the shape has more elements than memory can address, like `vec!`.
    pub fn zeros(shape: &[usize]) -> Self {
        Self::filled(shape, 0)
    }

    /// A tensor of equal elements.
    ///
    /// # Panics
    /// When the shape has more elements than memory can address, like `vec!`.
    pub fn filled(shape: &[usize], value: u64) -> Self {
        let count = shape::count("filled", shape).expect("a shape that fits into memory");
        Self::assemble(shape, vec![value; count])
    }

    /// A tensor of rank 0.
    pub fn scalar(value: u64) -> Self {
        Self::assemble(&[], vec![value])
    }

    /// The elements, for writing; copied first if a clone shares them.
    pub fn as_mut_slice(&mut self) -> &mut [u64] {
        self.elements_mut()
    }

    /// The size of every axis.
    pub fn shape(&self) -> &[usize] {
        self.array.shape()
    }

    /// The number of axes.
    pub fn rank(&self) -> usize {
        self.array.ndim()
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.array.len()
    }

    /// Whether some axis has size 0.
    pub fn is_empty(&self) -> bool {
        self.array.is_empty()
    }

    /// The elements in row-major order.
    pub fn as_slice(&self) -> &[u64] {
        self.elements()
    }

    /// The elements in row-major order; copied only if a clone shares them.
    pub fn into_vec(self) -> Vec<u64> {
        let (data, offset) = self.array.into_owned().into_raw_vec_and_offset();
        debug_assert!(offset.unwrap_or(0) == 0, "tensors begin where their data begin");
        data
    }

    /// The same elements under a shape that is known to hold as many. Copies nothing.
    fn with_shape(&self, shape: &[usize]) -> Self {
        let array = self.array.clone().into_shape_with_order(IxDyn(shape));
        Self { array: array.expect("row-major data take any shape of equal count") }
    }

    fn elements(&self) -> &[u64] {
        self.array.as_slice().expect("tensors are in standard layout")
    }

    fn elements_mut(&mut self) -> &mut [u64] {
        self.array.as_slice_mut().expect("tensors are in standard layout")
    }

    /// `from_vec` for data that are known to fill the shape.
    pub(crate) fn assemble(shape: &[usize], data: Vec<u64>) -> Self {
        let array = ArcArray::from_shape_vec(IxDyn(shape), data)
            .expect("the caller has counted the elements of the shape");
        Self { array }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tensor").field("shape", &self.shape()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_must_fill_the_shape() {
        let error = Tensor::from_vec(&[2, 3], vec![1; 5]).unwrap_err();
        assert_eq!(error.to_string(), "from_vec: shape [2, 3] holds 6 elements, got 5");
        assert!(Tensor::from_vec(&[usize::MAX, 3], vec![]).is_err());
        assert!(Tensor::from_vec(&[0, 3], vec![]).unwrap().is_empty());
    }

    #[test]
    fn clones_share_until_written() {
        let first = Tensor::filled(&[4], 7);
        let mut second = first.clone();
        assert_eq!(first.as_slice().as_ptr(), second.as_slice().as_ptr());
        second.as_mut_slice()[0] = 1;
        assert_eq!(first.into_vec(), [7; 4]);
        assert_eq!(second.into_vec(), [1, 7, 7, 7]);
    }

    #[test]
    fn debug_shows_no_elements() {
        assert_eq!(format!("{:?}", Tensor::filled(&[2], 77)), "Tensor { shape: [2], .. }");
    }
}
