//! The cases of the function reference (sections 3 and 4), a test for each.

// Helpers of tests fail as tests do.
#![expect(clippy::unwrap_used)]
// Indices and sizes are small.
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod arithmetic;
mod arrangement;
mod binary;
mod comparison;
mod convolution;
mod excluded;
mod linear;
mod mistakes;
mod order;
mod pooling;
mod random;
mod selection;
mod sharing;
mod smooth;
mod statistics;
mod table;
mod traffic;
mod truncation;
