use std::cell::Cell;
use std::error::Error;

use cryptab_engine::{Engine, Secret};
use cryptab_expression::{Expression, Kind, Public, Scope, Tensor, Value};

use crate::Array;

/// What a program returns.
pub type Made<T = Secret> = Result<T, Box<dyn Error>>;

/// One party that records a program.
///
/// Inputs come from all parties in turn, another first one in every part of a case.
#[derive(Debug)]
pub struct Party<'a> {
    /// Its engine.
    pub engine: &'a Engine,
    next: Cell<usize>,
}

impl<'a> Party<'a> {
    pub(crate) const fn new(engine: &'a Engine, part: usize) -> Self {
        Self { engine, next: Cell::new(part) }
    }

    fn owner(&self) -> u8 {
        let turn = self.next.replace(self.next.get() + 1) % usize::from(self.engine.parties());
        u8::try_from(turn).expect("there are few parties")
    }

    /// A private input with `frac` fraction bits.
    ///
    /// # Errors
    /// As [`Engine::input_scaled`].
    pub fn scaled(&self, x: &Array, frac: u8) -> Made {
        let owner = self.owner();
        let mine = (owner == self.engine.me()).then_some(&x.data[..]);
        Ok(self.engine.input_scaled(owner, &x.shape, mine, frac)?)
    }

    /// A private input of real numbers.
    ///
    /// # Errors
    /// As [`Engine::input`].
    pub fn secret(&self, x: &Array) -> Made {
        self.scaled(x, 16)
    }

    /// A private input of integers.
    ///
    /// # Errors
    /// As [`Engine::input`].
    pub fn integers(&self, x: &Array) -> Made {
        self.scaled(x, 0)
    }

    /// Private bits: whether the elements are 1.
    ///
    /// # Errors
    /// As [`Engine::input`].
    pub fn bits(&self, x: &Array) -> Made {
        Ok(self.integers(x)?.eq(&self.engine.constant(&[], &[1.0])?)?)
    }

    /// Numbers that all know.
    ///
    /// # Errors
    /// As [`Engine::constant`].
    pub fn public(&self, x: &Array) -> Made {
        Ok(self.engine.constant(&x.shape, &x.data)?)
    }

    /// A number that all know.
    ///
    /// # Errors
    /// As [`Engine::constant`].
    pub fn scalar(&self, x: f64) -> Made {
        self.public(&Array::scalar(x))
    }

    /// The value of an expression where names mean these tensors.
    ///
    /// # Errors
    /// If it is none, or its value is no tensor.
    pub fn evaluate(&self, text: &str, names: &[(&str, &Secret)]) -> Made {
        let values: Vec<(&str, Value)> =
            names.iter().map(|&(name, secret)| (name, secret.clone().into())).collect();
        self.evaluate_values(text, values)
    }

    /// As [`Party::evaluate`], where some are public.
    ///
    /// # Errors
    /// As [`Party::evaluate`].
    pub fn evaluate_values(&self, text: &str, names: Vec<(&str, Value)>) -> Made {
        let scope = Scope::private(self.engine, 16);
        let scope = names.into_iter().fold(scope, |scope, (name, value)| scope.with(name, value));
        match Expression::parse(text)?.evaluate(&scope)? {
            Value::Tensor(Tensor::Secret(secret)) => Ok(secret),
            value => {
                let public = value.public().ok_or("the value is no tensor")?;
                Ok(self.engine.constant(public.shape(), &public.elements())?)
            }
        }
    }

    /// A public tensor for [`Party::evaluate_values`].
    #[must_use]
    pub fn known(x: &Array, kind: Kind) -> Value {
        Public::new(&x.shape, x.data.clone(), kind).into()
    }
}
