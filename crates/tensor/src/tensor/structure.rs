//! Moving elements around: reshape, permute, slice, concatenate, pad, broadcast.

use super::{Tensor, gather::gather};
use crate::{Error, Result, shape};

/// The part of one axis that [`Tensor::slice`] keeps: positions `start..end`, every `|step|`-th of them; a negative
/// step walks backwards from `end - 1`.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Slice {
    /// The first position of the range.
    pub start: usize,
    /// One past the last position of the range, at most the size of the axis.
    pub end: usize,
    /// The distance between kept positions, not 0.
    pub step: isize,
}

impl Slice {
    /// All of `start..end`.
    pub fn range(start: usize, end: usize) -> Self {
        Self { start, end, step: 1 }
    }

    /// How many positions are kept, if this is a slice of an axis of `size`.
    fn kept(self, size: usize) -> Option<usize> {
        let sound = self.start <= self.end && self.end <= size && self.step != 0;
        sound.then(|| (self.end - self.start).div_ceil(self.step.unsigned_abs()))
    }
}

/// What [`Tensor::pad`] fills with.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PadMode {
    /// Zeros.
    Zero,
    /// The nearest element of the tensor (replicated borders).
    Edge,
}

impl Tensor {
    /// The same elements in row-major order under another shape. Copies nothing.
    ///
    /// # Errors
    /// [`Error::Shapes`] when the shapes hold different numbers of elements.
    pub fn reshape(&self, shape: &[usize]) -> Result<Self> {
        if shape::count("reshape", shape)? != self.len() {
            return Err(self.misfit("reshape", shape, "both must hold equally many elements"));
        }
        Ok(self.with_shape(shape))
    }

    /// The axes in another order: axis `i` of the result is axis `axes[i]` of `self`.
    ///
    /// # Errors
    /// [`Error::Axis`] when an axis is missing, named twice or does not exist.
    pub fn permute(&self, axes: &[usize]) -> Result<Self> {
        let mut named = vec![false; self.rank()];
        for &axis in axes {
            match named.get_mut(axis) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(self.no_axis("permute", axis)),
            }
        }
        if let Some(axis) = named.iter().position(|seen| !seen) {
            return Err(Error::Axis { op: "permute", shape: self.shape().to_vec(), axis });
        }
        let shape: Vec<usize> = axes.iter().map(|&axis| self.shape()[axis]).collect();
        let own = self.strides();
        let strides: Vec<isize> = axes.iter().map(|&axis| own[axis]).collect();
        Ok(Self::assemble(&shape, gather(self.as_slice(), 0, &shape, &strides)))
    }

    /// A part of every axis; one [`Slice`] per axis.
    ///
    /// # Errors
    /// [`Error::Shapes`] when the number of slices is not the rank, [`Error::Parameter`] when a range leaves its axis
    /// or a step is 0.
    pub fn slice(&self, slices: &[Slice]) -> Result<Self> {
        let shape = self.slice_shape(slices)?;
        let mut strides = self.strides();
        let mut first = 0;
        for (stride, slice) in strides.iter_mut().zip(slices) {
            let start = if slice.step > 0 { slice.start } else { slice.end.saturating_sub(1) };
            first += start * stride.unsigned_abs();
            // Steps beyond the axis are never taken, so it does not matter where they lead.
            *stride = stride.wrapping_mul(slice.step);
        }
        Ok(Self::assemble(&shape, gather(self.as_slice(), first, &shape, &strides)))
    }

    /// Tensors one after the other along `axis`.
    ///
    /// # Errors
    /// [`Error::Length`] for no tensors, [`Error::Axis`] for an axis that does not exist, [`Error::Shapes`] when
    /// tensors differ in any other axis.
    pub fn concat(tensors: &[Self], axis: usize) -> Result<Self> {
        let Some(first) = tensors.first() else {
            return Err(Error::Length { op: "concat", shape: Vec::new(), expected: 1, actual: 0 });
        };
        if axis >= first.rank() {
            return Err(first.no_axis("concat", axis));
        }
        let mut shape = first.shape().to_vec();
        shape[axis] = 0;
        for tensor in tensors {
            let (a, b) = (first.shape(), tensor.shape());
            let fits = a.len() == b.len() && (0..a.len()).all(|i| i == axis || a[i] == b[i]);
            if !fits {
                return Err(first.misfit("concat", b, "all axes but one must be equal"));
            }
            let total = shape[axis].checked_add(b[axis]);
            shape[axis] = total.ok_or_else(|| too_large("concat", &shape))?;
        }
        let mut data = Vec::with_capacity(shape::count("concat", &shape)?);
        let outer: usize = shape[..axis].iter().product();
        for index in 0..outer {
            for tensor in tensors {
                let block: usize = tensor.shape()[axis..].iter().product();
                data.extend_from_slice(&tensor.as_slice()[index * block..(index + 1) * block]);
            }
        }
        Ok(Self::assemble(&shape, data))
    }

    /// More elements before and after each axis; one pair (before, after) per axis.
    ///
    /// # Errors
    /// [`Error::Shapes`] when the number of pairs is not the rank, [`Error::Parameter`] when [`PadMode::Edge`] has no
    /// element to repeat, [`Error::TooLarge`] when the result does not fit into memory.
    pub fn pad(&self, widths: &[(usize, usize)], mode: PadMode) -> Result<Self> {
        let shape = self.pad_shape(widths, mode)?;
        let count = shape::count("pad", &shape)?;
        if count == 0 || self.is_empty() {
            return Ok(Self::assemble(&shape, vec![0; count]));
        }
        let Some((&row, outer)) = self.shape().split_last() else {
            return Ok(self.clone());
        };
        let ((before, after), outer_widths) = (widths[outer.len()], &widths[..outer.len()]);
        let mut data = Vec::with_capacity(count);
        let rows: usize = shape[..outer.len()].iter().product();
        for index in 0..rows {
            let Some(source) = padded_row(index, outer, &shape, outer_widths, mode) else {
                data.resize(data.len() + before + row + after, 0);
                continue;
            };
            let values = &self.as_slice()[source * row..(source + 1) * row];
            let (left, right) = match mode {
                PadMode::Zero => (0, 0),
                PadMode::Edge => (values[0], values[row - 1]),
            };
            data.resize(data.len() + before, left);
            data.extend_from_slice(values);
            data.resize(data.len() + after, right);
        }
        Ok(Self::assemble(&shape, data))
    }

    /// Axes of size 1 (and missing leading axes) repeated up to `shape`.
    ///
    /// # Errors
    /// [`Error::Shapes`] when `self` does not broadcast to exactly this shape.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Self> {
        if self.shape() == shape {
            return Ok(self.clone());
        }
        shape::count("broadcast_to", shape)?;
        let grows = shape::broadcast("broadcast_to", self.shape(), shape);
        if grows.is_ok_and(|broadcast| broadcast == shape) {
            let strides = shape::broadcast_strides(self.shape(), shape);
            let strides: Vec<isize> = strides.into_iter().map(usize::cast_signed).collect();
            return Ok(Self::assemble(shape, gather(self.as_slice(), 0, shape, &strides)));
        }
        let reason = "only axes of size 1 and missing leading axes grow";
        Err(self.misfit("broadcast_to", shape, reason))
    }

    fn slice_shape(&self, slices: &[Slice]) -> Result<Vec<usize>> {
        let given: Vec<usize> = slices.iter().map(|slice| slice.end).collect();
        if slices.len() != self.rank() {
            return Err(self.misfit("slice", &given, "there must be one slice per axis"));
        }
        let kept = self.shape().iter().zip(slices).map(|(&size, slice)| {
            slice.kept(size).ok_or(Error::Parameter {
                op: "slice",
                shape: self.shape().to_vec(),
                reason: "a slice needs start <= end <= the size of its axis and a step other than 0; its end",
                value: slice.end as i128,
            })
        });
        kept.collect()
    }

    fn pad_shape(&self, widths: &[(usize, usize)], mode: PadMode) -> Result<Vec<usize>> {
        if widths.len() != self.rank() {
            let given: Vec<usize> = widths.iter().map(|width| width.0).collect();
            return Err(self.misfit("pad", &given, "there must be one pair of widths per axis"));
        }
        let padded = self.shape().iter().zip(widths).map(|(&size, &(before, after))| {
            if mode == PadMode::Edge && size == 0 && (before, after) != (0, 0) {
                return Err(Error::Parameter {
                    op: "pad",
                    shape: self.shape().to_vec(),
                    reason: "an empty axis has no edge to repeat; the width",
                    value: before as i128,
                });
            }
            let total = size.checked_add(before).and_then(|total| total.checked_add(after));
            total.ok_or_else(|| too_large("pad", self.shape()))
        });
        padded.collect()
    }

    fn strides(&self) -> Vec<isize> {
        self.array.strides().to_vec()
    }

    fn misfit(&self, op: &'static str, right: &[usize], reason: &'static str) -> Error {
        Error::Shapes { op, left: self.shape().to_vec(), right: right.to_vec(), reason }
    }

    fn no_axis(&self, op: &'static str, axis: usize) -> Error {
        Error::Axis { op, shape: self.shape().to_vec(), axis }
    }
}

fn too_large(op: &'static str, shape: &[usize]) -> Error {
    Error::TooLarge { op, shape: shape.to_vec() }
}

/// Which row of the source fills row `index` of the padded tensor; none if it is all padding.
fn padded_row(
    mut index: usize,
    outer: &[usize],
    padded: &[usize],
    widths: &[(usize, usize)],
    mode: PadMode,
) -> Option<usize> {
    let mut source = 0;
    let mut stride = 1;
    for axis in (0..outer.len()).rev() {
        let (at, size, before) = (index % padded[axis], outer[axis], widths[axis].0);
        index /= padded[axis];
        let inside = (before..before + size).contains(&at);
        if !inside && mode == PadMode::Zero {
            return None;
        }
        source += at.saturating_sub(before).min(size - 1) * stride;
        stride *= size;
    }
    Some(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(shape: &[usize]) -> Tensor {
        let count = shape.iter().product::<usize>() as u64;
        Tensor::from_vec(shape, (0..count).collect()).unwrap()
    }

    #[test]
    fn reshape_shares_the_data() {
        let x = counting(&[2, 6]);
        let y = x.reshape(&[3, 4]).unwrap();
        assert_eq!(x.as_slice().as_ptr(), y.as_slice().as_ptr());
        let message = x.reshape(&[5]).unwrap_err().to_string();
        assert!(message.contains("[2, 6]") && message.contains("[5]"), "{message}");
        assert_eq!(counting(&[0, 3]).reshape(&[7, 0]).unwrap().shape(), [7, 0]);
    }

    #[test]
    fn permute_reorders() {
        let y = counting(&[2, 3]).permute(&[1, 0]).unwrap();
        assert_eq!((y.shape(), y.as_slice()), ([3, 2].as_slice(), [0, 3, 1, 4, 2, 5].as_slice()));
        assert_eq!(counting(&[2, 0]).permute(&[1, 0]).unwrap().shape(), [0, 2]);
        for bad in [&[0][..], &[0, 0], &[0, 2], &[0, 1, 2]] {
            assert!(counting(&[2, 3]).permute(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn slices_step_both_ways() {
        let x = counting(&[7]);
        let slice = |start, end, step| x.slice(&[Slice { start, end, step }]).unwrap().into_vec();
        assert_eq!(slice(1, 6, 2), [1, 3, 5]);
        assert_eq!(slice(1, 6, -2), [5, 3, 1]);
        assert_eq!(slice(2, 4, isize::MAX), [2]);
        assert_eq!(slice(2, 4, isize::MIN), [3]);
        assert_eq!(slice(7, 7, -1), []);
        for (start, end, step) in [(3, 2, 1), (0, 8, 1), (0, 1, 0)] {
            assert!(x.slice(&[Slice { start, end, step }]).is_err());
        }
        assert!(x.slice(&[]).is_err());
        let y =
            counting(&[3, 4]).slice(&[Slice::range(1, 3), Slice { start: 0, end: 4, step: -3 }]);
        assert_eq!(y.unwrap().into_vec(), [7, 4, 11, 8]);
    }

    #[test]
    fn concat_joins_along_any_axis() {
        let (x, y) = (counting(&[2, 1, 2]), counting(&[2, 2, 2]));
        let z = Tensor::concat(&[x.clone(), y], 1).unwrap();
        assert_eq!(z.shape(), [2, 3, 2]);
        assert_eq!(z.into_vec(), [0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 6, 7]);
        assert!(Tensor::concat(&[], 0).is_err());
        assert!(Tensor::concat(std::slice::from_ref(&x), 3).is_err());
        assert!(Tensor::concat(&[x.clone(), counting(&[2, 2])], 0).is_err());
        assert!(Tensor::concat(&[Tensor::scalar(1)], 0).is_err());
    }

    #[test]
    fn pad_fills_with_zeros_or_edges() {
        let x = counting(&[2, 2]).add_scalar(1);
        let zero = x.pad(&[(1, 0), (0, 1)], PadMode::Zero).unwrap();
        assert_eq!(
            (zero.shape(), zero.as_slice()),
            ([3, 3].as_slice(), [0, 0, 0, 1, 2, 0, 3, 4, 0].as_slice())
        );
        let edge = x.pad(&[(1, 1), (2, 0)], PadMode::Edge).unwrap();
        assert_eq!(edge.into_vec(), [1, 1, 1, 2, 1, 1, 1, 2, 3, 3, 3, 4, 3, 3, 3, 4]);
        assert!(x.pad(&[(1, 1)], PadMode::Zero).is_err());
        assert!(x.pad(&[(1, 1), (usize::MAX, 1)], PadMode::Zero).is_err());
        let empty = counting(&[0, 2]);
        assert!(empty.pad(&[(1, 0), (0, 0)], PadMode::Edge).is_err());
        assert_eq!(empty.pad(&[(1, 0), (0, 1)], PadMode::Zero).unwrap(), Tensor::zeros(&[1, 3]));
        assert_eq!(Tensor::scalar(3).pad(&[], PadMode::Edge).unwrap(), Tensor::scalar(3));
    }

    #[test]
    fn broadcast_to_repeats() {
        let y = counting(&[2, 1]).broadcast_to(&[2, 2, 3]).unwrap();
        assert_eq!(y.into_vec(), [0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]);
        assert!(counting(&[2, 1]).broadcast_to(&[2]).is_err());
        assert!(counting(&[2]).broadcast_to(&[3]).is_err());
    }
}
