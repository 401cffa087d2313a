use std::collections::BTreeMap;

use cryptab_engine::{Engine, Error, Result, Secret, Seed};

use crate::tensor::Kind;
use crate::value::Value;

/// What the names in an expression mean, and the engine that computes on the secret ones.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    values: BTreeMap<String, Value>,
    session: Option<Session<'a>>,
}

/// Where secret tensors live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) frac_bits: u8,
    /// What this party draws random values from.
    pub(crate) own: Option<&'a Seed>,
}

impl<'a> Scope<'a> {
    /// One without secrets.
    #[must_use]
    pub const fn clear() -> Self {
        Self { values: BTreeMap::new(), session: None }
    }

    /// One whose secrets are recorded on `engine`, a session of `frac_bits` fraction bits.
    #[must_use]
    pub const fn private(engine: &'a Engine, frac_bits: u8) -> Self {
        Self { values: BTreeMap::new(), session: Some(Session { engine, frac_bits, own: None }) }
    }

    /// The scope, where random values are drawn from this party's own seed: see
    /// [`Engine::random_bits`].
    #[must_use]
    pub fn with_random(mut self, own: &'a Seed) -> Self {
        self.session = self.session.map(|session| Session { own: Some(own), ..session });
        self
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
        let Some(Session { engine, frac_bits, .. }) = self.session else {
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

    pub(crate) const fn session(&self) -> Option<Session<'a>> {
        self.session
    }
}

/// The numbers 0 and 1 as bits.
fn bits(engine: &Engine, numbers: &Secret) -> Result<Secret> {
    const WIDTH: u8 = 8;
    numbers.within(WIDTH)?.ge(&engine.constant(&[], &[1.0])?.within(WIDTH)?)
}
