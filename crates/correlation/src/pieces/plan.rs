//! How the functions of [`Fit`](super::Fit) are cut and rounded.
//!
//! For every number of pieces the least degree whose error leaves room for rounding; then the least
//! fraction bits with which all errors together, in the worst case, stay below 2^-15.5 (2^-16 for
//! the logistic function, whose double is tanh; 2^-17 for the cosine; 2^-15.9 for sums); of all
//! these the cheapest for the dealer. Errors of 1/m and of roots are relative. A test repeats this.

use std::f64::consts::TAU;

/// How a function is cut and rounded.
///
/// Power i of the place within a piece (from -1 to 1) is public and has `powers[i]` fraction bits;
/// its coefficient is shared with `scale` fraction bits. High powers have small coefficients: they
/// need fewer bits, and so do the shares of what they are multiplied with.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Length of the circle.
    pub turn: f64,
    /// The function is good from here ...
    pub low: f64,
    /// ... to here; a piece does not touch both ends from outside.
    pub high: f64,
    /// The circle is cut into 2^`piece_bits` pieces.
    pub piece_bits: u8,
    /// Fraction bits of the coefficients.
    pub scale: u8,
    /// Fraction bits of the public powers, from the zeroth on.
    pub powers: &'static [u8],
    /// |f| < 2^`range_bits`.
    pub range_bits: u8,
}

impl Plan {
    /// The degree of the polynomials.
    #[must_use]
    pub const fn degree(&self) -> usize {
        self.powers.len() - 1
    }

    /// Fraction bits of the shares of the result.
    #[must_use]
    pub fn result_scale(&self) -> u32 {
        u32::from(self.scale) + u32::from(self.finest())
    }

    /// Ring of the shares of the result: |result| < 2^(bits-2).
    #[must_use]
    pub fn result_bits(&self) -> u32 {
        self.result_scale() + u32::from(self.range_bits) + 2
    }

    /// Bits of the shares of the coefficients of a power: what is left of the result's ring.
    #[must_use]
    pub fn share_bits(&self, power: usize) -> u32 {
        self.result_bits() - self.up(power)
    }

    /// How many bits a public power lacks.
    pub(crate) fn up(&self, power: usize) -> u32 {
        u32::from(self.finest()) - u32::from(self.powers[power])
    }

    fn finest(&self) -> u8 {
        self.powers.iter().copied().max().unwrap_or(0)
    }
}

/// cos x.
pub(super) const COSINE: Plan = Plan {
    turn: TAU,
    low: -100.0,
    high: 100.0,
    piece_bits: 1,
    scale: 20,
    powers: &[0, 21, 21, 20, 19, 17, 15, 13, 11],
    range_bits: 1,
};

/// 1 / (1 + e^-x) - 1/2.
pub(super) const LOGISTIC: Plan = Plan {
    turn: 24.8125,
    low: -10.75,
    high: 10.75,
    piece_bits: 3,
    scale: 20,
    powers: &[0, 18, 16, 16, 14, 13, 12, 11, 10],
    range_bits: 1,
};

/// erf x.
pub(super) const ERF: Plan = Plan {
    turn: 8.1875,
    low: -3.0,
    high: 3.0,
    piece_bits: 2,
    scale: 19,
    powers: &[0, 20, 19, 18, 17, 17, 16, 14, 13, 12],
    range_bits: 1,
};

/// x erf(x / sqrt 2) / 2.
pub(super) const GELU: Plan = Plan {
    turn: 12.3125,
    low: -4.5,
    high: 4.5,
    piece_bits: 2,
    scale: 21,
    powers: &[0, 22, 21, 20, 20, 19, 19, 18, 16, 15],
    range_bits: 3,
};

/// x (1 / (1 + e^-x) - 1/2).
pub(super) const SILU: Plan = Plan {
    turn: 29.4375,
    low: -12.75,
    high: 12.75,
    piece_bits: 3,
    scale: 20,
    powers: &[0, 21, 20, 19, 19, 18, 17, 16, 14, 13],
    range_bits: 4,
};

/// x (tanh(log(1 + e^x)) - 1/2).
pub(super) const MISH: Plan = Plan {
    turn: 29.4375,
    low: -12.75,
    high: 12.75,
    piece_bits: 3,
    scale: 21,
    powers: &[0, 20, 20, 19, 19, 19, 18, 18, 17, 17, 15, 14],
    range_bits: 4,
};

/// log(2 cosh(x / 2)).
pub(super) const SOFTPLUS: Plan = Plan {
    turn: 24.8125,
    low: -10.75,
    high: 10.75,
    piece_bits: 3,
    scale: 19,
    powers: &[0, 19, 17, 15, 14, 12, 11, 10],
    range_bits: 4,
};

/// 1/m.
pub(super) const RECIPROCAL: Plan = Plan {
    turn: 8.0,
    low: 0.749,
    high: 8.001,
    piece_bits: 4,
    scale: 22,
    powers: &[0, 19, 18, 16, 13, 10],
    range_bits: 1,
};

/// sqrt(2/m).
pub(super) const RSQRT: Plan = Plan {
    turn: 16.0,
    low: 0.749,
    high: 16.001,
    piece_bits: 5,
    scale: 20,
    powers: &[0, 16, 15, 13, 10, 7],
    range_bits: 1,
};

/// sqrt(m/2).
pub(super) const SQRT: Plan = Plan {
    turn: 16.0,
    low: 0.749,
    high: 16.001,
    piece_bits: 5,
    scale: 19,
    powers: &[0, 15, 12, 10, 6],
    range_bits: 2,
};

/// log m.
pub(super) const LOG: Plan = Plan {
    turn: 16.0,
    low: 0.749,
    high: 16.001,
    piece_bits: 5,
    scale: 18,
    powers: &[0, 18, 15, 13, 11, 7],
    range_bits: 5,
};

/// `log_2` m.
pub(super) const LOG_2: Plan = Plan {
    turn: 16.0,
    low: 0.749,
    high: 16.001,
    piece_bits: 5,
    scale: 18,
    powers: &[0, 18, 16, 14, 12, 8],
    range_bits: 5,
};

/// `log_10` m.
pub(super) const LOG_10: Plan = Plan {
    turn: 16.0,
    low: 0.749,
    high: 16.001,
    piece_bits: 5,
    scale: 18,
    powers: &[0, 17, 15, 13, 9],
    range_bits: 5,
};

/// 1/x of a sum.
pub(super) const RECIPROCAL_OF_SUM: Plan = Plan {
    turn: 17.375,
    low: 0.99,
    high: 16.05,
    piece_bits: 3,
    scale: 20,
    powers: &[0, 26, 27, 27, 27, 26, 24, 22, 19, 16],
    range_bits: 1,
};

/// log x of a sum.
pub(super) const LOG_OF_SUM: Plan = Plan {
    turn: 17.375,
    low: 0.99,
    high: 16.05,
    piece_bits: 3,
    scale: 20,
    powers: &[0, 22, 23, 23, 22, 21, 19, 16, 12],
    range_bits: 2,
};
