//! Whole numbers near a number.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "floor(input: tensor)",
        |call| clear(call, f64::floor),
        |call| Ok(floor(call, &call.secret("input")?)?.into()),
    ),
    both(
        "ceil(input: tensor)",
        |call| clear(call, f64::ceil),
        |call| Ok(floor(call, &call.secret("input")?.neg()?)?.neg()?.into()),
    ),
    both(
        "round(input: tensor)",
        |call| clear(call, f64::round_ties_even),
        |call| Ok(round(call, &call.secret("input")?)?.into()),
    ),
    both(
        "trunc(input: tensor)",
        |call| clear(call, f64::trunc),
        |call| Ok(trunc(call, &call.secret("input")?)?.into()),
    ),
    both(
        "frac(input: tensor)",
        |call| clear(call, f64::fract),
        |call| {
            let x = call.secret("input")?;
            Ok(x.sub(&trunc(call, &x)?)?.into())
        },
    ),
    both(
        "sign(input: tensor)",
        |call| {
            let x = call.public("input");
            let sign = |x: f64| f64::from(i8::from(x > 0.0) - i8::from(x < 0.0));
            Ok(Public { array: x.array.mapv(sign), kind: x.kind.max(Kind::Integer) }.into())
        },
        |call| Ok(call.secret("input")?.to_number()?.sign()?.into()),
    ),
];

fn clear(call: &Arguments<'_>, round: fn(f64) -> f64) -> Outcome {
    let x = call.public("input");
    Ok(Public { array: x.array.mapv(round), kind: x.kind }.into())
}

/// `floor(x) = round(x - 1/2)`, where halves are rounded upwards.
fn floor(call: &Arguments<'_>, x: &Secret) -> Result<Secret, Complaint> {
    let x = x.to_number()?;
    match x.frac_bits() {
        0 => Ok(x),
        _ => Ok(x.sub(&call.scalar(0.5)?)?.round()?),
    }
}

/// Towards zero: the positive part down, the negative part up.
fn trunc(call: &Arguments<'_>, x: &Secret) -> Result<Secret, Complaint> {
    let x = x.to_number()?;
    let positive = floor(call, &x.relu()?)?;
    let negative = floor(call, &x.neg()?.relu()?)?;
    Ok(positive.sub(&negative)?)
}

/// To the nearest, halves to the even one of their neighbours `up` and `down = up - 1`: that is
/// `2 round(x / 2)` then, and otherwise both neighbours are the same.
fn round(call: &Arguments<'_>, x: &Secret) -> Result<Secret, Complaint> {
    let x = x.to_number()?;
    if x.frac_bits() == 0 {
        return Ok(x);
    }
    let half = x.mul_scaled(&call.scalar(0.5)?, x.frac_bits() + 1)?;
    let up = x.round()?;
    let down = x.neg()?.round()?.neg()?;
    let even = half.round()?;
    let even = even.add(&even)?;
    Ok(up.sub(&up.sub(&down)?.mul(&up.sub(&even)?)?)?)
}
