//! Operators between public numbers, as in Python: so that `-1`, `1/8` and `2**10` are numbers.

use crate::value::Value;

/// The result, if `function` is an operator and all operands are numbers.
pub(crate) fn operate(function: &str, operands: &[&Value]) -> Option<Value> {
    match operands {
        [Value::Integer(a)] => integer_sign(function, *a),
        [Value::Real(a)] => real_sign(function, *a),
        [Value::Integer(a), Value::Integer(b)] => integers(function, *a, *b),
        [Value::Integer(_) | Value::Real(_), Value::Integer(_) | Value::Real(_)] => {
            reals(function, operands[0].number()?, operands[1].number()?)
        }
        _ => None,
    }
}

fn integer_sign(function: &str, a: i64) -> Option<Value> {
    match function {
        "neg" => a.checked_neg().map(Value::Integer),
        "positive" => Some(Value::Integer(a)),
        "bitwise_not" => Some(Value::Integer(!a)),
        _ => None,
    }
}

fn real_sign(function: &str, a: f64) -> Option<Value> {
    match function {
        "neg" => Some(Value::Real(-a)),
        "positive" => Some(Value::Real(a)),
        _ => None,
    }
}

/// Exact while it is an `i64`; what is not becomes a real number.
#[expect(clippy::cast_precision_loss, reason = "beyond i64, numbers are f64")]
fn integers(function: &str, a: i64, b: i64) -> Option<Value> {
    let exact = match function {
        "add" => a.checked_add(b),
        "sub" => a.checked_sub(b),
        "mul" => a.checked_mul(b),
        // Python rounds down, and the remainder has the divisor's sign
        "floor_divide" => {
            a.checked_div(b).map(|q| if a % b != 0 && (a < 0) != (b < 0) { q - 1 } else { q })
        }
        "remainder" => {
            a.checked_rem(b).map(|r| if r != 0 && (r < 0) != (b < 0) { r + b } else { r })
        }
        "pow" => u32::try_from(b).ok().and_then(|power| a.checked_pow(power)),
        "bitwise_and" => Some(a & b),
        "bitwise_or" => Some(a | b),
        "bitwise_xor" => Some(a ^ b),
        "bitwise_left_shift" => {
            // Python's integers have no end.
            let shifted = u32::try_from(b).ok().filter(|b| *b < 63).map(|b| a << b);
            shifted.filter(|shifted| shifted >> b == a)
        }
        "bitwise_right_shift" => u32::try_from(b).ok().map(|b| a >> b.min(63)),
        _ => None,
    };
    exact.map(Value::Integer).or_else(|| reals(function, a as f64, b as f64))
}

fn reals(function: &str, a: f64, b: f64) -> Option<Value> {
    let compared = |truth: bool| Some(Value::Bool(truth));
    match function {
        "add" => Some(Value::Real(a + b)),
        "sub" => Some(Value::Real(a - b)),
        "mul" => Some(Value::Real(a * b)),
        "div" if b != 0.0 => Some(Value::Real(a / b)),
        "floor_divide" if b != 0.0 => Some(Value::Real((a / b).floor())),
        "remainder" if b != 0.0 => Some(Value::Real(a - b * (a / b).floor())),
        "pow" => Some(Value::Real(a.powf(b))),
        "lt" => compared(a < b),
        "le" => compared(a <= b),
        "gt" => compared(a > b),
        "ge" => compared(a >= b),
        #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
        "eq" => compared(a == b),
        #[expect(clippy::float_cmp, reason = "equality is what is asked for")]
        "ne" => compared(a != b),
        _ => None,
    }
}
