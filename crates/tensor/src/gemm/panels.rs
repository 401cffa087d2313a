//! Operands of a product, as they are packed.

use std::ops::Range;

/// An operand seen as lanes (rows of the left operand, columns of the right one) along the inner dimension.
pub(crate) trait Panels: Sync {
    /// Writes some lanes as `[depth][width]`; lanes up to `width` that are not there become 0.
    fn pack(&self, depth: Range<usize>, lanes: Range<usize>, width: usize, out: &mut [u64]);
}

/// A matrix in memory: element (lane, step) is `data[lane * lane_stride + step * step_stride]`.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    pub(crate) data: &'a [u64],
    pub(crate) lane_stride: usize,
    pub(crate) step_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Lanes are the rows of a row-major matrix with `columns` columns.
    pub(crate) fn rows(data: &'a [u64], columns: usize) -> Self {
        Self { data, lane_stride: columns, step_stride: 1 }
    }

    /// Lanes are the columns of a row-major matrix with `columns` columns.
    pub(crate) fn columns(data: &'a [u64], columns: usize) -> Self {
        Self { data, lane_stride: 1, step_stride: columns }
    }
}

impl Panels for Matrix<'_> {
    fn pack(&self, depth: Range<usize>, lanes: Range<usize>, width: usize, out: &mut [u64]) {
        let count = lanes.len();
        if self.lane_stride == 1 {
            for (out, step) in out.chunks_exact_mut(width).zip(depth) {
                let first = step * self.step_stride + lanes.start;
                out[..count].copy_from_slice(&self.data[first..first + count]);
                out[count..].fill(0);
            }
            return;
        }
        if count < width {
            out.fill(0);
        }
        for (offset, lane) in lanes.enumerate() {
            let first = lane * self.lane_stride + depth.start * self.step_stride;
            let lane = self.data[first..].iter().step_by(self.step_stride).take(depth.len());
            for (out, value) in out[offset..].iter_mut().step_by(width).zip(lane) {
                *out = *value;
            }
        }
    }
}
