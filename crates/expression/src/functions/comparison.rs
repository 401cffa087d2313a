//! Comparisons, bounds and choices.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::Gives::{Bit, Number, Same};
use crate::function::{Entry, Outcome, binary, both, unary};
use crate::tensor::{Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    binary("lt(input: tensor, other: tensor)", Bit, |a, b| truth(a < b), Some(Secret::lt)),
    binary("le(input: tensor, other: tensor)", Bit, |a, b| truth(a <= b), Some(Secret::le)),
    binary("gt(input: tensor, other: tensor)", Bit, |a, b| truth(a > b), Some(Secret::gt)),
    binary("ge(input: tensor, other: tensor)", Bit, |a, b| truth(a >= b), Some(Secret::ge)),
    #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
    binary("eq(input: tensor, other: tensor)", Bit, |a, b| truth(a == b), Some(Secret::eq)),
    #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
    binary("ne(input: tensor, other: tensor)", Bit, |a, b| truth(a != b), Some(Secret::ne)),
    unary("abs(input: tensor)", Number, f64::abs, Some(Secret::abs)),
    binary("maximum(input: tensor, other: tensor)", Same, f64::max, Some(Secret::maximum)),
    binary("minimum(input: tensor, other: tensor)", Same, f64::min, Some(Secret::minimum)),
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
    let numbers = [("min", low), ("max", high)];
    if numbers.iter().all(|(name, bound)| bound.is_some() || call.is_none(name)) {
        return match (low, high) {
            (Some(low), Some(high)) => Ok(x.clamp(low, high)?.into()),
            (Some(low), None) => Ok(x.clamp_min(low)?.into()),
            (None, Some(high)) => Ok(x.clamp_max(high)?.into()),
            (None, None) => Err(Complaint::new("`min` or `max` must be given")),
        };
    }
    let mut x = x;
    if !call.is_none("min") {
        x = x.maximum(&call.secret("min")?)?;
    }
    if !call.is_none("max") {
        x = x.minimum(&call.secret("max")?)?;
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
    array::common_shape(condition.shape(), &shape)?;
    let condition = match condition {
        Tensor::Secret(secret) => secret.clone(),
        Tensor::Public(public) => {
            let bits: Vec<f64> = public.array.iter().map(|&bit| truth(bit != 0.0)).collect();
            call.constant(public.shape(), &bits)?
        }
    };
    Ok(call.shared(x)?.where_(&condition, &call.shared(y)?)?.into())
}
