use crate::error::Result;
use crate::parse::parse;
use crate::scope::Scope;
use crate::tree::{Item, Node, NodeKind};
use crate::value::Value;

/// A parsed expression.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    tree: Node,
}

impl Expression {
    /// Parses a text.
    ///
    /// # Errors
    /// If it is no expression; the error shows where.
    pub fn parse(text: &str) -> Result<Self> {
        let tree = parse(text).map_err(|fault| fault.in_text(text))?;
        Ok(Self { text: text.to_owned(), tree })
    }

    /// The names of its inputs, each once, in the order of the text.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect(&self.tree, &mut names);
        names
    }

    /// Its value where names mean what `scope` says. Secret operations are recorded, nothing waits.
    ///
    /// # Errors
    /// If a name is unknown, arguments are wrong, or shapes do not fit; the error shows where.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value> {
        let value = crate::evaluate::evaluate(&self.tree, scope);
        value.map_err(|fault| fault.in_text(&self.text))
    }
}

fn collect<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    match &node.kind {
        NodeKind::Name(name) if !names.contains(&name.as_str()) => names.push(name),
        NodeKind::Name(_) | NodeKind::Literal(_) => {}
        NodeKind::Tuple(parts) => parts.iter().for_each(|part| collect(part, names)),
        NodeKind::Call(call) => {
            call.arguments.iter().for_each(|argument| collect(&argument.value, names));
        }
        NodeKind::Attribute { of, .. } => collect(of, names),
        NodeKind::Index { of, items, .. } => {
            collect(of, names);
            for item in items {
                match item {
                    Item::Ellipsis => {}
                    Item::At(node) => collect(node, names),
                    Item::Range(parts) => {
                        parts.iter().flatten().for_each(|part| collect(part, names));
                    }
                }
            }
        }
    }
}
