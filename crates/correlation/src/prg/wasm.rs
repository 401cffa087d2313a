//! `ChaCha12` on four blocks at a time with simd128: lane `i` of every vector belongs to block `i`.

use core::arch::wasm32::{
    i8x16_shuffle, i32x4_add, i32x4_shuffle, u32x4, u32x4_shl, u32x4_shr, u32x4_splat,
    u64x2_extract_lane, v128, v128_or, v128_xor,
};

use super::BLOCK;

const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
const DOUBLE_ROUNDS: usize = 6;

pub(super) fn apply(key: &[u8; 32], nonce: [u8; 12], block: u32, words: &mut [u64]) {
    let mut state = [u32x4_splat(0); 16];
    for (lane, constant) in CONSTANTS.into_iter().enumerate() {
        state[lane] = u32x4_splat(constant);
    }
    for (index, bytes) in key.chunks_exact(4).enumerate() {
        state[4 + index] = u32x4_splat(word(bytes));
    }
    for (index, bytes) in nonce.chunks_exact(4).enumerate() {
        state[13 + index] = u32x4_splat(word(bytes));
    }
    let mut counter = block;
    for part in words.chunks_mut(4 * BLOCK) {
        state[12] = u32x4(
            counter,
            counter.wrapping_add(1),
            counter.wrapping_add(2),
            counter.wrapping_add(3),
        );
        let blocks = four_blocks(&state);
        part.iter_mut().zip(&blocks).for_each(|(word, stream)| *word ^= stream);
        counter = counter.wrapping_add(4);
    }
}

fn word(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[inline(always)]
fn four_blocks(start: &[v128; 16]) -> [u64; 4 * BLOCK] {
    let mut s = *start;
    for _ in 0..DOUBLE_ROUNDS {
        quarter(&mut s, 0, 4, 8, 12);
        quarter(&mut s, 1, 5, 9, 13);
        quarter(&mut s, 2, 6, 10, 14);
        quarter(&mut s, 3, 7, 11, 15);
        quarter(&mut s, 0, 5, 10, 15);
        quarter(&mut s, 1, 6, 11, 12);
        quarter(&mut s, 2, 7, 8, 13);
        quarter(&mut s, 3, 4, 9, 14);
    }
    let mut out = [0; 4 * BLOCK];
    for row in 0..4 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|i| i32x4_add(s[4 * row + i], start[4 * row + i]));
        for (block, vector) in transposed(a, b, c, d).into_iter().enumerate() {
            out[BLOCK * block + 2 * row] = u64x2_extract_lane::<0>(vector);
            out[BLOCK * block + 2 * row + 1] = u64x2_extract_lane::<1>(vector);
        }
    }
    out
}

#[inline(always)]
fn quarter(s: &mut [v128; 16], a: usize, b: usize, c: usize, d: usize) {
    s[a] = i32x4_add(s[a], s[b]);
    s[d] = rotate_16(v128_xor(s[d], s[a]));
    s[c] = i32x4_add(s[c], s[d]);
    s[b] = rotate::<12>(v128_xor(s[b], s[c]));
    s[a] = i32x4_add(s[a], s[b]);
    s[d] = rotate_8(v128_xor(s[d], s[a]));
    s[c] = i32x4_add(s[c], s[d]);
    s[b] = rotate::<7>(v128_xor(s[b], s[c]));
}

#[inline(always)]
fn rotate<const BITS: u32>(v: v128) -> v128 {
    v128_or(u32x4_shl(v, BITS), u32x4_shr(v, 32 - BITS))
}

#[inline(always)]
fn rotate_16(v: v128) -> v128 {
    i8x16_shuffle::<2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13>(v, v)
}

#[inline(always)]
fn rotate_8(v: v128) -> v128 {
    i8x16_shuffle::<3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14>(v, v)
}

/// Four vectors, one per word of a row, become four vectors, one per block.
#[inline(always)]
fn transposed(a: v128, b: v128, c: v128, d: v128) -> [v128; 4] {
    let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
    let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a, b);
    let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c, d);
    let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c, d);
    [
        i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
        i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
        i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
        i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
    ]
}
