//! Operations on bits.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::functions::comparison::truth;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "bitwise_and(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| a & b),
        |call| gate(call, bits, Secret::and),
    ),
    both(
        "bitwise_or(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| a | b),
        |call| gate(call, bits, Secret::or),
    ),
    both(
        "bitwise_xor(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| a ^ b),
        |call| gate(call, bits, Secret::xor),
    ),
    both("bitwise_not(input: tensor)", clear_not, |call| {
        Ok(bits(call, &call.tensor("input"))?.not()?.into())
    }),
    both(
        "logical_and(input: tensor, other: tensor)",
        |call| logical(call, |a, b| a & b),
        |call| gate(call, nonzero, Secret::and),
    ),
    both(
        "logical_or(input: tensor, other: tensor)",
        |call| logical(call, |a, b| a | b),
        |call| gate(call, nonzero, Secret::or),
    ),
    both(
        "logical_xor(input: tensor, other: tensor)",
        |call| logical(call, |a, b| a ^ b),
        |call| gate(call, nonzero, Secret::xor),
    ),
    both(
        "logical_not(input: tensor)",
        |call| {
            let array = call.public("input").array.mapv(|x| truth(x == 0.0));
            Ok(Public { array, kind: Kind::Bit }.into())
        },
        |call| Ok(nonzero(call, &call.tensor("input"))?.not()?.into()),
    ),
];

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "bits and integers of this kind came from i64"
)]
fn bitwise(call: &Arguments<'_>, combine: fn(i64, i64) -> i64) -> Outcome {
    let (x, y) = (call.public("input"), call.public("other"));
    let kind = x.kind.max(y.kind);
    if kind == Kind::Real {
        return Err(Complaint::new("takes bits or integers, not real numbers"));
    }
    let array = array::zip(&x.array, &y.array, |a, b| combine(a as i64, b as i64) as f64)?;
    Ok(Public { array, kind }.into())
}

fn clear_not(call: &Arguments<'_>) -> Outcome {
    let Public { array, kind } = call.public("input");
    let array = match kind {
        Kind::Bit => array.mapv(|bit| 1.0 - bit),
        Kind::Integer => array.mapv(|x| -1.0 - x),
        Kind::Real => return Err(Complaint::new("takes bits or integers, not real numbers")),
    };
    Ok(Public { array, kind }.into())
}

fn logical(call: &Arguments<'_>, combine: fn(bool, bool) -> bool) -> Outcome {
    let (x, y) = (call.public("input"), call.public("other"));
    let array = array::zip(&x.array, &y.array, |a, b| truth(combine(a != 0.0, b != 0.0)))?;
    Ok(Public { array, kind: Kind::Bit }.into())
}

fn gate(
    call: &Arguments<'_>,
    taken: fn(&Arguments<'_>, &Tensor) -> Result<Secret, Complaint>,
    combine: fn(&Secret, &Secret) -> cryptab_engine::Result<Secret>,
) -> Outcome {
    let (x, y) = (call.tensor("input"), call.tensor("other"));
    array::common_shape(x.shape(), y.shape())?;
    Ok(combine(&taken(call, &x)?, &taken(call, &y)?)?.into())
}

/// The tensor, if it is of bits.
fn bits(call: &Arguments<'_>, x: &Tensor) -> Result<Secret, Complaint> {
    match x {
        Tensor::Secret(secret) if secret.is_bit() => Ok(secret.clone()),
        Tensor::Public(public) if public.kind == Kind::Bit => nonzero(call, x),
        _ => Err(Complaint::new("takes secret bits, which comparisons give, not numbers")),
    }
}

/// Whether the elements are not 0.
pub(super) fn nonzero(call: &Arguments<'_>, x: &Tensor) -> Result<Secret, Complaint> {
    let secret = call.shared(x)?;
    Ok(if secret.is_bit() { secret } else { secret.ne(&call.scalar(0.0)?)? })
}
