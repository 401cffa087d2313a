//! Polynomials on pieces of a masked position.
//!
//! The public position says which piece of the circle it is in, and where; the dealer, who knows
//! the mask, shares for every piece the coefficients of the function as it lies there:
//! sum over i of \[c_i of the piece\] times the i-th power of the place.
//! Cost: no round; for every power and piece the bits of [`Plan::share_bits`] from the dealer.
//! Source: `pieces` of the correlations.

use std::sync::Arc;

use cryptab_correlation::{Coefficients, Fit, Known};
use cryptab_tensor::{Formula, Tensor};

use crate::dealt::byte;
use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// The length of the circle of positions.
pub(super) fn turn(fit: Fit) -> f64 {
    f64::from(1_u32 << folds(fit)) * fit.plan().turn
}

pub(super) fn evaluate(recorder: &Recorder<'_>, fit: Fit, position: &View) -> Lazy<Formula> {
    let bits = byte(position.bits - folds(fit));
    let mask = Arc::new(position.mask.clone());
    let hat = recorder.queue().map(&position.hat, |hat| hat.tensor());
    let zeros = recorder.queue().map(&hat, |hat| Tensor::zeros(hat.shape()));
    // One power after the other: the shares of one only are in memory at a time.
    let sum = Coefficients::all(fit, bits).fold(zeros, |sum, coefficients| {
        let known = Known::Coefficients(Arc::clone(&mask), coefficients);
        let shares = recorder.deal_tensor(known, coefficients.share_bits());
        let parts = [sum, hat.clone(), shares];
        recorder.queue().gather(&parts, move |parts| {
            let [mut sum, hat, shares]: [Tensor; 3] = parts.try_into().expect("three parts");
            let added = coefficients.add_to(sum.as_mut_slice(), hat.as_slice(), shares.as_slice());
            added.expect("as many shares as asked for");
            sum
        })
    });
    recorder.formula(&sum)
}

/// How often the circle of positions is folded: mantissas come on a circle of twice their ratio,
/// of which the trigonometric sums need a part to be smooth on; a gap as wide as a piece is enough
/// here.
const fn folds(fit: Fit) -> u32 {
    match fit {
        Fit::Reciprocal | Fit::Rsqrt | Fit::Sqrt | Fit::Log | Fit::Log2 | Fit::Log10 => 1,
        _ => 0,
    }
}
