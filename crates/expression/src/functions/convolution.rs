//! Convolutions and transposed ones. Images are `[N, C, ...]`, or `[C, ...]` without a batch.

use cryptab_engine::{Conv2d, PadMode, Slice};
use cryptab_tensor::conv2d_shape;
use ndarray::{Array4, Ix4};

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::{compose, patches};
use crate::tensor::{Kind, Public, Tensor};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    either(
        "conv1d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints | str = 0, dilation: ints = 1, groups: int = 1)",
        convolution::<1>,
    ),
    either(
        "conv2d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints | str = 0, dilation: ints = 1, groups: int = 1)",
        convolution::<2>,
    ),
    either(
        "conv_transpose1d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints = 0, output_padding: ints = 0, groups: int = 1, dilation: ints = 1)",
        transposed::<1>,
    ),
    either(
        "conv_transpose2d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints = 0, output_padding: ints = 0, groups: int = 1, dilation: ints = 1)",
        transposed::<2>,
    ),
    either(
        "conv3d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints | str = 0, dilation: ints = 1, groups: int = 1)",
        convolution::<3>,
    ),
    either(
        "conv_transpose3d(input: tensor, weight: tensor, bias: tensor = None, stride: ints = 1, \
         padding: ints = 0, output_padding: ints = 0, groups: int = 1, dilation: ints = 1)",
        transposed::<3>,
    ),
    either(
        "fold(input: tensor, output_size: ints, kernel_size: ints, dilation: ints = 1, \
         padding: ints = 0, stride: ints = 1)",
        patches::folded,
    ),
];

/// A call's tensors as images with at least two axes, whatever `N` is; and how to undo that.
struct Images {
    input: Tensor,
    weight: Tensor,
    batched: bool,
}

impl Images {
    fn of<const N: usize>(call: &Arguments<'_>) -> Result<Self, Complaint> {
        let (input, weight) = (call.tensor("input"), call.tensor("weight"));
        let batched = input.rank() == N + 2;
        if weight.rank() != N + 2 || !(batched || input.rank() == N + 1) {
            let (x, w) = (input.shape(), weight.shape());
            let reason = format!("an input of shape {x:?} and a weight of shape {w:?} do not fit");
            return Err(Complaint::new(reason));
        }
        let images = |tensor: &Tensor, batched: bool| {
            let mut shape = tensor.shape().to_vec();
            if !batched {
                shape.insert(0, 1);
            }
            if N == 1 {
                shape.insert(2, 1);
            }
            tensor.reshape(&shape)
        };
        Ok(Self { input: images(&input, batched)?, weight: images(&weight, true)?, batched })
    }
}

/// The result of convolving images, with its bias, in the call's own rank.
fn finish<const N: usize>(call: &Arguments<'_>, result: &Tensor, batched: bool) -> Outcome {
    let mut shape = result.shape().to_vec();
    if N == 1 {
        shape.remove(2);
    }
    if !batched {
        shape.remove(0);
    }
    let result = result.reshape(&shape)?;
    if call.is_none("bias") {
        return Ok(result.into());
    }
    let bias = call.tensor("bias");
    let filters = shape[shape.len() - N - 1];
    if bias.shape() != [filters] {
        let found = bias.shape();
        return Err(Complaint::new(format!("a bias of shape {found:?} for {filters} channels")));
    }
    let mut along = vec![filters];
    along.resize(N + 1, 1);
    Ok(compose::add(call, &result, &bias.reshape(&along)?)?.into())
}

/// A number for each axis of the images; that of an axis which is not there is `absent`.
fn per_axis<const N: usize>(
    call: &Arguments<'_>,
    name: &str,
    absent: usize,
) -> Result<Vec<usize>, Complaint> {
    let numbers = call.per_axis::<N>(name)?;
    Ok(if N == 1 { vec![absent, numbers[0]] } else { numbers.to_vec() })
}

fn convolution<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let Images { mut input, weight, batched } = Images::of::<N>(call)?;
    let stride = per_axis::<N>(call, "stride", 1)?;
    let dilation = per_axis::<N>(call, "dilation", 1)?;
    let none = vec![0; stride.len()];
    let padding = match call.value("padding") {
        Value::Text(word) if word == "valid" => none,
        Value::Text(word) if word == "same" => {
            if stride.iter().any(|&stride| stride != 1) {
                return Err(Complaint::new("padding 'same' needs a stride of 1"));
            }
            let widths = dilation.iter().zip(&weight.shape()[2..]).map(|(dilation, kernel)| {
                let all = dilation * kernel.saturating_sub(1);
                (all / 2, all - all / 2)
            });
            let widths: Vec<_> = [(0, 0); 2].into_iter().chain(widths).collect();
            input = input.pad(&widths, PadMode::Zero)?;
            none
        }
        Value::Text(word) => {
            let reason = format!("padding is a number, 'same' or 'valid', not '{word}'");
            return Err(Complaint::new(reason));
        }
        _ => per_axis::<N>(call, "padding", 0)?,
    };
    let sizes = Sizes { stride, padding, dilation, groups: call.count("groups")? };
    finish::<N>(call, &convolve(call, &input, &weight, &sizes)?, batched)
}

/// Zeros between the elements, and a convolution with the mirrored kernel.
fn transposed<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let Images { input, weight, batched } = Images::of::<N>(call)?;
    let groups = call.count("groups")?;
    let [channels, per_group] = [weight.shape()[0], weight.shape()[1]];
    if groups == 0 || channels % groups != 0 || input.shape()[1] != channels {
        let (x, w) = (call.tensor("input"), call.tensor("weight"));
        let (x, w) = (x.shape(), w.shape());
        let reason = format!("an input of shape {x:?} and a weight of shape {w:?} do not fit");
        return Err(Complaint::new(format!("{reason} (groups: {groups})")));
    }
    let stride = per_axis::<N>(call, "stride", 1)?;
    let dilation = per_axis::<N>(call, "dilation", 1)?;
    let padding = per_axis::<N>(call, "padding", 0)?;
    let output_padding = per_axis::<N>(call, "output_padding", 0)?;
    let (mut image, mut mirrored) = (input, weight.clone());
    let kernel = &weight.shape()[2..];
    for axis in 0..kernel.len() {
        if stride[axis] == 0 || kernel[axis] == 0 {
            return Err(Complaint::new("strides and kernels must be at least 1"));
        }
        image = spaced(&image, axis + 2, stride[axis])?;
        let reach = dilation[axis] * (kernel[axis] - 1);
        image = widened(&image, axis + 2, reach, padding[axis], output_padding[axis])?;
        mirrored = mirrored.part(axis + 2, Slice { start: 0, end: kernel[axis], step: -1 })?;
    }
    // The inputs and outputs of the kernel exchanged within each group.
    let order: Vec<usize> = [0, 2, 1].into_iter().chain(3..3 + kernel.len()).collect();
    let mirrored = mirrored
        .reshape(&[&[groups, channels / groups, per_group], kernel].concat())?
        .permute(&order)?
        .reshape(&[&[groups * per_group, channels / groups], kernel].concat())?;
    let (stride, padding) = (vec![1; kernel.len()], vec![0; kernel.len()]);
    let sizes = Sizes { stride, padding, dilation, groups };
    finish::<N>(call, &convolve(call, &image, &mirrored, &sizes)?, batched)
}

/// The numbers of a convolution, for every axis of the images.
struct Sizes {
    stride: Vec<usize>,
    padding: Vec<usize>,
    dilation: Vec<usize>,
    groups: usize,
}

/// A convolution over two axes, or over three: there the elements under the taps of the first
/// become channels, and its places images.
fn convolve(
    call: &Arguments<'_>,
    x: &Tensor,
    w: &Tensor,
    sizes: &Sizes,
) -> Result<Tensor, Complaint> {
    let last_two = |of: &[usize]| [of[of.len() - 2], of[of.len() - 1]];
    let parameters = Conv2d {
        stride: last_two(&sizes.stride),
        padding: last_two(&sizes.padding),
        dilation: last_two(&sizes.dilation),
        groups: sizes.groups,
    };
    let &[filters, per_group, depth, rows, columns] = w.shape() else {
        return plane(call, x, w, &parameters);
    };
    // Opened once, however often the taps read it.
    let x = match x {
        Tensor::Secret(x) => Tensor::Secret(x.masked()?),
        Tensor::Public(_) => x.clone(),
    };
    let (stride, dilation) = (sizes.stride[0], sizes.dilation[0]);
    let mut widths = vec![(0, 0); 5];
    widths[2] = (sizes.padding[0], sizes.padding[0]);
    let x = x.pad(&widths, PadMode::Zero)?;
    let reach = dilation * depth.saturating_sub(1) + 1;
    let places = match x.shape()[2].checked_sub(reach) {
        Some(room) if stride > 0 && depth > 0 => room / stride + 1,
        _ => {
            let (x, w) = (x.shape(), w.shape());
            return Err(Complaint::new(format!("a kernel of shape {w:?} does not fit {x:?}")));
        }
    };
    let taps: Vec<usize> = (0..places)
        .flat_map(|place| (0..depth).map(move |tap| place * stride + tap * dilation))
        .collect();
    let [batch, channels, _, height, width] = x.shape() else { unreachable!("as the kernel") };
    let (batch, channels) = (*batch, *channels);
    let images = x
        .select(2, &taps)?
        .reshape(&[batch, channels, places, depth, *height, *width])?
        .permute(&[0, 2, 1, 3, 4, 5])?
        .reshape(&[batch * places, channels * depth, *height, *width])?;
    let kernel = w.reshape(&[filters, per_group * depth, rows, columns])?;
    let result = plane(call, &images, &kernel, &parameters)?;
    let [_, _, height, width] = *result.shape() else { unreachable!("images have four axes") };
    result.reshape(&[batch, places, filters, height, width])?.permute(&[0, 2, 1, 3, 4])
}

/// `stride - 1` zeros between neighbours along an axis.
pub(super) fn spaced(image: &Tensor, axis: usize, stride: usize) -> Result<Tensor, Complaint> {
    let mut shape = image.shape().to_vec();
    let size = shape[axis];
    if stride == 1 || size == 0 {
        return Ok(image.clone());
    }
    shape.insert(axis + 1, 1);
    let mut widths = vec![(0, 0); shape.len()];
    widths[axis + 1] = (0, stride - 1);
    let spaced = image.reshape(&shape)?.pad(&widths, PadMode::Zero)?;
    shape.remove(axis + 1);
    shape[axis] = size * stride;
    spaced.reshape(&shape)?.part(axis, Slice::range(0, (size - 1) * stride + 1))
}

/// Room on both sides for a kernel that reaches so far, less the padding.
fn widened(
    image: &Tensor,
    axis: usize,
    reach: usize,
    padding: usize,
    more: usize,
) -> Result<Tensor, Complaint> {
    let mut widths = vec![(0, 0); image.rank()];
    widths[axis] = (reach.saturating_sub(padding), (reach + more).saturating_sub(padding));
    let wide = image.pad(&widths, PadMode::Zero)?;
    let (before, after) = (padding.saturating_sub(reach), padding.saturating_sub(reach + more));
    let size = wide.shape()[axis];
    if before + after >= size {
        return Err(Complaint::new(format!("the result of shape {:?} is empty", image.shape())));
    }
    wide.part(axis, Slice::range(before, size - after))
}

/// A convolution over two axes.
fn plane(
    call: &Arguments<'_>,
    x: &Tensor,
    w: &Tensor,
    parameters: &Conv2d,
) -> Result<Tensor, Complaint> {
    let shape = conv2d_shape(x.shape(), w.shape(), parameters)?;
    if let (Tensor::Public(x), Tensor::Public(w)) = (x, w) {
        return Ok(Tensor::Public(clear(x, w, parameters, &shape)));
    }
    Ok(Tensor::Secret(call.shared(x)?.conv2d(&call.shared(w)?, parameters)?))
}

fn clear(x: &Public, w: &Public, parameters: &Conv2d, shape: &[usize]) -> Public {
    let kind = x.kind.max(w.kind).max(Kind::Integer);
    let Conv2d { stride, padding, dilation, groups } = *parameters;
    let image = x.array.view().into_dimensionality::<Ix4>().expect("images have four axes");
    let kernel = w.array.view().into_dimensionality::<Ix4>().expect("kernels have four axes");
    let (filters, per_group, rows, columns) = kernel.dim();
    let (_, _, height, width) = image.dim();
    let at = |out: usize, tap: usize, axis: usize, size: usize| {
        (out * stride[axis] + tap * dilation[axis]).checked_sub(padding[axis]).filter(|&i| i < size)
    };
    let result =
        Array4::from_shape_fn((shape[0], shape[1], shape[2], shape[3]), |(n, filter, y, x)| {
            let first = filter / (filters / groups) * per_group;
            let mut sum = 0.0;
            for row in 0..rows {
                let Some(i) = at(y, row, 0, height) else { continue };
                for column in 0..columns {
                    let Some(j) = at(x, column, 1, width) else { continue };
                    for channel in 0..per_group {
                        sum += image[[n, first + channel, i, j]]
                            * kernel[[filter, channel, row, column]];
                    }
                }
            }
            sum
        });
    Public { array: result.into_dyn(), kind }
}
