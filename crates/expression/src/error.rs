use std::fmt;

/// Where something is in the text, in bytes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Span {
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// What is wrong with an expression, and where. Its text shows the place with a caret.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Error {
    message: String,
    span: Span,
    text: String,
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error before the text is at hand.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) span: Span,
}

/// Why a function refuses its arguments; the caller knows where it was called.
#[derive(Clone, Debug)]
pub(crate) struct Complaint {
    pub(crate) message: String,
    /// The operation that complains, if it is not the function called.
    pub(crate) operation: Option<&'static str>,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this to the end of `last`.
    pub(crate) const fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

impl Error {
    /// What is wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where it is wrong.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.text[..self.span.start].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        let end = self.span.end.min(start + line.len());
        let before = self.text[start..self.span.start].chars().count();
        let marked = self.text.get(self.span.start..end).map_or(0, |text| text.chars().count());
        let (blank, carets) = (" ".repeat(before), "^".repeat(marked.max(1)));
        write!(f, "{}\n  {line}\n  {blank}{carets}", self.message)
    }
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), span }
    }

    pub(crate) fn in_text(self, text: &str) -> Error {
        Error { message: self.message, span: self.span, text: text.to_owned() }
    }
}

impl Complaint {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), operation: None }
    }

    /// The complaint about a call of `function`.
    pub(crate) fn about(self, function: &str, span: Span) -> Fault {
        let message = match self.operation {
            Some(operation) if operation != function => {
                format!("{function}: {operation}: {}", self.message)
            }
            _ => format!("{function}: {}", self.message),
        };
        Fault::new(span, message)
    }
}

impl From<cryptab_engine::Error> for Complaint {
    fn from(error: cryptab_engine::Error) -> Self {
        use cryptab_engine::Error;
        match error {
            Error::Input { operation, reason } | Error::Misuse { operation, reason } => {
                Self { message: reason, operation: Some(operation) }
            }
            error => Self::new(error.to_string()),
        }
    }
}

impl From<cryptab_tensor::Error> for Complaint {
    fn from(error: cryptab_tensor::Error) -> Self {
        match error {
            cryptab_tensor::Error::Shapes { op, left, right, reason } => Self {
                message: format!("shapes {left:?} and {right:?} do not fit: {reason}"),
                operation: Some(op),
            },
            error => Self::new(error.to_string()),
        }
    }
}
