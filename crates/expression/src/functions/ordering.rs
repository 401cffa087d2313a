//! The largest and smallest, and the order of elements. Ties go to the lowest index.

use cryptab_engine::Secret;
use ndarray::{ArrayD, IxDyn};

use crate::arguments::Arguments;
use crate::array::{self, index, order};
use crate::error::Complaint;
use crate::function::Gives::Same;
use crate::function::{Entry, Outcome, binary, both, clear};
use crate::tensor::{Kind, Public};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] =
    &[
        both("max(input: tensor)", |call| extreme(call, true), |call| whole(call, Secret::amax)),
        both(
            "max(input: tensor, dim: int, keepdim: bool = False)",
            |call| extremes(call, true),
            |call| both_of(call, Secret::max),
        ),
        binary("max(input: tensor, other: tensor)", Same, f64::max, Some(Secret::maximum)),
        both("min(input: tensor)", |call| extreme(call, false), |call| whole(call, Secret::amin)),
        both(
            "min(input: tensor, dim: int, keepdim: bool = False)",
            |call| extremes(call, false),
            |call| both_of(call, Secret::min),
        ),
        binary("min(input: tensor, other: tensor)", Same, f64::min, Some(Secret::minimum)),
        both(
            "amax(input: tensor, dim: ints = None, keepdim: bool = False)",
            |call| reduced(call, true),
            |call| along(call, Secret::amax),
        ),
        both(
            "amin(input: tensor, dim: ints = None, keepdim: bool = False)",
            |call| reduced(call, false),
            |call| along(call, Secret::amin),
        ),
        both(
            "aminmax(input: tensor, dim: ints = None, keepdim: bool = False)",
            |call| Ok(Value::Tuple(vec![reduced(call, false)?, reduced(call, true)?])),
            |call| Ok(Value::Tuple(vec![along(call, Secret::amin)?, along(call, Secret::amax)?])),
        ),
        both(
            "argmax(input: tensor, dim: int = None, keepdim: bool = False)",
            |call| placed(call, true),
            |call| place_of(call, Secret::argmax),
        ),
        both(
            "argmin(input: tensor, dim: int = None, keepdim: bool = False)",
            |call| placed(call, false),
            |call| place_of(call, Secret::argmin),
        ),
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

type Reduce = fn(&Secret, &[usize], bool) -> cryptab_engine::Result<Secret>;

fn whole(call: &Arguments<'_>, reduce: Reduce) -> Outcome {
    let x = call.secret("input")?;
    let all: Vec<usize> = (0..x.shape().len()).collect();
    Ok(reduce(&x, &all, false)?.into())
}

fn along(call: &Arguments<'_>, reduce: Reduce) -> Outcome {
    let x = call.secret("input")?;
    let axes = call.axes("dim", x.shape().len())?;
    Ok(reduce(&x, &axes, call.flag("keepdim"))?.into())
}

fn both_of(
    call: &Arguments<'_>,
    choose: fn(&Secret, usize, bool) -> cryptab_engine::Result<(Secret, Secret)>,
) -> Outcome {
    let x = call.secret("input")?;
    let axis = call.axis("dim", x.shape().len())?;
    let (values, places) = choose(&x, axis, call.flag("keepdim"))?;
    Ok(vec![values, places].into())
}

fn place_of(
    call: &Arguments<'_>,
    place: fn(&Secret, usize, bool) -> cryptab_engine::Result<Secret>,
) -> Outcome {
    let (x, keep) = (call.secret("input")?, call.flag("keepdim"));
    if !call.is_none("dim") {
        return Ok(place(&x, call.axis("dim", x.shape().len())?, keep)?.into());
    }
    let index = place(&x.reshape(&[x.numel()])?, 0, false)?;
    let shape = vec![1; if keep { x.shape().len() } else { 0 }];
    Ok(index.reshape(&shape)?.into())
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
