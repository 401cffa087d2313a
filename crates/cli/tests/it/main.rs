//! The program as its users run it.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod bench;
mod demo;
mod eval;
mod faults;
mod identity;
mod resuming;
mod room;
mod run;
mod services;
