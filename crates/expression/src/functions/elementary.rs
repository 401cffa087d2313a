//! Elementary functions of each element.

use crate::function::Gives::Real;
use crate::function::{Entry, unary};

pub(super) const ENTRIES: &[Entry] = &[
    unary("exp(input: tensor)", Real, f64::exp, None),
    unary("exp2(input: tensor)", Real, f64::exp2, None),
    unary("expm1(input: tensor)", Real, f64::exp_m1, None),
    unary("log(input: tensor)", Real, f64::ln, None),
    unary("log2(input: tensor)", Real, f64::log2, None),
    unary("log10(input: tensor)", Real, f64::log10, None),
    unary("log1p(input: tensor)", Real, f64::ln_1p, None),
    unary("sqrt(input: tensor)", Real, f64::sqrt, None),
    unary("rsqrt(input: tensor)", Real, |x| x.sqrt().recip(), None),
    unary("sin(input: tensor)", Real, f64::sin, None),
    unary("cos(input: tensor)", Real, f64::cos, None),
    unary("tan(input: tensor)", Real, f64::tan, None),
    unary("asin(input: tensor)", Real, f64::asin, None),
    unary("acos(input: tensor)", Real, f64::acos, None),
    unary("atan(input: tensor)", Real, f64::atan, None),
    unary("sinh(input: tensor)", Real, f64::sinh, None),
    unary("cosh(input: tensor)", Real, f64::cosh, None),
    unary("tanh(input: tensor)", Real, f64::tanh, None),
    unary("asinh(input: tensor)", Real, f64::asinh, None),
    unary("acosh(input: tensor)", Real, f64::acosh, None),
    unary("atanh(input: tensor)", Real, f64::atanh, None),
    unary("erf(input: tensor)", Real, libm::erf, None),
    unary("erfc(input: tensor)", Real, libm::erfc, None),
];
