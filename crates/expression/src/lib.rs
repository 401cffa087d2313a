//! Expressions with `PyTorch`'s names, evaluated on secret tensors, or on public ones in the clear.
//!
//! A text is parsed once ([`Expression::parse`]) and evaluated as often as wanted, each time in a
//! [`Scope`] that says what the names mean. What secret tensors enter is recorded on their engine;
//! what public ones enter alone is computed at once, in `f64`: so the same expression on public
//! inputs is the reference for the private result.
//!
//! The modules follow the text's way: `token`, `parse`, `tree`; then `evaluate` walks the tree,
//! `arguments` binds a call's values to a function's `signature`, and `function` finds it in the
//! one table, whose entries are in `functions`, by topic.
//!
//! No I/O here: the command line reads and writes files and runs the parties.
//!
//! ```
//! use cryptab_expression::{Expression, Public, Scope, Value};
//!
//! let expression = Expression::parse("where(x > 0, x, 0.1 * x).sum(dim=0)")?;
//! assert_eq!(expression.names(), ["x"]);
//! let x = Public::numbers(&[2, 2], vec![1.0, -2.0, 3.0, 4.0]);
//! let scope = Scope::clear().with("x", Value::from(x));
//! let value = expression.evaluate(&scope)?;
//! assert_eq!(value.public().unwrap().elements(), [4.0, 3.8]);
//!
//! let error = Expression::parse("sofmax(x, dim=1)")?.evaluate(&scope).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "unknown function `sofmax`; near: softmax\n  \
//!        sofmax(x, dim=1)\n  \
//!        ^^^^^^"
//! );
//! # Ok::<(), cryptab_expression::Error>(())
//! ```

mod arguments;
mod array;
mod chance;
mod error;
mod evaluate;
mod expression;
mod function;
mod functions;
mod indexing;
mod number;
mod parse;
mod scope;
mod signature;
mod tensor;
mod token;
mod tree;
mod value;

pub use chance::Chance;
pub use error::{Error, Result, Span};
pub use expression::Expression;
pub use function::signatures;
pub use scope::Scope;
pub use tensor::{Kind, Public, Tensor};
pub use value::Value;
