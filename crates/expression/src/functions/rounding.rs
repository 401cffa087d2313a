//! Whole numbers near a number.

use cryptab_engine::Secret;

use crate::function::Gives::Same;
use crate::function::{Entry, both, unary};
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    unary("floor(input: tensor)", Same, f64::floor, Some(Secret::floor)),
    unary("ceil(input: tensor)", Same, f64::ceil, Some(Secret::ceil)),
    unary("round(input: tensor)", Same, f64::round_ties_even, Some(Secret::round_even)),
    unary("trunc(input: tensor)", Same, f64::trunc, Some(Secret::trunc)),
    unary("frac(input: tensor)", Same, f64::fract, Some(Secret::frac)),
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
