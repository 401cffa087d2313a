//! Sums, products and statistics over axes.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array::{self, index};
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::functions::activation::log_sum_exp;
use crate::functions::comparison::truth;
use crate::functions::logic::nonzero;
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "sum(input: tensor, dim: ints = None, keepdim: bool = False)",
        |call| {
            let kind = call.public("input").kind.max(Kind::Integer);
            fold(call, kind, |row| row.iter().sum())
        },
        |call| {
            let x = call.secret("input")?;
            Ok(x.sum(&call.axes("dim", x.shape().len())?, call.flag("keepdim"))?.into())
        },
    ),
    both(
        "mean(input: tensor, dim: ints = None, keepdim: bool = False)",
        |call| fold(call, Kind::Real, mean),
        |call| {
            let x = call.real("input")?;
            Ok(x.mean(&call.axes("dim", x.shape().len())?, call.flag("keepdim"))?.into())
        },
    ),
    both(
        "prod(input: tensor, dim: ints = None, keepdim: bool = False)",
        |call| {
            let kind = call.public("input").kind.max(Kind::Integer);
            fold(call, kind, |row| row.iter().product())
        },
        private_product,
    ),
    both(
        "var(input: tensor, dim: ints = None, correction: int = 1, keepdim: bool = False)",
        |call| fold(call, Kind::Real, |row| variance(row, freedom(row.len(), correction(call)))),
        |call| Ok(private_variance(call, correction(call))?.into()),
    ),
    both(
        "var(input: tensor, dim: ints = None, unbiased: bool = True, keepdim: bool = False)",
        |call| fold(call, Kind::Real, |row| variance(row, freedom(row.len(), biased(call)))),
        |call| Ok(private_variance(call, biased(call))?.into()),
    ),
    both(
        "std(input: tensor, dim: ints = None, correction: int = 1, keepdim: bool = False)",
        |call| {
            let freedom = |count| freedom(count, correction(call));
            fold(call, Kind::Real, |row| variance(row, freedom(row.len())).sqrt())
        },
        |call| Ok(private_variance(call, correction(call))?.sqrt()?.into()),
    ),
    both(
        "std(input: tensor, dim: ints = None, unbiased: bool = True, keepdim: bool = False)",
        |call| {
            let freedom = |count| freedom(count, biased(call));
            fold(call, Kind::Real, |row| variance(row, freedom(row.len())).sqrt())
        },
        |call| Ok(private_variance(call, biased(call))?.sqrt()?.into()),
    ),
    both(
        "norm(input: tensor, p: number = 2, dim: ints = None, keepdim: bool = False)",
        |call| {
            let p = call.number("p");
            fold(call, Kind::Real, |row| norm(row, p))
        },
        private_norm,
    ),
    both(
        "logsumexp(input: tensor, dim: ints, keepdim: bool = False)",
        |call| fold(call, Kind::Real, log_sum_exp),
        |call| {
            let x = call.real("input")?;
            let (axes, keep) = (call.axes("dim", x.shape().len())?, call.flag("keepdim"));
            let top = x.amax(&axes, true)?;
            let sum = x.sub(&top)?.exp()?.sum(&axes, keep)?;
            Ok(sum.log()?.add(&top.reshape(sum.shape())?)?.into())
        },
    ),
    both(
        "any(input: tensor, dim: ints = None, keepdim: bool = False)",
        |call| fold(call, Kind::Bit, |row| truth(row.iter().any(|&x| x != 0.0))),
        |call| gate(call, Secret::any),
    ),
    both(
        "all(input: tensor, dim: ints = None, keepdim: bool = False)",
        |call| fold(call, Kind::Bit, |row| truth(row.iter().all(|&x| x != 0.0))),
        |call| gate(call, Secret::all),
    ),
    both(
        "count_nonzero(input: tensor, dim: ints = None)",
        |call| {
            let x = call.public("input");
            let axes = call.axes("dim", x.array.ndim())?;
            let count = |row: &[f64]| index(row.iter().filter(|&&x| x != 0.0).count());
            let array = array::fold(&x.array, &axes, false, count);
            Ok(Public { array, kind: Kind::Integer }.into())
        },
        |call| {
            let bits = nonzero(call, &call.tensor("input"))?;
            Ok(bits.sum(&call.axes("dim", bits.shape().len())?, false)?.into())
        },
    ),
    both(
        "cumsum(input: tensor, dim: int)",
        |call| running(call, |a, b| a + b),
        |call| {
            let x = call.secret("input")?;
            Ok(x.cumsum(call.axis("dim", x.shape().len())?)?.into())
        },
    ),
    both(
        "cumprod(input: tensor, dim: int)",
        |call| running(call, |a, b| a * b),
        |call| {
            let x = call.secret("input")?;
            Ok(x.cumprod(call.axis("dim", x.shape().len())?)?.into())
        },
    ),
];

fn fold(call: &Arguments<'_>, kind: Kind, fold: impl Fn(&[f64]) -> f64) -> Outcome {
    let x = call.public("input");
    let axes = call.axes("dim", x.array.ndim())?;
    Ok(Public { array: array::fold(&x.array, &axes, call.flag("keepdim"), fold), kind }.into())
}

fn running(call: &Arguments<'_>, combine: fn(f64, f64) -> f64) -> Outcome {
    let Public { array, kind } = call.public("input");
    let axis = call.axis("dim", array.ndim())?;
    let array = array::rows(&array, axis, |row| {
        let next = |so_far: &mut Option<f64>, &x: &f64| {
            *so_far = Some(so_far.map_or(x, |so_far| combine(so_far, x)));
            *so_far
        };
        row.iter().scan(None, next).collect()
    });
    Ok(Public { array, kind: kind.max(Kind::Integer) }.into())
}

fn mean(row: &[f64]) -> f64 {
    row.iter().sum::<f64>() / index(row.len())
}

fn variance(row: &[f64], freedom: f64) -> f64 {
    let mean = mean(row);
    row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / freedom
}

fn norm(row: &[f64], p: f64) -> f64 {
    let sizes = row.iter().map(|x| x.abs());
    if p == f64::INFINITY {
        sizes.fold(0.0, f64::max)
    } else if p == f64::NEG_INFINITY {
        sizes.fold(f64::INFINITY, f64::min)
    } else if p == 0.0 {
        index(row.iter().filter(|&&x| x != 0.0).count())
    } else {
        sizes.map(|x| x.powf(p)).sum::<f64>().powf(1.0 / p)
    }
}

/// `count - correction`, not below 0.
fn freedom(count: usize, correction: i64) -> f64 {
    index(usize::try_from(i64::try_from(count).unwrap_or(i64::MAX) - correction).unwrap_or(0))
}

fn correction(call: &Arguments<'_>) -> i64 {
    call.integer("correction")
}

fn biased(call: &Arguments<'_>) -> i64 {
    i64::from(call.flag("unbiased"))
}

fn private_variance(call: &Arguments<'_>, correction: i64) -> Result<Secret, Complaint> {
    let x = call.real("input")?;
    let axes = call.axes("dim", x.shape().len())?;
    let correction = usize::try_from(correction)
        .map_err(|_| Complaint::new(format!("a correction of {correction}")))?;
    Ok(x.var(&axes, correction, call.flag("keepdim"))?)
}

/// Every element is a candidate along all `axes`: they become one, at the front.
fn gathered(x: &Secret, axes: &[usize]) -> Result<Secret, Complaint> {
    let others = (0..x.shape().len()).filter(|axis| !axes.contains(axis));
    let order: Vec<usize> = axes.iter().copied().chain(others).collect();
    let count = axes.iter().map(|&axis| x.shape()[axis]).product();
    let moved = x.permute(&order)?;
    Ok(moved.reshape(&[&[count], &moved.shape()[axes.len()..]].concat())?)
}

/// The shape of a reduction over `axes`.
fn reduced(shape: &[usize], axes: &[usize], keep: bool) -> Vec<usize> {
    let kept = |(axis, &size): (usize, &usize)| match (axes.contains(&axis), keep) {
        (false, _) => Some(size),
        (true, true) => Some(1),
        (true, false) => None,
    };
    shape.iter().enumerate().filter_map(kept).collect()
}

/// Products of halves, in a tree.
fn private_product(call: &Arguments<'_>) -> Outcome {
    let x = call.secret("input")?.to_number()?;
    let axes = call.axes("dim", x.shape().len())?;
    let shape = reduced(x.shape(), &axes, call.flag("keepdim"));
    let mut rows = gathered(&x, &axes)?;
    if rows.shape()[0] == 0 {
        let ones = vec![1.0; shape.iter().product()];
        return Ok(call.constant(&shape, &ones)?.into());
    }
    while rows.shape()[0] > 1 {
        let count = rows.shape()[0];
        let half = count / 2;
        let products = rows.narrow(0, 0, half)?.mul(&rows.narrow(0, half, half)?)?;
        rows = match count % 2 {
            0 => products,
            _ => Secret::concat(&[products, rows.narrow(0, 2 * half, 1)?], 0)?,
        };
    }
    Ok(rows.reshape(&shape)?.into())
}

fn private_norm(call: &Arguments<'_>) -> Outcome {
    let x = call.real("input")?;
    let (axes, keep) = (call.axes("dim", x.shape().len())?, call.flag("keepdim"));
    Ok(x.norm(call.number("p"), &axes, keep)?.into())
}

/// A gate of all bits along `axes`.
fn gate(
    call: &Arguments<'_>,
    gate: fn(&Secret, usize, bool) -> cryptab_engine::Result<Secret>,
) -> Outcome {
    let bits = nonzero(call, &call.tensor("input"))?;
    let axes = call.axes("dim", bits.shape().len())?;
    let shape = reduced(bits.shape(), &axes, call.flag("keepdim"));
    Ok(gate(&gathered(&bits, &axes)?, 0, false)?.reshape(&shape)?.into())
}
