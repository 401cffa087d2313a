//! Behaviour of the engine, by topic.

// Helpers of tests fail as tests do.
#![expect(clippy::unwrap_used)]

mod arithmetic;
mod binary;
mod boolean;
mod common;
mod comparison;
mod cost;
mod equivocation;
mod extremum;
mod faults;
mod formats;
mod in_place;
mod index;
mod later;
mod order;
mod polynomial;
mod pooling;
mod random;
mod random_cost;
mod rearrange;
mod reduce;
mod resume;
mod rounding;
mod scatter;
mod smooth;
mod softmax;
mod statistics;
mod structure;
