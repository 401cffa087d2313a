//! What entries are composed of: arithmetic on tensors that may be secret or public.

use cryptab_engine::Secret;

use crate::arguments::Arguments;
use crate::array;
use crate::error::Complaint;
use crate::tensor::{Kind, Public, Tensor};

type Made = Result<Tensor, Complaint>;

/// `x + y`.
pub(super) fn add(call: &Arguments<'_>, x: &Tensor, y: &Tensor) -> Made {
    combine(call, x, y, |a, b| a + b, Secret::add)
}

/// `x - y`.
pub(super) fn sub(call: &Arguments<'_>, x: &Tensor, y: &Tensor) -> Made {
    combine(call, x, y, |a, b| a - b, Secret::sub)
}

/// `x * y`.
pub(super) fn mul(call: &Arguments<'_>, x: &Tensor, y: &Tensor) -> Made {
    combine(call, x, y, |a, b| a * b, Secret::mul)
}

fn combine(
    call: &Arguments<'_>,
    x: &Tensor,
    y: &Tensor,
    clear: fn(f64, f64) -> f64,
    private: fn(&Secret, &Secret) -> cryptab_engine::Result<Secret>,
) -> Made {
    if let (Tensor::Public(x), Tensor::Public(y)) = (x, y) {
        let kind = x.kind.max(y.kind).max(Kind::Integer);
        return Ok(Tensor::Public(Public { array: array::zip(&x.array, &y.array, clear)?, kind }));
    }
    array::common_shape(x.shape(), y.shape())?;
    Ok(Tensor::Secret(private(&call.shared(x)?, &call.shared(y)?)?))
}

/// The sum over an axis, which stays with size 1.
pub(super) fn sum(x: &Tensor, axis: usize) -> Made {
    Ok(match x {
        Tensor::Secret(x) => Tensor::Secret(x.sum(&[axis], true)?),
        Tensor::Public(x) => {
            let array = array::fold(&x.array, &[axis], true, |row| row.iter().sum());
            Tensor::Public(Public { array, kind: x.kind.max(Kind::Integer) })
        }
    })
}

/// A public number.
pub(super) fn scalar(number: f64) -> Tensor {
    let kind = if number.fract() == 0.0 { Kind::Integer } else { Kind::Real };
    Tensor::Public(Public::new(&[], vec![number], kind))
}

/// A constant with no more than the session's fraction bits: what it is joined with keeps its own.
pub(super) fn coarse(call: &Arguments<'_>, x: &Tensor) -> Made {
    Ok(match x {
        Tensor::Secret(secret) if secret.is_public() && secret.frac_bits() > call.frac_bits() => {
            Tensor::Secret(secret.rescale(call.frac_bits())?)
        }
        other => other.clone(),
    })
}
