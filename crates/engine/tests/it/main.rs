//! Behaviour of the engine, by topic.

mod arithmetic;
mod common;
mod comparison;
mod cost;
mod faults;
mod structure;
