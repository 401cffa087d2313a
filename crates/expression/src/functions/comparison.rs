//! Comparisons, bounds and choices.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::Gives::{Bit, Number};
use crate::function::{Entry, Outcome, binary, both, unary};
use crate::functions::compose;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    binary("lt(input: tensor, other: tensor)", Bit, |a, b| truth(a < b), Some(Secret::lt)),
    binary("le(input: tensor, other: tensor)", Bit, |a, b| truth(a <= b), Some(Secret::le)),
    binary("gt(input: tensor, other: tensor)", Bit, |a, b| truth(a > b), Some(Secret::gt)),
    binary("ge(input: tensor, other: tensor)", Bit, |a, b| truth(a >= b), Some(Secret::ge)),
    #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
    binary("eq(input: tensor, other: tensor)", Bit, |a, b| truth(a == b), Some(Secret::eq)),
    #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
    binary(
        "ne(input: tensor, other: tensor)",
        Bit,
        |a, b| truth(a != b),
        Some(|a, b| a.eq(b)?.not()),
    ),
    unary("abs(input: tensor)", Number, f64::abs, Some(Secret::abs)),
    both(
        "maximum(input: tensor, other: tensor)",
        |call| extreme(call, f64::max),
        |call| {
            let (x, y) = (call.secret("input")?, call.secret("other")?);
            Ok(x.where_(&x.gt(&y)?, &y)?.into())
        },
    ),
    both(
        "minimum(input: tensor, other: tensor)",
        |call| extreme(call, f64::min),
        |call| {
            let (x, y) = (call.secret("input")?, call.secret("other")?);
            Ok(x.where_(&x.lt(&y)?, &y)?.into())
        },
    ),
    both("clamp(input: tensor, min: tensor = None, max: tensor = None)", clear_clamp, clamp),
    both("where(condition: tensor, input: tensor, other: tensor)", clear_where, |call| {
        let (x, y) = (call.tensor("input"), call.tensor("other"));
        choose(call, &call.tensor("condition"), &x, &y)
    }),
    both(
        "masked_fill(input: tensor, mask: tensor, value: tensor)",
        |call| {
            let (x, mask) = (call.public("input"), call.public("mask"));
            let value = call.public("value");
            chosen(&mask, &value, &x)
        },
        |call| choose(call, &call.tensor("mask"), &call.tensor("value"), &call.tensor("input")),
    ),
];

pub(super) fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn extreme(call: &Arguments<'_>, pick: fn(f64, f64) -> f64) -> Outcome {
    let (x, y) = (call.public("input"), call.public("other"));
    Ok(Public { array: array::zip(&x.array, &y.array, pick)?, kind: x.kind.max(y.kind) }.into())
}

fn clear_clamp(call: &Arguments<'_>) -> Outcome {
    let Public { mut array, mut kind } = call.public("input");
    for (bound, pick) in [("min", f64::max as fn(f64, f64) -> f64), ("max", f64::min)] {
        if !call.is_none(bound) {
            let bound = call.public(bound);
            array = array::zip(&array, &bound.array, pick)?;
            kind = kind.max(bound.kind);
        }
    }
    Ok(Public { array, kind }.into())
}

/// Public bounds that are numbers are one comparison's work; others are two choices.
fn clamp(call: &Arguments<'_>) -> Outcome {
    let x = call.secret("input")?.to_number()?;
    let (low, high) = (call.optional_number("min"), call.optional_number("max"));
    let whole = |bound: Option<f64>| bound.is_none_or(|bound| bound.fract() == 0.0);
    // Integers stay integers within whole bounds.
    let x = if whole(low) && whole(high) { x } else { call.fixed(&x)? };
    if low.is_some() || call.is_none("min") {
        match (low, high) {
            (Some(low), Some(high)) if low <= high => return Ok(x.clamp(low, high)?.into()),
            // As in PyTorch, the upper bound wins.
            (Some(_), Some(high)) => {
                return Ok(call.constant(x.shape(), &vec![high; x.numel()])?.into());
            }
            (Some(low), None) if call.is_none("max") => return Ok(x.maximum(low)?.into()),
            (None, Some(high)) => return Ok(x.minimum(high)?.into()),
            (None, None) if call.is_none("max") => {
                return Err(Complaint::new("`min` or `max` must be given"));
            }
            _ => {}
        }
    }
    let mut x = x;
    if !call.is_none("min") {
        let low = call.secret("min")?;
        x = low.where_(&x.lt(&low)?, &x)?;
    }
    if !call.is_none("max") {
        let high = call.secret("max")?;
        x = high.where_(&x.gt(&high)?, &x)?;
    }
    Ok(x.into())
}

fn clear_where(call: &Arguments<'_>) -> Outcome {
    chosen(&call.public("condition"), &call.public("input"), &call.public("other"))
}

fn chosen(condition: &Public, x: &Public, y: &Public) -> Outcome {
    let kind = x.kind.max(y.kind);
    let shape = array::common_shape(x.shape(), y.shape())?;
    let shape = array::common_shape(condition.shape(), &shape)?;
    let spread = |part: &Public| array::spread(&part.array, &shape);
    let (condition, x, y) = (spread(condition), spread(x), spread(y));
    let array = ndarray::Zip::from(&condition)
        .and(&x)
        .and(&y)
        .map_collect(|&c, &x, &y| if c != 0.0 { x } else { y });
    Ok(Public { array, kind }.into())
}

/// `condition ? x : y`, where at least one of the three is secret.
fn choose(call: &Arguments<'_>, condition: &Tensor, x: &Tensor, y: &Tensor) -> Outcome {
    let shape = array::common_shape(x.shape(), y.shape())?;
    let shape = array::common_shape(condition.shape(), &shape)?;
    match condition {
        Tensor::Secret(bit) if bit.is_bit() && bit.shape() == shape => {
            Ok(call.shared(x)?.where_(bit, &call.shared(y)?)?.into())
        }
        // Numbers 0 and 1: exact, since a factor is an integer.
        Tensor::Secret(_) => {
            let difference = compose::sub(call, x, y)?;
            let part = compose::mul(call, condition, &difference)?;
            Ok(compose::add(call, y, &part)?.into())
        }
        Tensor::Public(public) => {
            let bits = public.array.mapv(|element| truth(element != 0.0));
            let bits = Public { array: bits, kind: Kind::Integer };
            let rest = Public { array: bits.array.mapv(|bit| 1.0 - bit), kind: Kind::Integer };
            let taken = compose::mul(call, x, &Tensor::Public(bits))?;
            let left = compose::mul(call, y, &Tensor::Public(rest))?;
            Ok(compose::add(call, &taken, &left)?.into())
        }
    }
}
