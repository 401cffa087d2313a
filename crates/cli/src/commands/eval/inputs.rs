use std::path::Path;
use std::str::FromStr;

use cryptab_expression::{Kind, Public};
use cryptab_tensor::Codec;

use crate::failure::Failure;
use crate::npy;

/// `name=value`, as an option has it.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    name: String,
    value: String,
}

impl FromStr for Assignment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
        if !begins || !letters.all(|letter| letter.is_alphanumeric() || letter == '_') {
            return Err(format!("`{name}` is no name"));
        }
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// An array of one party.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) owner: u8,
    pub(crate) public: Public,
}

/// The arrays of all parties.
#[derive(Clone, Debug)]
pub(crate) struct Inputs(Vec<Input>);

impl Inputs {
    pub(crate) fn read(
        files: &[Assignment],
        owners: &[Assignment],
        parties: u8,
    ) -> Result<Self, Failure> {
        let mut inputs: Vec<Input> = Vec::new();
        for (Assignment { name, value }, owner) in files.iter().zip((0..parties).cycle()) {
            if inputs.iter().any(|input| input.name == *name) {
                return Err(Failure::input(format!("the input `{name}` is given twice")));
            }
            inputs.push(Input { name: name.clone(), owner, public: npy::read(Path::new(value))? });
        }
        for Assignment { name, value } in owners {
            let owner = value.parse().ok().filter(|owner| *owner < parties).ok_or_else(|| {
                Failure::input(format!("`{value}` is none of the parties 0 to {}", parties - 1))
            })?;
            let input = inputs.iter_mut().find(|input| input.name == *name);
            let absent = || Failure::input(format!("there is no input `{name}` to be owned"));
            input.ok_or_else(absent)?.owner = owner;
        }
        Ok(Self(inputs))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Input> {
        self.0.iter()
    }

    /// All inputs are used. What is used but not given, the evaluation shows.
    pub(crate) fn check_names(&self, used: &[&str]) -> Result<(), Failure> {
        match self.0.iter().find(|input| !used.contains(&input.name.as_str())) {
            Some(Input { name, .. }) => {
                Err(Failure::input(format!("the expression does not use the input `{name}`")))
            }
            None => Ok(()),
        }
    }

    /// The numbers that are shared: those nearest with so many fraction bits.
    pub(crate) fn rounded(self, frac_bits: u8) -> Result<Self, Failure> {
        let rounded = self.0.into_iter().map(|Input { name, owner, public }| {
            let frac_bits = if public.kind() == Kind::Real { frac_bits } else { 0 };
            let refused = |error| Failure::input(format!("the input `{name}`: {error}"));
            let codec = Codec::new(u32::from(frac_bits)).map_err(refused)?;
            let encoded = codec.encode(&public.elements()).map_err(refused)?;
            let public = Public::new(public.shape(), codec.decode(&encoded), public.kind());
            Ok(Input { name, owner, public })
        });
        Ok(Self(rounded.collect::<Result<_, Failure>>()?))
    }
}
