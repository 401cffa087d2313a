use std::collections::BTreeMap;

use cryptab_engine::{Engine, Error, Result, Secret};

use crate::chance::Chance;
use crate::tensor::Kind;
use crate::value::Value;

/// What the names in an expression mean, and the engine that computes on the secret ones.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    values: BTreeMap<String, Value>,
    home: Home<'a>,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Home<'a> {
    /// In the clear, with what random values are drawn from.
    Clear(Option<&'a Chance>),
    /// In a session.
    Private(Session<'a>),
}

/// Where secret tensors live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) frac_bits: u8,
}

impl<'a> Scope<'a> {
    /// One without secrets.
    #[must_use]
    pub const fn clear() -> Self {
        Self { values: BTreeMap::new(), home: Home::Clear(None) }
    }

    /// One whose secrets are recorded on `engine`, a session of `frac_bits` fraction bits.
    #[must_use]
    pub const fn private(engine: &'a Engine, frac_bits: u8) -> Self {
        let home = Home::Private(Session { engine, frac_bits });
        Self { values: BTreeMap::new(), home }
    }

    /// As [`Scope::clear`], where random values are ordinary ones; without it there are none.
    #[must_use]
    pub const fn clear_with(chance: &'a Chance) -> Self {
        Self { values: BTreeMap::new(), home: Home::Clear(Some(chance)) }
    }

    /// The scope, where `name` means `value` as well.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    /// The scope, where `name` means a secret tensor of party `owner`, who alone passes the data.
    ///
    /// Integers and bits are entered without fraction bits. Bits cost a comparison.
    ///
    /// # Errors
    /// If the scope has no engine, or as [`Engine::input`].
    pub fn with_input(
        self,
        name: &str,
        owner: u8,
        (shape, kind): (&[usize], Kind),
        data: Option<&[f64]>,
    ) -> Result<Self> {
        let Home::Private(Session { engine, frac_bits }) = self.home else {
            let reason = "a scope without an engine has no secrets".to_owned();
            return Err(Error::Misuse { operation: "input", reason });
        };
        let secret = match kind {
            Kind::Real => engine.input_scaled(owner, shape, data, frac_bits)?,
            Kind::Integer => engine.input_scaled(owner, shape, data, 0)?,
            Kind::Bit => bits(engine, &engine.input_scaled(owner, shape, data, 0)?)?,
        };
        Ok(self.with(name, secret.into()))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    pub(crate) const fn home(&self) -> Home<'a> {
        self.home
    }
}

/// The numbers 0 and 1 as bits.
fn bits(engine: &Engine, numbers: &Secret) -> Result<Secret> {
    const WIDTH: u8 = 8;
    numbers.within(WIDTH)?.ge(&engine.constant(&[], &[1.0])?.within(WIDTH)?)
}
