//! `+ - * / **` and their kin.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::Gives::{Number, Real, Same};
use crate::function::{Entry, Outcome, binary, both, unary};
use crate::functions::compose;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "add(input: tensor, other: tensor, alpha: number = 1)",
        |call| scaled_sum(call, 1.0),
        |call| scaled_sum(call, 1.0),
    ),
    both(
        "sub(input: tensor, other: tensor, alpha: number = 1)",
        |call| scaled_sum(call, -1.0),
        |call| scaled_sum(call, -1.0),
    ),
    binary("rsub(input: tensor, other: tensor)", Number, |a, b| b - a, Some(|a, b| b.sub(a))),
    binary("mul(input: tensor, other: tensor)", Number, |a, b| a * b, Some(Secret::mul)),
    both(
        "div(input: tensor, other: tensor, rounding_mode: str = None)",
        clear_quotient,
        private_quotient,
    ),
    binary("floor_divide(input: tensor, other: tensor)", Number, |a, b| (a / b).floor(), None),
    binary("remainder(input: tensor, other: tensor)", Number, |a, b| a - b * (a / b).floor(), None),
    binary("fmod(input: tensor, other: tensor)", Number, |a, b| a % b, None),
    unary("neg(input: tensor)", Number, |x| -x, Some(Secret::neg)),
    unary("positive(input: tensor)", Same, |x| x, Some(|x| Ok(x.clone()))),
    unary("square(input: tensor)", Number, |x| x * x, Some(Secret::square)),
    both("pow(input: tensor, exponent: tensor)", clear_power, private_power),
    unary("reciprocal(input: tensor)", Real, f64::recip, Some(Secret::reciprocal)),
    both(
        "addcmul(input: tensor, tensor1: tensor, tensor2: tensor, value: number = 1)",
        multiplied_and_added,
        multiplied_and_added,
    ),
    both("lerp(input: tensor, end: tensor, weight: tensor)", interpolated, interpolated),
];

/// `input + sign * alpha * other`.
fn scaled_sum(call: &Arguments<'_>, sign: f64) -> Outcome {
    let (x, y) = (call.tensor("input"), call.tensor("other"));
    let alpha = call.number("alpha");
    if alpha == 1.0 {
        let sum = if sign > 0.0 { compose::add } else { compose::sub };
        return Ok(sum(call, &x, &y)?.into());
    }
    let scaled = compose::mul(call, &y, &compose::scalar(sign * alpha))?;
    Ok(compose::add(call, &x, &scaled)?.into())
}

fn clear_quotient(call: &Arguments<'_>) -> Outcome {
    let (x, y) = (call.public("input"), call.public("other"));
    let kind = x.kind.max(y.kind).max(Kind::Integer);
    let (kind, divide): (Kind, fn(f64, f64) -> f64) = match call.text("rounding_mode") {
        "" => (Kind::Real, |a, b| a / b),
        "floor" => (kind, |a, b| (a / b).floor()),
        "trunc" => (kind, |a, b| (a / b).trunc()),
        other => return Err(rounding_modes(other)),
    };
    Ok(Public { array: array::zip(&x.array, &y.array, divide)?, kind }.into())
}

fn rounding_modes(found: &str) -> Complaint {
    Complaint::new(format!("rounding_mode is None, 'floor' or 'trunc', not '{found}'"))
}

fn private_quotient(call: &Arguments<'_>) -> Outcome {
    if !call.is_none("rounding_mode") {
        return Err(Complaint::new("a rounding_mode is for public tensors only, so far"));
    }
    let Tensor::Public(divisor) = call.tensor("other") else {
        let (x, y) = (call.secret("input")?, call.secret("other")?);
        array::common_shape(x.shape(), y.shape())?;
        return Ok(x.div(&y)?.into());
    };
    if divisor.array.iter().any(|&element| element == 0.0) {
        return Err(Complaint::new("the public divisor has an element 0"));
    }
    let inverse = Tensor::Public(Public { array: divisor.array.recip(), kind: Kind::Real });
    Ok(compose::mul(call, &Tensor::Secret(call.real("input")?), &inverse)?.into())
}

fn clear_power(call: &Arguments<'_>) -> Outcome {
    let (x, y) = (call.public("input"), call.public("exponent"));
    let kind = x.kind.max(y.kind).max(Kind::Integer);
    Ok(Public { array: array::zip(&x.array, &y.array, f64::powf)?, kind }.into())
}

/// Whole public powers by squaring; others by `e^(y log x)`, of positive numbers.
fn private_power(call: &Arguments<'_>) -> Outcome {
    let exponent = match call.tensor("exponent") {
        Tensor::Public(exponent) => exponent.single(),
        Tensor::Secret(_) => None,
    };
    if let Tensor::Public(base) = call.tensor("input") {
        // A public base: its logarithm is known.
        if base.array.iter().any(|&base| base <= 0.0) {
            return Err(Complaint::new("a public base must be positive"));
        }
        let log = call.constant(
            base.shape(),
            &base.array.mapv(f64::ln).iter().copied().collect::<Vec<_>>(),
        )?;
        return Ok(call.real("exponent")?.mul(&log)?.exp()?.into());
    }
    let x = call.secret("input")?;
    match exponent {
        Some(power) if power.fract() == 0.0 && power.abs() <= LARGEST_POWER => {
            #[expect(clippy::cast_possible_truncation, reason = "a small whole number")]
            let power = power as i32;
            Ok(x.pow(power)?.into())
        }
        Some(0.5) => Ok(call.fixed(&x)?.sqrt()?.into()),
        Some(-0.5) => Ok(call.fixed(&x)?.rsqrt()?.into()),
        _ => {
            let y = call.secret("exponent")?;
            array::common_shape(x.shape(), y.shape())?;
            Ok(call.fixed(&x)?.log()?.mul(&y)?.exp()?.into())
        }
    }
}

/// Beyond it only 0 and 1 have powers in range.
const LARGEST_POWER: f64 = 1024.0;

fn multiplied_and_added(call: &Arguments<'_>) -> Outcome {
    let product = compose::mul(call, &call.tensor("tensor1"), &call.tensor("tensor2"))?;
    let value = call.number("value");
    let scaled = match value == 1.0 {
        true => product,
        false => compose::mul(call, &product, &compose::scalar(value))?,
    };
    Ok(compose::add(call, &call.tensor("input"), &scaled)?.into())
}

fn interpolated(call: &Arguments<'_>) -> Outcome {
    let (start, end) = (call.tensor("input"), call.tensor("end"));
    let way = compose::sub(call, &end, &start)?;
    let part = compose::mul(call, &call.tensor("weight"), &way)?;
    Ok(compose::add(call, &start, &part)?.into())
}
