//! The evaluator of smooth functions: a masked position in, shares of the function out, no rounds.
//!
//! What is above this module does not know how that is done. The session's format says how: with
//! trigonometric sums, whose dealer-known moments are shared (`fourier`), or with polynomials on
//! pieces of the circle, whose coefficients are shared (`pieces`); exponentials are powers of two
//! under either (`power`).

mod fourier;
mod pieces;
mod power;
mod series;

pub(crate) use cryptab_correlation::Fit;
use cryptab_tensor::Formula;

use crate::Evaluator;
use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use power::Power;

/// A smooth function on an interval, to be evaluated at a masked position on a circle.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Curve {
    /// One of those that the session's evaluator approximates.
    Fitted(Fit),
    /// An exponential.
    Power(&'static Power),
}

/// Shares of numbers modulo 2^bits.
#[derive(Clone)]
pub(crate) struct Small {
    pub(crate) shares: Lazy<Formula>,
    /// |number| < 2^(bits-2).
    pub(crate) bits: u32,
    /// Fraction bits.
    pub(crate) scale: u32,
}

/// Base of a logarithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Base {
    /// 2.718...
    E,
    /// 2.
    Two,
    /// 10.
    Ten,
}

/// How a curve is evaluated.
enum Way {
    Power(&'static Power),
    Sum(Fit),
    Pieces(Fit),
}

impl Curve {
    /// e^x for x in [-13.4, 20.79].
    pub(crate) const EXP: Self = Self::Power(&power::WIDE);
    /// e^x for x in [-15.5, 0].
    pub(crate) const EXP_NONPOSITIVE: Self = Self::Power(&power::SMALL);

    /// The length of the circle of positions.
    pub(crate) fn turn(self, recorder: &Recorder<'_>) -> f64 {
        match self.way(recorder) {
            Way::Power(power) => power.turn(),
            Way::Sum(fit) => fourier::series(fit).turn,
            Way::Pieces(fit) => pieces::turn(fit),
        }
    }

    /// Fraction bits of the shares of the result.
    pub(crate) fn scale(self, recorder: &Recorder<'_>) -> u32 {
        match self.way(recorder) {
            Way::Power(power) => power.scale(),
            Way::Sum(fit) => fourier::series(fit).scale(),
            Way::Pieces(fit) => fit.plan().result_scale(),
        }
    }

    /// Ring of the shares of the result: |result| < 2^(bits-2).
    pub(crate) fn bits(self, recorder: &Recorder<'_>) -> u32 {
        match self.way(recorder) {
            Way::Power(power) => power.bits(),
            Way::Sum(fit) => fourier::series(fit).bits(),
            Way::Pieces(fit) => fit.plan().result_bits(),
        }
    }

    /// Shares of the function modulo 2^bits, at its scale. No rounds.
    ///
    /// `position`: x on a circle of length `turn`, as [`View::turned`] makes it.
    pub(crate) fn evaluate(self, recorder: &Recorder<'_>, position: &View) -> Small {
        let shares = match self.way(recorder) {
            Way::Power(power) => power::evaluate(recorder, power, position),
            Way::Sum(fit) => fourier::evaluate(recorder, fit, position),
            Way::Pieces(fit) => pieces::evaluate(recorder, fit, position),
        };
        Small { shares, bits: self.bits(recorder), scale: self.scale(recorder) }
    }

    fn way(self, recorder: &Recorder<'_>) -> Way {
        match (self, recorder.evaluator()) {
            (Self::Power(power), _) => Way::Power(power),
            (Self::Fitted(fit), Evaluator::Trigonometric) => Way::Sum(fit),
            (Self::Fitted(fit), Evaluator::Polynomial) => Way::Pieces(fit),
        }
    }
}

impl Base {
    /// The logarithm of this base.
    pub(crate) const fn log(self) -> Fit {
        match self {
            Self::E => Fit::Log,
            Self::Two => Fit::Log2,
            Self::Ten => Fit::Log10,
        }
    }
}

impl Small {
    /// The sum with a public number, and with shares of other numbers of this scale.
    pub(crate) fn plus(
        self,
        recorder: &Recorder<'_>,
        number: i64,
        others: &[Lazy<Formula>],
    ) -> Self {
        let number = if recorder.leads() { number.cast_unsigned() } else { 0 };
        let parts = [&[self.shares], others].concat();
        let shares = recorder.queue().gather(&parts, move |parts| {
            Formula::weighted(parts.into_iter().map(|part| (1, part)).collect()).plus(number)
        });
        Self { shares, ..self }
    }
}

impl Base {
    /// The logarithm of 2.
    pub(crate) const fn of_two(self) -> f64 {
        match self {
            Self::E => std::f64::consts::LN_2,
            Self::Two => 1.0,
            Self::Ten => std::f64::consts::LOG10_2,
        }
    }
}
