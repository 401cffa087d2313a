use cryptab_engine::Secret;

use crate::tensor::{Public, Tensor};

/// What an expression or a part of it is.
#[derive(Clone, Debug)]
pub enum Value {
    /// A tensor, secret or public.
    Tensor(Tensor),
    /// A public integer.
    Integer(i64),
    /// A public real number.
    Real(f64),
    /// A public truth value.
    Bool(bool),
    /// A word, such as `'same'`.
    Text(String),
    /// Nothing.
    None,
    /// Several values; lists are tuples, too.
    Tuple(Vec<Self>),
}

impl Value {
    /// The public tensor, if it is one, or a number.
    #[must_use]
    pub fn public(&self) -> Option<Public> {
        match self {
            Self::Tensor(Tensor::Public(public)) => Some(public.clone()),
            Self::Tensor(Tensor::Secret(_)) | Self::Text(_) | Self::None => None,
            Self::Integer(_) | Self::Real(_) | Self::Bool(_) | Self::Tuple(_) => {
                Public::from_value(self)
            }
        }
    }

    /// What it is, in words, for errors.
    pub(crate) fn described(&self) -> String {
        match self {
            Self::Tensor(tensor) => format!("a tensor of shape {:?}", tensor.shape()),
            Self::Integer(number) => format!("the integer {number}"),
            Self::Real(number) => format!("the number {number}"),
            Self::Bool(true) => "True".to_owned(),
            Self::Bool(false) => "False".to_owned(),
            Self::Text(text) => format!("'{text}'"),
            Self::None => "None".to_owned(),
            Self::Tuple(parts) => format!("a tuple of {}", parts.len()),
        }
    }

    pub(crate) fn is_secret(&self) -> bool {
        match self {
            Self::Tensor(Tensor::Secret(_)) => true,
            Self::Tuple(parts) => parts.iter().any(Self::is_secret),
            _ => false,
        }
    }

    /// The integer, also where a public tensor holds a single one.
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            Self::Tensor(Tensor::Public(public)) => public.single_integer(),
            _ => None,
        }
    }

    /// The number, also where a public tensor holds a single one.
    #[expect(clippy::cast_precision_loss, reason = "numbers are f64, as in Python's torch")]
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            Self::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Self::Tensor(Tensor::Public(public)) => public.single(),
            _ => None,
        }
    }

    /// The integers of a tuple, or a single one.
    pub(crate) fn integers(&self) -> Option<Vec<i64>> {
        match self {
            Self::Tuple(parts) => parts.iter().map(Self::integer).collect(),
            single => single.integer().map(|number| vec![number]),
        }
    }

    /// As a tensor: numbers and nested lists of numbers are public tensors.
    pub(crate) fn tensor(&self) -> Option<Tensor> {
        match self {
            Self::Tensor(tensor) => Some(tensor.clone()),
            other => Public::from_value(other).map(Tensor::Public),
        }
    }
}

impl From<Tensor> for Value {
    fn from(tensor: Tensor) -> Self {
        Self::Tensor(tensor)
    }
}

impl From<Public> for Value {
    fn from(public: Public) -> Self {
        Self::Tensor(Tensor::Public(public))
    }
}

impl From<Secret> for Value {
    fn from(secret: Secret) -> Self {
        Self::Tensor(Tensor::Secret(secret))
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(parts: Vec<T>) -> Self {
        Self::Tuple(parts.into_iter().map(Into::into).collect())
    }
}
