//! The largest and smallest, and the order of elements. Ties go to the lowest index.

use cryptab_engine::{Interpolation, Order, Secret};
use ndarray::{ArrayD, IxDyn};

use crate::arguments::Arguments;
use crate::array::{self, index, order};
use crate::error::Complaint;
use crate::function::Gives::Same;
use crate::function::{Entry, Outcome, binary, both};
use crate::tensor::{Kind, Public, Tensor};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
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
    both(
        "sort(input: tensor, dim: int = -1, descending: bool = False, stable: bool = True)",
        |call| sorted(call, usize::MAX, call.flag("descending")),
        |call| {
            let order = order_of(call.flag("descending"));
            along_one(call, |x, axis| x.sort(axis, order).map(pair))
        },
    ),
    both(
        "argsort(input: tensor, dim: int = -1, descending: bool = False, stable: bool = True)",
        |call| match sorted(call, usize::MAX, call.flag("descending"))? {
            Value::Tuple(mut parts) => Ok(parts.swap_remove(1)),
            value => Ok(value),
        },
        |call| {
            let order = order_of(call.flag("descending"));
            along_one(call, |x, axis| x.argsort(axis, order).map(Value::from))
        },
    ),
    both(
        "topk(input: tensor, k: int, dim: int = -1, largest: bool = True)",
        |call| sorted(call, call.count("k")?, call.flag("largest")),
        |call| {
            let (k, order) = (call.count("k")?, order_of(call.flag("largest")));
            along_one(call, |x, axis| x.topk(k, axis, order).map(pair))
        },
    ),
    both(
        "median(input: tensor)",
        |call| {
            let x = call.public("input");
            let all: Vec<usize> = (0..x.array.ndim()).collect();
            let median = |row: &[f64]| row[order(row, false)[(row.len() - 1) / 2]];
            not_empty(x.array.len())?;
            let array = array::fold(&x.array, &all, false, median);
            Ok(Public { array, kind: x.kind }.into())
        },
        |call| {
            let x = call.secret("input")?;
            Ok(x.reshape(&[x.numel()])?.median(0, false)?.0.into())
        },
    ),
    both(
        "median(input: tensor, dim: int, keepdim: bool = False)",
        |call| picked(call, |row| order(row, false)[(row.len() - 1) / 2]),
        |call| both_of(call, Secret::median),
    ),
    both(
        "kthvalue(input: tensor, k: int, dim: int = -1, keepdim: bool = False)",
        |call| {
            let k = call.count("k")?;
            let x = call.public("input");
            let size = x.shape()[call.axis("dim", x.array.ndim())?];
            if k == 0 || k > size {
                return Err(Complaint::new(format!("k is {k}, not from 1 to {size}")));
            }
            picked(call, |row| order(row, false)[k - 1])
        },
        |call| {
            let (k, keep) = (call.count("k")?, call.flag("keepdim"));
            along_one(call, |x, axis| x.kthvalue(k, axis, keep).map(pair))
        },
    ),
    both(
        "quantile(input: tensor, q: tensor, dim: int = None, interpolation: str = 'linear')",
        clear_quantile,
        private_quantile,
    ),
];

const fn order_of(descending: bool) -> Order {
    if descending { Order::Descending } else { Order::Ascending }
}

fn pair((values, places): (Secret, Secret)) -> Value {
    vec![values, places].into()
}

fn along_one(
    call: &Arguments<'_>,
    run: impl FnOnce(&Secret, usize) -> cryptab_engine::Result<Value>,
) -> Outcome {
    let x = call.secret("input")?.to_number()?;
    Ok(run(&x, call.axis("dim", x.shape().len())?)?)
}

/// The public quantiles, and their shape: one, or a list.
fn quantiles(call: &Arguments<'_>) -> Result<Public, Complaint> {
    let Tensor::Public(q) = call.tensor("q") else {
        return Err(Complaint::new("the quantiles are public"));
    };
    match q.shape().len() < 2 && q.array.iter().all(|q| (0.0..=1.0).contains(q)) {
        true => Ok(q),
        false => Err(Complaint::new("the quantiles are one number or a list, from 0 to 1")),
    }
}

fn interpolation(call: &Arguments<'_>) -> Result<Interpolation, Complaint> {
    Ok(match call.text("interpolation") {
        "linear" => Interpolation::Linear,
        "lower" => Interpolation::Lower,
        "higher" => Interpolation::Higher,
        "midpoint" => Interpolation::Midpoint,
        "nearest" => Interpolation::Nearest,
        other => return Err(Complaint::new(format!("there is no interpolation '{other}'"))),
    })
}

fn clear_quantile(call: &Arguments<'_>) -> Outcome {
    let (x, q, how) = (call.public("input"), quantiles(call)?, interpolation(call)?);
    not_empty(x.array.len())?;
    let axes = match call.is_none("dim") {
        true => (0..x.array.ndim()).collect(),
        false => vec![call.axis("dim", x.array.ndim())?],
    };
    let at = |row: &[f64], q: f64| {
        let sorted: Vec<f64> = order(row, false).into_iter().map(|at| row[at]).collect();
        let position = q * index(row.len() - 1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
        let rank = |position: f64| sorted[position as usize];
        let (low, high) = (rank(position.floor()), rank(position.ceil()));
        match how {
            Interpolation::Linear => low + (high - low) * position.fract(),
            Interpolation::Lower => low,
            Interpolation::Higher => high,
            Interpolation::Midpoint => f64::midpoint(low, high),
            Interpolation::Nearest => rank(position.round_ties_even()),
        }
    };
    let each =
        q.elements().into_iter().map(|q| array::fold(&x.array, &axes, false, |row| at(row, q)));
    let each: Vec<ArrayD<f64>> = each.collect();
    let shape = [q.shape(), each.first().map_or(&[][..], ArrayD::shape)].concat();
    let elements = each.iter().flat_map(|part| part.iter().copied()).collect();
    Ok(Public::new(&shape, elements, Kind::Real).into())
}

fn private_quantile(call: &Arguments<'_>) -> Outcome {
    let (x, q, how) = (call.secret("input")?.to_number()?, quantiles(call)?, interpolation(call)?);
    let (x, axis) = match call.is_none("dim") {
        true => (x.reshape(&[x.numel()])?, 0),
        false => (x.clone(), call.axis("dim", x.shape().len())?),
    };
    let found = x.quantile(&q.elements(), axis, how)?;
    let shape = [q.shape(), &found.shape()[1..]].concat();
    Ok(found.reshape(&shape)?.into())
}

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
