//! The entries of the table, by topic. A new function is an entry here and nothing else.

mod activation;
mod arithmetic;
mod arrange;
mod comparison;
mod compose;
mod contraction;
mod convolution;
mod creation;
mod elementary;
mod join;
mod linear;
mod logic;
mod lookup;
mod loss;
mod ordering;
mod patches;
mod pooling;
mod random;
mod reduction;
mod rounding;
mod scatter;
mod statistics;

use crate::function::Entry;

/// All entries.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    let topics = [
        arithmetic::ENTRIES,
        rounding::ENTRIES,
        elementary::ENTRIES,
        activation::ENTRIES,
        comparison::ENTRIES,
        logic::ENTRIES,
        reduction::ENTRIES,
        ordering::ENTRIES,
        linear::ENTRIES,
        contraction::ENTRIES,
        convolution::ENTRIES,
        pooling::ENTRIES,
        arrange::ENTRIES,
        join::ENTRIES,
        lookup::ENTRIES,
        creation::ENTRIES,
        loss::ENTRIES,
        random::ENTRIES,
        scatter::ENTRIES,
        statistics::ENTRIES,
    ];
    topics.into_iter().flatten()
}

/// Other names of functions.
pub(crate) const ALIASES: &[(&str, &str)] = &[
    ("absolute", "abs"),
    ("clip", "clamp"),
    ("concat", "cat"),
    ("concatenate", "cat"),
    ("divide", "div"),
    ("fix", "trunc"),
    ("ger", "outer"),
    ("greater", "gt"),
    ("greater_equal", "ge"),
    ("less", "lt"),
    ("less_equal", "le"),
    ("moveaxis", "movedim"),
    ("multiply", "mul"),
    ("negative", "neg"),
    ("not_equal", "ne"),
    ("subtract", "sub"),
    ("swapaxes", "transpose"),
    ("swapdims", "transpose"),
    ("true_divide", "div"),
    ("vdot", "dot"),
    ("view", "reshape"),
];
