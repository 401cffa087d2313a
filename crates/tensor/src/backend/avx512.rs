//! Kernels for AVX-512 (F and DQ): eight elements a vector, with a 64-bit multiplication.
//!
//! Only [`Backend`](super::Backend) calls this module, and only for a value that it made after it had found the
//! instructions at run time: that is the safety argument of every call below.
#![expect(unsafe_code, reason = "vector instructions; see the safety argument above")]

use std::arch::x86_64::{
    __m512i, _mm512_add_epi64, _mm512_loadu_si512, _mm512_mullo_epi64, _mm512_reduce_add_epi64,
    _mm512_set1_epi64, _mm512_setzero_si512, _mm512_storeu_si512,
};

use super::{Arithmetic, Block, Operand, TileKernel, scalar};

pub(super) fn arithmetic(op: Arithmetic, out: &mut [u64], left: Operand<'_>, right: Operand<'_>) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(op: Arithmetic, out: &mut [u64], left: Operand<'_>, right: Operand<'_>) {
        scalar::arithmetic(op, out, left, right);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(op, out, left, right) };
}

pub(super) fn weighted_sum(out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
        scalar::weighted_sum(out, taps, weights);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(out, taps, weights) };
}

pub(super) fn add_product(sums: &mut [u64], factors: &[&[u64]]) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(sums: &mut [u64], factors: &[&[u64]]) {
        scalar::add_product(sums, factors);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(sums, factors) };
}

pub(super) fn dot(left: &[u64], right: &[u64]) -> u64 {
    // SAFETY: the backend was found on this machine.
    unsafe { add_products(left, right) }
}

pub(super) fn transpose(block: &mut Block) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(block: &mut Block) {
        scalar::transpose(block);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(block) };
}

pub(super) fn spread(out: &mut [u64], words: &[u64]) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(out: &mut [u64], words: &[u64]) {
        scalar::spread(out, words);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(out, words) };
}

pub(super) fn compare_digits(
    digits: &[&[u64]],
    hot: &[&[u64]],
    parity: u64,
    less: &mut [u64],
    equal: &mut [u64],
) {
    #[target_feature(enable = "avx512f,avx512dq")]
    fn vectorised(
        digits: &[&[u64]],
        hot: &[&[u64]],
        parity: u64,
        less: &mut [u64],
        equal: &mut [u64],
    ) {
        scalar::compare_digits(digits, hot, parity, less, equal);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(digits, hot, parity, less, equal) };
}

/// Rows of a tile.
const ROWS: usize = 8;
/// Vectors in a row of a tile: 8 x 3 sums, 3 columns and a row fit into the 32 registers.
const VECTORS: usize = 3;
/// Elements in a vector.
const LANES: usize = 8;
const COLUMNS: usize = VECTORS * LANES;

pub(super) fn tile_kernel() -> TileKernel {
    fn run(left: &[u64], right: &[u64], tile: &mut [u64]) {
        // SAFETY: the backend was found on this machine.
        unsafe { multiply_tile(left, right, tile) }
    }
    TileKernel { rows: ROWS, columns: COLUMNS, halved_from: usize::MAX, run }
}

/// By hand, because the compiler gathers single elements here.
#[target_feature(enable = "avx512f,avx512dq")]
fn add_products(left: &[u64], right: &[u64]) -> u64 {
    let len = left.len().min(right.len());
    let (left, left_rest) = left[..len].as_chunks::<COLUMNS>();
    let (right, right_rest) = right[..len].as_chunks::<COLUMNS>();
    let mut sums = [_mm512_setzero_si512(); VECTORS];
    for (left, right) in left.iter().zip(right) {
        for (sum, (a, b)) in sums.iter_mut().zip(load(left).into_iter().zip(load(right))) {
            *sum = _mm512_add_epi64(*sum, _mm512_mullo_epi64(a, b));
        }
    }
    let rest = scalar::dot(left_rest, right_rest);
    sums.into_iter()
        .fold(rest, |total, sum| total.wrapping_add(_mm512_reduce_add_epi64(sum).cast_unsigned()))
}

#[target_feature(enable = "avx512f,avx512dq")]
fn multiply_tile(left: &[u64], right: &[u64], tile: &mut [u64]) {
    let mut sums = [[_mm512_setzero_si512(); VECTORS]; ROWS];
    let (left, right) = (left.as_chunks::<ROWS>().0, right.as_chunks::<COLUMNS>().0);
    for (left, right) in left.iter().zip(right) {
        let columns = load(right);
        for (sums, value) in sums.iter_mut().zip(left) {
            let row = _mm512_set1_epi64(value.cast_signed());
            for (sum, column) in sums.iter_mut().zip(columns) {
                *sum = _mm512_add_epi64(*sum, _mm512_mullo_epi64(row, column));
            }
        }
    }
    let tile = tile.as_chunks_mut::<LANES>().0;
    assert_eq!(tile.len(), ROWS * VECTORS, "a tile of {ROWS} x {COLUMNS}");
    for (out, sum) in tile.iter_mut().zip(sums.as_flattened()) {
        // SAFETY: `out` is 8 elements, as long as a vector; the store needs no alignment.
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), *sum) };
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load(row: &[u64; COLUMNS]) -> [__m512i; VECTORS] {
    let mut vectors = [_mm512_setzero_si512(); VECTORS];
    for (vector, lanes) in vectors.iter_mut().zip(row.as_chunks::<LANES>().0) {
        // SAFETY: `lanes` is 8 elements, as long as a vector; the load needs no alignment.
        *vector = unsafe { _mm512_loadu_si512(lanes.as_ptr().cast()) };
    }
    vectors
}
