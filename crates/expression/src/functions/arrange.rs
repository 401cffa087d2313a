//! Other shapes and orders of the same elements: nothing is computed.

use cryptab_engine::Slice;

use crate::arguments::{Arguments, axis};
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::tensor::Tensor;
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    either("reshape(input: tensor, *shape: ints)", |call| {
        let x = call.tensor("input");
        Ok(x.reshape(&inferred(&call.integers("shape"), x.len(), x.shape())?)?.into())
    }),
    either("flatten(input: tensor, start_dim: int = 0, end_dim: int = -1)", |call| {
        let x = call.tensor("input");
        if x.rank() == 0 {
            return Ok(x.reshape(&[1])?.into());
        }
        let (start, end) = (call.axis("start_dim", x.rank())?, call.axis("end_dim", x.rank())?);
        if start > end {
            return Err(Complaint::new(format!("start_dim {start} comes after end_dim {end}")));
        }
        let mut shape = x.shape().to_vec();
        let size = shape[start..=end].iter().product();
        shape.splice(start..=end, [size]);
        Ok(x.reshape(&shape)?.into())
    }),
    either("ravel(input: tensor)", |call| {
        let x = call.tensor("input");
        Ok(x.reshape(&[x.len()])?.into())
    }),
    either("unflatten(input: tensor, dim: int, sizes: ints)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let sizes = inferred(&call.integers("sizes"), x.shape()[axis], x.shape())?;
        let mut shape = x.shape().to_vec();
        shape.splice(axis..=axis, sizes);
        Ok(x.reshape(&shape)?.into())
    }),
    either("squeeze(input: tensor, dim: ints = None)", |call| {
        let x = call.tensor("input");
        let axes = call.axes("dim", x.rank())?;
        let kept = (0..x.rank()).filter(|axis| x.shape()[*axis] != 1 || !axes.contains(axis));
        let shape: Vec<usize> = kept.map(|axis| x.shape()[axis]).collect();
        Ok(x.reshape(&shape)?.into())
    }),
    either("unsqueeze(input: tensor, dim: int)", |call| {
        let x = call.tensor("input");
        let mut shape = x.shape().to_vec();
        shape.insert(call.axis("dim", x.rank() + 1)?, 1);
        Ok(x.reshape(&shape)?.into())
    }),
    either("permute(input: tensor, *dims: ints)", |call| {
        let x = call.tensor("input");
        let named = call.integers("dims");
        let axes = named.iter().map(|&at| axis(at, x.rank())).collect::<Result<Vec<_>, _>>()?;
        permuted(&x, &axes)
    }),
    either("transpose(input: tensor, dim0: int, dim1: int)", |call| {
        let x = call.tensor("input");
        let mut axes: Vec<usize> = (0..x.rank()).collect();
        axes.swap(call.axis("dim0", x.rank())?, call.axis("dim1", x.rank())?);
        permuted(&x, &axes)
    }),
    either("t(input: tensor)", |call| {
        let x = call.tensor("input");
        match x.rank() {
            0 | 1 => Ok(x.into()),
            2 => permuted(&x, &[1, 0]),
            _ => {
                let shape = x.shape();
                let reason = format!("takes matrices, not a tensor of shape {shape:?}; see mT");
                Err(Complaint::new(reason))
            }
        }
    }),
    either("numpy_T(input: tensor)", |call| {
        let x = call.tensor("input");
        let axes: Vec<usize> = (0..x.rank()).rev().collect();
        permuted(&x, &axes)
    }),
    either("adjoint(input: tensor)", |call| {
        let x = call.tensor("input");
        let rank = x.rank();
        if rank < 2 {
            return Err(Complaint::new("takes matrices or batches of them"));
        }
        let axes: Vec<usize> = (0..rank - 2).chain([rank - 1, rank - 2]).collect();
        permuted(&x, &axes)
    }),
    either("movedim(input: tensor, source: ints, destination: ints)", |call| {
        let x = call.tensor("input");
        let axes = |name| {
            let named = call.integers(name);
            named.into_iter().map(|at| axis(at, x.rank())).collect::<Result<Vec<_>, _>>()
        };
        let (from, to) = (axes("source")?, axes("destination")?);
        let mut rest = (0..x.rank()).filter(|axis| !from.contains(axis));
        let order = (0..x.rank()).map(|at| match to.iter().position(|&to| to == at) {
            Some(moved) => from.get(moved).copied(),
            None => rest.next(),
        });
        let order: Vec<usize> = order.flatten().collect();
        permuted(&x, &order)
    }),
    either("expand(input: tensor, *sizes: ints)", |call| {
        let x = call.tensor("input");
        let sizes = call.integers("sizes");
        let new = sizes.len().saturating_sub(x.rank());
        let size = |(at, size): (usize, &i64)| match (size, at.checked_sub(new)) {
            (-1, Some(axis)) => Ok(x.shape()[axis]),
            _ => usize::try_from(*size).map_err(|_| Complaint::new("-1 is for axes that exist")),
        };
        let shape = sizes.iter().enumerate().map(size).collect::<Result<Vec<_>, _>>()?;
        Ok(x.broadcast_to(&shape)?.into())
    }),
    either("expand_as(input: tensor, other: tensor)", |call| {
        Ok(call.tensor("input").broadcast_to(call.tensor("other").shape())?.into())
    }),
    either("broadcast_to(input: tensor, *shape: ints)", |call| {
        Ok(call.tensor("input").broadcast_to(&call.counts("shape")?)?.into())
    }),
    either("repeat(input: tensor, *repeats: ints)", |call| {
        let (x, repeats) = (call.tensor("input"), call.counts("repeats")?);
        if repeats.len() < x.rank() {
            let reason = format!("{} repeats for shape {:?}", repeats.len(), x.shape());
            return Err(Complaint::new(reason));
        }
        Ok(repeated(&x, &repeats)?.into())
    }),
    either("tile(input: tensor, *dims: ints)", |call| {
        Ok(repeated(&call.tensor("input"), &call.counts("dims")?)?.into())
    }),
    either("repeat_interleave(input: tensor, repeats: int, dim: int = None)", |call| {
        let (mut x, repeats) = (call.tensor("input"), call.count("repeats")?);
        if call.is_none("dim") {
            x = x.reshape(&[x.len()])?;
        }
        let axis = if call.is_none("dim") { 0 } else { call.axis("dim", x.rank())? };
        let mut shape = x.shape().to_vec();
        shape.insert(axis + 1, 1);
        let mut wide = shape.clone();
        wide[axis + 1] = repeats;
        let spread = x.reshape(&shape)?.broadcast_to(&wide)?;
        let size = shape.remove(axis + 1) * repeats * x.shape()[axis];
        shape[axis] = size;
        Ok(spread.reshape(&shape)?.into())
    }),
    either("flip(input: tensor, *dims: ints)", |call| {
        let x = call.tensor("input");
        let axes = match call.integers("dims").is_empty() {
            true => Vec::new(),
            false => call.axes("dims", x.rank())?,
        };
        Ok(flipped(&x, &axes)?.into())
    }),
    either("fliplr(input: tensor)", |call| Ok(flipped(&call.tensor("input"), &[1])?.into())),
    either("flipud(input: tensor)", |call| Ok(flipped(&call.tensor("input"), &[0])?.into())),
    either("roll(input: tensor, shifts: ints, dims: ints = None)", rolled),
    either("rot90(input: tensor, k: int = 1, dims: ints = None)", |call| {
        let x = call.tensor("input");
        let [a, b] = match call.is_none("dims") {
            true if x.rank() > 1 => [0, 1],
            false if call.integers("dims").len() == 2 => {
                let axes = call.axes("dims", x.rank())?;
                [axes[0], axes[1]]
            }
            _ => return Err(Complaint::new("takes two axes")),
        };
        let mut swapped: Vec<usize> = (0..x.rank()).collect();
        swapped.swap(a, b);
        Ok(match call.integer("k").rem_euclid(4) {
            1 => flipped(&x, &[b])?.permute(&swapped)?,
            2 => flipped(&x, &[a, b])?,
            3 => flipped(&x.permute(&swapped)?, &[b])?,
            _ => x,
        }
        .into())
    }),
    either("narrow(input: tensor, dim: int, start: int, length: int)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let (size, length) = (x.shape()[axis], call.count("length")?);
        let start = call.integer("start");
        let from = if start < 0 { start + i64::try_from(size).unwrap_or(0) } else { start };
        match usize::try_from(from).ok().filter(|from| from + length <= size) {
            Some(from) => Ok(x.part(axis, Slice::range(from, from + length))?.into()),
            None => {
                let reason = format!("{length} from {start} on leave axis {axis}, of size {size}");
                Err(Complaint::new(reason))
            }
        }
    }),
    either("unfold(input: tensor, dimension: int, size: int, step: int)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dimension", x.rank())?;
        let (size, step) = (call.count("size")?, call.count("step")?);
        let whole = x.shape()[axis];
        if step == 0 || size > whole {
            let reason = format!("windows of {size} every {step} on an axis of size {whole}");
            return Err(Complaint::new(reason));
        }
        let count = (whole - size) / step + 1;
        let places: Vec<usize> =
            (0..count).flat_map(|window| (0..size).map(move |at| window * step + at)).collect();
        let mut shape = x.shape().to_vec();
        shape.splice(axis..=axis, [count, size]);
        let windows = x.select(axis, &places)?.reshape(&shape)?;
        let order: Vec<usize> = (0..=axis).chain(axis + 2..shape.len()).chain([axis + 1]).collect();
        permuted(&windows, &order)
    }),
    either(
        "unfold(input: tensor, kernel_size: ints, dilation: ints = 1, padding: ints = 0, \
         stride: ints = 1)",
        super::patches::unfolded,
    ),
    either("pixel_shuffle(input: tensor, upscale_factor: int)", |call| {
        let (x, factor) = (call.tensor("input"), call.count("upscale_factor")?);
        match *x.shape() {
            [.., channels, height, width]
                if factor > 0 && channels.is_multiple_of(factor * factor) =>
            {
                let lead: usize = x.shape()[..x.rank() - 3].iter().product();
                let inner = channels / (factor * factor);
                let mut shape = x.shape()[..x.rank() - 3].to_vec();
                shape.extend([inner, height * factor, width * factor]);
                let parts = x.reshape(&[lead, inner, factor, factor, height, width])?;
                Ok(parts.permute(&[0, 1, 4, 2, 5, 3])?.reshape(&shape)?.into())
            }
            _ => {
                let reason = format!("shape {:?} has no {factor}^2 channels for each", x.shape());
                Err(Complaint::new(reason))
            }
        }
    }),
];

/// A shape where one -1 stands for what is left.
fn inferred(sizes: &[i64], count: usize, whole: &[usize]) -> Result<Vec<usize>, Complaint> {
    let refused = || Complaint::new(format!("{whole:?} has not as many elements as {sizes:?}"));
    let known = sizes.iter().filter(|&&size| size != -1).map(|&size| usize::try_from(size));
    let known = known.collect::<Result<Vec<_>, _>>().map_err(|_| refused())?;
    let product = known.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
    let product = product.ok_or_else(refused)?;
    let left = count.checked_div(product).unwrap_or(0);
    let unknown = sizes.len() - known.len();
    let total = if unknown == 0 { product } else { product * left };
    if unknown > 1 || total != count {
        return Err(refused());
    }
    Ok(sizes.iter().map(|&size| usize::try_from(size).unwrap_or(left)).collect())
}

fn permuted(x: &Tensor, axes: &[usize]) -> Outcome {
    let mut sorted = axes.to_vec();
    sorted.sort_unstable();
    if sorted != (0..x.rank()).collect::<Vec<_>>() {
        let reason = format!("{axes:?} does not name each axis of shape {:?} once", x.shape());
        return Err(Complaint::new(reason));
    }
    Ok(x.permute(axes)?.into())
}

fn repeated(x: &Tensor, repeats: &[usize]) -> Result<Tensor, Complaint> {
    let rank = repeats.len().max(x.rank());
    let aligned = |numbers: &[usize]| [vec![1; rank - numbers.len()], numbers.to_vec()].concat();
    let (shape, repeats) = (aligned(x.shape()), aligned(repeats));
    let pairs = |left: &[usize]| -> Vec<usize> {
        left.iter().zip(&shape).flat_map(|(&repeat, &size)| [repeat, size]).collect()
    };
    let spread = x.reshape(&pairs(&vec![1; rank]))?.broadcast_to(&pairs(&repeats))?;
    let whole: Vec<usize> =
        shape.iter().zip(&repeats).map(|(size, repeat)| size * repeat).collect();
    spread.reshape(&whole)
}

fn flipped(x: &Tensor, axes: &[usize]) -> Result<Tensor, Complaint> {
    if let Some(axis) = axes.iter().find(|&&axis| axis >= x.rank()) {
        return Err(Complaint::new(format!("shape {:?} has no axis {axis}", x.shape())));
    }
    let range = |(axis, &size): (usize, &usize)| {
        let step = if axes.contains(&axis) { -1 } else { 1 };
        Slice { start: 0, end: size, step }
    };
    let ranges: Vec<Slice> = x.shape().iter().enumerate().map(range).collect();
    x.slice(&ranges)
}

fn rolled(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    let shifts = call.integers("shifts");
    let flat = call.is_none("dims");
    let mut result = if flat { x.reshape(&[x.len()])? } else { x.clone() };
    let axes = if flat { vec![0] } else { call.axes("dims", x.rank())? };
    if axes.len() != shifts.len() {
        let reason = format!("{} shifts for {} axes", shifts.len(), axes.len());
        return Err(Complaint::new(reason));
    }
    for (&axis, &shift) in axes.iter().zip(&shifts) {
        let size = result.shape()[axis];
        let length = i64::try_from(size).unwrap_or(i64::MAX).max(1);
        let shift = usize::try_from(shift.rem_euclid(length)).unwrap_or(0);
        if shift > 0 {
            let last = result.part(axis, Slice::range(size - shift, size))?;
            let first = result.part(axis, Slice::range(0, size - shift))?;
            result = Tensor::concat(&[last, first], axis)?;
        }
    }
    Ok(Value::from(result.reshape(x.shape())?))
}
