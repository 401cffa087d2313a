//! Trigonometric sums of a masked position.
//!
//! On a circle a shift of the argument is easy: cos n(x^ - l) = cos n x^ cos n l + sin n x^ sin n l.
//! The dealer shares the moments cos n l and sin n l of the mask; the parties compute the public
//! factors: (a C + b S) \[cos n l\] + (a S - b C) \[sin n l\] with C = cos n x^, S = sin n x^.
//! Cost: no round; twice the ring's bits per harmonic from the dealer.
//! Source: Boura et al. (FC 2018, ePrint 2017/1234).

use std::sync::Arc;

use cryptab_correlation::{Fit, Known, Moments, Sum};
use cryptab_tensor::Formula;

use super::series::{self, Series};
use crate::dealt::byte;
use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// The sum for a function.
pub(super) const fn series(fit: Fit) -> &'static Series {
    match fit {
        Fit::Cosine => &series::WAVE,
        Fit::Logistic => &series::LOGISTIC,
        Fit::Erf => &series::ERF,
        Fit::Gelu => &series::GELU,
        Fit::Silu => &series::SILU,
        Fit::Mish => &series::MISH,
        Fit::Softplus => &series::SOFTPLUS,
        Fit::Reciprocal => &series::RECIPROCAL,
        Fit::Rsqrt => &series::RSQRT,
        Fit::Sqrt => &series::SQRT,
        Fit::Log | Fit::Log2 | Fit::Log10 => &series::LOG,
        Fit::ReciprocalOfSum => &series::RECIPROCAL_16,
        Fit::LogOfSum => &series::LOG_16,
    }
}

pub(super) fn evaluate(recorder: &Recorder<'_>, fit: Fit, position: &View) -> Lazy<Formula> {
    let series = series(fit);
    let moments = Moments {
        bits: byte(position.bits),
        scale: series.share_bits,
        multiples: series.multiples.to_vec(),
    };
    let known = Known::Moments(Arc::new(position.mask.clone()), moments.clone());
    let shares = recorder.deal_shares(known, series.bits());
    let factor = factor(fit);
    let scaled = |coefficient: i64| (coefficient * factor + (1 << (UNIT - 1))) >> UNIT;
    let narrow = |coefficient: i32| {
        i32::try_from(scaled(i64::from(coefficient))).expect("coefficients stay below 2^31")
    };
    let sum = Sum {
        moments,
        coefficients: series.coefficients.iter().map(|pair| pair.map(narrow)).collect(),
        constant: scaled(series.constant),
        public_bits: series.public_bits,
    };
    let leads = recorder.leads();
    recorder.queue().zip(&position.hat, &shares, move |hat, shares| {
        let hat = hat.tensor();
        let shape = hat.shape().to_vec();
        Formula::computed(&shape, move |start, total| {
            let public = &hat.as_slice()[start..start + total.len()];
            let moments =
                |row: usize, moments: &mut [u64]| shares.read(row * hat.len() + start, moments);
            sum.evaluate(public, moments, leads, total);
        })
    })
}

/// What a series is multiplied by, scaled by 2^30: 1 / log b for a logarithm of base b.
const fn factor(fit: Fit) -> i64 {
    match fit {
        Fit::Log2 => 1_549_082_005,
        Fit::Log10 => 466_320_149,
        _ => 1 << UNIT,
    }
}

const UNIT: u32 = 30;

#[cfg(test)]
mod tests {
    use std::f64::consts::{LN_2, LN_10};

    use super::*;
    use crate::evaluator::Base;

    #[test]
    fn factors_are_those_of_the_bases() {
        for (base, log) in [(Base::E, 1.0), (Base::Two, LN_2), (Base::Ten, LN_10)] {
            let exact = 2_f64.powi(30) / log;
            assert!((factor(base.log()) as f64 - exact).abs() <= 0.5);
            assert!((base.of_two() - LN_2 / log).abs() < 1e-15);
        }
    }

    /// Every series against its function, on the interval that callers rely on.
    #[test]
    fn series_are_as_precise_as_they_say() {
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        type Case = (Fit, f64, f64, fn(f64) -> f64);
        let cases: [Case; 11] = [
            (Fit::Logistic, -10.75, 10.75, |x| 1.0 / (1.0 + (-x).exp()) - 0.5),
            (Fit::Silu, -12.75, 12.75, |x| x * (1.0 / (1.0 + (-x).exp()) - 0.5)),
            (Fit::Mish, -12.75, 12.75, |x| x * (x.exp().ln_1p().tanh() - 0.5)),
            (Fit::Softplus, -10.75, 10.75, |x| (2.0 * (x / 2.0).cosh()).ln()),
            (Fit::Reciprocal, 0.75, 8.0, |m| 1.0 / m),
            (Fit::Rsqrt, 0.75, 16.0, |m| (2.0 / m).sqrt()),
            (Fit::Sqrt, 0.75, 16.0, |m| (m / 2.0).sqrt()),
            (Fit::Log, 0.75, 16.0, f64::ln),
            (Fit::Log2, 0.75, 16.0, f64::ln),
            (Fit::ReciprocalOfSum, 1.0, 16.0, |x| 1.0 / x),
            (Fit::LogOfSum, 1.0, 16.0, f64::ln),
        ];
        assert!((logistic(0.0) - 0.5).abs() < 1e-15);
        for (fit, low, high, function) in cases {
            let series = series(fit);
            for i in 0..=2000 {
                let x = low + (high - low) * f64::from(i) / 2000.0;
                let unit = std::f64::consts::TAU * x / series.turn;
                let sum: f64 = series
                    .multiples
                    .iter()
                    .zip(series.coefficients)
                    .map(|(&n, &[a, b])| {
                        let angle = f64::from(n) * unit;
                        f64::from(a) * angle.cos() + f64::from(b) * angle.sin()
                    })
                    .sum();
                let found = (series.constant as f64 + sum) / 2_f64.powi(24);
                let exact = function(x);
                assert!((found - exact).abs() < 2.8e-5 * exact.abs().max(1.0), "{fit:?} {x}");
            }
        }
    }
}
