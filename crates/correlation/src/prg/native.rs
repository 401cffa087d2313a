//! The `chacha20` crate's kernels (SSE2, AVX2, AVX-512, NEON, chosen at run time), on all cores.

use chacha20::ChaCha12;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

use super::BLOCK;

/// Words that one task expands: 512 KiB.
const TASK: usize = 1 << 16;

pub(super) fn fill(key: &[u8; 32], nonce: [u8; 12], block: u32, words: &mut [u64]) {
    if words.len() <= TASK {
        return expand(key, nonce, u64::from(block), words);
    }
    words.par_chunks_mut(TASK).enumerate().for_each(|(task, part)| {
        expand(key, nonce, u64::from(block) + (task * (TASK / BLOCK)) as u64, part);
    });
}

fn expand(key: &[u8; 32], nonce: [u8; 12], block: u64, words: &mut [u64]) {
    let mut cipher = ChaCha12::new(key.into(), &nonce.into());
    cipher.seek(block * 64);
    words.fill(0);
    cipher.apply_keystream(bytemuck::cast_slice_mut(words));
    if cfg!(target_endian = "big") {
        words.iter_mut().for_each(|word| *word = word.swap_bytes());
    }
}
