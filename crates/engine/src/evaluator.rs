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

use cryptab_correlation::Plan;
use cryptab_tensor::Tensor;

use crate::Evaluator;
use crate::form::View;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// A smooth function on an interval, to be evaluated at a masked position on a circle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Curve {
    /// cos x, everywhere.
    Cosine,
    /// 1 / (1 + e^-x) - 1/2 for |x| <= 10.75.
    Logistic,
    /// erf x for |x| <= 3.
    Erf,
    /// x erf(x / sqrt 2) / 2 for |x| <= 4.5.
    Gelu,
    /// x (1 / (1 + e^-x) - 1/2) for |x| <= 12.75.
    Silu,
    /// x (tanh(log(1 + e^x)) - 1/2) for |x| <= 12.75.
    Mish,
    /// log(2 cosh(x / 2)) for |x| <= 10.75.
    Softplus,
    /// 1/m for m in [3/4, 8).
    Reciprocal,
    /// sqrt(2/m) for m in [3/4, 16).
    Rsqrt,
    /// sqrt(m/2) for m in [3/4, 16).
    Sqrt,
    /// The logarithm of m in [3/4, 16).
    Log(Base),
    /// 1/x for x in [1, 16].
    ReciprocalOfSum,
    /// log x for x in [1, 16].
    LogOfSum,
    /// e^x for x in [-13.4, 20.79].
    Exp,
    /// e^x for x in [-15.5, 0].
    ExpNonpositive,
}

/// Shares of numbers modulo 2^bits.
#[derive(Clone)]
pub(crate) struct Small {
    pub(crate) shares: Lazy<Tensor>,
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
    Powers(&'static power::Power),
    Sum(&'static series::Series),
    Pieces(&'static Plan),
}

impl Curve {
    /// The length of the circle of positions.
    pub(crate) fn turn(self, recorder: &Recorder<'_>) -> f64 {
        match self.way(recorder) {
            Way::Powers(power) => power.turn(),
            Way::Sum(series) => series.turn,
            Way::Pieces(_) => pieces::turn(self),
        }
    }

    /// Fraction bits of the shares of the result.
    pub(crate) fn scale(self, recorder: &Recorder<'_>) -> u32 {
        match self.way(recorder) {
            Way::Powers(power) => power.scale(),
            Way::Sum(series) => series.scale(),
            Way::Pieces(plan) => plan.result_scale(),
        }
    }

    /// Ring of the shares of the result: |result| < 2^(bits-2).
    pub(crate) fn bits(self, recorder: &Recorder<'_>) -> u32 {
        match self.way(recorder) {
            Way::Powers(power) => power.bits(),
            Way::Sum(series) => series.bits(),
            Way::Pieces(plan) => plan.result_bits(),
        }
    }

    /// Shares of the function modulo 2^bits, at its scale. No rounds.
    ///
    /// `position`: x on a circle of length `turn`, as [`View::turned`] makes it.
    pub(crate) fn evaluate(self, recorder: &Recorder<'_>, position: &View) -> Small {
        let shares = match self.way(recorder) {
            Way::Powers(power) => power::evaluate(recorder, power, position),
            Way::Sum(_) => fourier::evaluate(recorder, self, position),
            Way::Pieces(_) => pieces::evaluate(recorder, self, position),
        };
        Small { shares, bits: self.bits(recorder), scale: self.scale(recorder) }
    }

    fn way(self, recorder: &Recorder<'_>) -> Way {
        match (self, recorder.evaluator()) {
            (Self::Exp, _) => Way::Powers(&power::WIDE),
            (Self::ExpNonpositive, _) => Way::Powers(&power::SMALL),
            (_, Evaluator::Trigonometric) => Way::Sum(fourier::series(self)),
            (_, Evaluator::Polynomial) => Way::Pieces(pieces::plan(self)),
        }
    }
}

impl Small {
    /// The sum with a public number, and with shares of other numbers of this scale.
    pub(crate) fn plus(
        self,
        recorder: &Recorder<'_>,
        number: i64,
        others: &[Lazy<Tensor>],
    ) -> Self {
        let number = if recorder.leads() { number.cast_unsigned() } else { 0 };
        let parts = [&[self.shares], others].concat();
        let shares = recorder.queue().gather(&parts, move |parts| {
            let total = parts.into_iter().reduce(|a, b| a.add(&b).expect("equal shapes"));
            total.expect("a sum has parts").add_scalar(number)
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
