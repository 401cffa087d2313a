//! Operations on bits.

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both, clear};
use crate::functions::comparison::truth;
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    clear("bitwise_and(input: tensor, other: tensor)", |call| bitwise(call, |a, b| a & b)),
    clear("bitwise_or(input: tensor, other: tensor)", |call| bitwise(call, |a, b| a | b)),
    clear("bitwise_xor(input: tensor, other: tensor)", |call| bitwise(call, |a, b| a ^ b)),
    both("bitwise_not(input: tensor)", clear_not, |call| {
        let x = call.secret("input")?;
        match x.is_bit() {
            true => Ok(x.not()?.into()),
            false => Err(Complaint::new("takes bits, which comparisons give")),
        }
    }),
    clear("logical_and(input: tensor, other: tensor)", |call| logical(call, |a, b| a & b)),
    clear("logical_or(input: tensor, other: tensor)", |call| logical(call, |a, b| a | b)),
    clear("logical_xor(input: tensor, other: tensor)", |call| logical(call, |a, b| a ^ b)),
    both(
        "logical_not(input: tensor)",
        |call| {
            let array = call.public("input").array.mapv(|x| truth(x == 0.0));
            Ok(Public { array, kind: Kind::Bit }.into())
        },
        |call| {
            let x = call.secret("input")?;
            Ok(if x.is_bit() { x.not()? } else { x.eq(&call.scalar(0.0)?)? }.into())
        },
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
