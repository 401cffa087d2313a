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
        |call| patterns(call, Secret::and),
    ),
    both(
        "bitwise_or(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| a | b),
        |call| patterns(call, Secret::or),
    ),
    both(
        "bitwise_xor(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| a ^ b),
        |call| patterns(call, Secret::xor),
    ),
    both("bitwise_not(input: tensor)", clear_not, private_not),
    both(
        "bitwise_left_shift(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| shifted(a, b, |a, by| a << by, |_| 0)),
        private_left_shift,
    ),
    both(
        "bitwise_right_shift(input: tensor, other: tensor)",
        |call| bitwise(call, |a, b| shifted(a, b, |a, by| a >> by, |a| a >> 63)),
        |call| Ok(words(call, &call.tensor("input"))?.shift_right(places(call)?)?.into()),
    ),
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
        return Err(Complaint::new(NO_INTEGERS));
    }
    let array = array::zip(&x.array, &y.array, |a, b| combine(a as i64, b as i64) as f64)?;
    Ok(Public { array, kind }.into())
}

fn clear_not(call: &Arguments<'_>) -> Outcome {
    let Public { array, kind } = call.public("input");
    let array = match kind {
        Kind::Bit => array.mapv(|bit| 1.0 - bit),
        Kind::Integer => array.mapv(|x| -1.0 - x),
        Kind::Real => return Err(Complaint::new(NO_INTEGERS)),
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

/// Bits, or integers bit by bit.
fn patterns(
    call: &Arguments<'_>,
    combine: fn(&Secret, &Secret) -> cryptab_engine::Result<Secret>,
) -> Outcome {
    let (x, y) = (call.tensor("input"), call.tensor("other"));
    match is_bit(&x) && is_bit(&y) {
        true => gate(call, nonzero, combine),
        false => gate(call, words, combine),
    }
}

fn private_not(call: &Arguments<'_>) -> Outcome {
    let x = call.secret("input")?;
    if x.is_bit() || x.is_binary() {
        return Ok(x.not()?.into());
    }
    // -1 - x
    Ok(call.scalar(-1.0)?.sub(&whole(&x)?)?.into())
}

/// Of numbers, a product with a power of two.
fn private_left_shift(call: &Arguments<'_>) -> Outcome {
    let (x, by) = (whole(&call.secret("input")?)?, places(call)?);
    if x.is_binary() {
        return Ok(x.shift_left(by)?.into());
    }
    Ok(x.mul(&call.engine().constant_integers(&[], &[1 << by])?)?.into())
}

/// A public number of places, the same for all elements.
fn places(call: &Arguments<'_>) -> Result<u8, Complaint> {
    let by = call.value("other").integer().and_then(|by| u8::try_from(by).ok());
    by.filter(|by| *by < 64).ok_or_else(|| {
        Complaint::new("takes a public number of places, from 0 to 63, for secret integers")
    })
}

/// As `PyTorch` shifts: by all places that there are, if not by 0 to 63.
fn shifted(a: i64, by: i64, shift: fn(i64, i64) -> i64, all: fn(i64) -> i64) -> i64 {
    if (0..64).contains(&by) { shift(a, by) } else { all(a) }
}

fn is_bit(x: &Tensor) -> bool {
    match x {
        Tensor::Secret(secret) => secret.is_bit(),
        Tensor::Public(public) => public.kind == Kind::Bit,
    }
}

/// The tensor as words, if it is of integers or bits.
fn words(call: &Arguments<'_>, x: &Tensor) -> Result<Secret, Complaint> {
    if matches!(x, Tensor::Public(public) if public.kind == Kind::Real) {
        return Err(Complaint::new(NO_INTEGERS));
    }
    Ok(whole(&call.shared(x)?)?.to_binary()?)
}

/// The tensor, if it is of integers or bits.
fn whole(x: &Secret) -> Result<Secret, Complaint> {
    match x.frac_bits() {
        0 => Ok(x.clone()),
        _ => Err(Complaint::new(NO_INTEGERS)),
    }
}

const NO_INTEGERS: &str = "takes bits or integers, not real numbers";

/// Whether the elements are not 0.
pub(super) fn nonzero(call: &Arguments<'_>, x: &Tensor) -> Result<Secret, Complaint> {
    let secret = call.shared(x)?;
    Ok(if secret.is_bit() { secret } else { secret.ne(&call.scalar(0.0)?)? })
}
