use std::sync::Arc;

use cryptab_tensor::{
    Conv2d, KeepDim, PadMode, Slice, Tensor, broadcast_shape, conv2d_shape, matmul_shape,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::nesting::Level;
use crate::{Address, Error, Exponentials, KnownBits, Moments, Result, Run};

/// A tensor of ring elements that the dealer knows: an expression over masks.
///
/// Parties build these expressions without knowing their values; they travel in requests.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(remote = "Self")]
pub enum Known {
    /// Uniform in `Z_2^64`: the sum of all parties' streams at `address`.
    Mask {
        /// Where the streams are read.
        address: Address,
        /// Shape of the tensor.
        shape: Vec<u64>,
    },
    /// Uniform in `Z_2^64` and known to one party: its stream at `address`.
    OwnMask {
        /// Who knows it.
        owner: u8,
        /// Where the stream is read.
        address: Address,
        /// Shape of the tensor.
        shape: Vec<u64>,
    },
    /// Zero everywhere.
    Zero {
        /// Shape of the tensor.
        shape: Vec<u64>,
    },
    /// The representative modulo 2^bits in `[0, 2^bits)`.
    Low(Arc<Self>, u8),
    /// Logical shift to the right.
    Shift(Arc<Self>, u8),
    /// A public combination `constant + sum c_i * k_i`, with broadcasting.
    Combine(Vec<(u64, Self)>, u64),
    /// The element-wise product.
    Product(Arc<Self>, Arc<Self>),
    /// The matrix product.
    Matmul(Arc<Self>, Arc<Self>),
    /// The convolution of an input with a kernel.
    Conv2d(Arc<Self>, Arc<Self>, [[u32; 2]; 3], u32),
    /// The same elements in another arrangement, or sums of them.
    Structure(Structure, Arc<Self>),
    /// Joined along an axis.
    Concat(Vec<Self>, u32),
    /// One plane of bits, as the numbers 0 and 1.
    Bit(Arc<KnownBits>, Vec<u64>),
    /// Cosines and sines of multiples of an angle; rows along a new first axis.
    Moments(Arc<Self>, Moments),
    /// Powers of two around a circle; rows along a new first axis.
    Exponentials(Arc<Self>, Exponentials),
    /// For every list, the product of these rows (positions of the first axis).
    RowProducts(Arc<Self>, Vec<Vec<u16>>),
    /// `out[i, d, ..] = table[(d + index_i) mod S, ..]`: the table (of S rows), turned by every
    /// index.
    Turned {
        /// The table.
        table: Arc<Self>,
        /// How far to turn it.
        index: Arc<Self>,
    },
}

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

impl Known {
    /// A mask of this shape at `address`.
    #[must_use]
    pub fn mask(address: Address, shape: &[usize]) -> Self {
        Self::Mask { address, shape: widened(shape) }
    }

    /// A mask of this shape at `address` that `owner` knows.
    #[must_use]
    pub fn own_mask(owner: u8, address: Address, shape: &[usize]) -> Self {
        Self::OwnMask { owner, address, shape: widened(shape) }
    }

    /// Convolution with these parameters.
    #[must_use]
    pub fn conv2d(input: Self, kernel: Self, parameters: &Conv2d) -> Self {
        let narrow = |pair: [usize; 2]| pair.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let Conv2d { stride, padding, dilation, groups } = *parameters;
        let sizes = [narrow(stride), narrow(padding), narrow(dilation)];
        let groups = u32::try_from(groups).unwrap_or(u32::MAX);
        Self::Conv2d(Arc::new(input), Arc::new(kernel), sizes, groups)
    }

    /// The shape of the value.
    ///
    /// # Errors
    /// If the expression does not fit together.
    pub fn shape(&self) -> Result<Vec<usize>> {
        match self {
            Self::Mask { shape, .. }
            | Self::OwnMask { shape, .. }
            | Self::Zero { shape }
            | Self::Bit(_, shape) => narrowed(shape),
            Self::Low(inner, _) | Self::Shift(inner, _) => inner.shape(),
            Self::Combine(terms, _) => {
                let mut shape = Vec::new();
                for (_, term) in terms {
                    shape = broadcast_shape(&shape, &term.shape()?)?;
                }
                Ok(shape)
            }
            Self::Product(a, b) => Ok(broadcast_shape(&a.shape()?, &b.shape()?)?),
            Self::Matmul(a, b) => Ok(matmul_shape(&a.shape()?, &b.shape()?)?),
            Self::Conv2d(x, w, sizes, groups) => {
                Ok(conv2d_shape(&x.shape()?, &w.shape()?, &conv2d_parameters(sizes, *groups))?)
            }
            Self::Structure(structure, inner) => structure.shape(&inner.shape()?),
            Self::Concat(parts, axis) => {
                let shapes = parts.iter().map(Self::shape).collect::<Result<Vec<_>>>()?;
                concat_shape(&shapes, *axis as usize)
            }
            Self::Moments(angle, moments) => with_rows(moments.rows()?, angle),
            Self::Exponentials(position, table) => with_rows(table.rows()?, position),
            Self::RowProducts(rows, lists) => row_products_shape(rows.shape()?, lists),
            Self::Turned { table, index } => {
                let table = table.shape()?;
                if table.first().is_none_or(|&rows| rows == 0) {
                    return Err(Error::Meaningless { reason: "a table has rows" });
                }
                let shape = [index.shape()?, table].concat();
                elements(&shape).map(|_| shape)
            }
        }
    }

    /// How many expressions this one is made of, itself included.
    #[must_use]
    pub fn size(&self) -> usize {
        1 + match self {
            Self::Mask { .. } | Self::OwnMask { .. } | Self::Zero { .. } => 0,
            Self::Low(inner, _)
            | Self::Shift(inner, _)
            | Self::Moments(inner, _)
            | Self::Exponentials(inner, _) => inner.size(),
            Self::Structure(structure, inner) => structure.size() + inner.size(),
            Self::RowProducts(rows, lists) => lists.len() / 64 + rows.size(),
            Self::Turned { table, index } => table.size() + index.size(),
            Self::Combine(terms, _) => terms.iter().map(|(_, term)| term.size()).sum(),
            Self::Product(a, b) | Self::Matmul(a, b) | Self::Conv2d(a, b, ..) => {
                a.size() + b.size()
            }
            Self::Concat(parts, _) => parts.iter().map(Self::size).sum(),
            Self::Bit(bits, _) => bits.size(),
        }
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let _level = Level::enter()?;
        Self::deserialize(deserializer)
    }
}

impl Serialize for Known {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl Structure {
    /// The positions `positions` of an axis.
    #[must_use]
    pub fn take(axis: usize, positions: &[usize]) -> Self {
        let axis = u32::try_from(axis).unwrap_or(u32::MAX);
        Self::Take { axis, runs: Run::compress(positions) }
    }

    /// What it adds to the size of an expression, beyond itself.
    fn size(&self) -> usize {
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

/// Sizes as they travel.
pub(crate) fn widened(shape: &[usize]) -> Vec<u64> {
    shape.iter().map(|&size| size as u64).collect()
}

/// Largest tensor a request may name: 2^28 elements.
pub(crate) const MAX_ELEMENTS: u64 = 1 << 28;

/// The number of elements of a shape, if it is one that is served.
pub(crate) fn elements(shape: &[usize]) -> Result<usize> {
    let product = shape.iter().try_fold(1_u64, |n, &size| n.checked_mul(size as u64));
    match product {
        Some(n) if n <= MAX_ELEMENTS => narrow(n),
        other => Err(Error::TooLarge { elements: other.unwrap_or(u64::MAX), limit: MAX_ELEMENTS }),
    }
}

fn narrowed(shape: &[u64]) -> Result<Vec<usize>> {
    let shape: Vec<usize> = shape.iter().map(|&size| narrow(size)).collect::<Result<_>>()?;
    elements(&shape).map(|_| shape)
}

fn narrow(size: u64) -> Result<usize> {
    match usize::try_from(size) {
        Ok(narrow) if size <= MAX_ELEMENTS => Ok(narrow),
        _ => Err(Error::TooLarge { elements: size, limit: MAX_ELEMENTS }),
    }
}

/// The shape of `rows` tensors like `each` along a new first axis.
fn with_rows(rows: usize, each: &Known) -> Result<Vec<usize>> {
    let shape = [vec![rows], each.shape()?].concat();
    elements(&shape).map(|_| shape)
}

pub(crate) fn conv2d_parameters(sizes: &[[u32; 2]; 3], groups: u32) -> Conv2d {
    let [stride, padding, dilation] = sizes.map(|pair| pair.map(|n| n as usize));
    Conv2d { stride, padding, dilation, groups: groups as usize }
}

fn concat_shape(shapes: &[Vec<usize>], axis: usize) -> Result<Vec<usize>> {
    let reason = "concat joins tensors that differ in one axis only";
    let mut joined = shapes.first().ok_or(Error::Meaningless { reason })?.clone();
    if axis >= joined.len() {
        return Err(Error::Meaningless { reason });
    }
    for shape in &shapes[1..] {
        let fits = shape.len() == joined.len()
            && (0..shape.len()).all(|i| i == axis || shape[i] == joined[i]);
        if !fits {
            return Err(Error::Meaningless { reason });
        }
        joined[axis] = joined[axis].saturating_add(shape[axis]);
    }
    elements(&joined).map(|_| joined)
}

fn row_products_shape(mut shape: Vec<usize>, lists: &[Vec<u16>]) -> Result<Vec<usize>> {
    let reason = "products of rows that exist";
    let rows = shape.first_mut().ok_or(Error::Meaningless { reason })?;
    let exist =
        |list: &Vec<u16>| !list.is_empty() && list.iter().all(|&row| usize::from(row) < *rows);
    if !lists.iter().all(exist) {
        return Err(Error::Meaningless { reason });
    }
    *rows = lists.len();
    elements(&shape).map(|_| shape)
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
