//! Pooling of the last `N` axes of images `[batch, channels, ...]` or `[channels, ...]`.

use cryptab_engine::{Divisor, Window};
use ndarray::{ArrayD, IxDyn};

use crate::arguments::Arguments;
use crate::array::index;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::tensor::{Kind, Public};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "max_pool1d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         dilation: ints = 1, ceil_mode: bool = False, return_indices: bool = False)",
        clear_maxima::<1>,
        maxima::<1>,
    ),
    both(
        "max_pool2d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         dilation: ints = 1, ceil_mode: bool = False, return_indices: bool = False)",
        clear_maxima::<2>,
        maxima::<2>,
    ),
    both(
        "max_pool3d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         dilation: ints = 1, ceil_mode: bool = False, return_indices: bool = False)",
        clear_maxima::<3>,
        maxima::<3>,
    ),
    both(
        "avg_pool1d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int = None)",
        clear_means::<1>,
        means::<1>,
    ),
    both(
        "avg_pool2d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int = None)",
        clear_means::<2>,
        means::<2>,
    ),
    both(
        "avg_pool3d(input: tensor, kernel_size: ints, stride: ints = None, padding: ints = 0, \
         ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int = None)",
        clear_means::<3>,
        means::<3>,
    ),
    both(
        "adaptive_max_pool1d(input: tensor, output_size: ints | sizes)",
        |call| clear_parts::<1>(call, largest),
        |call| Ok(call.secret("input")?.adaptive_max_pool(&parts::<1>(call)?)?.into()),
    ),
    both(
        "adaptive_max_pool2d(input: tensor, output_size: ints | sizes)",
        |call| clear_parts::<2>(call, largest),
        |call| Ok(call.secret("input")?.adaptive_max_pool(&parts::<2>(call)?)?.into()),
    ),
    both(
        "adaptive_avg_pool1d(input: tensor, output_size: ints | sizes)",
        |call| clear_parts::<1>(call, mean),
        |call| Ok(call.real("input")?.adaptive_avg_pool(&parts::<1>(call)?)?.into()),
    ),
    both(
        "adaptive_avg_pool2d(input: tensor, output_size: ints | sizes)",
        |call| clear_parts::<2>(call, mean),
        |call| Ok(call.real("input")?.adaptive_avg_pool(&parts::<2>(call)?)?.into()),
    ),
];

/// What the windows cover of one axis.
struct Taps {
    /// For each window, the positions that are not in the padding.
    windows: Vec<Vec<usize>>,
    /// For each window, how many positions it has with the padding.
    extents: Vec<usize>,
}

/// The windows of a call, for each of the last axes.
fn windows<const N: usize>(
    call: &Arguments<'_>,
    dilation: [usize; N],
) -> Result<[Window; N], Complaint> {
    let kernel: [usize; N] = call.per_axis("kernel_size")?;
    let stride = if call.is_none("stride") { kernel } else { call.per_axis("stride")? };
    let padding: [usize; N] = call.per_axis("padding")?;
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(std::array::from_fn(|axis| {
        let window = Window::new(narrow(kernel[axis]))
            .stride(narrow(stride[axis]))
            .padding(narrow(padding[axis]))
            .dilation(narrow(dilation[axis]));
        if call.flag("ceil_mode") { window.ceil() } else { window }
    }))
}

/// The sizes of the last axes.
fn sizes<const N: usize>(call: &Arguments<'_>) -> Result<[usize; N], Complaint> {
    let tensor = call.tensor("input");
    let shape = tensor.shape();
    let last = shape.len().checked_sub(N).filter(|&lead| lead > 0 && lead < 3);
    last.and_then(|lead| shape[lead..].try_into().ok()).ok_or_else(|| {
        Complaint::new(format!(
            "takes {} or {} axes, not a tensor of shape {shape:?}",
            N + 1,
            N + 2
        ))
    })
}

fn taps<const N: usize>(
    call: &Arguments<'_>,
    dilation: [usize; N],
) -> Result<Vec<Taps>, Complaint> {
    let windows = windows(call, dilation)?;
    let sizes: [usize; N] = sizes(call)?;
    (0..N).map(|axis| sliding(&windows[axis], sizes[axis], call.flag("ceil_mode"))).collect()
}

fn sliding(window: &Window, size: usize, ceil: bool) -> Result<Taps, Complaint> {
    let Window { kernel, stride, padding, dilation, .. } = *window;
    let [kernel, stride, padding, dilation] =
        [kernel, stride, padding, dilation].map(|n| n as usize);
    if kernel == 0 || stride == 0 || dilation == 0 {
        return Err(Complaint::new("kernel_size, stride and dilation must be at least 1"));
    }
    if padding > kernel / 2 {
        let reason = format!("padding {padding} is more than half of kernel_size {kernel}");
        return Err(Complaint::new(reason));
    }
    let reach = dilation.saturating_mul(kernel - 1).saturating_add(1);
    let too_large = || {
        Complaint::new(format!(
            "a window of {reach} does not fit an axis of {size}, padded by {padding}"
        ))
    };
    let room = (size + 2 * padding).checked_sub(reach).ok_or_else(too_large)?;
    let mut count = room / stride + 1;
    // One more window, unless it would begin in the padding on the right.
    if ceil && !room.is_multiple_of(stride) && count * stride < size + padding {
        count += 1;
    }
    let inside = |window: usize| {
        let at = move |tap: usize| (window * stride + tap * dilation).checked_sub(padding);
        (0..kernel).filter_map(at).filter(|&at| at < size).collect()
    };
    let extent = |window: usize| kernel.min(size + 2 * padding - window * stride);
    Ok(Taps {
        windows: (0..count).map(inside).collect(),
        extents: (0..count).map(extent).collect(),
    })
}

/// For every window, `reduce` of the elements, with their flat positions, and of its extent.
fn pool(
    x: &ArrayD<f64>,
    taps: &[Taps],
    reduce: impl Fn(&[(usize, f64)], usize) -> f64,
) -> ArrayD<f64> {
    let lead = x.ndim() - taps.len();
    let counts: Vec<usize> = taps.iter().map(|taps| taps.windows.len()).collect();
    let shape = [&x.shape()[..lead], &counts].concat();
    ArrayD::from_shape_fn(IxDyn(&shape), |at| {
        let mut places: Vec<(Vec<usize>, usize)> =
            vec![((0..lead).map(|axis| at[axis]).collect(), 0)];
        let mut extent = 1;
        for (axis, taps) in taps.iter().enumerate() {
            let window = at[lead + axis];
            extent *= taps.extents[window];
            let size = x.shape()[lead + axis];
            let extended = |(place, flat): &(Vec<usize>, usize)| {
                let (place, flat) = (place.clone(), *flat);
                let next = move |&tap: &usize| ([&place[..], &[tap]].concat(), flat * size + tap);
                taps.windows[window].iter().map(next).collect::<Vec<_>>()
            };
            places = places.iter().flat_map(extended).collect();
        }
        let elements: Vec<(usize, f64)> =
            places.iter().map(|(place, flat)| (*flat, x[IxDyn(place)])).collect();
        reduce(&elements, extent)
    })
}

fn first_largest(elements: &[(usize, f64)]) -> (usize, f64) {
    let larger =
        |best: (usize, f64), &next: &(usize, f64)| if next.1 > best.1 { next } else { best };
    elements.iter().fold((0, f64::NEG_INFINITY), larger)
}

fn largest(elements: &[(usize, f64)], _: usize) -> f64 {
    first_largest(elements).1
}

fn mean(elements: &[(usize, f64)], _: usize) -> f64 {
    elements.iter().map(|(_, x)| x).sum::<f64>() / index(elements.len())
}

fn clear_maxima<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let taps = taps::<N>(call, call.per_axis("dilation")?)?;
    if taps.iter().any(|taps| taps.windows.iter().any(Vec::is_empty)) {
        return Err(Complaint::new("a window has no element"));
    }
    let x = call.public("input");
    let values = Public { array: pool(&x.array, &taps, largest), kind: x.kind };
    if !call.flag("return_indices") {
        return Ok(values.into());
    }
    let places = pool(&x.array, &taps, |elements, _| index(first_largest(elements).0));
    Ok(vec![values, Public { array: places, kind: Kind::Integer }].into())
}

fn maxima<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let _sizes: [usize; N] = sizes(call)?;
    let windows = windows::<N>(call, call.per_axis("dilation")?)?;
    let x = call.secret("input")?;
    if !call.flag("return_indices") {
        return Ok(x.max_pool(&windows)?.into());
    }
    let (values, places) = x.max_pool_with_indices(&windows)?;
    Ok(vec![values, places].into())
}

/// What an average divides by.
fn divisor(call: &Arguments<'_>) -> Result<Divisor, Complaint> {
    Ok(match call.value("divisor_override").integer() {
        Some(number) => match u32::try_from(number) {
            Ok(divisor) if divisor > 0 => Divisor::Fixed(divisor),
            _ => return Err(Complaint::new("divisor_override must be at least 1")),
        },
        None if call.flag("count_include_pad") => Divisor::WithPadding,
        None => Divisor::WithoutPadding,
    })
}

fn clear_means<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let (taps, divisor) = (taps::<N>(call, [1; N])?, divisor(call)?);
    let array = pool(&call.public("input").array, &taps, |elements, extent| {
        let sum: f64 = elements.iter().map(|(_, x)| x).sum();
        sum / match divisor {
            Divisor::Fixed(number) => f64::from(number),
            Divisor::WithPadding => index(extent),
            Divisor::WithoutPadding => index(elements.len()),
        }
    });
    Ok(Public { array, kind: Kind::Real }.into())
}

fn means<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let _sizes: [usize; N] = sizes(call)?;
    let windows = windows::<N>(call, [1; N])?;
    Ok(call.real("input")?.avg_pool(&windows, divisor(call)?)?.into())
}

/// Into how many parts each of the last axes is divided.
fn parts<const N: usize>(call: &Arguments<'_>) -> Result<[u32; N], Complaint> {
    let sizes: [usize; N] = sizes(call)?;
    let wanted: Vec<&Value> = match call.value("output_size") {
        Value::Tuple(parts) if parts.len() == N => parts.iter().collect(),
        Value::Tuple(parts) => {
            let reason = format!("`output_size` takes 1 or {N} numbers, not {}", parts.len());
            return Err(Complaint::new(reason));
        }
        single => vec![single; N],
    };
    let mut counts = [0; N];
    for axis in 0..N {
        let count = match wanted[axis].integer() {
            None => u32::try_from(sizes[axis]).ok(),
            Some(count) => u32::try_from(count).ok(),
        };
        counts[axis] = count
            .filter(|&count| count > 0 && sizes[axis] > 0 && count < 1 << 20)
            .ok_or_else(|| Complaint::new("images and `output_size` must be at least 1"))?;
    }
    Ok(counts)
}

fn clear_parts<const N: usize>(
    call: &Arguments<'_>,
    reduce: fn(&[(usize, f64)], usize) -> f64,
) -> Outcome {
    let sizes: [usize; N] = sizes(call)?;
    let taps = parts::<N>(call)?.into_iter().zip(sizes).map(|(count, size)| {
        let count = count as usize;
        let part = |at: usize| (at * size / count..((at + 1) * size).div_ceil(count)).collect();
        Taps { windows: (0..count).map(part).collect(), extents: vec![1; count] }
    });
    let x = call.public("input");
    let array = pool(&x.array, &taps.collect::<Vec<_>>(), reduce);
    Ok(Public { array, kind: Kind::Real }.into())
}
