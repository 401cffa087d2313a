//! The one table of functions, and how an entry is called.

use std::sync::LazyLock;

use cryptab_engine::Secret;

use crate::arguments::{Arguments, Passed, bind};
use crate::array;
use crate::error::{Complaint, Fault, Span};
use crate::functions;
use crate::scope::Home;
use crate::signature::Signature;
use crate::tensor::{Kind, Public};
use crate::value::Value;

/// What a function returns.
pub(crate) type Outcome = Result<Value, Complaint>;
type Run = fn(&Arguments<'_>) -> Outcome;
type Recorded = cryptab_engine::Result<Secret>;

/// A line of the table: the signature, and how it is computed in the clear and in private.
///
/// Entries of one name, one after the other, are its overloads: the first that fits is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    text: &'static str,
    body: Body,
}

#[derive(Clone, Copy, Debug)]
enum Body {
    /// Moves elements, whether they are secret or not; or computes with public values alone.
    Either(Run),
    /// In two ways.
    Both { clear: Run, private: Run },
    /// Of each element of the first parameter.
    Unary { gives: Gives, clear: fn(f64) -> f64, private: Option<fn(&Secret) -> Recorded> },
    /// Of each pair of elements of the first two parameters.
    Binary {
        gives: Gives,
        clear: fn(f64, f64) -> f64,
        private: Option<fn(&Secret, &Secret) -> Recorded>,
    },
}

/// The kind of a function's result.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gives {
    /// That of the arguments.
    Same,
    /// That of the arguments, where bits count as integers.
    Number,
    /// Real numbers.
    Real,
    /// Bits.
    Bit,
}

/// One that does the same to secret and to public tensors.
pub(crate) const fn either(text: &'static str, run: Run) -> Entry {
    Entry { text, body: Body::Either(run) }
}

/// One of two ways.
pub(crate) const fn both(text: &'static str, clear: Run, private: Run) -> Entry {
    Entry { text, body: Body::Both { clear, private } }
}

/// One of each element.
pub(crate) const fn unary(
    text: &'static str,
    gives: Gives,
    clear: fn(f64) -> f64,
    private: Option<fn(&Secret) -> Recorded>,
) -> Entry {
    Entry { text, body: Body::Unary { gives, clear, private } }
}

/// One of each pair of elements, with broadcasting.
pub(crate) const fn binary(
    text: &'static str,
    gives: Gives,
    clear: fn(f64, f64) -> f64,
    private: Option<fn(&Secret, &Secret) -> Recorded>,
) -> Entry {
    Entry { text, body: Body::Binary { gives, clear, private } }
}

/// A line of the table with its signature read.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) signature: Signature,
    body: Body,
}

static TABLE: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let read =
        |entry: &Entry| Function { signature: Signature::read(entry.text), body: entry.body };
    functions::all().map(read).collect()
});

/// The signatures of all functions; and whether they take secret tensors.
pub fn signatures() -> impl Iterator<Item = (&'static str, bool)> {
    TABLE.iter().map(|function| (function.signature.text, function.is_private()))
}

/// The functions of this name.
pub(crate) fn named(name: &str) -> Vec<&'static Function> {
    let name = functions::ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, n)| n);
    TABLE.iter().filter(|function| function.signature.name == name).collect()
}

/// All names that can be called.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let aliases = functions::ALIASES.iter().map(|(alias, _)| *alias);
    TABLE.iter().map(|function| function.signature.name).chain(aliases)
}

/// Calls the first overload that the arguments fit.
pub(crate) fn call(
    overloads: &[&'static Function],
    passed: &[Passed],
    place: Span,
    home: Home<'_>,
) -> Result<Value, Fault> {
    let mut refusals = Vec::new();
    for function in overloads {
        match bind(&function.signature, passed, place, home) {
            Ok(arguments) => {
                let name = function.signature.name;
                return function.run(&arguments).map_err(|why| why.about(name, place));
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    // The overload that got furthest in the text says what is wrong.
    let furthest = refusals.into_iter().max_by_key(|refusal| refusal.span.start);
    let Fault { span, message } = furthest.expect("a function has a signature");
    let texts: Vec<&str> = overloads.iter().map(|function| function.signature.text).collect();
    let name = overloads[0].signature.name;
    Err(Fault::new(span, format!("{name}: {message}; it is {}", texts.join(" or "))))
}

impl Function {
    fn run(&self, arguments: &Arguments<'_>) -> Outcome {
        let parameters = &self.signature.parameters;
        let name = |at: usize| parameters[at].name;
        let private = arguments.any_secret();
        match self.body {
            Body::Either(run) => run(arguments),
            Body::Both { clear, .. } if !private => clear(arguments),
            Body::Both { private, .. } => private(arguments),
            Body::Unary { clear, gives, .. } if !private => {
                let x = arguments.public(name(0));
                Ok(Public { array: x.array.mapv(clear), kind: gives.of(x.kind) }.into())
            }
            Body::Unary { private: Some(run), gives, .. } => {
                let x = arguments.secret(name(0))?;
                let x = match gives {
                    Gives::Bit => x,
                    Gives::Real => arguments.fixed(&x)?,
                    Gives::Same | Gives::Number => x.to_number()?,
                };
                Ok(run(&x)?.into())
            }
            Body::Binary { clear, gives, .. } if !private => {
                let (x, y) = (arguments.public(name(0)), arguments.public(name(1)));
                let kind = gives.of(x.kind.max(y.kind));
                Ok(Public { array: array::zip(&x.array, &y.array, clear)?, kind }.into())
            }
            Body::Binary { private: Some(run), gives, .. } => {
                let (x, y) = (arguments.secret(name(0))?, arguments.secret(name(1))?);
                array::common_shape(x.shape(), y.shape())?;
                let real = |x: &Secret| match gives.is_real() && !x.is_public() {
                    true => arguments.fixed(x),
                    false => Ok(x.clone()),
                };
                Ok(run(&real(&x)?, &real(&y)?)?.into())
            }
            Body::Unary { private: None, .. } | Body::Binary { private: None, .. } => {
                Err(Complaint::new("takes public tensors only; there is no private form of it yet"))
            }
        }
    }

    const fn is_private(&self) -> bool {
        match self.body {
            Body::Either(_) | Body::Both { .. } => true,
            Body::Unary { private, .. } => private.is_some(),
            Body::Binary { private, .. } => private.is_some(),
        }
    }
}

impl Gives {
    fn of(self, kind: Kind) -> Kind {
        match self {
            Self::Same => kind,
            Self::Number => kind.max(Kind::Integer),
            Self::Real => Kind::Real,
            Self::Bit => Kind::Bit,
        }
    }

    const fn is_real(self) -> bool {
        matches!(self, Self::Real)
    }
}
