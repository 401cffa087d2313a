//! `ChaCha` on four blocks at a time with simd128: lane `i` of every vector belongs to block `i`.

use core::arch::wasm32::{
    i8x16_shuffle, i32x4_add, i32x4_shuffle, u32x4, u32x4_shl, u32x4_shr, u32x4_splat,
    u64x2_extract_lane, v128, v128_or, v128_xor,
};

use zeroize::Zeroizing;

use crate::{BLOCK, Rounds};

pub(crate) fn apply(
    rounds: Rounds,
    key: &[u8; 32],
    nonce: &[u8; 12],
    first: u32,
    bytes: &mut [u8],
) {
    match rounds {
        Rounds::Twelve => apply_by::<6>(key, nonce, first, bytes),
        Rounds::Twenty => apply_by::<10>(key, nonce, first, bytes),
    }
}

fn apply_by<const DOUBLE_ROUNDS: usize>(
    key: &[u8; 32],
    nonce: &[u8; 12],
    first: u32,
    bytes: &mut [u8],
) {
    // both are wiped at the end
    let mut state = Zeroizing::new([0; 16]);
    let mut stream = Zeroizing::new([0; WORDS]);
    state[..4].copy_from_slice(&CONSTANTS);
    load(&mut state[4..12], key);
    state[12] = first;
    load(&mut state[13..], nonce);
    for part in bytes.chunks_mut(4 * BLOCK) {
        four_blocks::<DOUBLE_ROUNDS>(&state, &mut stream);
        xor(part, &stream);
        state[12] = state[12].wrapping_add(4);
    }
}

fn load(words: &mut [u32], bytes: &[u8]) {
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u32::from_le_bytes(*bytes);
    }
}

/// Whole words while they last: what is short of one takes its bytes from the next word of the stream.
fn xor(bytes: &mut [u8], stream: &[u64; WORDS]) {
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for (bytes, stream) in words.iter_mut().zip(stream) {
        *bytes = (u64::from_le_bytes(*bytes) ^ stream).to_le_bytes();
    }
    if let Some(stream) = stream.get(words.len()) {
        rest.iter_mut().zip(stream.to_le_bytes()).for_each(|(byte, stream)| *byte ^= stream);
    }
}

#[inline(always)]
fn four_blocks<const DOUBLE_ROUNDS: usize>(state: &[u32; 16], stream: &mut [u64; WORDS]) {
    let mut s = [u32x4_splat(0); 16];
    add(&mut s, state);
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
    add(&mut s, state);
    for (row, vectors) in s.as_chunks().0.iter().enumerate() {
        for (block, vector) in transposed(*vectors).into_iter().enumerate() {
            stream[BLOCK / 8 * block + 2 * row] = u64x2_extract_lane::<0>(vector);
            stream[BLOCK / 8 * block + 2 * row + 1] = u64x2_extract_lane::<1>(vector);
        }
    }
}

/// In place, so that a copy of the key is left nowhere.
#[inline(always)]
fn add(s: &mut [v128; 16], state: &[u32; 16]) {
    for (vector, word) in s.iter_mut().zip(state) {
        *vector = i32x4_add(*vector, u32x4_splat(*word));
    }
    s[12] = i32x4_add(s[12], u32x4(0, 1, 2, 3));
}

#[inline(always)]
fn quarter(s: &mut [v128; 16], a: usize, b: usize, c: usize, d: usize) {
    s[a] = i32x4_add(s[a], s[b]);
    s[d] = rotate_16(v128_xor(s[d], s[a]));
    s[c] = i32x4_add(s[c], s[d]);
    s[b] = rotate::<12>(v128_xor(s[b], s[c]));
    s[a] = i32x4_add(s[a], s[b]);
    s[d] = rotate::<8>(v128_xor(s[d], s[a]));
    s[c] = i32x4_add(s[c], s[d]);
    s[b] = rotate::<7>(v128_xor(s[b], s[c]));
}

/// For 16 bits a shuffle is as fast; for 8 it is slower, as V8 loads its pattern every time.
#[inline(always)]
fn rotate<const BITS: u32>(v: v128) -> v128 {
    v128_or(u32x4_shl(v, BITS), u32x4_shr(v, 32 - BITS))
}

#[inline(always)]
fn rotate_16(v: v128) -> v128 {
    i8x16_shuffle::<2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13>(v, v)
}

/// Four vectors, one per word of a row, become four vectors, one per block.
#[inline(always)]
fn transposed([a, b, c, d]: [v128; 4]) -> [v128; 4] {
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

/// "expand 32-byte k"
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Words of four blocks.
const WORDS: usize = 4 * BLOCK / 8;
