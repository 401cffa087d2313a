//! What the cases of the function reference need: its inputs, arrays to compute the expected
//! results in the clear, and parties that compute the same in private.
//!
//! The expected results come from `f64` loops in this crate, not from the library; the reference
//! gives the number and the sum of all results of a case, against which they are checked. The
//! cases are in `tests/it`, a test for each; what cannot be tested yet is in `tests/it/excluded`.

mod array;
mod case;
mod inputs;
mod party;

pub use array::Array;
pub use case::{Bound, Case};
pub use inputs::{bernoulli, integers, mixed, reals, snapped};
pub use party::{Made, Party};

/// One unit in the last place.
pub const UNIT: f64 = 1.0 / 65_536.0;
