//! A function's signature, read from the text that errors show: one place says both.

use crate::tree::Literal;
use crate::value::Value;

/// What a function takes.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub(crate) text: &'static str,
    pub(crate) name: &'static str,
    pub(crate) parameters: Vec<Parameter>,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// Any of these kinds will do.
    pub(crate) accepts: Vec<Accepts>,
    pub(crate) default: Option<Literal>,
    /// Takes all integers that follow, too: `x.permute(1, 0)`.
    pub(crate) gathers: bool,
}

/// A kind of argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Accepts {
    /// A tensor, a number, or nested lists of numbers.
    Tensor,
    /// A tuple of tensors.
    Tensors,
    /// A number.
    Number,
    /// An integer.
    Integer,
    /// An integer or a tuple of integers.
    Integers,
    /// True or False.
    Flag,
    /// A word.
    Text,
    /// None.
    None,
    /// A tuple of integers and None.
    Sizes,
}

impl Accepts {
    pub(crate) fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Tensor, Value::Tuple(parts)) => !parts.is_empty() && value.tensor().is_some(),
            (Self::Tensor, value) => value.tensor().is_some(),
            (Self::Tensors, Value::Tuple(parts)) => {
                parts.iter().all(|part| matches!(part, Value::Tensor(_)))
            }
            (Self::Number, Value::Bool(_)) => false,
            (Self::Number, value) => value.number().is_some(),
            (Self::Integer, value) => value.integer().is_some(),
            (Self::Integers, value) => value.integers().is_some(),
            (Self::Flag, Value::Bool(_)) | (Self::Text, Value::Text(_)) => true,
            (Self::None, Value::None) => true,
            (Self::Sizes, Value::Tuple(parts)) => {
                parts.iter().all(|part| matches!(part, Value::None) || part.integer().is_some())
            }
            _ => false,
        }
    }

    pub(crate) const fn described(self) -> &'static str {
        match self {
            Self::Tensor => "a tensor",
            Self::Tensors => "a tuple of tensors",
            Self::Number => "a public number",
            Self::Integer => "an integer",
            Self::Integers => "integers",
            Self::Flag => "True or False",
            Self::Text => "a word in quotes",
            Self::None => "None",
            Self::Sizes => "a tuple of sizes",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "tensor" => Self::Tensor,
            "tensors" => Self::Tensors,
            "number" => Self::Number,
            "int" => Self::Integer,
            "ints" => Self::Integers,
            "bool" => Self::Flag,
            "str" => Self::Text,
            "None" => Self::None,
            "sizes" => Self::Sizes,
            _ => return None,
        })
    }
}

impl Signature {
    /// Reads `name(parameter: kind | kind = default, *gathering: ints)`.
    ///
    /// # Panics
    /// If the text has another form: all texts are in this crate, and a test reads them.
    pub(crate) fn read(text: &'static str) -> Self {
        let (name, rest) = text.split_once('(').expect("a parenthesis after the name");
        let parameters = rest.strip_suffix(')').expect("a parenthesis at the end");
        let parameters = parameters.split(", ").filter(|text| !text.is_empty());
        Self { text, name, parameters: parameters.map(Parameter::read).collect() }
    }
}

impl Parameter {
    fn read(text: &'static str) -> Self {
        let (name, rest) = text.split_once(": ").expect("a kind after the parameter's name");
        let (kinds, default) = match rest.split_once(" = ") {
            Some((kinds, default)) => (kinds, Some(literal(default))),
            None => (rest, None),
        };
        let kinds = kinds.split(" | ").map(|kind| Accepts::named(kind).expect("a known kind"));
        let mut accepts: Vec<Accepts> = kinds.collect();
        if default == Some(Literal::None) {
            accepts.push(Accepts::None);
        }
        let (name, gathers) = match name.strip_prefix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        Self { name, accepts, default, gathers }
    }

    /// The kinds, in words.
    pub(crate) fn described(&self) -> String {
        let kinds: Vec<&str> = self.accepts.iter().map(|kind| kind.described()).collect();
        kinds.join(" or ")
    }
}

fn literal(text: &'static str) -> Literal {
    match text {
        "None" => Literal::None,
        "True" => Literal::Bool(true),
        "False" => Literal::Bool(false),
        _ => match (text.strip_prefix('\''), text.parse(), text.parse()) {
            (Some(word), ..) => Literal::Text(word.trim_end_matches('\'').to_owned()),
            (None, Ok(integer), _) => Literal::Integer(integer),
            (None, Err(_), Ok(real)) => Literal::Real(real),
            _ => panic!("`{text}` is no default"),
        },
    }
}
