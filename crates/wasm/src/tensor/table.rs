//! The functions of the engine by the names that pages call them by.

use cryptab_engine::{
    Border, Conv2d, Divisor, Error, Interpolation, Order, PadMode, Result, Rounding, Secret, Slice,
    Window,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::failure::Failure;

/// Why an operation was not recorded.
pub(super) enum Refused {
    /// The engine says so.
    Engine(Error),
    /// The call itself makes no sense.
    Call(Failure),
}

/// Applies the function of this name: the results, one for most functions.
///
/// `with` lists what a function is told besides its operands, as the table `Parameters` in
/// `pkg/src/operation.ts` has it.
pub(super) fn apply(
    name: &str,
    operands: &[Secret],
    with: JsValue,
) -> std::result::Result<Vec<Secret>, Refused> {
    match (name, operands) {
        // Arithmetic.
        ("add", [x, y]) => one(x.add(y)),
        ("sub", [x, y]) => one(x.sub(y)),
        ("neg", [x]) => one(x.neg()),
        ("mul", [x, y]) => given(with, |(frac,): (Option<u8>,)| match frac {
            Some(frac) => x.mul_scaled(y, frac),
            None => x.mul(y),
        }),
        ("square", [x]) => one(x.square()),
        ("matmul", [x, y]) => given(with, |(frac,): (Option<u8>,)| match frac {
            Some(frac) => x.matmul_scaled(y, frac),
            None => x.matmul(y),
        }),
        ("conv2d", [x, kernel]) => given(with, |(c, frac): (Convolution, Option<u8>)| {
            let parameters = c.parameters();
            match frac {
                Some(frac) => x.conv2d_scaled(kernel, &parameters, frac),
                None => x.conv2d(kernel, &parameters),
            }
        }),
        ("masked", [x]) => one(x.masked()),
        ("rescale", [x]) => given(with, |(frac,)| x.rescale(frac)),

        // Smooth functions.
        ("cos", [x]) => one(x.cos()),
        ("sin", [x]) => one(x.sin()),
        ("sigmoid", [x]) => one(x.sigmoid()),
        ("tanh", [x]) => one(x.tanh()),
        ("erf", [x]) => one(x.erf()),
        ("gelu", [x]) => one(x.gelu()),
        ("silu", [x]) => one(x.silu()),
        ("softplus", [x]) => one(x.softplus()),
        ("exp", [x]) => one(x.exp()),
        ("reciprocal", [x]) => one(x.reciprocal()),
        ("reciprocalPositive", [x]) => one(x.reciprocal_positive()),
        ("rsqrt", [x]) => one(x.rsqrt()),
        ("sqrt", [x]) => one(x.sqrt()),
        ("log", [x]) => one(x.log()),
        ("log2", [x]) => one(x.log2()),
        ("log10", [x]) => one(x.log10()),
        ("log1p", [x]) => one(x.log1p()),
        ("div", [x, y]) => one(x.div(y)),
        ("pow", [x]) => given(with, |(exponent,)| x.pow(exponent)),
        ("softmax", [x]) => given(with, |(axis,)| x.softmax(axis)),
        ("logSoftmax", [x]) => given(with, |(axis,)| x.log_softmax(axis)),

        // Comparison, choice and ranges.
        ("within", [x]) => given(with, |(width,)| x.within(width)),
        ("lt", [x, y]) => one(x.lt(y)),
        ("gt", [x, y]) => one(x.gt(y)),
        ("le", [x, y]) => one(x.le(y)),
        ("ge", [x, y]) => one(x.ge(y)),
        ("eq", [x, y]) => one(x.eq(y)),
        ("ne", [x, y]) => one(x.ne(y)),
        ("sign", [x]) => one(x.sign()),
        ("toNumber", [x]) => one(x.to_number()),
        ("where", [x, condition, y]) => one(x.where_(condition, y)),
        ("maskedFill", [x, mask]) => given(with, |(value,)| x.masked_fill(mask, value)),
        ("relu", [x]) => one(x.relu()),
        ("abs", [x]) => one(x.abs()),
        ("clamp", [x]) => given(with, |(low, high)| x.clamp(low, high)),
        ("clampMin", [x]) => given(with, |(bound,)| x.clamp_min(bound)),
        ("clampMax", [x]) => given(with, |(bound,)| x.clamp_max(bound)),
        ("maximum", [x, y]) => one(x.maximum(y)),
        ("minimum", [x, y]) => one(x.minimum(y)),
        ("quantize", [x]) => given(with, |(bits,)| x.quantize(bits)),
        ("widen", [x]) => one(x.widen()),
        ("round", [x]) => one(x.round()),

        // Bits.
        ("not", [x]) => one(x.not()),
        ("xor", [x, y]) => one(x.xor(y)),
        ("allOf", parts) => one(Secret::all_of(parts)),
        ("anyOf", parts) => one(Secret::any_of(parts)),
        ("all", [x]) => given(with, |(axis, keep)| x.all(axis, keep)),
        ("any", [x]) => given(with, |(axis, keep)| x.any(axis, keep)),

        // Words.
        ("toBinary", [x]) => one(x.to_binary()),
        ("toArithmetic", [x]) => given(with, |(frac,)| x.to_arithmetic(frac)),
        ("shiftLeft", [x]) => given(with, |(by,)| x.shift_left(by)),
        ("shiftRight", [x]) => given(with, |(by,)| x.shift_right(by)),
        ("shiftRightLogical", [x]) => given(with, |(by,)| x.shift_right_logical(by)),
        ("rotateLeft", [x]) => given(with, |(by,)| x.rotate_left(by)),
        ("bit", [x]) => given(with, |(index,)| x.bit(index)),
        ("toBits", [x]) => one(x.to_bits()),
        ("fromBits", [x]) => one(x.from_bits()),

        // In place.
        ("copy_", [x, y]) => changed(x, |x| x.copy_(y)),
        ("add_", [x, y]) => changed(x, |x| x.add_(y)),
        ("sub_", [x, y]) => changed(x, |x| x.sub_(y)),
        ("mul_", [x, y]) => changed(x, |x| x.mul_(y)),
        ("div_", [x, y]) => changed(x, |x| x.div_(y)),
        ("matmul_", [x, y]) => changed(x, |x| x.matmul_(y)),
        ("neg_", [x]) => changed(x, Secret::neg_),
        ("square_", [x]) => changed(x, Secret::square_),
        ("pow_", [x]) => {
            let (exponent,) = read(with)?;
            changed(x, |x| x.pow_(exponent))
        }
        ("and_", [x, y]) => changed(x, |x| x.and_(y)),
        ("or_", [x, y]) => changed(x, |x| x.or_(y)),
        ("xor_", [x, y]) => changed(x, |x| x.xor_(y)),
        ("not_", [x]) => changed(x, Secret::not_),

        // Extrema and order.
        ("amax", [x]) => given(with, |(axes, keep): Axes| x.amax(&axes, keep)),
        ("amin", [x]) => given(with, |(axes, keep): Axes| x.amin(&axes, keep)),
        ("aminmax", [x]) => given_two(with, |(axes, keep): Axes| x.aminmax(&axes, keep)),
        ("max", [x]) => given_two(with, |(axis, keep)| x.max(axis, keep)),
        ("min", [x]) => given_two(with, |(axis, keep)| x.min(axis, keep)),
        ("argmax", [x]) => given(with, |(axis, keep)| x.argmax(axis, keep)),
        ("argmin", [x]) => given(with, |(axis, keep)| x.argmin(axis, keep)),
        ("argmaxOneHot", [x]) => given(with, |(axis,)| x.argmax_one_hot(axis)),
        ("argminOneHot", [x]) => given(with, |(axis,)| x.argmin_one_hot(axis)),
        ("sort", [x]) => given_two(with, |(axis, down)| x.sort(axis, order(down))),
        ("argsort", [x]) => given(with, |(axis, down)| x.argsort(axis, order(down))),
        ("topk", [x]) => given_two(with, |(k, axis, down)| x.topk(k, axis, order(down))),
        ("kthvalue", [x]) => given_two(with, |(k, axis, keep)| x.kthvalue(k, axis, keep)),
        ("median", [x]) => given_two(with, |(axis, keep)| x.median(axis, keep)),
        ("quantile", [x]) => given(with, |(q, axis, between): (Vec<f64>, usize, Between)| {
            x.quantile(&q, axis, between.into())
        }),
        ("bernoulli", [x]) => one(x.bernoulli()),
        ("dropout", [x]) => given(with, |(p,)| x.dropout(p)),
        ("shuffle", [x]) => given(with, |(axis,)| x.shuffle(axis)),

        // Secret indices.
        ("oneHot", [index]) => given(with, |(classes,)| index.one_hot(classes)),
        ("embedding", [index, table]) => one(index.embedding(table)),
        ("indexSelectSecret", [x, index]) => {
            given(with, |(axis,)| x.index_select_secret(axis, index))
        }
        ("gather", [x, index]) => given(with, |(axis,)| x.gather(axis, index)),
        ("takeSecret", [x, index]) => one(x.take_secret(index)),

        // Pooling.
        ("maxPool", [x]) => given(with, |(sliding,): (Windows,)| x.max_pool(&windows(&sliding))),
        ("maxPoolWithIndices", [x]) => {
            given_two(with, |(sliding,): (Windows,)| x.max_pool_with_indices(&windows(&sliding)))
        }
        ("adaptiveMaxPool", [x]) => {
            given(with, |(sizes,): (Vec<u32>,)| x.adaptive_max_pool(&sizes))
        }
        ("avgPool", [x]) => given(with, |(sliding, divisor): (Windows, DividedBy)| {
            x.avg_pool(&windows(&sliding), divisor.into())
        }),
        ("adaptiveAvgPool", [x]) => {
            given(with, |(sizes,): (Vec<u32>,)| x.adaptive_avg_pool(&sizes))
        }

        // Sums, means and products.
        ("sum", [x]) => given(with, |(axes, keep): Axes| x.sum(&axes, keep)),
        ("mean", [x]) => given(with, |(axes, keep): Axes| x.mean(&axes, keep)),
        ("var", [x]) => given(with, |(axes, correction, keep): (Vec<usize>, usize, bool)| {
            x.var(&axes, correction, keep)
        }),
        ("std", [x]) => given(with, |(axes, correction, keep): (Vec<usize>, usize, bool)| {
            x.std(&axes, correction, keep)
        }),
        ("prod", [x]) => given(with, |(axis, keep)| x.prod(axis, keep)),
        ("cumsum", [x]) => given(with, |(axis,)| x.cumsum(axis)),
        ("cumprod", [x]) => given(with, |(axis,)| x.cumprod(axis)),

        // The same elements, arranged otherwise.
        ("reshape", [x]) => given(with, |(shape,): Sizes| x.reshape(&shape)),
        ("permute", [x]) => given(with, |(axes,): Sizes| x.permute(&axes)),
        ("broadcastTo", [x]) => given(with, |(shape,): Sizes| x.broadcast_to(&shape)),
        ("expand", [x]) => given(with, |(shape,): Sizes| x.expand(&shape)),
        ("slice", [x]) => given(with, |(ranges,): (Vec<(usize, usize, isize)>,)| {
            let range = |&(start, end, step): &_| Slice { start, end, step };
            x.slice(&ranges.iter().map(range).collect::<Vec<_>>())
        }),
        ("pad", [x]) => given(with, |(widths, edge): (Vec<(usize, usize)>, bool)| {
            x.pad(&widths, if edge { PadMode::Edge } else { PadMode::Zero })
        }),
        ("padBorder", [x]) => given(with, |(widths, circular): (Vec<(usize, usize)>, bool)| {
            x.pad_border(&widths, if circular { Border::Circular } else { Border::Reflect })
        }),
        ("padConstant", [x]) => given(with, |(widths, value): (Vec<(isize, isize)>, f64)| {
            x.pad_constant(&widths, value)
        }),
        ("narrow", [x]) => given(with, |(axis, start, len)| x.narrow(axis, start, len)),
        ("select", [x]) => given(with, |(axis, index)| x.select(axis, index)),
        ("indexSelect", [x]) => {
            given(with, |(axis, at): (usize, Vec<usize>)| x.index_select(axis, &at))
        }
        ("take", [x]) => given(with, |(at,): Sizes| x.take(&at)),
        ("flip", [x]) => given(with, |(axes,): Sizes| x.flip(&axes)),
        ("roll", [x]) => given(with, |(shift, axis)| x.roll(shift, axis)),
        ("transpose", [x]) => given(with, |(a, b)| x.transpose(a, b)),
        ("movedim", [x]) => given(with, |(from, to)| x.movedim(from, to)),
        ("rot90", [x]) => given(with, |(times, a, b)| x.rot90(times, a, b)),
        ("unsqueeze", [x]) => given(with, |(axis,)| x.unsqueeze(axis)),
        ("squeeze", [x]) => given(with, |(axis,)| x.squeeze(axis)),
        ("flatten", [x]) => given(with, |(first, last)| x.flatten(first, last)),
        ("repeat", [x]) => given(with, |(times,): Sizes| x.repeat(&times)),
        ("tile", [x]) => given(with, |(times,): Sizes| x.tile(&times)),
        ("repeatInterleave", [x]) => given(with, |(times, axis)| x.repeat_interleave(times, axis)),
        ("concat", parts) => given(with, |(axis,)| Secret::concat(parts, axis)),
        ("stack", parts) => given(with, |(axis,)| Secret::stack(parts, axis)),
        ("split", [x]) => {
            given_many(with, |(sizes, axis): (Vec<usize>, usize)| x.split(&sizes, axis))
        }
        ("chunk", [x]) => given_many(with, |(count, axis)| x.chunk(count, axis)),
        ("unbind", [x]) => given_many(with, |(axis,)| x.unbind(axis)),
        ("unfold", [x]) => given(with, |(axis, size, step)| x.unfold(axis, size, step)),
        ("diagonal", [x]) => given(with, |(offset, a, b)| x.diagonal(offset, a, b)),
        ("trace", [x]) => one(x.trace()),
        ("diag", [x]) => given(with, |(offset,)| x.diag(offset)),
        ("tril", [x]) => given(with, |(offset,)| x.tril(offset)),
        ("triu", [x]) => given(with, |(offset,)| x.triu(offset)),

        _ => {
            let reason = format!("there is no operation `{name}` on {} tensors", operands.len());
            Err(Refused::Call(Failure::misuse(reason)))
        }
    }
}

type Results = std::result::Result<Vec<Secret>, Refused>;

fn one(result: Result<Secret>) -> Results {
    Ok(vec![result?])
}

/// The tensor itself, after an in-place function.
fn changed(x: &Secret, function: impl FnOnce(&mut Secret) -> Result<()>) -> Results {
    let mut x = x.clone();
    function(&mut x)?;
    Ok(vec![x])
}

fn given<T: DeserializeOwned>(
    with: JsValue,
    function: impl FnOnce(T) -> Result<Secret>,
) -> Results {
    one(function(read(with)?))
}

fn given_two<T: DeserializeOwned>(
    with: JsValue,
    function: impl FnOnce(T) -> Result<(Secret, Secret)>,
) -> Results {
    let (first, second) = function(read(with)?)?;
    Ok(vec![first, second])
}

fn given_many<T: DeserializeOwned>(
    with: JsValue,
    function: impl FnOnce(T) -> Result<Vec<Secret>>,
) -> Results {
    Ok(function(read(with)?)?)
}

/// The parameters, if they are of these types.
fn read<T: DeserializeOwned>(with: JsValue) -> std::result::Result<T, Failure> {
    Ok(serde_wasm_bindgen::from_value(with)?)
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Call(failure)
    }
}

/// Axes, and whether they stay with size 1.
type Axes = (Vec<usize>, bool);
type Sizes = (Vec<usize>,);
/// Kernel, stride, padding and dilation of every windowed axis, and `ceil_mode`.
type Windows = Vec<(u32, u32, u32, u32, bool)>;

fn windows(sliding: &Windows) -> Vec<Window> {
    let window = |&(kernel, stride, padding, dilation, ceil): &(u32, u32, u32, u32, bool)| Window {
        kernel,
        stride,
        padding,
        dilation,
        rounding: if ceil { Rounding::Ceil } else { Rounding::Floor },
    };
    sliding.iter().map(window).collect()
}

const fn order(descending: bool) -> Order {
    if descending { Order::Descending } else { Order::Ascending }
}

#[derive(Deserialize)]
struct Convolution {
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    groups: usize,
}

impl Convolution {
    const fn parameters(&self) -> Conv2d {
        let Self { stride, padding, dilation, groups } = *self;
        Conv2d { stride, padding, dilation, groups }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Between {
    Linear,
    Lower,
    Higher,
    Midpoint,
    Nearest,
}

impl From<Between> for Interpolation {
    fn from(between: Between) -> Self {
        match between {
            Between::Linear => Self::Linear,
            Between::Lower => Self::Lower,
            Between::Higher => Self::Higher,
            Between::Midpoint => Self::Midpoint,
            Between::Nearest => Self::Nearest,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum DividedBy {
    /// By the elements under the window; padding counts if this holds.
    Window(bool),
    /// By this number.
    Fixed(u32),
}

impl From<DividedBy> for Divisor {
    fn from(divided: DividedBy) -> Self {
        match divided {
            DividedBy::Window(true) => Self::WithPadding,
            DividedBy::Window(false) => Self::WithoutPadding,
            DividedBy::Fixed(divisor) => Self::Fixed(divisor),
        }
    }
}
