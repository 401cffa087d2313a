//! Shapes: element counts and the broadcasting rule.

use crate::{Error, Result};

/// The shape that two operands of these shapes broadcast to, by NumPy's rule: shapes are aligned at the last axis,
/// and axes must be equal or 1.
///
/// # Errors
/// [`Error::Shapes`] when two aligned axes differ and neither is 1.
pub fn broadcast_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    broadcast("broadcast", a, b)
}

/// [`broadcast_shape`] on behalf of the operation `op`.
pub(crate) fn broadcast(op: &'static str, a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    let rank = a.len().max(b.len());
    (0..rank)
        .map(|axis| match (aligned(a, rank, axis), aligned(b, rank, axis)) {
            (left, right) if left == right || right == 1 => Ok(left),
            (1, right) => Ok(right),
            _ => Err(Error::Shapes {
                op,
                left: a.to_vec(),
                right: b.to_vec(),
                reason: "aligned at the last axis, axes must be equal or 1",
            }),
        })
        .collect()
}

/// The size of `axis` of `shape` once it is padded on the left with ones to `rank` axes.
pub(crate) fn aligned(shape: &[usize], rank: usize, axis: usize) -> usize {
    let missing = rank - shape.len();
    if axis < missing { 1 } else { shape[axis - missing] }
}

/// How many elements a shape holds; an error when the elements (8 bytes each) could not be addressed.
pub(crate) fn count(op: &'static str, shape: &[usize]) -> Result<usize> {
    const LIMIT: usize = isize::MAX as usize / size_of::<u64>();
    let too_large = || Error::TooLarge { op, shape: shape.to_vec() };
    // ndarray refuses shapes whose non-zero axes alone overflow, even if another axis is zero.
    let nonzero = shape
        .iter()
        .filter(|&&size| size != 0)
        .try_fold(1_usize, |total, &size| total.checked_mul(size).filter(|&total| total <= LIMIT))
        .ok_or_else(too_large)?;
    Ok(if shape.contains(&0) { 0 } else { nonzero })
}

/// Row-major strides of `shape` seen as `target`: 0 along the axes that are broadcast.
pub(crate) fn broadcast_strides(shape: &[usize], target: &[usize]) -> Vec<usize> {
    let mut stride = 1;
    let mut strides = vec![0; target.len()];
    for axis in (0..target.len()).rev() {
        let size = aligned(shape, target.len(), axis);
        if size != 1 {
            strides[axis] = stride;
            stride *= size;
        }
    }
    strides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_like_numpy() {
        assert_eq!(broadcast_shape(&[3, 1], &[4]).unwrap(), [3, 4]);
        assert_eq!(broadcast_shape(&[], &[2, 0]).unwrap(), [2, 0]);
        assert_eq!(broadcast_shape(&[1], &[0]).unwrap(), [0]);
        assert_eq!(broadcast_shape(&[5, 1, 7], &[6, 1]).unwrap(), [5, 6, 7]);
    }

    #[test]
    fn an_error_names_both_shapes() {
        let message = broadcast("add", &[2, 3], &[4]).unwrap_err().to_string();
        assert!(message.starts_with("add: shapes [2, 3] and [4] do not fit"), "{message}");
        assert!(broadcast_shape(&[2], &[0]).is_err());
    }

    #[test]
    fn counts_that_overflow_are_errors() {
        assert_eq!(count("zeros", &[]).unwrap(), 1);
        assert_eq!(count("zeros", &[3, 0]).unwrap(), 0);
        assert!(count("zeros", &[usize::MAX, 2]).is_err());
        assert!(count("zeros", &[usize::MAX, 0, 2]).is_err());
    }

    #[test]
    fn broadcast_axes_have_stride_zero() {
        assert_eq!(broadcast_strides(&[3, 1, 4], &[2, 3, 5, 4]), [0, 4, 0, 1]);
    }
}
