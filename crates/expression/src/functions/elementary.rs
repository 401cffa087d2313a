//! Elementary functions of each element.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::function::Gives::Real;
use crate::function::{Entry, Outcome, both, unary};
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    unary("exp(input: tensor)", Real, f64::exp, Some(Secret::exp)),
    both(
        "exp2(input: tensor)",
        |call| each(call, f64::exp2),
        |call| Ok(call.real("input")?.mul(&call.scalar(std::f64::consts::LN_2)?)?.exp()?.into()),
    ),
    both(
        "expm1(input: tensor)",
        |call| each(call, f64::exp_m1),
        |call| Ok(call.real("input")?.exp()?.sub(&call.scalar(1.0)?)?.into()),
    ),
    unary("log(input: tensor)", Real, f64::ln, Some(Secret::log)),
    unary("log2(input: tensor)", Real, f64::log2, Some(Secret::log2)),
    unary("log10(input: tensor)", Real, f64::log10, Some(Secret::log10)),
    unary("log1p(input: tensor)", Real, f64::ln_1p, Some(Secret::log1p)),
    unary("sqrt(input: tensor)", Real, f64::sqrt, Some(Secret::sqrt)),
    unary("rsqrt(input: tensor)", Real, |x| x.sqrt().recip(), Some(Secret::rsqrt)),
    unary("sin(input: tensor)", Real, f64::sin, Some(Secret::sin)),
    unary("cos(input: tensor)", Real, f64::cos, Some(Secret::cos)),
    unary("tan(input: tensor)", Real, f64::tan, Some(|x| x.sin()?.div(&x.cos()?))),
    unary("asin(input: tensor)", Real, f64::asin, None),
    unary("acos(input: tensor)", Real, f64::acos, None),
    unary("atan(input: tensor)", Real, f64::atan, None),
    unary("sinh(input: tensor)", Real, f64::sinh, None),
    unary("cosh(input: tensor)", Real, f64::cosh, None),
    unary("tanh(input: tensor)", Real, f64::tanh, Some(Secret::tanh)),
    unary("asinh(input: tensor)", Real, f64::asinh, None),
    unary("acosh(input: tensor)", Real, f64::acosh, None),
    unary("atanh(input: tensor)", Real, f64::atanh, None),
    unary("erf(input: tensor)", Real, libm::erf, Some(Secret::erf)),
    both(
        "erfc(input: tensor)",
        |call| each(call, libm::erfc),
        |call| Ok(call.scalar(1.0)?.sub(&call.real("input")?.erf()?)?.into()),
    ),
];

fn each(call: &Arguments<'_>, change: fn(f64) -> f64) -> Outcome {
    Ok(Public { array: call.public("input").array.mapv(change), kind: Kind::Real }.into())
}
