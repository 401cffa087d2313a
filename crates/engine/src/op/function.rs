use serde::{Deserialize, Serialize};

/// A smooth function of one number.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Function {
    /// sin a.
    Sin,
    /// cos a.
    Cos,
    /// 1 / (1 + e^-a).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// The error function.
    Erf,
    /// a (1 + erf(a / sqrt 2)) / 2.
    Gelu,
    /// a / (1 + e^-a).
    Silu,
    /// a tanh(log(1 + e^a)).
    Mish,
    /// log(1 + e^a).
    Softplus,
    /// e^a.
    Exp,
    /// 1 / a, of any sign.
    Reciprocal,
    /// 1 / a for a > 0.
    ReciprocalPositive,
    /// 1 / sqrt a.
    Rsqrt,
    /// The square root.
    Sqrt,
    /// The natural logarithm.
    Log,
    /// The logarithm of base 2.
    Log2,
    /// The logarithm of base 10.
    Log10,
    /// log(1 + a).
    Log1p,
}

impl Function {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Erf => "erf",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Mish => "mish",
            Self::Softplus => "softplus",
            Self::Exp => "exp",
            Self::Reciprocal => "reciprocal",
            Self::ReciprocalPositive => "reciprocal_positive",
            Self::Rsqrt => "rsqrt",
            Self::Sqrt => "sqrt",
            Self::Log => "log",
            Self::Log2 => "log2",
            Self::Log10 => "log10",
            Self::Log1p => "log1p",
        }
    }
}
