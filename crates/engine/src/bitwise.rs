//! Bit-sliced steps of comparisons: 64 elements to a word, no communication.

mod and;
mod tables;

pub(crate) use and::evaluate_nodes;
pub(crate) use tables::look_up;
