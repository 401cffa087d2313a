//! The functions that are served as polynomials on pieces of a circle.

use std::f64::consts::{LN_2, LN_10, SQRT_2};

use serde::{Deserialize, Serialize};

use super::elementary::{cos, erf, exp, ln};
use super::plan::{self, Plan};

/// A smooth function on an interval, which is approximated at masked positions on a circle.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Fit {
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
    /// 1/m of a mantissa m in \[3/4, 8).
    Reciprocal,
    /// sqrt(2/m) of a mantissa m in \[3/4, 16).
    Rsqrt,
    /// sqrt(m/2) of a mantissa m in \[3/4, 16).
    Sqrt,
    /// log m of a mantissa m in \[3/4, 16).
    Log,
    /// `log_2` m of a mantissa m in \[3/4, 16).
    Log2,
    /// `log_10` m of a mantissa m in \[3/4, 16).
    Log10,
    /// 1/x of a sum x in \[1, 16\].
    ReciprocalOfSum,
    /// log x of a sum x in \[1, 16\].
    LogOfSum,
}

impl Fit {
    /// All of them.
    pub(crate) const ALL: [Self; 15] = [
        Self::Cosine,
        Self::Logistic,
        Self::Erf,
        Self::Gelu,
        Self::Silu,
        Self::Mish,
        Self::Softplus,
        Self::Reciprocal,
        Self::Rsqrt,
        Self::Sqrt,
        Self::Log,
        Self::Log2,
        Self::Log10,
        Self::ReciprocalOfSum,
        Self::LogOfSum,
    ];

    /// How it is cut.
    #[must_use]
    pub const fn plan(self) -> &'static Plan {
        match self {
            Self::Cosine => &plan::COSINE,
            Self::Logistic => &plan::LOGISTIC,
            Self::Erf => &plan::ERF,
            Self::Gelu => &plan::GELU,
            Self::Silu => &plan::SILU,
            Self::Mish => &plan::MISH,
            Self::Softplus => &plan::SOFTPLUS,
            Self::Reciprocal => &plan::RECIPROCAL,
            Self::Rsqrt => &plan::RSQRT,
            Self::Sqrt => &plan::SQRT,
            Self::Log => &plan::LOG,
            Self::Log2 => &plan::LOG_2,
            Self::Log10 => &plan::LOG_10,
            Self::ReciprocalOfSum => &plan::RECIPROCAL_OF_SUM,
            Self::LogOfSum => &plan::LOG_OF_SUM,
        }
    }

    /// The function.
    pub(crate) fn at(self, x: f64) -> f64 {
        match self {
            Self::Cosine => cos(x),
            Self::Logistic => 1.0 / (1.0 + exp(-x)) - 0.5,
            Self::Erf => erf(x),
            Self::Gelu => x * erf(x / SQRT_2) / 2.0,
            Self::Silu => x * (1.0 / (1.0 + exp(-x)) - 0.5),
            Self::Mish => {
                // tanh(log(1 + e^x)) = (q - 1) / (q + 1) with q = (1 + e^x)^2
                let surplus = exp(x) * (exp(x) + 2.0);
                x * (surplus / (surplus + 2.0) - 0.5)
            }
            Self::Softplus => ln(exp(x / 2.0) + exp(-x / 2.0)),
            Self::Reciprocal | Self::ReciprocalOfSum => 1.0 / x,
            Self::Rsqrt => (2.0 / x).sqrt(),
            Self::Sqrt => (x / 2.0).sqrt(),
            Self::Log | Self::LogOfSum => ln(x),
            Self::Log2 => ln(x) / LN_2,
            Self::Log10 => ln(x) / LN_10,
        }
    }
}
