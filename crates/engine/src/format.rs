use std::fmt;

use serde::{Deserialize, Serialize};

/// What all parties of a session agree on before they compute: how numbers are held, and how
/// smooth functions are evaluated.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Format {
    /// Fraction bits of inputs that do not say otherwise.
    pub frac_bits: u8,
    /// How smooth functions of a masked number are evaluated.
    pub evaluator: Evaluator,
}

/// How a smooth function of a masked number is evaluated without communication.
///
/// Rounds and error bounds are the same; the dealer's bytes and everybody's time are not.
/// Exponentials are a table of powers of two under either.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evaluator {
    /// Trigonometric sums; the dealer shares moments of the mask. The fewest bytes.
    ///
    /// Source: Boura et al. (FC 2018).
    #[default]
    Trigonometric,
    /// Polynomials on pieces of the public position; the dealer shares their coefficients.
    Polynomial,
}

impl Evaluator {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Trigonometric, Self::Polynomial];

    /// Its number in an agreement.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Trigonometric => 0,
            Self::Polynomial => 1,
        }
    }

    /// Its name, for people and for options.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trigonometric => "trigonometric",
            Self::Polynomial => "polynomial",
        }
    }
}

impl Default for Format {
    fn default() -> Self {
        Self { frac_bits: 16, evaluator: Evaluator::default() }
    }
}

/// So many fraction bits, the rest as usual.
impl From<u8> for Format {
    fn from(frac_bits: u8) -> Self {
        Self { frac_bits, ..Self::default() }
    }
}

impl fmt::Display for Evaluator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
