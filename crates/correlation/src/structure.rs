use cryptab_tensor::{KeepDim, PadMode, Slice, Tensor, broadcast_shape};
use serde::{Deserialize, Serialize};

use crate::known::{elements, narrow, narrowed};
use crate::{Error, Result, Run};

/// A linear operation without arithmetic secrets: moves, repeats or sums elements.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Structure {
    /// The same elements in another shape.
    Reshape(Vec<u64>),
    /// Axes in another order.
    Permute(Vec<u32>),
    /// `(start, end, step)` of every axis.
    Slice(Vec<(u64, u64, i64)>),
    /// `(before, after)` of every axis, filled with zeros or the nearest element.
    Pad {
        /// Elements added before and after, per axis.
        widths: Vec<(u64, u64)>,
        /// Whether the border is repeated (else zeros).
        edge: bool,
    },
    /// Repeated along axes of size 1 and along new leading axes.
    Broadcast(Vec<u64>),
    /// Summed over axes.
    Sum {
        /// The axes.
        axes: Vec<u32>,
        /// Whether they stay as axes of size 1.
        keep: bool,
    },
    /// Positions of one axis, in any order and as often as wanted.
    Take {
        /// The axis.
        axis: u32,
        /// The positions.
        runs: Vec<Run>,
    },
}

impl Structure {
    /// The positions `positions` of an axis.
    #[must_use]
    pub fn take(axis: usize, positions: &[usize]) -> Self {
        let axis = u32::try_from(axis).unwrap_or(u32::MAX);
        Self::Take { axis, runs: Run::compress(positions) }
    }

    /// What it adds to the size of an expression, beyond itself.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Take { runs, .. } => runs.len() / 8,
            _ => 0,
        }
    }

    /// The shape that results from `shape`.
    ///
    /// # Errors
    /// If the operation does not fit the shape.
    pub fn shape(&self, shape: &[usize]) -> Result<Vec<usize>> {
        let fits = |fits: bool, reason| fits.then_some(()).ok_or(Error::Meaningless { reason });
        match self {
            Self::Reshape(target) => {
                let target = narrowed(target)?;
                fits(elements(&target)? == elements(shape)?, "reshape keeps the elements")?;
                Ok(target)
            }
            Self::Permute(axes) => {
                let mut seen = vec![false; shape.len()];
                fits(axes.len() == shape.len(), "permute names every axis")?;
                for &axis in axes {
                    let free = seen.get_mut(axis as usize).filter(|seen| !**seen);
                    *free
                        .ok_or(Error::Meaningless { reason: "permute names every axis once" })? =
                        true;
                }
                Ok(axes.iter().map(|&axis| shape[axis as usize]).collect())
            }
            Self::Slice(ranges) => {
                fits(ranges.len() == shape.len(), "slice has a range for every axis")?;
                ranges.iter().zip(shape).map(|(&range, &size)| slice_length(range, size)).collect()
            }
            Self::Pad { widths, edge } => {
                fits(widths.len() == shape.len(), "pad has widths for every axis")?;
                let mut padded = Vec::with_capacity(shape.len());
                for (&(before, after), &size) in widths.iter().zip(shape) {
                    fits(!edge || size > 0 || before + after == 0, "an empty axis has no edge")?;
                    let total =
                        (size as u64).checked_add(before).and_then(|n| n.checked_add(after));
                    padded.extend(narrowed(&[total.unwrap_or(u64::MAX)])?);
                }
                Ok(padded)
            }
            Self::Broadcast(target) => {
                let target = narrowed(target)?;
                fits(broadcast_shape(shape, &target)? == target, "broadcast only repeats")?;
                Ok(target)
            }
            Self::Sum { axes, keep } => {
                fits(axes.iter().all(|&a| (a as usize) < shape.len()), "sum over axes that exist")?;
                let summed = |i: usize| axes.contains(&u32::try_from(i).unwrap_or(u32::MAX));
                let kept = |(i, &size): (usize, &usize)| match (summed(i), keep) {
                    (false, _) => Some(size),
                    (true, true) => Some(1),
                    (true, false) => None,
                };
                Ok(shape.iter().enumerate().filter_map(kept).collect())
            }
            Self::Take { axis, runs } => {
                let mut taken = shape.to_vec();
                let size = taken.get_mut(*axis as usize);
                let size = size.ok_or(Error::Meaningless { reason: "take from an axis" })?;
                let within = |run: &Run| match run.count {
                    0 => true,
                    _ => run.first.max(run.last().unwrap_or(u64::MAX)) < *size as u64,
                };
                fits(runs.iter().all(within), "positions lie within their axis")?;
                let count = runs.iter().try_fold(0_u64, |n, run| n.checked_add(run.count));
                *size = narrow(count.unwrap_or(u64::MAX))?;
                elements(&taken).map(|_| taken)
            }
        }
    }

    /// Whether every element of the result is one of the elements (no sum, no zero added).
    #[must_use]
    pub const fn only_copies(&self) -> bool {
        !matches!(self, Self::Sum { .. } | Self::Pad { edge: false, .. })
    }

    /// The tensor that results.
    ///
    /// # Errors
    /// If the operation does not fit the tensor.
    pub fn apply(&self, tensor: &Tensor) -> Result<Tensor> {
        let target = self.shape(tensor.shape())?;
        Ok(match self {
            Self::Reshape(_) => tensor.reshape(&target)?,
            Self::Permute(axes) => {
                tensor.permute(&axes.iter().map(|&a| a as usize).collect::<Vec<_>>())?
            }
            Self::Slice(ranges) => {
                let slices: Vec<Slice> =
                    ranges.iter().map(|&range| slice_of(range)).collect::<Result<_>>()?;
                tensor.slice(&slices)?
            }
            Self::Pad { widths, edge } => {
                let widths: Vec<(usize, usize)> = widths
                    .iter()
                    .map(|&(a, b)| Ok((narrow(a)?, narrow(b)?)))
                    .collect::<Result<_>>()?;
                tensor.pad(&widths, if *edge { PadMode::Edge } else { PadMode::Zero })?
            }
            Self::Broadcast(_) => tensor.broadcast_to(&target)?,
            Self::Sum { axes, keep } => {
                let axes: Vec<usize> = axes.iter().map(|&a| a as usize).collect();
                tensor.sum(&axes, if *keep { KeepDim::Keep } else { KeepDim::Drop })?
            }
            // Positions of a tensor without elements are as many as one likes to name.
            Self::Take { .. } if target.contains(&0) => Tensor::zeros(&target),
            Self::Take { axis, runs } => {
                let positions = runs.iter().flat_map(|run| run.positions()).map(narrow);
                tensor.take(*axis as usize, &positions.collect::<Result<Vec<_>>>()?)?
            }
        })
    }
}

fn slice_of((start, end, step): (u64, u64, i64)) -> Result<Slice> {
    let step = isize::try_from(step).map_err(|_| Error::Meaningless { reason: "a huge step" })?;
    Ok(Slice { start: narrow(start)?, end: narrow(end)?, step })
}

/// The elements that `(start, end, step)` picks; a negative step walks from `end - 1` down to `start`.
fn slice_length((start, end, step): (u64, u64, i64), size: usize) -> Result<usize> {
    if step == 0 || start > end || end > size as u64 {
        return Err(Error::Meaningless { reason: "a slice lies within its axis" });
    }
    narrow((end - start).div_ceil(step.unsigned_abs()))
}
