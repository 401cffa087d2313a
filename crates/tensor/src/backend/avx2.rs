//! Kernels for AVX2: four elements a vector, with 32-bit multiplications.
//!
//! Only [`Backend`](super::Backend) calls this module, and only for a value that it made after it had found the
//! instructions at run time: that is the safety argument of every call below.
#![expect(unsafe_code, reason = "vector instructions; see the safety argument above")]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_add_epi64, _mm256_loadu_si256, _mm256_mul_epu32,
    _mm256_mullo_epi32, _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_shuffle_epi32,
    _mm256_slli_epi64, _mm256_storeu_si256,
};

use super::{Arithmetic, Block, Operand, TileKernel, scalar};

pub(super) fn arithmetic(op: Arithmetic, out: &mut [u64], left: Operand<'_>, right: Operand<'_>) {
    #[target_feature(enable = "avx2")]
    fn vectorised(op: Arithmetic, out: &mut [u64], left: Operand<'_>, right: Operand<'_>) {
        scalar::arithmetic(op, out, left, right);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(op, out, left, right) };
}

pub(super) fn weighted_sum(out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
    #[target_feature(enable = "avx2")]
    fn vectorised(out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
        scalar::weighted_sum(out, taps, weights);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(out, taps, weights) };
}

pub(super) fn add_product(sums: &mut [u64], factors: &[&[u64]]) {
    #[target_feature(enable = "avx2")]
    fn vectorised(sums: &mut [u64], factors: &[&[u64]]) {
        scalar::add_product(sums, factors);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(sums, factors) };
}

pub(super) fn dot(left: &[u64], right: &[u64]) -> u64 {
    #[target_feature(enable = "avx2")]
    fn vectorised(left: &[u64], right: &[u64]) -> u64 {
        scalar::dot(left, right)
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(left, right) }
}

pub(super) fn transpose(block: &mut Block) {
    #[target_feature(enable = "avx2")]
    fn vectorised(block: &mut Block) {
        scalar::transpose(block);
    }
    // SAFETY: the backend was found on this machine.
    unsafe { vectorised(block) };
}

pub(super) fn spread(out: &mut [u64], words: &[u64]) {
    #[target_feature(enable = "avx2")]
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
    #[target_feature(enable = "avx2")]
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
const ROWS: usize = 5;
/// Vectors in a row of a tile: twice 5 x 1 sums and their operands fit into the 16 registers.
const VECTORS: usize = 1;
/// Elements in a vector.
const LANES: usize = 4;
const COLUMNS: usize = VECTORS * LANES;

pub(super) fn tile_kernel() -> TileKernel {
    fn run(left: &[u64], right: &[u64], tile: &mut [u64]) {
        // SAFETY: the backend was found on this machine.
        unsafe { multiply_tile(left, right, tile) }
    }
    TileKernel { rows: ROWS, columns: COLUMNS, halved_from: usize::MAX, run }
}

/// With 32-bit halves, `a b mod 2^64 = a0 b0 + 2^32 (a0 b1 + a1 b0)`. The low products are summed in 64 bits; the
/// crossed ones matter modulo 2^32 only, so that one 32-bit multiplication by `b` with its halves swapped gives both of
/// them, and they are joined after the last step.
#[target_feature(enable = "avx2")]
fn multiply_tile(left: &[u64], right: &[u64], tile: &mut [u64]) {
    let mut low = [[_mm256_setzero_si256(); VECTORS]; ROWS];
    let mut crossed = low;
    let (left, right) = (left.as_chunks::<ROWS>().0, right.as_chunks::<COLUMNS>().0);
    for (left, right) in left.iter().zip(right) {
        let columns = load(right);
        for (vector, column) in columns.into_iter().enumerate() {
            let swapped = _mm256_shuffle_epi32::<SWAP_HALVES>(column);
            for (row, value) in left.iter().enumerate() {
                let value = _mm256_set1_epi64x(value.cast_signed());
                let products =
                    (_mm256_mul_epu32(value, column), _mm256_mullo_epi32(value, swapped));
                low[row][vector] = _mm256_add_epi64(low[row][vector], products.0);
                crossed[row][vector] = _mm256_add_epi32(crossed[row][vector], products.1);
            }
        }
    }
    let tile = tile.as_chunks_mut::<LANES>().0;
    assert_eq!(tile.len(), ROWS * VECTORS, "a tile of {ROWS} x {COLUMNS}");
    let sums = low.as_flattened().iter().zip(crossed.as_flattened());
    for (out, (low, crossed)) in tile.iter_mut().zip(sums) {
        let both = _mm256_add_epi32(*crossed, _mm256_shuffle_epi32::<SWAP_HALVES>(*crossed));
        let sum = _mm256_add_epi64(*low, _mm256_slli_epi64::<32>(both));
        // SAFETY: `out` is 4 elements, as long as a vector; the store needs no alignment.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), sum) };
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(row: &[u64; COLUMNS]) -> [__m256i; VECTORS] {
    let mut vectors = [_mm256_setzero_si256(); VECTORS];
    for (vector, lanes) in vectors.iter_mut().zip(row.as_chunks::<LANES>().0) {
        // SAFETY: `lanes` is 4 elements, as long as a vector; the load needs no alignment.
        *vector = unsafe { _mm256_loadu_si256(lanes.as_ptr().cast()) };
    }
    vectors
}

/// Exchanges the 32-bit halves of every 64-bit lane.
const SWAP_HALVES: i32 = 0b10_11_00_01;
