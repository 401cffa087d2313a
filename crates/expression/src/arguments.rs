//! A call's values, bound to the parameters of a signature.

use cryptab_engine::{Engine, Secret};

use crate::error::{Complaint, Fault, Span};
use crate::scope::{Home, Session};
use crate::signature::{Parameter, Signature};
use crate::tensor::{Public, Tensor};
use crate::tree::Literal;
use crate::value::Value;

/// A value as it is passed.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    pub(crate) name: Option<(String, Span)>,
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// The values of all parameters, by name. Their kinds are those of the signature.
#[derive(Debug)]
pub(crate) struct Arguments<'a> {
    signature: &'a Signature,
    values: Vec<Value>,
    home: Home<'a>,
}

/// Binds what is passed; `call` is the place of the call.
pub(crate) fn bind<'a>(
    signature: &'a Signature,
    passed: &[Passed],
    call: Span,
    home: Home<'a>,
) -> Result<Arguments<'a>, Fault> {
    let parameters = &signature.parameters;
    let mut values: Vec<Option<Value>> = vec![None; parameters.len()];
    let mut at = 0;
    let mut passed = passed.iter().peekable();
    while let Some(argument) = passed.next() {
        let position = match &argument.name {
            None => {
                at += 1;
                at - 1
            }
            Some((name, span)) => {
                let found = parameters.iter().position(|parameter| parameter.name == name);
                found
                    .ok_or_else(|| Fault::new(*span, format!("no parameter is called `{name}`")))?
            }
        };
        let Some(parameter) = parameters.get(position) else {
            let most = parameters.len();
            return Err(Fault::new(argument.span, format!("it takes at most {most} arguments")));
        };
        if values[position].is_some() {
            let place = argument.name.as_ref().map_or(argument.span, |(_, span)| *span);
            return Err(Fault::new(place, format!("`{}` is given twice", parameter.name)));
        }
        let mut value = argument.value.clone();
        if parameter.gathers && argument.name.is_none() && value.integer().is_some() {
            let mut gathered = vec![value];
            while let Some(next) = passed.next_if(|next| next.name.is_none()) {
                gathered.push(next.value.clone());
            }
            value = Value::Tuple(gathered);
        }
        values[position] = Some(fitting(parameter, value, argument.span)?);
    }
    let complete = values.into_iter().zip(parameters).map(|(value, parameter)| {
        let value = value.or_else(|| parameter.default.as_ref().map(Literal::value));
        value.ok_or_else(|| Fault::new(call, format!("`{}` is missing", parameter.name)))
    });
    let values = complete.collect::<Result<_, _>>()?;
    Ok(Arguments { signature, values, home })
}

fn fitting(parameter: &Parameter, value: Value, span: Span) -> Result<Value, Fault> {
    if parameter.accepts.iter().any(|kind| kind.fits(&value)) {
        return Ok(value);
    }
    let (takes, found) = (parameter.described(), value.described());
    Err(Fault::new(span, format!("`{}` takes {takes}, not {found}", parameter.name)))
}

const KIND: &str = "the signature asks for this kind of argument";

impl<'a> Arguments<'a> {
    /// Where the function is evaluated.
    pub(crate) const fn home(&self) -> Home<'a> {
        self.home
    }
}

impl Arguments<'_> {
    /// Whether any of the values is secret.
    pub(crate) fn any_secret(&self) -> bool {
        self.values.iter().any(Value::is_secret)
    }

    /// The value of a parameter.
    ///
    /// # Panics
    /// If the signature has none of this name (as do all the following).
    pub(crate) fn value(&self, name: &str) -> &Value {
        let parameters = self.signature.parameters.iter();
        let found = parameters.zip(&self.values).find(|(parameter, _)| parameter.name == name);
        found.expect("the signature has this parameter").1
    }

    pub(crate) fn is_none(&self, name: &str) -> bool {
        matches!(self.value(name), Value::None)
    }

    pub(crate) fn tensor(&self, name: &str) -> Tensor {
        self.value(name).tensor().expect(KIND)
    }

    /// The tensor of a function that is computed in the clear: all are public there.
    pub(crate) fn public(&self, name: &str) -> Public {
        self.value(name).public().expect("nothing is secret in the clear")
    }

    /// The tensor, a public one as a constant of the session.
    pub(crate) fn secret(&self, name: &str) -> Result<Secret, Complaint> {
        self.shared(&self.tensor(name))
    }

    /// As [`Self::secret`]; integers and bits with the session's fraction bits, for functions
    /// whose results are no integers.
    pub(crate) fn real(&self, name: &str) -> Result<Secret, Complaint> {
        self.fixed(&self.secret(name)?)
    }

    pub(crate) fn shared(&self, tensor: &Tensor) -> Result<Secret, Complaint> {
        match tensor {
            Tensor::Secret(secret) => Ok(secret.clone()),
            Tensor::Public(public) => self.constant(public.shape(), &public.elements()),
        }
    }

    /// At least the session's fraction bits.
    pub(crate) fn fixed(&self, secret: &Secret) -> Result<Secret, Complaint> {
        let frac_bits = self.session().frac_bits;
        let secret = secret.to_number()?;
        Ok(if secret.frac_bits() < frac_bits { secret.rescale(frac_bits)? } else { secret })
    }

    /// A constant of the session.
    pub(crate) fn constant(&self, shape: &[usize], data: &[f64]) -> Result<Secret, Complaint> {
        Ok(self.engine().constant(shape, data)?)
    }

    pub(crate) fn scalar(&self, number: f64) -> Result<Secret, Complaint> {
        self.constant(&[], &[number])
    }

    pub(crate) fn frac_bits(&self) -> u8 {
        self.session().frac_bits
    }

    pub(crate) fn engine(&self) -> &Engine {
        self.session().engine
    }

    fn session(&self) -> Session<'_> {
        match self.home {
            Home::Private(session) => session,
            Home::Clear(_) => unreachable!("where there are secrets, there is an engine"),
        }
    }

    /// The tensors of a tuple: all public, or all secret.
    pub(crate) fn tensors(&self, name: &str) -> Result<Vec<Tensor>, Complaint> {
        let Value::Tuple(parts) = self.value(name) else { unreachable!("{KIND}") };
        let secret = parts.iter().any(Value::is_secret);
        let parts = parts.iter().map(|part| part.tensor().expect(KIND));
        parts
            .map(|part| if secret { self.shared(&part).map(Tensor::Secret) } else { Ok(part) })
            .collect()
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.value(name).number().expect(KIND)
    }

    pub(crate) fn optional_number(&self, name: &str) -> Option<f64> {
        self.value(name).number()
    }

    pub(crate) fn integer(&self, name: &str) -> i64 {
        self.value(name).integer().expect(KIND)
    }

    /// An integer that counts something.
    pub(crate) fn count(&self, name: &str) -> Result<usize, Complaint> {
        counted(name, self.integer(name))
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        matches!(self.value(name), Value::Bool(true))
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        match self.value(name) {
            Value::Text(text) => text,
            _ => "",
        }
    }

    pub(crate) fn integers(&self, name: &str) -> Vec<i64> {
        self.value(name).integers().expect(KIND)
    }

    pub(crate) fn counts(&self, name: &str) -> Result<Vec<usize>, Complaint> {
        self.integers(name).into_iter().map(|number| counted(name, number)).collect()
    }

    /// One number for each of `N` axes: given for each, or one for all.
    pub(crate) fn per_axis<const N: usize>(&self, name: &str) -> Result<[usize; N], Complaint> {
        let counts = self.counts(name)?;
        match counts[..] {
            [all] => Ok([all; N]),
            _ => counts.try_into().map_err(|counts: Vec<usize>| {
                Complaint::new(format!("`{name}` takes 1 or {N} numbers, not {}", counts.len()))
            }),
        }
    }

    /// An axis of `rank`, counted from the end if negative.
    pub(crate) fn axis(&self, name: &str, rank: usize) -> Result<usize, Complaint> {
        axis(self.integer(name), rank)
    }

    /// The axes of `rank`, each once; all of them for None or an empty tuple.
    pub(crate) fn axes(&self, name: &str, rank: usize) -> Result<Vec<usize>, Complaint> {
        let named = self.value(name).integers().unwrap_or_default();
        if named.is_empty() {
            return Ok((0..rank).collect());
        }
        let axes = named.iter().map(|&number| axis(number, rank)).collect::<Result<Vec<_>, _>>()?;
        match axes.iter().enumerate().find(|(at, axis)| axes[..*at].contains(axis)) {
            Some((_, axis)) => Err(Complaint::new(format!("axis {axis} is named twice"))),
            None => Ok(axes),
        }
    }
}

/// The axis, counted from the end if negative.
pub(crate) fn axis(number: i64, rank: usize) -> Result<usize, Complaint> {
    let length = i64::try_from(rank).unwrap_or(i64::MAX);
    let at = if number < 0 { number.saturating_add(length) } else { number };
    match usize::try_from(at) {
        Ok(at) if at < rank => Ok(at),
        _ => Err(Complaint::new(format!("there is no axis {number}, the tensor has {rank}"))),
    }
}

fn counted(name: &str, number: i64) -> Result<usize, Complaint> {
    usize::try_from(number)
        .map_err(|_| Complaint::new(format!("`{name}` must not be negative, it is {number}")))
}
