//! Convolutions and transposed ones. Images are `[N, C, ...]`, or `[C, ...]` without a batch.

use cryptab_engine::{Conv2d, PadMode, Slice};
use cryptab_tensor::conv2d_shape;
use ndarray::{Array4, Ix4};

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::compose;
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
];

/// A call's tensors as images with two axes, whatever `N` is; and how to undo that.
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

/// The two axes' numbers; that of an axis which is not there is `absent`.
fn pair<const N: usize>(
    call: &Arguments<'_>,
    name: &str,
    absent: usize,
) -> Result<[usize; 2], Complaint> {
    let numbers = call.per_axis::<N>(name)?;
    Ok(if N == 1 { [absent, numbers[0]] } else { [numbers[0], numbers[N - 1]] })
}

fn convolution<const N: usize>(call: &Arguments<'_>) -> Outcome {
    let Images { mut input, weight, batched } = Images::of::<N>(call)?;
    let stride = pair::<N>(call, "stride", 1)?;
    let dilation = pair::<N>(call, "dilation", 1)?;
    let padding = match call.value("padding") {
        Value::Text(word) if word == "valid" => [0, 0],
        Value::Text(word) if word == "same" => {
            if stride != [1, 1] {
                return Err(Complaint::new("padding 'same' needs a stride of 1"));
            }
            let widths = [0, 1].map(|axis| {
                let all = dilation[axis] * weight.shape()[axis + 2].saturating_sub(1);
                (all / 2, all - all / 2)
            });
            input = input.pad(&[(0, 0), (0, 0), widths[0], widths[1]], PadMode::Zero)?;
            [0, 0]
        }
        Value::Text(word) => {
            let reason = format!("padding is a number, 'same' or 'valid', not '{word}'");
            return Err(Complaint::new(reason));
        }
        _ => pair::<N>(call, "padding", 0)?,
    };
    let parameters = Conv2d { stride, padding, dilation, groups: call.count("groups")? };
    finish::<N>(call, &convolve(call, &input, &weight, &parameters)?, batched)
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
    let stride = pair::<N>(call, "stride", 1)?;
    let dilation = pair::<N>(call, "dilation", 1)?;
    let padding = pair::<N>(call, "padding", 0)?;
    let output_padding = pair::<N>(call, "output_padding", 0)?;
    let mut image = input;
    for axis in [0, 1] {
        if stride[axis] == 0 || weight.shape()[axis + 2] == 0 {
            return Err(Complaint::new("strides and kernels must be at least 1"));
        }
        image = spaced(&image, axis + 2, stride[axis])?;
        let reach = dilation[axis] * (weight.shape()[axis + 2] - 1);
        image = widened(&image, axis + 2, reach, padding[axis], output_padding[axis])?;
    }
    // The kernel, mirrored, its inputs and outputs exchanged within each group.
    let [rows, columns] = [weight.shape()[2], weight.shape()[3]];
    let mirrored = weight
        .part(2, Slice { start: 0, end: rows, step: -1 })?
        .part(3, Slice { start: 0, end: columns, step: -1 })?
        .reshape(&[groups, channels / groups, per_group, rows, columns])?
        .permute(&[0, 2, 1, 3, 4])?
        .reshape(&[groups * per_group, channels / groups, rows, columns])?;
    let parameters = Conv2d { stride: [1, 1], padding: [0, 0], dilation, groups };
    finish::<N>(call, &convolve(call, &image, &mirrored, &parameters)?, batched)
}

/// `stride - 1` zeros between neighbours along an axis.
fn spaced(image: &Tensor, axis: usize, stride: usize) -> Result<Tensor, Complaint> {
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

fn convolve(
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
