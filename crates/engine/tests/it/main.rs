//! Behaviour of the engine, by topic.

// Helpers of tests fail as tests do.
#![expect(clippy::unwrap_used)]

mod arithmetic;
mod boolean;
mod common;
mod comparison;
mod conformance;
mod cost;
mod extremum;
mod faults;
mod index;
mod order;
mod pooling;
mod rearrange;
mod reduce;
mod smooth;
mod structure;
