//! Joining, splitting, choosing and padding.

use cryptab_engine::{PadMode, Slice};

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::compose;
use crate::indexing::positions;
use crate::tensor::{Kind, Public, Tensor};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    either("cat(tensors: tensors, dim: int = 0)", |call| {
        let parts = call.tensors("tensors")?;
        let rank = parts.first().map_or(0, Tensor::rank);
        Ok(Tensor::concat(&parts, call.axis("dim", rank)?)?.into())
    }),
    either("stack(tensors: tensors, dim: int = 0)", |call| {
        let parts = call.tensors("tensors")?;
        let rank = parts.first().map_or(0, Tensor::rank);
        let axis = call.axis("dim", rank + 1)?;
        let lifted = parts.iter().map(|part| {
            let mut shape = part.shape().to_vec();
            shape.insert(axis.min(shape.len()), 1);
            part.reshape(&shape)
        });
        Ok(Tensor::concat(&lifted.collect::<Result<Vec<_>, _>>()?, axis)?.into())
    }),
    either("hstack(tensors: tensors)", |call| {
        let parts = at_least(call.tensors("tensors")?, 1)?;
        let axis = usize::from(parts.first().is_some_and(|part| part.rank() > 1));
        Ok(Tensor::concat(&parts, axis)?.into())
    }),
    either("vstack(tensors: tensors)", |call| {
        Ok(Tensor::concat(&at_least(call.tensors("tensors")?, 2)?, 0)?.into())
    }),
    either("split(input: tensor, split_size: ints, dim: int = 0)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let sizes = call.counts("split_size")?;
        match (call.value("split_size").integer(), &sizes[..]) {
            (Some(_), &[size]) if size > 0 => cut(&x, axis, &even(x.shape()[axis], size)),
            (None, sizes) if sizes.iter().sum::<usize>() == x.shape()[axis] => cut(&x, axis, sizes),
            _ => {
                let reason = format!("sizes {sizes:?} on an axis of size {}", x.shape()[axis]);
                Err(Complaint::new(reason))
            }
        }
    }),
    either("chunk(input: tensor, chunks: int, dim: int = 0)", |call| {
        let x = call.tensor("input");
        let (axis, chunks) = (call.axis("dim", x.rank())?, call.count("chunks")?);
        if chunks == 0 {
            return Err(Complaint::new("`chunks` must be at least 1"));
        }
        let size = x.shape()[axis];
        cut(&x, axis, &even(size, size.div_ceil(chunks).max(1)))
    }),
    either("unbind(input: tensor, dim: int = 0)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let mut shape = x.shape().to_vec();
        let size = shape.remove(axis);
        let part = |at| x.part(axis, Slice::range(at, at + 1))?.reshape(&shape).map(Value::from);
        Ok(Value::Tuple((0..size).map(part).collect::<Result<_, Complaint>>()?))
    }),
    either("select(input: tensor, dim: int, index: int)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let mut shape = x.shape().to_vec();
        let size = shape.remove(axis);
        let at = crate::arguments::axis(call.integer("index"), size).map_err(|_| {
            let index = call.integer("index");
            Complaint::new(format!("there is no {index} on axis {axis}, of size {size}"))
        })?;
        Ok(x.part(axis, Slice::range(at, at + 1))?.reshape(&shape)?.into())
    }),
    either("index_select(input: tensor, dim: int, index: tensor)", |call| {
        let x = call.tensor("input");
        let axis = call.axis("dim", x.rank())?;
        let index = match call.tensor("index") {
            Tensor::Public(index) => index,
            Tensor::Secret(index) => {
                return Ok(call.shared(&x)?.index_select_secret(axis, &index)?.into());
            }
        };
        if index.shape().len() > 1 || index.kind == Kind::Real {
            return Err(Complaint::new("the index is a list of integers"));
        }
        Ok(x.select(axis, &positions(&index, x.shape()[axis], axis)?)?.into())
    }),
    either("gather(input: tensor, dim: int, index: tensor)", gathered),
    either("pad(input: tensor, pad: ints, mode: str = 'constant', value: tensor = 0)", padded),
    either("diagonal(input: tensor, offset: int = 0, dim1: int = 0, dim2: int = 1)", |call| {
        let x = call.tensor("input");
        let axes = [call.axis("dim1", x.rank())?, call.axis("dim2", x.rank())?];
        Ok(diagonal(&x, call.integer("offset"), axes)?.into())
    }),
    either("diag(input: tensor, diagonal: int = 0)", |call| {
        let (x, offset) = (call.tensor("input"), call.integer("diagonal"));
        match x.rank() {
            1 => Ok(on_diagonal(&x, offset)?.into()),
            2 => Ok(diagonal(&x, offset, [0, 1])?.into()),
            _ => Err(Complaint::new(format!("takes vectors or matrices, not {:?}", x.shape()))),
        }
    }),
    either("trace(input: tensor)", |call| {
        let x = call.tensor("input");
        if x.rank() != 2 {
            return Err(Complaint::new(format!("takes matrices, not {:?}", x.shape())));
        }
        Ok(compose::sum(&diagonal(&x, 0, [0, 1])?, 0)?.reshape(&[])?.into())
    }),
    either("tril(input: tensor, diagonal: int = 0)", |call| {
        let offset = call.integer("diagonal");
        triangle(call, |row, column| column - row <= offset)
    }),
    either("triu(input: tensor, diagonal: int = 0)", |call| {
        let offset = call.integer("diagonal");
        triangle(call, |row, column| column - row >= offset)
    }),
];

/// The elements at public positions along an axis, each in a place of its own.
fn gathered(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    let axis = call.axis("dim", x.rank())?;
    let index = match call.tensor("index") {
        Tensor::Public(index) => index,
        Tensor::Secret(index) => return Ok(call.shared(&x)?.gather(axis, &index)?.into()),
    };
    let places = places(&x, axis, &index)?;
    Ok(x.reshape(&[x.len()])?.select(0, &places)?.reshape(index.shape())?.into())
}

/// The flat positions of an index along an axis.
pub(super) fn places(x: &Tensor, axis: usize, index: &Public) -> Result<Vec<usize>, Complaint> {
    let fits = index.kind != Kind::Real
        && index.shape().len() == x.rank()
        && (0..x.rank()).all(|at| at == axis || index.shape()[at] <= x.shape()[at]);
    if !fits {
        let (x, index) = (x.shape(), index.shape());
        return Err(Complaint::new(format!("an index of shape {index:?} for {x:?}")));
    }
    let places = positions(index, x.shape()[axis], axis)?;
    let along = index.array.indexed_iter().zip(places).map(|((at, _), place)| {
        (0..x.rank()).fold(0, |flat, other| {
            flat * x.shape()[other] + if other == axis { place } else { at[other] }
        })
    });
    Ok(along.collect())
}

fn at_least(parts: Vec<Tensor>, rank: usize) -> Result<Vec<Tensor>, Complaint> {
    let lifted = parts.into_iter().map(|part| {
        let missing = rank.saturating_sub(part.rank());
        part.reshape(&[vec![1; missing], part.shape().to_vec()].concat())
    });
    lifted.collect()
}

/// Pieces of `size`, the last one smaller if it must be.
fn even(whole: usize, size: usize) -> Vec<usize> {
    if whole == 0 {
        return vec![0];
    }
    (0..whole).step_by(size).map(|start| size.min(whole - start)).collect()
}

fn cut(x: &Tensor, axis: usize, sizes: &[usize]) -> Outcome {
    let mut start = 0;
    let mut parts = Vec::with_capacity(sizes.len());
    for &size in sizes {
        parts.push(Value::from(x.part(axis, Slice::range(start, start + size))?));
        start += size;
    }
    Ok(Value::Tuple(parts))
}

/// Widths in pairs, from the last axis on; negative ones cut.
fn padded(call: &Arguments<'_>) -> Outcome {
    let x = call.tensor("input");
    let widths = call.integers("pad");
    if widths.len() % 2 == 1 || widths.len() / 2 > x.rank() {
        let reason = format!("{} widths for a tensor of shape {:?}", widths.len(), x.shape());
        return Err(Complaint::new(reason));
    }
    let mut result = x.clone();
    let mut added = vec![(0, 0); x.rank()];
    for (pair, axis) in widths.chunks_exact(2).zip((0..x.rank()).rev()) {
        let size = result.shape()[axis];
        let cut = |width: i64| usize::try_from(-width).unwrap_or(0);
        let (left, right) = (cut(pair[0]), cut(pair[1]));
        if left + right > size {
            return Err(Complaint::new(format!("widths {pair:?} on an axis of size {size}")));
        }
        result = result.part(axis, Slice::range(left, size - right))?;
        let more = |width: i64| usize::try_from(width).unwrap_or(0);
        added[axis] = (more(pair[0]), more(pair[1]));
    }
    match call.text("mode") {
        "constant" => surrounded(call, &result, &added),
        mode => {
            for (axis, &(before, after)) in added.iter().enumerate() {
                if (before, after) != (0, 0) {
                    let index = mirrored(mode, result.shape()[axis], before, after)?;
                    result = result.select(axis, &index)?;
                }
            }
            Ok(result.into())
        }
    }
}

fn surrounded(call: &Arguments<'_>, x: &Tensor, widths: &[(usize, usize)]) -> Outcome {
    let zeros = x.pad(widths, PadMode::Zero)?;
    let value = call.tensor("value");
    if value.len() != 1 {
        return Err(Complaint::new(format!("a value of shape {:?}", value.shape())));
    }
    if matches!(&value, Tensor::Public(value) if value.single() == Some(0.0)) {
        return Ok(zeros.into());
    }
    let ones = Public::new(x.shape(), vec![1.0; x.len()], Kind::Integer);
    let Tensor::Public(inside) = Tensor::Public(ones).pad(widths, PadMode::Zero)? else {
        unreachable!("it was public before")
    };
    let outside = Public { array: inside.array.mapv(|one| 1.0 - one), kind: Kind::Integer };
    let border = compose::mul(call, &Tensor::Public(outside), &value.reshape(&[])?)?;
    Ok(compose::add(call, &zeros, &border)?.into())
}

/// The positions that stand where a padded axis has its elements.
fn mirrored(mode: &str, size: usize, before: usize, after: usize) -> Result<Vec<usize>, Complaint> {
    let most = match mode {
        "reflect" => size.saturating_sub(1),
        "replicate" if size > 0 => usize::MAX,
        "circular" => size,
        "replicate" => 0,
        other => {
            let modes = "'constant', 'reflect', 'replicate' or 'circular'";
            return Err(Complaint::new(format!("mode is {modes}, not '{other}'")));
        }
    };
    if before.max(after) > most {
        let reason = format!("{mode} by {before} and {after} on an axis of size {size}");
        return Err(Complaint::new(reason));
    }
    let place = |at: usize| match mode {
        "reflect" if at < before => before - at,
        "reflect" if at - before >= size => 2 * size - 2 - (at - before),
        "reflect" => at - before,
        "replicate" => at.saturating_sub(before).min(size - 1),
        _ => (at + size - before) % size,
    };
    Ok((0..before + size + after).map(place).collect())
}

/// The elements whose second position is the first plus `offset`; they become the last axis.
pub(super) fn diagonal(
    x: &Tensor,
    offset: i64,
    [first, second]: [usize; 2],
) -> Result<Tensor, Complaint> {
    if first == second {
        return Err(Complaint::new("the two axes are the same"));
    }
    let rest = (0..x.rank()).filter(|axis| ![first, second].contains(axis));
    let order: Vec<usize> = rest.chain([first, second]).collect();
    let moved = x.permute(&order)?;
    let lead = &moved.shape()[..x.rank() - 2];
    let (rows, columns) = (x.shape()[first], x.shape()[second]);
    let skipped = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    let (row, column) = if offset < 0 { (skipped, 0) } else { (0, skipped) };
    let count = rows.saturating_sub(row).min(columns.saturating_sub(column));
    let flat = moved.reshape(&[lead, &[rows * columns]].concat())?;
    let places: Vec<usize> = (0..count).map(|at| (row + at) * columns + column + at).collect();
    match places.first() {
        None => flat.part(lead.len(), Slice::range(0, 0)),
        Some(&start) => {
            let step = isize::try_from(columns + 1).unwrap_or(isize::MAX);
            let end = places[count - 1] + 1;
            flat.part(lead.len(), Slice { start, end, step })
        }
    }
}

/// A matrix with these elements on a diagonal.
fn on_diagonal(x: &Tensor, offset: i64) -> Result<Tensor, Complaint> {
    let size = x.len();
    let skipped = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
    if size == 0 || skipped > 1 << 20 {
        return Err(Complaint::new(format!("a diagonal of {size} elements, {offset} beside")));
    }
    // Each element and `size` zeros make rows of `size + 1`: the diagonal, once cut.
    let spaced = x.reshape(&[size, 1])?.pad(&[(0, 0), (0, size)], PadMode::Zero)?;
    let flat = spaced.reshape(&[size * (size + 1)])?;
    let square = flat.part(0, Slice::range(0, size * size))?.reshape(&[size, size])?;
    let widths = match offset < 0 {
        true => [(skipped, 0), (0, skipped)],
        false => [(0, skipped), (skipped, 0)],
    };
    square.pad(&widths, PadMode::Zero)
}

fn triangle(call: &Arguments<'_>, kept: impl Fn(i64, i64) -> bool) -> Outcome {
    let x = call.tensor("input");
    let &[.., rows, columns] = x.shape() else {
        return Err(Complaint::new(format!("takes matrices, not {:?}", x.shape())));
    };
    let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let mask = places.map(|(row, column)| f64::from(u8::from(kept(number(row), number(column)))));
    let mask = Public::new(&[rows, columns], mask.collect(), Kind::Integer);
    Ok(compose::mul(call, &x, &Tensor::Public(mask))?.into())
}
