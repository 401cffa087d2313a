//! The patches of images under a kernel: taken apart, and put together.

use cryptab_engine::{PadMode, Slice};

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::Outcome;
use crate::functions::compose;
use crate::functions::convolution::spaced;
use crate::tensor::Tensor;
use crate::value::Value;

/// The patches under a kernel as columns: `[N, C kh kw, places]`.
pub(super) fn unfolded(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    let &[batch, channels, height, width] = x.shape() else {
        return Err(Complaint::new(format!("takes images [N, C, H, W], not {:?}", x.shape())));
    };
    let patches = Patches::of(call, [height, width])?;
    let [rows, columns] = patches.padding;
    let x = x.pad(&[(0, 0), (0, 0), (rows, rows), (columns, columns)], PadMode::Zero)?;
    let [kernel_rows, kernel_columns] = patches.kernel;
    let [down, across] = patches.places;
    let x = x.select(2, &patches.taps(0))?.select(3, &patches.taps(1))?;
    let x = x.reshape(&[batch, channels, kernel_rows, down, kernel_columns, across])?;
    let x = x.permute(&[0, 1, 2, 4, 3, 5])?;
    Ok(x.reshape(&[batch, channels * kernel_rows * kernel_columns, down * across])?.into())
}

/// The sum of patches in their places: what `unfold` took apart.
pub(super) fn folded(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    let size = call.per_axis::<2>("output_size")?;
    let patches = Patches::of(call, size)?;
    let ([rows, columns], [down, across]) = (patches.kernel, patches.places);
    let batch = match *x.shape() {
        [batch, all, count] if all % (rows * columns).max(1) == 0 && count == down * across => {
            batch
        }
        ref shape => return Err(Complaint::new(format!("{shape:?} does not fit {size:?}"))),
    };
    let channels = x.shape()[1] / (rows * columns);
    let x = x.reshape(&[batch, channels, rows, columns, down, across])?;
    let mut sum: Option<Tensor> = None;
    for (row, column) in (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))) {
        let mut tap = x
            .part(2, Slice::range(row, row + 1))?
            .part(3, Slice::range(column, column + 1))?
            .reshape(&[batch, channels, down, across])?;
        for (axis, at) in [row, column].into_iter().enumerate() {
            tap = spaced(&tap, axis + 2, patches.stride[axis])?;
            let (start, room) = (at * patches.dilation[axis], patches.room(axis));
            let mut widths = vec![(0, 0); 4];
            widths[axis + 2] = (start, room - start - tap.shape()[axis + 2]);
            tap = tap.pad(&widths, PadMode::Zero)?;
            let edge = patches.padding[axis];
            tap = tap.part(axis + 2, Slice::range(edge, room - edge))?;
        }
        sum = Some(sum.map_or(Ok(tap.clone()), |sum| compose::add(call, &sum, &tap))?);
    }
    sum.map(Value::from).ok_or_else(|| Complaint::new("the kernel is empty"))
}

/// Where a kernel stands on an image.
struct Patches {
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    places: [usize; 2],
}

impl Patches {
    fn of(call: &Arguments<'_>, size: [usize; 2]) -> Result<Self, Complaint> {
        let kernel = call.per_axis::<2>("kernel_size")?;
        let stride = call.per_axis::<2>("stride")?;
        let padding = call.per_axis::<2>("padding")?;
        let dilation = call.per_axis::<2>("dilation")?;
        let mut places = [0; 2];
        for axis in [0, 1] {
            let reach = dilation[axis] * kernel[axis].saturating_sub(1) + 1;
            let room = (size[axis] + 2 * padding[axis]).checked_sub(reach);
            places[axis] = match room {
                Some(room) if kernel[axis] > 0 && stride[axis] > 0 => room / stride[axis] + 1,
                _ => return Err(Complaint::new(format!("{kernel:?} does not fit {size:?}"))),
            };
        }
        Ok(Self { size, kernel, stride, padding, dilation, places })
    }

    /// The size of an axis with its padding.
    const fn room(&self, axis: usize) -> usize {
        self.size[axis] + 2 * self.padding[axis]
    }

    /// The position under every tap, place by place.
    fn taps(&self, axis: usize) -> Vec<usize> {
        let place =
            |tap: usize, place: usize| tap * self.dilation[axis] + place * self.stride[axis];
        let places = self.places[axis];
        let taps = 0..self.kernel[axis];
        taps.flat_map(|tap| (0..places).map(move |at| place(tap, at))).collect()
    }
}
