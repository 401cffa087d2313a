//! The `chacha20` crate's kernels (SSE2, AVX2, AVX-512, NEON, chosen at run time), on all cores.

use chacha20::ChaCha12;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

use super::BLOCK;

/// Words that one task covers: 512 KiB.
const TASK: usize = 1 << 16;

pub(super) fn apply(key: &[u8; 32], nonce: [u8; 12], block: u32, words: &mut [u64]) {
    if words.len() <= TASK {
        return apply_serially(key, nonce, u64::from(block), words);
    }
    words.par_chunks_mut(TASK).enumerate().for_each(|(task, part)| {
        apply_serially(key, nonce, u64::from(block) + (task * (TASK / BLOCK)) as u64, part);
    });
}

fn apply_serially(key: &[u8; 32], nonce: [u8; 12], block: u64, words: &mut [u64]) {
    let mut cipher = ChaCha12::new(key.into(), &nonce.into());
    cipher.seek(block * 64);
    words.iter_mut().for_each(|word| *word = word.to_le());
    cipher.apply_keystream(bytemuck::cast_slice_mut(words));
    words.iter_mut().for_each(|word| *word = u64::from_le(*word));
}
