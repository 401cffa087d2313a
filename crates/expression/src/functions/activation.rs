//! Activations, and what is taken over an axis: softmax and its kin.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::function::Gives::{Real, Same};
use crate::function::{Entry, Outcome, both, unary};
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    unary("relu(input: tensor)", Same, |x| x.max(0.0), Some(Secret::relu)),
    unary("relu6(input: tensor)", Same, |x| x.clamp(0.0, 6.0), Some(|x| x.clamp(0.0, 6.0))),
    both(
        "leaky_relu(input: tensor, negative_slope: number = 0.01)",
        |call| {
            let slope = call.number("negative_slope");
            each(call, |x| if x > 0.0 { x } else { slope * x })
        },
        |call| Ok(leaky(call, &call.scalar(call.number("negative_slope"))?)?.into()),
    ),
    both(
        "prelu(input: tensor, weight: tensor)",
        |call| {
            let (x, slope) = (call.public("input"), call.public("weight"));
            let array = array::zip(&x.array, &slope.array, |x, s| if x > 0.0 { x } else { s * x })?;
            Ok(Public { array, kind: Kind::Real }.into())
        },
        |call| Ok(leaky(call, &call.secret("weight")?)?.into()),
    ),
    both(
        "hardtanh(input: tensor, min_val: number = -1.0, max_val: number = 1.0)",
        |call| {
            let (low, high) = bounds(call)?;
            each(call, |x| x.clamp(low, high))
        },
        |call| {
            let (low, high) = bounds(call)?;
            Ok(call.real("input")?.clamp(low, high)?.into())
        },
    ),
    both(
        "hardsigmoid(input: tensor)",
        |call| each(call, |x| (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        |call| Ok(hardsigmoid(call, &call.real("input")?)?.into()),
    ),
    both(
        "hardswish(input: tensor)",
        |call| each(call, |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
        |call| {
            let x = call.real("input")?;
            Ok(x.mul(&hardsigmoid(call, &x)?)?.into())
        },
    ),
    both(
        "threshold(input: tensor, threshold: number, value: number)",
        |call| {
            let (threshold, value) = (call.number("threshold"), call.number("value"));
            each(call, |x| if x > threshold { x } else { value })
        },
        |call| {
            let (x, value) = (call.real("input")?, call.scalar(call.number("value"))?);
            Ok(x.where_(&x.gt(&call.scalar(call.number("threshold"))?)?, &value)?.into())
        },
    ),
    both(
        "hardshrink(input: tensor, lambd: number = 0.5)",
        |call| {
            let edge = call.number("lambd");
            each(call, |x| if x.abs() > edge { x } else { 0.0 })
        },
        |call| {
            let (x, edge) = (call.real("input")?, call.scalar(call.number("lambd"))?);
            Ok(x.where_(&x.abs()?.gt(&edge)?, &call.scalar(0.0)?)?.into())
        },
    ),
    both(
        "softshrink(input: tensor, lambd: number = 0.5)",
        |call| {
            let edge = edge(call)?;
            each(call, |x| x - x.clamp(-edge, edge))
        },
        |call| {
            let (x, edge) = (call.real("input")?, edge(call)?);
            Ok(x.sub(&x.clamp(-edge, edge)?)?.into())
        },
    ),
    unary("sigmoid(input: tensor)", Real, sigmoid, Some(Secret::sigmoid)),
    unary(
        "logsigmoid(input: tensor)",
        Real,
        |x| -softplus(-x),
        Some(|x| x.neg()?.softplus()?.neg()),
    ),
    unary("silu(input: tensor)", Real, |x| x * sigmoid(x), Some(Secret::silu)),
    unary("mish(input: tensor)", Real, |x| x * softplus(x).tanh(), Some(Secret::mish)),
    both(
        "softsign(input: tensor)",
        |call| each(call, |x| x / (1.0 + x.abs())),
        |call| {
            let x = call.real("input")?;
            Ok(x.div(&x.abs()?.add(&call.scalar(1.0)?)?)?.into())
        },
    ),
    unary("tanhshrink(input: tensor)", Real, |x| x - x.tanh(), Some(|x| x.sub(&x.tanh()?))),
    both(
        "gelu(input: tensor, approximate: str = 'none')",
        |call| match call.text("approximate") {
            "none" => each(call, |x| x * 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)),
            "tanh" => each(call, gelu_by_tanh),
            other => Err(approximations(other)),
        },
        |call| match call.text("approximate") {
            "none" => Ok(call.real("input")?.gelu()?.into()),
            "tanh" => private_gelu_by_tanh(call),
            other => Err(approximations(other)),
        },
    ),
    both(
        "softplus(input: tensor, beta: number = 1, threshold: number = 20)",
        |call| {
            let (beta, threshold) = (call.number("beta"), call.number("threshold"));
            each(call, |x| if x * beta > threshold { x } else { softplus(x * beta) / beta })
        },
        |call| {
            // Beyond the threshold both are the same, to the last place.
            let (x, beta) = (call.real("input")?, call.number("beta"));
            Ok(match beta == 1.0 {
                true => x.softplus()?,
                false => x.mul(&call.scalar(beta)?)?.softplus()?.mul(&call.scalar(1.0 / beta)?)?,
            }
            .into())
        },
    ),
    both(
        "elu(input: tensor, alpha: number = 1.0)",
        |call| {
            let alpha = call.number("alpha");
            each(call, |x| if x > 0.0 { x } else { alpha * x.exp_m1() })
        },
        |call| exponential(call, 1.0, call.number("alpha"), 1.0),
    ),
    both(
        "celu(input: tensor, alpha: number = 1.0)",
        |call| {
            let alpha = call.number("alpha");
            each(call, |x| if x > 0.0 { x } else { alpha * (x / alpha).exp_m1() })
        },
        |call| exponential(call, 1.0, call.number("alpha"), 1.0 / call.number("alpha")),
    ),
    both(
        "selu(input: tensor)",
        |call| each(call, selu),
        |call| exponential(call, SELU_SCALE, SELU_SCALE * SELU_ALPHA, 1.0),
    ),
    both(
        "softmax(input: tensor, dim: int)",
        |call| along(call, softmax),
        |call| private_along(call, &call.real("input")?, Secret::softmax),
    ),
    both(
        "log_softmax(input: tensor, dim: int)",
        |call| along(call, log_softmax),
        |call| private_along(call, &call.real("input")?, Secret::log_softmax),
    ),
    both(
        "softmin(input: tensor, dim: int)",
        |call| along(call, |row| softmax(&row.iter().map(|x| -x).collect::<Vec<_>>())),
        |call| private_along(call, &call.real("input")?.neg()?, Secret::softmax),
    ),
];

fn each(call: &Arguments<'_>, change: impl Fn(f64) -> f64) -> Outcome {
    Ok(Public { array: call.public("input").array.mapv(change), kind: Kind::Real }.into())
}

fn along(call: &Arguments<'_>, change: fn(&[f64]) -> Vec<f64>) -> Outcome {
    let x = call.public("input");
    let axis = call.axis("dim", x.array.ndim())?;
    Ok(Public { array: array::rows(&x.array, axis, change), kind: Kind::Real }.into())
}

fn bounds(call: &Arguments<'_>) -> Result<(f64, f64), Complaint> {
    let (low, high) = (call.number("min_val"), call.number("max_val"));
    match low <= high {
        true => Ok((low, high)),
        false => Err(Complaint::new(format!("the bounds {low} and {high} are crossed"))),
    }
}

fn edge(call: &Arguments<'_>) -> Result<f64, Complaint> {
    let edge = call.number("lambd");
    match edge >= 0.0 {
        true => Ok(edge),
        false => Err(Complaint::new(format!("`lambd` must not be negative, it is {edge}"))),
    }
}

/// `relu(x) - slope * relu(-x)`; the second is the first minus x.
fn leaky(call: &Arguments<'_>, slope: &Secret) -> Result<Secret, Complaint> {
    let x = call.real("input")?;
    let positive = x.relu()?;
    Ok(positive.sub(&positive.sub(&x)?.mul(slope)?)?)
}

fn hardsigmoid(call: &Arguments<'_>, x: &Secret) -> Result<Secret, Complaint> {
    let moved = x.mul(&call.scalar(1.0 / 6.0)?)?.add(&call.scalar(0.5)?)?;
    Ok(moved.clamp(0.0, 1.0)?)
}

pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `log(1 + e^x)`, without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn gelu_by_tanh(x: f64) -> f64 {
    let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
    0.5 * x * (1.0 + inner.tanh())
}

fn approximations(found: &str) -> Complaint {
    Complaint::new(format!("approximate is 'none' or 'tanh', not '{found}'"))
}

fn private_gelu_by_tanh(call: &Arguments<'_>) -> Outcome {
    // Beyond 8 it is x or 0, so the cube may stop there.
    let x = call.real("input")?;
    let near = x.clamp(-8.0, 8.0)?;
    let cubic = near.square()?.mul(&call.scalar(0.044_715)?)?.add(&call.scalar(1.0)?)?;
    let inner = near.mul(&call.scalar((2.0 / std::f64::consts::PI).sqrt())?)?.mul(&cubic)?;
    let share = inner.tanh()?.add(&call.scalar(1.0)?)?.mul(&call.scalar(0.5)?)?;
    Ok(x.mul(&share)?.into())
}

/// Constants of Klambauer et al., Self-Normalizing Neural Networks.
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

fn selu(x: f64) -> f64 {
    SELU_SCALE * if x > 0.0 { x } else { SELU_ALPHA * x.exp_m1() }
}

/// `scale * max(x, 0) + factor * (e^(rate * min(x, 0)) - 1)`.
fn exponential(call: &Arguments<'_>, scale: f64, factor: f64, rate: f64) -> Outcome {
    let x = call.real("input")?;
    let positive = x.relu()?;
    let times = |x: Secret, by: f64| match by == 1.0 {
        true => Ok(x),
        false => call.scalar(by).and_then(|by| Ok(x.mul(&by)?)),
    };
    let negative = times(x.sub(&positive)?, rate)?;
    let below = negative.exp()?.sub(&call.scalar(1.0)?)?;
    Ok(times(positive, scale)?.add(&times(below, factor)?)?.into())
}

fn private_along(
    call: &Arguments<'_>,
    x: &Secret,
    change: fn(&Secret, usize) -> cryptab_engine::Result<Secret>,
) -> Outcome {
    Ok(change(x, call.axis("dim", x.shape().len())?)?.into())
}

fn largest(row: &[f64]) -> f64 {
    row.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn softmax(row: &[f64]) -> Vec<f64> {
    let top = largest(row);
    let powers: Vec<f64> = row.iter().map(|x| (x - top).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

fn log_softmax(row: &[f64]) -> Vec<f64> {
    let sum = log_sum_exp(row);
    row.iter().map(|x| x - sum).collect()
}

/// `log(sum(e^x))`, without overflow.
pub(super) fn log_sum_exp(row: &[f64]) -> f64 {
    let top = largest(row);
    top + row.iter().map(|x| (x - top).exp()).sum::<f64>().ln()
}
