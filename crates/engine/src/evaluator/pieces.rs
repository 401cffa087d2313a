//! Polynomials on pieces of a masked position.
//!
//! The public position says which piece of the circle it is in, and where; the dealer, who knows
//! the mask, shares for every piece the coefficients of the function as it lies there:
//! sum over i of \[c_i of the piece\] times the i-th power of the place.
//! Cost: no round; for every power and piece the bits of [`Plan::share_bits`] from the dealer.
//! Source: `pieces` of the correlations.

use std::sync::Arc;

use cryptab_correlation::{Coefficients, Fit, Known, Plan};
use cryptab_tensor::Tensor;

use super::{Base, Curve};
use crate::dealt::byte;
use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// The function for a curve.
pub(super) const fn fit(curve: Curve) -> Fit {
    match curve {
        Curve::Cosine => Fit::Cosine,
        Curve::Logistic => Fit::Logistic,
        Curve::Erf => Fit::Erf,
        Curve::Gelu => Fit::Gelu,
        Curve::Silu => Fit::Silu,
        Curve::Mish => Fit::Mish,
        Curve::Softplus => Fit::Softplus,
        Curve::Reciprocal => Fit::Reciprocal,
        Curve::Rsqrt => Fit::Rsqrt,
        Curve::Sqrt => Fit::Sqrt,
        Curve::Log(Base::E) => Fit::Log,
        Curve::Log(Base::Two) => Fit::Log2,
        Curve::Log(Base::Ten) => Fit::Log10,
        Curve::ReciprocalOfSum => Fit::ReciprocalOfSum,
        Curve::LogOfSum => Fit::LogOfSum,
        Curve::Exp | Curve::ExpNonpositive => panic!("exponentials have no pieces"),
    }
}

/// The length of the circle of positions.
pub(super) fn turn(curve: Curve) -> f64 {
    f64::from(1_u32 << folds(curve)) * plan(curve).turn
}

pub(super) const fn plan(curve: Curve) -> &'static Plan {
    fit(curve).plan()
}

pub(super) fn evaluate(recorder: &Recorder<'_>, curve: Curve, position: &View) -> Lazy<Tensor> {
    let bits = byte(position.bits - folds(curve));
    let mask = Arc::new(position.mask.clone());
    let zeros = recorder.queue().map(&position.hat, |hat| Tensor::zeros(hat.shape()));
    // One power after the other: the shares of one only are in memory at a time.
    Coefficients::all(fit(curve), bits).fold(zeros, |sum, coefficients| {
        let known = Known::Coefficients(Arc::clone(&mask), coefficients);
        let shares = recorder.deal_ring(known, coefficients.share_bits());
        let parts = [sum, position.hat.clone(), shares];
        recorder.queue().gather(&parts, move |parts| {
            let [mut sum, hat, shares]: [Tensor; 3] = parts.try_into().expect("three parts");
            let added = coefficients.add_to(sum.as_mut_slice(), hat.as_slice(), shares.as_slice());
            added.expect("as many shares as asked for");
            sum
        })
    })
}

/// How often the circle of positions is folded: mantissas come on a circle of twice their ratio,
/// of which the trigonometric sums need a part to be smooth on; a gap as wide as a piece is enough
/// here.
const fn folds(curve: Curve) -> u32 {
    match curve {
        Curve::Reciprocal | Curve::Rsqrt | Curve::Sqrt | Curve::Log(_) => 1,
        _ => 0,
    }
}
