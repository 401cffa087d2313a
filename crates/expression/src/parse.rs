//! Tokens to a tree, by operator precedence (Pratt). Precedence and associativity are Python's.
//!
//! From loose to tight: comparisons (which do not chain), `|`, `^`, `&`, `+ -`, `* / // % @`,
//! unary `- + ~`, `**` (from the right), and calls, attributes and indices.

use crate::error::{Fault, Span};
use crate::token::{Token, tokens};
use crate::tree::{Argument, Call, Item, Literal, Node, NodeKind};

type Parsed<T> = Result<T, Fault>;

/// The tree of a whole text; `a, b` is a tuple.
pub(crate) fn parse(text: &str) -> Parsed<Node> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, links: 0 };
    let first = parser.expression(LOOSEST)?;
    let node = if parser.sees(",") { parser.rest_of_tuple(first, None)? } else { first };
    match parser.peek() {
        Token::End => Ok(node),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

struct Parser {
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    /// Operators, members and indices so far: each may have all before it on its left.
    links: usize,
}

const LOOSEST: u8 = 1;
const COMPARISON: u8 = 1;
const UNARY: u8 = 8;
/// Nesting beyond this is refused, before the stack ends.
const DEEPEST: usize = 200;
/// So are chains beyond this: their trees are as deep as they are long.
const LONGEST: usize = 300;

/// A binary operator's function and how tightly it binds.
fn binary(symbol: &str) -> Option<(&'static str, u8)> {
    Some(match symbol {
        "<" => ("lt", COMPARISON),
        "<=" => ("le", COMPARISON),
        ">" => ("gt", COMPARISON),
        ">=" => ("ge", COMPARISON),
        "==" => ("eq", COMPARISON),
        "!=" => ("ne", COMPARISON),
        "|" => ("bitwise_or", 2),
        "^" => ("bitwise_xor", 3),
        "&" => ("bitwise_and", 4),
        "<<" => ("bitwise_left_shift", 5),
        ">>" => ("bitwise_right_shift", 5),
        "+" => ("add", 6),
        "-" => ("sub", 6),
        "*" => ("mul", 7),
        "/" => ("div", 7),
        "//" => ("floor_divide", 7),
        "%" => ("remainder", 7),
        "@" => ("matmul", 7),
        "**" => ("pow", 9),
        _ => return None,
    })
}

fn unary(symbol: &str) -> Option<&'static str> {
    match symbol {
        "-" => Some("neg"),
        "+" => Some("positive"),
        "~" => Some("bitwise_not"),
        _ => None,
    }
}

impl Parser {
    fn expression(&mut self, loosest: u8) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Fault::new(self.span(), "the expression is nested too deeply"));
        }
        let mut left = self.operand()?;
        while let Token::Symbol(symbol) = *self.peek()
            && let Some((function, tightness)) = binary(symbol)
            && tightness >= loosest
        {
            self.link()?;
            let place = self.next().1;
            // The right side of `**` may begin with a sign, and it associates from the right.
            let right = self.expression(if symbol == "**" { UNARY } else { tightness + 1 })?;
            left = operator(function, place, vec![left, right]);
            if tightness == COMPARISON && self.compares_again() {
                let reason = "comparisons do not chain; write (a < b) & (b < c)";
                return Err(Fault::new(self.span(), reason));
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn compares_again(&self) -> bool {
        match self.peek() {
            Token::Symbol(symbol) => binary(symbol).is_some_and(|(_, t)| t == COMPARISON),
            _ => false,
        }
    }

    fn operand(&mut self) -> Parsed<Node> {
        if let Token::Symbol(symbol) = *self.peek()
            && let Some(function) = unary(symbol)
        {
            let place = self.next().1;
            let operand = self.expression(UNARY)?;
            return Ok(operator(function, place, vec![operand]));
        }
        let mut node = self.primary()?;
        loop {
            node = match self.peek() {
                Token::Symbol(".") => self.member(node)?,
                Token::Symbol("[") => self.index(node)?,
                _ => return Ok(node),
            };
            self.link()?;
        }
    }

    /// Counts one more link of a chain.
    fn link(&mut self) -> Parsed<()> {
        self.links += 1;
        if self.links > LONGEST {
            return Err(Fault::new(
                self.span(),
                format!("more than {LONGEST} operators in one expression"),
            ));
        }
        Ok(())
    }

    fn primary(&mut self) -> Parsed<Node> {
        let (token, span) = self.tokens[self.at].clone();
        let literal = |literal| Ok(Node { kind: NodeKind::Literal(literal), span });
        match token {
            Token::Integer(number) => self.taken(literal(Literal::Integer(number))),
            Token::Real(number) => self.taken(literal(Literal::Real(number))),
            Token::Text(text) => self.taken(literal(Literal::Text(text))),
            Token::Name(name) => match name.as_str() {
                "None" => self.taken(literal(Literal::None)),
                "True" => self.taken(literal(Literal::Bool(true))),
                "False" => self.taken(literal(Literal::Bool(false))),
                _ => self.name(name, span),
            },
            Token::Symbol("(") => self.parentheses(),
            Token::Symbol("[") => self.list(),
            _ => Err(self.unexpected("a name, a number or `(`")),
        }
    }

    fn name(&mut self, name: String, span: Span) -> Parsed<Node> {
        self.at += 1;
        if !self.sees("(") {
            return Ok(Node { kind: NodeKind::Name(name), span });
        }
        let (arguments, end) = self.arguments()?;
        let place = span.to(end);
        let call = Call { function: name, name: span, place, arguments };
        Ok(Node { kind: NodeKind::Call(call), span: place })
    }

    /// `(a)` is `a`, `(a,)` and `(a, b)` are tuples, and so is `()`.
    fn parentheses(&mut self) -> Parsed<Node> {
        let open = self.next().1;
        if self.sees(")") {
            let span = open.to(self.next().1);
            return Ok(Node { kind: NodeKind::Tuple(Vec::new()), span });
        }
        let first = self.expression(LOOSEST)?;
        if self.sees(",") {
            let mut tuple = self.rest_of_tuple(first, Some(")"))?;
            tuple.span = open.to(self.expect(")", "`,` or `)`")?);
            return Ok(tuple);
        }
        let close = self.expect(")", "`)`")?;
        Ok(Node { span: open.to(close), ..first })
    }

    fn list(&mut self) -> Parsed<Node> {
        let open = self.next().1;
        let mut parts = Vec::new();
        while !self.sees("]") {
            parts.push(self.expression(LOOSEST)?);
            if !self.sees(",") {
                break;
            }
            self.at += 1;
        }
        let span = open.to(self.expect("]", "`,` or `]`")?);
        Ok(Node { kind: NodeKind::Tuple(parts), span })
    }

    fn rest_of_tuple(&mut self, first: Node, close: Option<&'static str>) -> Parsed<Node> {
        let mut parts = vec![first];
        while self.sees(",") {
            self.at += 1;
            if close.is_some_and(|close| self.sees(close)) || *self.peek() == Token::End {
                break;
            }
            parts.push(self.expression(LOOSEST)?);
        }
        let span = parts[0].span.to(parts[parts.len() - 1].span);
        Ok(Node { kind: NodeKind::Tuple(parts), span })
    }

    /// `.name` or `.name(arguments)`.
    fn member(&mut self, of: Node) -> Parsed<Node> {
        self.at += 1;
        let (Token::Name(name), place) = self.tokens[self.at].clone() else {
            return Err(self.unexpected("a name after `.`"));
        };
        self.at += 1;
        let whole = of.span;
        if !self.sees("(") {
            let span = whole.to(place);
            let kind = NodeKind::Attribute { of: Box::new(of), name, place };
            return Ok(Node { kind, span });
        }
        let (mut arguments, end) = self.arguments()?;
        // PyTorch's method form of `where` has the condition second.
        let first = usize::from(name == "where" && !arguments.is_empty());
        arguments.insert(first, Argument { name: None, value: of });
        let call = Call { function: name, name: place, place: place.to(end), arguments };
        Ok(Node { kind: NodeKind::Call(call), span: whole.to(end) })
    }

    /// The arguments and where the parenthesis closes.
    fn arguments(&mut self) -> Parsed<(Vec<Argument>, Span)> {
        self.at += 1;
        let mut arguments: Vec<Argument> = Vec::new();
        while !self.sees(")") {
            let name = match (self.peek().clone(), self.tokens.get(self.at + 1)) {
                (Token::Name(name), Some((Token::Symbol("="), _))) => {
                    let span = self.next().1;
                    self.at += 1;
                    Some((name, span))
                }
                _ => None,
            };
            let value = self.expression(LOOSEST)?;
            if name.is_none() && arguments.iter().any(|argument| argument.name.is_some()) {
                let reason = "expected a named argument: those without a name come first";
                return Err(Fault::new(value.span, reason));
            }
            arguments.push(Argument { name, value });
            if !self.sees(",") {
                break;
            }
            self.at += 1;
        }
        let close = self.expect(")", "`,` or `)`")?;
        Ok((arguments, close))
    }

    fn index(&mut self, of: Node) -> Parsed<Node> {
        let open = self.next().1;
        let mut items = Vec::new();
        while !self.sees("]") {
            items.push(self.item()?);
            if !self.sees(",") {
                break;
            }
            self.at += 1;
        }
        if items.is_empty() {
            return Err(self.unexpected("an index"));
        }
        let place = open.to(self.expect("]", "`,`, `:` or `]`")?);
        let span = of.span.to(place);
        Ok(Node { kind: NodeKind::Index { of: Box::new(of), items, place }, span })
    }

    fn item(&mut self) -> Parsed<Item> {
        if self.sees("...") {
            self.at += 1;
            return Ok(Item::Ellipsis);
        }
        let mut parts = [None, None, None];
        if !self.sees(":") {
            let node = self.expression(LOOSEST)?;
            if !self.sees(":") {
                return Ok(Item::At(node));
            }
            parts[0] = Some(node);
        }
        for part in &mut parts[1..] {
            if !self.sees(":") {
                break;
            }
            self.at += 1;
            if ![":", ",", "]"].iter().any(|end| self.sees(end)) {
                *part = Some(self.expression(LOOSEST)?);
            }
        }
        Ok(Item::Range(parts))
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn span(&self) -> Span {
        self.tokens[self.at].1
    }

    fn sees(&self, symbol: &str) -> bool {
        matches!(self.peek(), Token::Symbol(seen) if *seen == symbol)
    }

    fn next(&mut self) -> (Token, Span) {
        let token = self.tokens[self.at].clone();
        self.at += 1;
        token
    }

    /// The token before this node has been looked at only: take it.
    fn taken(&mut self, node: Parsed<Node>) -> Parsed<Node> {
        self.at += 1;
        node
    }

    fn expect(&mut self, symbol: &str, expected: &str) -> Parsed<Span> {
        if self.sees(symbol) { Ok(self.next().1) } else { Err(self.unexpected(expected)) }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let found = self.peek();
        let hint = match found {
            Token::Name(word) => match word.as_str() {
                "and" => " (on tensors: `&`)",
                "or" => " (on tensors: `|`)",
                "not" => " (on tensors: `~`)",
                "if" | "else" => " (on tensors: where(condition, x, y))",
                _ => "",
            },
            Token::Symbol("=") => " (equality is `==`)",
            _ => "",
        };
        Fault::new(self.span(), format!("expected {expected}, found {found}{hint}"))
    }
}

fn operator(function: &str, place: Span, operands: Vec<Node>) -> Node {
    let span = match &operands[..] {
        [only] => place.to(only.span),
        several => several[0].span.to(several[several.len() - 1].span),
    };
    let arguments = operands.into_iter().map(|value| Argument { name: None, value }).collect();
    let call = Call { function: function.to_owned(), name: place, place, arguments };
    Node { kind: NodeKind::Call(call), span }
}

#[cfg(test)]
mod tests;
