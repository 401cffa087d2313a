//! Behaviour of the engine, by topic.

// Helpers of tests fail as tests do.
#![expect(clippy::unwrap_used)]

mod arithmetic;
mod common;
mod comparison;
mod cost;
mod faults;
mod smooth;
mod structure;
