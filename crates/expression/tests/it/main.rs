//! Expressions, in the clear and in private.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod clear;
mod errors;
mod private;
mod sample;
