//! An expression as a tree.

use crate::error::Span;
use crate::value::Value;

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    /// An input.
    Name(String),
    Literal(Literal),
    Tuple(Vec<Node>),
    Call(Call),
    /// `of.name`, without parentheses.
    Attribute {
        of: Box<Node>,
        name: String,
        place: Span,
    },
    /// `of[items]`; `place` is that of the brackets.
    Index {
        of: Box<Node>,
        items: Vec<Item>,
        place: Span,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    None,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A function's call: `f(a, b)`, `a.f(b)` or an operator.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) function: String,
    /// Of the function's name.
    pub(crate) name: Span,
    /// What a caret shows: name and parentheses, or the operator.
    pub(crate) place: Span,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: Option<(String, Span)>,
    pub(crate) value: Node,
}

/// A part of an index.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Ellipsis,
    At(Node),
    /// `start:end:step`.
    Range([Option<Node>; 3]),
}

impl Literal {
    pub(crate) fn value(&self) -> Value {
        match self {
            Self::None => Value::None,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Integer(number) => Value::Integer(*number),
            Self::Real(number) => Value::Real(*number),
            Self::Text(text) => Value::Text(text.clone()),
        }
    }
}
