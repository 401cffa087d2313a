//! The portable kernels, as the compiler vectorises them when the crate is built with `simd128` (wasm chooses its
//! instructions for a whole module, so there is nothing to detect).
//!
//! The tile of matrix products stays scalar on purpose: in V8 one `i64.mul` is as fast as a lane of `i64x2.mul`, which
//! becomes ten instructions, and products of 32-bit halves (`extmul`, `i32x4.mul`) gained nothing either when measured.

pub(super) use super::scalar::{
    add_product, arithmetic, compare_digits, dot, spread, tile_kernel, transpose, weighted_sum,
};
