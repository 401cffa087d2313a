//! Bit-sliced steps of comparisons: 64 elements to a word, no communication.

mod and;
mod differences;
mod tables;

pub(crate) use and::{evaluate_nodes, outputs};
pub(crate) use differences::{BLOCK, differences};
pub(crate) use tables::{Comparison, look_up};
