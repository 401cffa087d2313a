//! A tree to a value.

use crate::arguments::Passed;
use crate::error::{Fault, Span};
use crate::function;
use crate::indexing::{self, Part};
use crate::number;
use crate::scope::Scope;
use crate::tree::{Call, Item, Node, NodeKind};
use crate::value::Value;

type Evaluated = Result<Value, Fault>;

pub(crate) fn evaluate(node: &Node, scope: &Scope<'_>) -> Evaluated {
    match &node.kind {
        NodeKind::Name(name) => match scope.value(name) {
            Some(value) => Ok(value.clone()),
            None => Err(unknown("input", name, node.span, scope.names())),
        },
        NodeKind::Literal(literal) => Ok(literal.value()),
        NodeKind::Tuple(parts) => {
            let parts = parts.iter().map(|part| evaluate(part, scope));
            Ok(Value::Tuple(parts.collect::<Result<_, _>>()?))
        }
        NodeKind::Call(call) => called(call, scope),
        NodeKind::Attribute { of, name, place } => {
            attribute(&evaluate(of, scope)?, name, *place, scope)
        }
        NodeKind::Index { of, items, place } => {
            let parts =
                items.iter().map(|item| part(item, scope)).collect::<Result<Vec<_>, _>>()?;
            match evaluate(of, scope)? {
                Value::Tuple(values) => of_tuple(&values, &parts, *place),
                value => {
                    let refused = || {
                        let found = value.described();
                        Fault::new(*place, format!("expected a tensor before `[`, found {found}"))
                    };
                    let tensor = value.tensor().ok_or_else(refused)?;
                    let indexed = indexing::index(&tensor, &parts);
                    indexed.map(Value::from).map_err(|why| why.about("index", *place))
                }
            }
        }
    }
}

fn called(call: &Call, scope: &Scope<'_>) -> Evaluated {
    let overloads = function::named(&call.function);
    if overloads.is_empty() {
        return Err(unknown("function", &call.function, call.name, function::names()));
    }
    let passed = call.arguments.iter().map(|argument| {
        let value = evaluate(&argument.value, scope)?;
        Ok(Passed { name: argument.name.clone(), value, span: argument.value.span })
    });
    let passed = passed.collect::<Result<Vec<_>, Fault>>()?;
    let operands: Vec<&Value> = passed.iter().map(|passed| &passed.value).collect();
    if let Some(number) = number::operate(&call.function, &operands) {
        return Ok(number);
    }
    function::call(&overloads, &passed, call.place, scope.home())
}

fn attribute(value: &Value, name: &str, place: Span, scope: &Scope<'_>) -> Evaluated {
    let method = |function: &str| {
        let passed = Passed { name: None, value: value.clone(), span: place };
        function::call(&function::named(function), &[passed], place, scope.home())
    };
    let size = |size: &usize| Value::Integer(i64::try_from(*size).unwrap_or(i64::MAX));
    match (value, name) {
        (Value::Tuple(parts), "values") if parts.len() == 2 => Ok(parts[0].clone()),
        (Value::Tuple(parts), "indices") if parts.len() == 2 => Ok(parts[1].clone()),
        (Value::Tensor(_), "T") => method("numpy_T"),
        (Value::Tensor(_), "mT") => method("adjoint"),
        (Value::Tensor(tensor), "shape") => {
            Ok(Value::Tuple(tensor.shape().iter().map(size).collect()))
        }
        (Value::Tensor(tensor), "ndim") => Ok(size(&tensor.rank())),
        (value, _) => {
            let attributes = "a tensor has T, mT, shape and ndim, a pair values and indices";
            let found = value.described();
            Err(Fault::new(place, format!("{found} has no attribute `{name}`; {attributes}")))
        }
    }
}

fn part(item: &Item, scope: &Scope<'_>) -> Result<Part, Fault> {
    let integer = |node: &Option<Node>| {
        let Some(node) = node else { return Ok(None) };
        match evaluate(node, scope)? {
            Value::None => Ok(None),
            value => {
                let refused = || {
                    let found = value.described();
                    Fault::new(node.span, format!("expected an integer, found {found}"))
                };
                value.integer().map(Some).ok_or_else(refused)
            }
        }
    };
    match item {
        Item::Ellipsis => Ok(Part::Ellipsis),
        Item::Range([start, end, step]) => {
            Ok(Part::Range { start: integer(start)?, end: integer(end)?, step: integer(step)? })
        }
        Item::At(node) => {
            let value = evaluate(node, scope)?;
            let refused = || {
                let found = value.described();
                let expected = "an integer, a slice, None, `...`, or a public list or mask";
                Fault::new(node.span, format!("expected {expected} as an index, found {found}"))
            };
            Part::from_value(&value).ok_or_else(refused)
        }
    }
}

fn of_tuple(values: &[Value], parts: &[Part], place: Span) -> Evaluated {
    let length = i64::try_from(values.len()).unwrap_or(i64::MAX);
    let at = match parts {
        [Part::At(at)] => usize::try_from(if *at < 0 { at + length } else { *at }).ok(),
        _ => None,
    };
    let value = at.and_then(|at| values.get(at)).cloned();
    value.ok_or_else(|| Fault::new(place, format!("expected an index below {length} in a tuple")))
}

fn unknown<'a>(what: &str, name: &str, span: Span, known: impl Iterator<Item = &'a str>) -> Fault {
    let mut near: Vec<(usize, &str)> = known.map(|known| (distance(name, known), known)).collect();
    near.sort_unstable();
    near.dedup();
    let far = name.chars().count().div_ceil(3);
    let near = near.into_iter().filter(|(distance, _)| *distance <= far).take(3);
    let near: Vec<&str> = near.map(|(_, known)| known).collect();
    let hint = if near.is_empty() { String::new() } else { format!("; near: {}", near.join(", ")) };
    Fault::new(span, format!("unknown {what} `{name}`{hint}"))
}

/// How many letters must change to make one name of the other (Levenshtein); 2 if the other has
/// more, but all of these together.
fn distance(name: &str, known: &str) -> usize {
    if name.len() > 2 && known.contains(name) {
        return 2;
    }
    let (a, b): (Vec<char>, Vec<char>) = (name.chars().collect(), known.chars().collect());
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
