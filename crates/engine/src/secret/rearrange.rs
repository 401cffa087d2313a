//! Arrangements under the names of `PyTorch`: all of them exact and free (no round, no byte), but
//! that what is opened later may have to be opened anew.

use cryptab_correlation::Structure;
use cryptab_tensor::{PadMode, Slice};

use super::Secret;
use crate::{Error, Result};

impl Secret {
    /// `len` elements of an axis from `start` on. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([1.0, 2.0, 3.0], |x| x.narrow(0, 1, 2)), [2.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If they do not lie within the axis.
    pub fn narrow(&self, axis: usize, start: usize, len: usize) -> Result<Self> {
        let end = start.saturating_add(len);
        self.along("narrow", axis, Slice::range(start, end))
    }

    /// One element of an axis, which disappears. Free.
    ///
    /// # Errors
    /// If there is no such element.
    pub fn select(&self, axis: usize, index: usize) -> Result<Self> {
        let one = self.narrow(axis, index, 1)?;
        one.reshape(&without(one.shape(), axis))
    }

    /// The elements of an axis at positions that all know, in this order; they may repeat. Free.
    ///
    /// # Errors
    /// If a position lies beyond the axis.
    pub fn index_select(&self, axis: usize, positions: &[usize]) -> Result<Self> {
        self.arrange(Structure::take(axis, positions))
    }

    /// Elements of the flattened tensor at positions that all know. Free.
    ///
    /// # Errors
    /// If a position lies beyond the elements.
    pub fn take(&self, positions: &[usize]) -> Result<Self> {
        self.reshape(&[self.numel()])?.index_select(0, positions)
    }

    /// Axes walked backwards. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn flip(&self, axes: &[usize]) -> Result<Self> {
        axes.iter().try_fold(self.snapshot(), |x, &axis| {
            let size = x.size("flip", axis)?;
            x.along("flip", axis, Slice { start: 0, end: size, step: -1 })
        })
    }

    /// Elements moved along an axis by `shift`, round the end. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn roll(&self, shift: isize, axis: usize) -> Result<Self> {
        let size = self.size("roll", axis)?;
        let Some(cut) =
            shift.checked_neg().and_then(|back| back.checked_rem_euclid(size.cast_signed()))
        else {
            return Ok(self.snapshot());
        };
        let cut = cut.cast_unsigned();
        self.index_select(axis, &(cut..size).chain(0..cut).collect::<Vec<_>>())
    }

    /// Two axes exchanged. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let y = with_secret([[1.0, 2.0], [3.0, 4.0]], |x| x.transpose(0, 1));
    /// assert_eq!(y, [1.0, 3.0, 2.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn transpose(&self, a: usize, b: usize) -> Result<Self> {
        let (_, _) = (self.size("transpose", a)?, self.size("transpose", b)?);
        let mut axes: Vec<usize> = (0..self.shape().len()).collect();
        axes.swap(a, b);
        self.permute(&axes)
    }

    /// An axis moved to another place. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn movedim(&self, from: usize, to: usize) -> Result<Self> {
        let (_, _) = (self.size("movedim", from)?, self.size("movedim", to)?);
        let mut axes: Vec<usize> = (0..self.shape().len()).collect();
        let axis = axes.remove(from);
        axes.insert(to, axis);
        self.permute(&axes)
    }

    /// A quarter turn of the plane of two axes, `times` times, from the first to the second. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn rot90(&self, times: usize, a: usize, b: usize) -> Result<Self> {
        match times % 4 {
            1 => self.flip(&[b])?.transpose(a, b),
            2 => self.flip(&[a, b]),
            3 => self.flip(&[a])?.transpose(a, b),
            _ => Ok(self.snapshot()),
        }
    }

    /// A new axis of size 1. Free.
    ///
    /// # Errors
    /// If `axis` exceeds the number of axes.
    pub fn unsqueeze(&self, axis: usize) -> Result<Self> {
        let mut shape = self.shape().to_vec();
        if axis > shape.len() {
            return Err(Error::misuse("unsqueeze", format!("no place {axis} in {shape:?}")));
        }
        shape.insert(axis, 1);
        self.reshape(&shape)
    }

    /// Without this axis, if its size is 1. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn squeeze(&self, axis: usize) -> Result<Self> {
        match self.size("squeeze", axis)? {
            1 => self.reshape(&without(self.shape(), axis)),
            _ => Ok(self.snapshot()),
        }
    }

    /// Axes `first..=last` as one. Free.
    ///
    /// # Errors
    /// If there are no such axes.
    pub fn flatten(&self, first: usize, last: usize) -> Result<Self> {
        let mut shape = self.shape().to_vec();
        if first > last || last >= shape.len() {
            return Err(Error::misuse("flatten", format!("axes {first} to {last} of {shape:?}")));
        }
        let size = shape[first..=last].iter().product();
        shape.splice(first..=last, [size]);
        self.reshape(&shape)
    }

    /// Repeated along axes of size 1 and new leading axes. Free.
    ///
    /// # Errors
    /// If the shape does not broadcast to `shape`.
    pub fn expand(&self, shape: &[usize]) -> Result<Self> {
        self.broadcast_to(shape)
    }

    /// The whole tensor repeated so many times along each axis (missing leading axes count 1).
    /// Free.
    ///
    /// # Errors
    /// If there are fewer numbers than axes.
    pub fn repeat(&self, times: &[usize]) -> Result<Self> {
        let Some(new) = times.len().checked_sub(self.shape().len()) else {
            let reason = format!("{} numbers for shape {:?}", times.len(), self.shape());
            return Err(Error::misuse("repeat", reason));
        };
        let sizes = [vec![1; new], self.shape().to_vec()].concat();
        let ones: Vec<usize> = sizes.iter().flat_map(|&size| [1, size]).collect();
        let pairs = || times.iter().zip(&sizes);
        let repeated: Vec<usize> = pairs().flat_map(|(&times, &size)| [times, size]).collect();
        let shape: Vec<usize> = pairs().map(|(times, size)| times.saturating_mul(*size)).collect();
        self.reshape(&ones)?.broadcast_to(&repeated)?.reshape(&shape)
    }

    /// As [`Secret::repeat`]; missing leading numbers count 1. Free.
    ///
    /// # Errors
    /// If the result is too large.
    pub fn tile(&self, times: &[usize]) -> Result<Self> {
        let missing = self.shape().len().saturating_sub(times.len());
        self.repeat(&[vec![1; missing], times.to_vec()].concat())
    }

    /// Every element of an axis repeated in place. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn repeat_interleave(&self, times: usize, axis: usize) -> Result<Self> {
        let size = self.size("repeat_interleave", axis)?;
        let mut shape = self.shape().to_vec();
        shape.insert(axis + 1, times);
        let wide = self.unsqueeze(axis + 1)?.broadcast_to(&shape)?;
        shape.splice(axis..axis + 2, [size.saturating_mul(times)]);
        wide.reshape(&shape)
    }

    /// Joined along a new axis; scales are aligned to the finest. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// # use cryptab_engine::Secret;
    /// let rows = with_secrets([1.0, 2.0], [3.0, 4.0], |x, y| Secret::stack(&[x, y], 1));
    /// assert_eq!(rows, [1.0, 3.0, 2.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If there is nothing to join, or the shapes differ.
    pub fn stack(parts: &[Self], axis: usize) -> Result<Self> {
        let parts: Vec<Self> =
            parts.iter().map(|part| part.unsqueeze(axis)).collect::<Result<_>>()?;
        Self::concat(&parts, axis)
    }

    /// Parts of these sizes along an axis. Free.
    ///
    /// # Errors
    /// If the sizes do not add up to that of the axis.
    pub fn split(&self, sizes: &[usize], axis: usize) -> Result<Vec<Self>> {
        let size = self.size("split", axis)?;
        if sizes.iter().try_fold(0_usize, |sum, &part| sum.checked_add(part)) != Some(size) {
            let reason = format!("{sizes:?} do not add up to {size}");
            return Err(Error::misuse("split", reason));
        }
        let mut start = 0;
        let part = |&len: &usize| {
            start += len;
            self.narrow(axis, start - len, len)
        };
        sizes.iter().map(part).collect()
    }

    /// At most `count` parts of equal size (the last may be smaller) along an axis. Free.
    ///
    /// # Errors
    /// If there is no such axis, or `count` is 0.
    pub fn chunk(&self, count: usize, axis: usize) -> Result<Vec<Self>> {
        let size = self.size("chunk", axis)?;
        if count == 0 {
            return Err(Error::misuse("chunk", "no parts"));
        }
        let part = size.div_ceil(count).max(1);
        let starts = (0..size.max(1)).step_by(part);
        starts.map(|start| self.narrow(axis, start, part.min(size - start))).collect()
    }

    /// The elements along an axis, which disappears. Free.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn unbind(&self, axis: usize) -> Result<Vec<Self>> {
        (0..self.size("unbind", axis)?).map(|index| self.select(axis, index)).collect()
    }

    /// Windows of `size` elements along an axis, every `step`; the window is a new last axis. Free.
    ///
    /// # Errors
    /// If a window does not fit, or the step is 0.
    pub fn unfold(&self, axis: usize, size: usize, step: usize) -> Result<Self> {
        let length = self.size("unfold", axis)?;
        let Some(room) = length.checked_sub(size).filter(|_| step > 0) else {
            let reason = format!("windows of {size} by {step} on an axis of {length}");
            return Err(Error::misuse("unfold", reason));
        };
        let windows = room / step + 1;
        let positions: Vec<usize> =
            (0..size).flat_map(|i| (0..windows).map(move |window| window * step + i)).collect();
        let mut shape = self.shape().to_vec();
        shape.splice(axis..=axis, [size, windows]);
        self.index_select(axis, &positions)?.reshape(&shape)?.movedim(axis, shape.len() - 1)
    }

    /// Running sums along an axis. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([1.0, 2.0, 3.0], |x| x.cumsum(0)), [1.0, 3.0, 6.0]);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn cumsum(&self, axis: usize) -> Result<Self> {
        let size = self.size("cumsum", axis)?;
        let mut total = self.as_number()?;
        // After k steps an element is the sum of the last 2^k.
        let mut step = 1;
        while step < size {
            let mut widths = vec![(0, 0); total.shape().len()];
            widths[axis].0 = step;
            let earlier = total.narrow(axis, 0, size - step)?;
            total = total.add(&earlier.pad(&widths, PadMode::Zero)?)?;
            step *= 2;
        }
        Ok(total)
    }

    /// A range of one axis.
    fn along(&self, name: &'static str, axis: usize, range: Slice) -> Result<Self> {
        let _size = self.size(name, axis)?;
        let mut ranges: Vec<Slice> =
            self.shape().iter().map(|&size| Slice::range(0, size)).collect();
        ranges[axis] = range;
        self.slice(&ranges)
    }

    /// The size of an axis that must exist.
    pub(super) fn size(&self, name: &'static str, axis: usize) -> Result<usize> {
        let missing = || Error::misuse(name, format!("no axis {axis} in {:?}", self.shape()));
        self.shape().get(axis).copied().ok_or_else(missing)
    }
}

fn without(shape: &[usize], axis: usize) -> Vec<usize> {
    let mut shape = shape.to_vec();
    shape.remove(axis);
    shape
}
