use std::sync::Arc;

use cryptab_tensor::{Conv2d, broadcast_shape, conv2d_shape, matmul_shape};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::nesting::Level;
use crate::{Address, Coefficients, Error, Exponentials, KnownBits, Moments, Result, Structure};

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
    /// Coefficients of polynomials on pieces of a circle; rows along a new first axis.
    Coefficients(Arc<Self>, Coefficients),
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
            Self::Mask { shape, .. } | Self::OwnMask { shape, .. } | Self::Zero { shape } => {
                narrowed(shape)
            }
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
            Self::Bit(bits, shape) => {
                let (shape, (len, planes)) = (narrowed(shape)?, bits.dimensions()?);
                if planes == 0 || elements(&shape)? != len {
                    return Err(Error::Meaningless { reason: "a plane has a bit per element" });
                }
                Ok(shape)
            }
            Self::Moments(angle, moments) => with_rows(moments.rows()?, angle),
            Self::Exponentials(position, table) => with_rows(table.rows()?, position),
            Self::Coefficients(position, which) => with_rows(which.rows()?, position),
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
            | Self::Exponentials(inner, _)
            | Self::Coefficients(inner, _) => inner.size(),
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

/// Sizes as they travel.
pub(crate) fn widened(shape: &[usize]) -> Vec<u64> {
    shape.iter().map(|&size| size as u64).collect()
}

/// Largest tensor a request may name: 2^28 elements.
pub(crate) const MAX_ELEMENTS: u64 = 1 << 28;

/// The number of elements of a shape, if it is one that is served; an axis of size 0 hides no others
/// that are too long.
pub(crate) fn elements(shape: &[usize]) -> Result<usize> {
    let sizes = shape.iter().filter(|&&size| size > 0);
    let product = sizes.map(|&size| size as u64).try_fold(1_u64, u64::checked_mul);
    match product {
        Some(n) if n <= MAX_ELEMENTS => narrow(if shape.contains(&0) { 0 } else { n }),
        other => Err(Error::TooLarge { elements: other.unwrap_or(u64::MAX), limit: MAX_ELEMENTS }),
    }
}

pub(crate) fn narrowed(shape: &[u64]) -> Result<Vec<usize>> {
    let shape: Vec<usize> = shape.iter().map(|&size| narrow(size)).collect::<Result<_>>()?;
    elements(&shape).map(|_| shape)
}

pub(crate) fn narrow(size: u64) -> Result<usize> {
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
