//! The platform's kernel against RFC 8439.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{BLOCK, Rounds, apply};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

const EACH: [(Rounds, usize); 2] = [(Rounds::Twelve, 12), (Rounds::Twenty, 20)];
const KEY: [u8; 32] = {
    let mut key = [0; 32];
    let mut at = 0;
    while at < 32 {
        key[at as usize] = at;
        at += 1;
    }
    key
};
const NONCE: [u8; 12] = [0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0];

/// Section 2.3.2.
#[test]
fn the_block_is_that_of_the_rfc() {
    let mut block = [0; BLOCK];
    apply(Rounds::Twenty, &KEY, &NONCE, 1, &mut block);
    let expected = "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e\
                    d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e";
    let found: String = block.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_length_and_start_is_that_of_the_plain_steps() {
    for (rounds, count) in EACH {
        for length in (0..600).chain([4096, 65_519]) {
            let first = u32::try_from(length % 7).unwrap();
            assert_kernel_is_plain(rounds, count, first, length);
        }
    }
}

#[test]
fn the_last_blocks_can_be_used() {
    for (rounds, count) in EACH {
        for blocks in 1..9 {
            let length = BLOCK * blocks as usize - 5;
            assert_kernel_is_plain(rounds, count, u32::MAX - blocks, length);
        }
    }
}

#[test]
#[should_panic(expected = "a keystream ends before block 2^32 - 1")]
fn the_keystream_has_an_end() {
    apply(Rounds::Twenty, &KEY, &NONCE, u32::MAX - 1, &mut [0; BLOCK + 1]);
}

fn assert_kernel_is_plain(rounds: Rounds, count: usize, first: u32, length: usize) {
    let text: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
    let mut found = text.clone();
    apply(rounds, &KEY, &NONCE, first, &mut found);
    let expected: Vec<u8> = text
        .chunks(BLOCK)
        .zip(first..=u32::MAX)
        .flat_map(|(part, block)| std::iter::zip(part, plain_block(count, block)))
        .map(|(byte, stream)| byte ^ stream)
        .collect();
    assert!(found == expected, "{rounds:?}, {length} bytes from block {first} on");
}

/// Section 2.3.1.
fn plain_block(rounds: usize, number: u32) -> [u8; BLOCK] {
    let words = [b"expand 32-byte k", &KEY[..], &number.to_le_bytes(), &NONCE].concat();
    let start: [u32; 16] = std::array::from_fn(|at| u32::from_le_bytes(words.as_chunks().0[at]));
    let mut state = start;
    for _ in 0..rounds / 2 {
        for at in 0..4 {
            quarter(&mut state, [at, 4 + at, 8 + at, 12 + at]);
        }
        for at in 0..4 {
            quarter(&mut state, [at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4]);
        }
    }
    let sums = std::array::from_fn::<_, 16, _>(|at| state[at].wrapping_add(start[at]));
    sums.map(u32::to_le_bytes).as_flattened().try_into().unwrap()
}

/// Section 2.1.
fn quarter(state: &mut [u32; 16], [a, b, c, d]: [usize; 4]) {
    for [left, right] in [[16, 12], [8, 7]] {
        state[a] = state[a].wrapping_add(state[b]);
        state[d] = (state[d] ^ state[a]).rotate_left(left);
        state[c] = state[c].wrapping_add(state[d]);
        state[b] = (state[b] ^ state[c]).rotate_left(right);
    }
}
