//! Two-dimensional convolution (cross-correlation, as in PyTorch), without materialised patches.

mod patches;

use self::patches::Patches;
use crate::{
    Backend, Error, PadMode, Result, Tensor,
    gemm::{self, Block, Matrix},
    parallel, shape,
};

/// With at most this many output channels a group, weighted sums of shifted rows beat matrix products.
const FEW_CHANNELS: usize = 3;

/// The parameters of a convolution, each pair (vertical, horizontal).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Conv2d {
    /// The distance between neighbouring positions of the filter, at least 1.
    pub stride: [usize; 2],
    /// Zeros added on both sides of the image.
    pub padding: [usize; 2],
    /// The distance between neighbouring taps of the filter, at least 1.
    pub dilation: [usize; 2],
    /// Channels are cut into this many groups, each with filters of its own; at least 1.
    pub groups: usize,
}

impl Default for Conv2d {
    fn default() -> Self {
        Self { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 }
    }
}

/// `out[n, o, y, x] = sum over c, i, j of w[o, c, i, j] * x[n, g c', y s + i d - p, x s + j d - p]` modulo 2^64.
///
/// Shapes: images `[n, c, h, w]`, filters `[o, c / groups, kh, kw]`, result `[n, o, h', w']` with
/// `h' = (h + 2 padding - dilation (kh - 1) - 1) / stride + 1`, and `w'` likewise.
///
/// # Errors
/// [`Error::Shapes`] when the channels do not fit or the filter is larger than the padded image,
/// [`Error::Parameter`] for a stride, dilation or number of groups of 0.
pub fn conv2d(x: &Tensor, w: &Tensor, parameters: &Conv2d) -> Result<Tensor> {
    conv2d_on(Backend::detect(), x, w, parameters)
}

/// [`conv2d`] on a backend of the caller's choice, to compare them.
///
/// # Errors
/// As [`conv2d`].
pub fn conv2d_on(backend: Backend, x: &Tensor, w: &Tensor, parameters: &Conv2d) -> Result<Tensor> {
    let shape = conv2d_shape(x.shape(), w.shape(), parameters)?;
    let mut out = vec![0; shape::count("conv2d", &shape)?];
    if out.is_empty() || w.is_empty() {
        return Ok(Tensor::assemble(&shape, out));
    }
    let [up, left] = parameters.padding;
    let padded = match parameters.padding {
        [0, 0] => x.clone(),
        _ => x.pad(&[(0, 0), (0, 0), (up, up), (left, left)], PadMode::Zero)?,
    };
    let channels = w.shape()[1];
    let patches = |data| Patches {
        data,
        image: [padded.shape()[2], padded.shape()[3]],
        filter: [w.shape()[2], w.shape()[3]],
        width: shape[3],
        stride: parameters.stride,
        dilation: parameters.dilation,
    };
    let (height, filters) = (shape[2], shape[1] / parameters.groups);
    let group_out = filters * height * shape[3];
    let group_in = channels * padded.shape()[2] * padded.shape()[3];
    let group_weights = filters * channels * w.shape()[2] * w.shape()[3];
    parallel::for_each_chunk(&mut out, group_out, |index, out| {
        let patches = patches(&padded.as_slice()[index * group_in..][..group_in]);
        let weights = &w.as_slice()[index % parameters.groups * group_weights..][..group_weights];
        convolve(backend, &patches, channels, weights, height, out);
    });
    Ok(Tensor::assemble(&shape, out))
}

/// The shape of [`conv2d`] of operands of these shapes.
///
/// # Errors
/// As [`conv2d`].
pub fn conv2d_shape(x: &[usize], w: &[usize], parameters: &Conv2d) -> Result<Vec<usize>> {
    let refuse =
        |reason| Error::Shapes { op: "conv2d", left: x.to_vec(), right: w.to_vec(), reason };
    let (&[count, channels, height, width], &[filters, per_group, rows, columns]) = (x, w) else {
        return Err(refuse("images are [n, c, h, w] and filters [o, c / groups, kh, kw]"));
    };
    let Conv2d { stride, padding, dilation, groups } = *parameters;
    let positive = [groups, stride[0], stride[1], dilation[0], dilation[1]];
    if positive.contains(&0) {
        return Err(Error::Parameter {
            op: "conv2d",
            shape: x.to_vec(),
            reason: "groups, strides and dilations must be at least 1",
            value: 0,
        });
    }
    if channels != per_group.saturating_mul(groups) {
        return Err(refuse("images must have as many channels as a filter times the groups"));
    }
    if filters % groups != 0 {
        return Err(refuse("the number of filters must be a multiple of the groups"));
    }
    let positions = |size: usize, taps: usize, axis: usize| {
        let padded = padding[axis].checked_mul(2)?.checked_add(size)?;
        let extent = dilation[axis].checked_mul(taps.checked_sub(1)?)?.checked_add(1)?;
        Some(padded.checked_sub(extent)? / stride[axis] + 1)
    };
    let misfit = || refuse("the filter must have taps and fit into the padded image");
    let height = positions(height, rows, 0).ok_or_else(misfit)?;
    let width = positions(width, columns, 1).ok_or_else(misfit)?;
    Ok(vec![count, filters, height, width])
}

/// `out += weights * patches` for one image and one group.
fn convolve(
    backend: Backend,
    patches: &Patches<'_>,
    channels: usize,
    weights: &[u64],
    height: usize,
    out: &mut [u64],
) {
    let depth = channels * patches.filter[0] * patches.filter[1];
    let columns = height * patches.width;
    let filters = out.len() / columns;
    if filters > FEW_CHANNELS || patches.stride[1] != 1 {
        let mut blocks = Block::cut(out, columns, gemm::block_columns(filters, depth, columns));
        let weights = Matrix::rows(weights, depth);
        return gemm::multiply(backend, &weights, patches, filters, depth, &mut blocks);
    }
    let row_work = filters * depth * patches.width;
    let rows = parallel::chunk_size(height, parallel::WORTHWHILE.div_ceil(row_work));
    let mut blocks = parallel::column_blocks(out, columns, rows * patches.width);
    parallel::for_each_chunk(&mut blocks, 1, |index, blocks| {
        let planes = &mut blocks[0];
        let mut taps = Vec::with_capacity(depth);
        for row in 0..planes[0].len() / patches.width {
            patches.taps(index * rows + row, channels, &mut taps);
            for (plane, weights) in planes.iter_mut().zip(weights.chunks_exact(depth)) {
                let out = &mut plane[row * patches.width..(row + 1) * patches.width];
                backend.weighted_sum(out, &taps, weights);
            }
        }
    });
}
