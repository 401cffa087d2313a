//! A dealer on the loopback, and parties that talk to it.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod budgets;
mod client;
mod refusing;
mod resuming;
mod server;
mod serving;
