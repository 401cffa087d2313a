//! The patches of an image under a sliding filter, as the right operand of a matrix product.

use std::ops::Range;

use crate::gemm::Panels;

/// The patches of one (padded) image: lane `y * width + x` is the patch at output position (y, x), step
/// `(channel * kh + i) * kw + j` is its tap (channel, i, j).
pub(super) struct Patches<'a> {
    /// Channel after channel, row-major.
    pub(super) data: &'a [u64],
    /// Height and width of the image.
    pub(super) image: [usize; 2],
    /// Height and width of the filter.
    pub(super) filter: [usize; 2],
    /// Output positions in a row.
    pub(super) width: usize,
    pub(super) stride: [usize; 2],
    pub(super) dilation: [usize; 2],
}

impl<'a> Patches<'a> {
    /// For output row `y` and horizontal stride 1: the part of the image that each tap runs over, from its first
    /// element on.
    pub(super) fn taps(&self, y: usize, channels: usize, taps: &mut Vec<&'a [u64]>) {
        taps.clear();
        let steps = channels * self.filter[0] * self.filter[1];
        taps.extend((0..steps).map(|step| &self.data[self.offset(step) + self.row(y)..]));
    }

    /// Where the tap of a step lies relative to the first element of its patch.
    fn offset(&self, step: usize) -> usize {
        let [rows, columns] = self.filter;
        let (channel, i, j) = (step / (rows * columns), step / columns % rows, step % columns);
        let row = channel * self.image[0] + i * self.dilation[0];
        row * self.image[1] + j * self.dilation[1]
    }

    /// Where the first patch of output row `y` begins.
    fn row(&self, y: usize) -> usize {
        y * self.stride[0] * self.image[1]
    }
}

impl Panels for Patches<'_> {
    fn pack(&self, depth: Range<usize>, lanes: Range<usize>, width: usize, out: &mut [u64]) {
        let count = lanes.len();
        for (out, step) in out.chunks_exact_mut(width).zip(depth) {
            let data = &self.data[self.offset(step)..];
            let mut filled = 0;
            while filled < count {
                let lane = lanes.start + filled;
                let (y, x) = (lane / self.width, lane % self.width);
                let run = (self.width - x).min(count - filled);
                let values = &data[self.row(y) + x * self.stride[1]..];
                let out = &mut out[filled..filled + run];
                match self.stride[1] {
                    1 => out.copy_from_slice(&values[..run]),
                    stride => {
                        for (out, value) in out.iter_mut().zip(values.iter().step_by(stride)) {
                            *out = *value;
                        }
                    }
                }
                filled += run;
            }
            out[count..].fill(0);
        }
    }
}
