//! Powers with public integer exponents, by squaring.

use std::rc::Rc;

use cryptab_tensor::Tensor;

use super::inverse::reciprocal;
use super::multiply;
use super::normalise::Signs;
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// x^exponent; x^0 = 1; a negative exponent: (1/x)^-exponent.
///
/// Squares and products of the same round are independent: log2 p + 2 rounds at most, 5 more for a
/// negative exponent.
pub(crate) fn power(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    exponent: i32,
    how: Compare,
) -> Number {
    let base = match exponent {
        ..0 => reciprocal(recorder, x, shape, Signs::Both, how),
        0 | 1 => x.alias(),
        _ => {
            // Opened once, for x itself too.
            let _form = x.operand(recorder, shape);
            x.alias()
        }
    };
    let frac = base.frac;
    let mut square = Rc::new(base);
    let mut rest = exponent.unsigned_abs();
    let mut result: Option<Rc<Number>> = None;
    while rest > 0 {
        if rest % 2 == 1 {
            let product = result
                .map(|result| multiply::mul(recorder, (&result, shape), (&square, shape), frac));
            result = Some(product.map_or_else(|| Rc::clone(&square), Rc::new));
        }
        rest /= 2;
        if rest > 0 {
            square = Rc::new(multiply::square(recorder, (&square, shape), frac));
        }
    }
    result.map(|result| result.alias()).unwrap_or_else(|| {
        let shape = shape.to_vec();
        let ones = Lazy::thunk(move || Tensor::filled(&shape, 1 << frac));
        Number::known(recorder, frac, ones)
    })
}
