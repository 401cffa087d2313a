//! The largest and smallest, and the order of elements. Ties go to the lowest index.

use ndarray::{ArrayD, IxDyn};

use crate::arguments::Arguments;
use crate::array::{self, index, order};
use crate::error::Complaint;
use crate::function::{Entry, Outcome, clear};
use crate::tensor::{Kind, Public};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] =
    &[
        clear("max(input: tensor)", |call| extreme(call, true)),
        clear("max(input: tensor, dim: int, keepdim: bool = False)", |call| extremes(call, true)),
        clear("max(input: tensor, other: tensor)", |call| between(call, f64::max)),
        clear("min(input: tensor)", |call| extreme(call, false)),
        clear("min(input: tensor, dim: int, keepdim: bool = False)", |call| extremes(call, false)),
        clear("min(input: tensor, other: tensor)", |call| between(call, f64::min)),
        clear("amax(input: tensor, dim: ints = None, keepdim: bool = False)", |call| {
            reduced(call, true)
        }),
        clear("amin(input: tensor, dim: ints = None, keepdim: bool = False)", |call| {
            reduced(call, false)
        }),
        clear("argmax(input: tensor, dim: int = None, keepdim: bool = False)", |call| {
            placed(call, true)
        }),
        clear("argmin(input: tensor, dim: int = None, keepdim: bool = False)", |call| {
            placed(call, false)
        }),
        clear("sort(input: tensor, dim: int = -1, descending: bool = False)", |call| {
            sorted(call, usize::MAX, call.flag("descending"))
        }),
        clear("argsort(input: tensor, dim: int = -1, descending: bool = False)", |call| {
            match sorted(call, usize::MAX, call.flag("descending"))? {
                Value::Tuple(mut parts) => Ok(parts.swap_remove(1)),
                value => Ok(value),
            }
        }),
        clear("topk(input: tensor, k: int, dim: int = -1, largest: bool = True)", |call| {
            sorted(call, call.count("k")?, call.flag("largest"))
        }),
        clear("median(input: tensor)", |call| {
            let x = call.public("input");
            let all: Vec<usize> = (0..x.array.ndim()).collect();
            let median = |row: &[f64]| row[order(row, false)[(row.len() - 1) / 2]];
            not_empty(x.array.len())?;
            Ok(Public { array: array::fold(&x.array, &all, false, median), kind: x.kind }.into())
        }),
        clear("median(input: tensor, dim: int, keepdim: bool = False)", |call| {
            picked(call, |row| order(row, false)[(row.len() - 1) / 2])
        }),
        clear("kthvalue(input: tensor, k: int, dim: int = -1, keepdim: bool = False)", |call| {
            let k = call.count("k")?;
            let x = call.public("input");
            let size = x.shape()[call.axis("dim", x.array.ndim())?];
            if k == 0 || k > size {
                return Err(Complaint::new(format!("k is {k}, not from 1 to {size}")));
            }
            picked(call, |row| order(row, false)[k - 1])
        }),
    ];

fn place(row: &[f64], largest: bool) -> usize {
    order(row, largest).first().copied().unwrap_or(0)
}

fn not_empty(size: usize) -> Result<(), Complaint> {
    if size == 0 { Err(Complaint::new("there are no elements")) } else { Ok(()) }
}

fn extreme(call: &Arguments<'_>, largest: bool) -> Outcome {
    let x = call.public("input");
    not_empty(x.array.len())?;
    let all: Vec<usize> = (0..x.array.ndim()).collect();
    let array = array::fold(&x.array, &all, false, |row| row[place(row, largest)]);
    Ok(Public { array, kind: x.kind }.into())
}

fn extremes(call: &Arguments<'_>, largest: bool) -> Outcome {
    picked(call, |row| place(row, largest))
}

/// The values at the positions that `pick` names in each row, and the positions.
fn picked(call: &Arguments<'_>, pick: impl Fn(&[f64]) -> usize) -> Outcome {
    let (x, keep) = (call.public("input"), call.flag("keepdim"));
    let axis = call.axis("dim", x.array.ndim())?;
    not_empty(x.shape()[axis])?;
    let values = array::fold(&x.array, &[axis], keep, |row| row[pick(row)]);
    let places = array::fold(&x.array, &[axis], keep, |row| index(pick(row)));
    let values = Public { array: values, kind: x.kind };
    Ok(vec![values, Public { array: places, kind: Kind::Integer }].into())
}

fn between(call: &Arguments<'_>, pick: fn(f64, f64) -> f64) -> Outcome {
    let (x, y) = (call.public("input"), call.public("other"));
    Ok(Public { array: array::zip(&x.array, &y.array, pick)?, kind: x.kind.max(y.kind) }.into())
}

fn reduced(call: &Arguments<'_>, largest: bool) -> Outcome {
    let (x, keep) = (call.public("input"), call.flag("keepdim"));
    not_empty(x.array.len())?;
    let axes = call.axes("dim", x.array.ndim())?;
    let array = array::fold(&x.array, &axes, keep, |row| row[place(row, largest)]);
    Ok(Public { array, kind: x.kind }.into())
}

fn placed(call: &Arguments<'_>, largest: bool) -> Outcome {
    let (x, keep) = (call.public("input"), call.flag("keepdim"));
    not_empty(x.array.len())?;
    let axes = match call.is_none("dim") {
        true => (0..x.array.ndim()).collect(),
        false => vec![call.axis("dim", x.array.ndim())?],
    };
    let array = array::fold(&x.array, &axes, keep, |row| index(place(row, largest)));
    Ok(Public { array, kind: Kind::Integer }.into())
}

/// The first `count` of each row in order, and where they were.
fn sorted(call: &Arguments<'_>, count: usize, descending: bool) -> Outcome {
    let x = call.public("input");
    if x.array.ndim() == 0 {
        let places = ArrayD::zeros(IxDyn(&[]));
        return Ok(vec![x, Public { array: places, kind: Kind::Integer }].into());
    }
    let axis = call.axis("dim", x.array.ndim())?;
    let size = x.shape()[axis];
    if count != usize::MAX && count > size {
        return Err(Complaint::new(format!("k is {count}, but the axis has {size}")));
    }
    let firsts = |row: &[f64]| order(row, descending).into_iter().take(count);
    let values = array::rows(&x.array, axis, |row| firsts(row).map(|at| row[at]).collect());
    let places = array::rows(&x.array, axis, |row| firsts(row).map(index).collect());
    let values = Public { array: values, kind: x.kind };
    Ok(vec![values, Public { array: places, kind: Kind::Integer }].into())
}
