//! Pooling of images `[N, C, H, W]` or `[C, H, W]`.

use cryptab_engine::{PadMode, Slice};
use ndarray::{ArrayD, IxDyn};

use crate::arguments::Arguments;
use crate::array::index;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, clear, either};
use crate::functions::compose;
use crate::tensor::{Public, Tensor};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    clear(
        "max_pool2d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         dilation: ints = 1, ceil_mode: bool = False)",
        |call| {
            let windows = Windows::of(call, call.per_axis("dilation")?)?;
            let x = call.public("input");
            Ok(Public { array: windows.largest(&x.array), kind: x.kind }.into())
        },
    ),
    either(
        "avg_pool2d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int = None)",
        average,
    ),
    either("adaptive_avg_pool2d(input: tensor, output_size: ints | sizes)", adaptive_average),
];

/// Where the windows are.
pub(super) struct Windows {
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    /// Sizes of the last two axes, before and after.
    sizes: [usize; 2],
    counts: [usize; 2],
}

impl Windows {
    pub(super) fn of(call: &Arguments<'_>, dilation: [usize; 2]) -> Result<Self, Complaint> {
        let shape = call.tensor("input").shape().to_vec();
        let &[.., _, height, width] = &shape[..] else {
            return Err(Complaint::new(format!("takes images, not a tensor of shape {shape:?}")));
        };
        let kernel: [usize; 2] = call.per_axis("kernel_size")?;
        let stride = if call.is_none("stride") { kernel } else { call.per_axis("stride")? };
        let padding: [usize; 2] = call.per_axis("padding")?;
        if [kernel, stride, dilation].iter().flatten().any(|&number| number == 0) {
            return Err(Complaint::new("kernel_size, stride and dilation must be at least 1"));
        }
        if (0..2).any(|axis| padding[axis] > kernel[axis] / 2) {
            let reason = format!("padding {padding:?} is more than half of kernel_size {kernel:?}");
            return Err(Complaint::new(reason));
        }
        let sizes = [height, width];
        let mut counts = [0; 2];
        for axis in 0..2 {
            let reach = dilation[axis] * (kernel[axis] - 1) + 1;
            let room = (sizes[axis] + 2 * padding[axis]).checked_sub(reach);
            let too_large = || {
                Complaint::new(format!("a kernel of {kernel:?} does not fit into shape {shape:?}"))
            };
            let room = room.ok_or_else(too_large)?;
            counts[axis] = room / stride[axis] + 1;
            // One more window, unless it would begin in the padding on the right.
            if call.flag("ceil_mode")
                && !room.is_multiple_of(stride[axis])
                && counts[axis] * stride[axis] < sizes[axis] + padding[axis]
            {
                counts[axis] += 1;
            }
        }
        Ok(Self { kernel, stride, padding, dilation, sizes, counts })
    }

    /// The position on an axis of a window's element, if it is not in the padding.
    fn position(&self, axis: usize, window: usize, tap: usize) -> Option<usize> {
        let at = window * self.stride[axis] + tap * self.dilation[axis];
        at.checked_sub(self.padding[axis]).filter(|&at| at < self.sizes[axis])
    }

    fn largest(&self, x: &ArrayD<f64>) -> ArrayD<f64> {
        let mut shape = x.shape().to_vec();
        let rank = shape.len();
        shape[rank - 2..].copy_from_slice(&self.counts);
        ArrayD::from_shape_fn(IxDyn(&shape), |at| {
            let mut at: Vec<usize> = (0..rank).map(|axis| at[axis]).collect();
            let (y, x_at) = (at[rank - 2], at[rank - 1]);
            let mut largest = f64::NEG_INFINITY;
            for row in 0..self.kernel[0] {
                let Some(i) = self.position(0, y, row) else { continue };
                for column in 0..self.kernel[1] {
                    let Some(j) = self.position(1, x_at, column) else { continue };
                    (at[rank - 2], at[rank - 1]) = (i, j);
                    largest = largest.max(x[IxDyn(&at)]);
                }
            }
            largest
        })
    }

    /// How many elements of each window count.
    fn divisors(&self, include_padding: bool) -> Vec<f64> {
        let count = |axis: usize, window: usize| {
            let limit = self.sizes[axis] + if include_padding { 2 * self.padding[axis] } else { 0 };
            let shift = if include_padding { 0 } else { self.padding[axis] };
            let inside = |tap: &usize| {
                let at = window * self.stride[axis] + tap;
                at >= shift && at - shift < limit
            };
            index((0..self.kernel[axis]).filter(inside).count())
        };
        let rows: Vec<f64> = (0..self.counts[0]).map(|window| count(0, window)).collect();
        let columns: Vec<f64> = (0..self.counts[1]).map(|window| count(1, window)).collect();
        rows.iter().flat_map(|row| columns.iter().map(move |column| row * column)).collect()
    }
}

/// The sum of shifted images, which is free, times the inverse counts.
fn average(call: &Arguments<'_>) -> Outcome {
    let windows = Windows::of(call, [1, 1])?;
    let x = call.tensor("input");
    let mut widths = vec![(0, 0); x.rank() - 2];
    for axis in 0..2 {
        let needed = (windows.counts[axis] - 1) * windows.stride[axis] + windows.kernel[axis];
        let before = windows.padding[axis];
        let after = needed.saturating_sub(before + windows.sizes[axis]);
        widths.push((before, after));
    }
    let padded = x.pad(&widths, PadMode::Zero)?;
    let mut sum: Option<Tensor> = None;
    for row in 0..windows.kernel[0] {
        for column in 0..windows.kernel[1] {
            let mut shifted = padded.clone();
            for (axis, tap) in [(0, row), (1, column)] {
                let end = tap + (windows.counts[axis] - 1) * windows.stride[axis] + 1;
                let step = isize::try_from(windows.stride[axis]).unwrap_or(isize::MAX);
                shifted = shifted.part(x.rank() - 2 + axis, Slice { start: tap, end, step })?;
            }
            sum = Some(match sum {
                None => shifted,
                Some(sum) => compose::add(call, &sum, &shifted)?,
            });
        }
    }
    let sum = sum.ok_or_else(|| Complaint::new("the kernel is empty"))?;
    let divisors = match call.value("divisor_override").number() {
        Some(divisor) if divisor != 0.0 => vec![divisor; windows.counts.iter().product()],
        Some(_) => return Err(Complaint::new("divisor_override must not be 0")),
        None => windows.divisors(call.flag("count_include_pad")),
    };
    let inverse = divisors.iter().map(|divisor| 1.0 / divisor).collect();
    scaled(call, &sum, &compose::public(&windows.counts, inverse))
}

/// Times a public tensor of real numbers; integers become real before.
fn scaled(call: &Arguments<'_>, sum: &Tensor, factor: &Tensor) -> Outcome {
    let sum = match sum {
        Tensor::Secret(secret) => Tensor::Secret(call.fixed(secret)?),
        Tensor::Public(_) => sum.clone(),
    };
    Ok(compose::mul(call, &sum, factor)?.into())
}

fn adaptive_average(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    if x.rank() < 3 {
        let shape = x.shape();
        return Err(Complaint::new(format!("takes images, not a tensor of shape {shape:?}")));
    }
    let sizes = &x.shape()[x.rank() - 2..];
    let wanted: Vec<&Value> = match call.value("output_size") {
        Value::Tuple(parts) if parts.len() == 2 => parts.iter().collect(),
        Value::Tuple(parts) => {
            let reason = format!("`output_size` takes 1 or 2 numbers, not {}", parts.len());
            return Err(Complaint::new(reason));
        }
        single => vec![single, single],
    };
    let mut result = x.clone();
    let mut counts: Vec<Vec<f64>> = Vec::new();
    for axis in 0..2 {
        let size = sizes[axis];
        let bins = match wanted[axis].integer() {
            None => size,
            Some(bins) => usize::try_from(bins).unwrap_or(0),
        };
        if bins == 0 || size == 0 {
            return Err(Complaint::new("images and output_size must be at least 1"));
        }
        let bounds = (0..bins).map(|bin| (bin * size / bins, ((bin + 1) * size).div_ceil(bins)));
        let bounds: Vec<(usize, usize)> = bounds.collect();
        let at = x.rank() - 2 + axis;
        let sums = bounds
            .iter()
            .map(|&(start, end)| compose::sum(&result.part(at, Slice::range(start, end))?, at));
        let sums = sums.collect::<Result<Vec<_>, _>>()?;
        result = Tensor::concat(&sums, at)?;
        counts.push(bounds.iter().map(|(start, end)| index(end - start)).collect());
    }
    let inverse = counts[0].iter().flat_map(|a| counts[1].iter().map(move |b| 1.0 / (a * b)));
    let shape = [counts[0].len(), counts[1].len()];
    scaled(call, &result, &compose::public(&shape, inverse.collect()))
}
