//! Text to tokens.

use std::fmt;

use crate::error::{Fault, Span};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Integer(i64),
    Real(f64),
    Text(String),
    Symbol(&'static str),
    End,
}

/// Longer ones first: the first that fits is taken.
const SYMBOLS: [&str; 31] = [
    "...", "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "+", "-", "*", "/", "%", "@", "<", ">",
    "&", "|", "^", "~", "(", ")", "[", "]", "{", "}", ",", ":", "=", ".",
];

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => write!(f, "`{name}`"),
            Self::Integer(number) => write!(f, "`{number}`"),
            Self::Real(number) => write!(f, "`{number}`"),
            Self::Text(text) => write!(f, "'{text}'"),
            Self::Symbol(symbol) => write!(f, "`{symbol}`"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// The tokens of a text, with their places; the last one is the end.
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, Span)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match first {
            space if space.is_whitespace() => {
                at += space.len_utf8();
                continue;
            }
            letter if letter.is_alphabetic() || letter == '_' => name(rest),
            digit if digit.is_ascii_digit() => number(rest, at)?,
            '.' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => number(rest, at)?,
            '\'' | '"' => quoted(rest, first, at)?,
            other => match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
                Some(symbol) => (Token::Symbol(symbol), symbol.len()),
                None => {
                    let span = Span::new(at, at + other.len_utf8());
                    return Err(Fault::new(span, format!("`{other}` has no meaning here")));
                }
            },
        };
        tokens.push((token, Span::new(at, at + length)));
        at += length;
    }
    tokens.push((Token::End, Span::new(text.len(), text.len())));
    Ok(tokens)
}

fn name(rest: &str) -> (Token, usize) {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    (Token::Name(rest[..end].to_owned()), end)
}

fn number(rest: &str, at: usize) -> Result<(Token, usize), Fault> {
    let bytes = rest.as_bytes();
    let digits = |from: usize| {
        let more = bytes[from..].iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
        from + more
    };
    let mut end = digits(0);
    let mut real = false;
    // `1...` begins a slice's ellipsis, not a fraction
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1) != Some(&b'.') {
        end = digits(end + 1);
        real = true;
    }
    if let Some(b'e' | b'E') = bytes.get(end) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
            end = digits(end + 1 + sign);
            real = true;
        }
    }
    let written = rest[..end].replace('_', "");
    let token = match real {
        true => written.parse().ok().map(Token::Real),
        false => written.parse().ok().map(Token::Integer),
    };
    let refused =
        || Fault::new(Span::new(at, at + end), format!("`{}` is no number", &rest[..end]));
    token.map(|token| (token, end)).ok_or_else(refused)
}

fn quoted(rest: &str, quote: char, at: usize) -> Result<(Token, usize), Fault> {
    match rest[1..].find(quote) {
        Some(length) => Ok((Token::Text(rest[1..=length].to_owned()), length + 2)),
        None => {
            let span = Span::new(at, at + rest.len());
            Err(Fault::new(span, format!("expected {quote} at the end of the text")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_symbols() {
        let kinds: Vec<Token> = tokens("1_000 .5 2. 1e-3 x1**-2 'same' ...")
            .unwrap()
            .into_iter()
            .map(|t| t.0)
            .collect();
        let symbol = Token::Symbol;
        assert_eq!(
            kinds,
            [
                Token::Integer(1000),
                Token::Real(0.5),
                Token::Real(2.0),
                Token::Real(0.001),
                Token::Name("x1".into()),
                symbol("**"),
                symbol("-"),
                Token::Integer(2),
                Token::Text("same".into()),
                symbol("..."),
                Token::End,
            ]
        );
        assert_eq!(tokens("x ? y").unwrap_err().span, Span::new(2, 3));
        assert_eq!(tokens("f('a").unwrap_err().message, "expected ' at the end of the text");
        assert!(tokens("99999999999999999999").is_err());
    }
}
