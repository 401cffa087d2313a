//! The `chacha20` crate's kernels: SSE2, AVX2, AVX-512, NEON, chosen at run time.

use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use chacha20::{ChaCha12, ChaCha20};

use crate::{BLOCK, Rounds};

pub(crate) fn apply(
    rounds: Rounds,
    key: &[u8; 32],
    nonce: &[u8; 12],
    first: u32,
    bytes: &mut [u8],
) {
    match rounds {
        Rounds::Twelve => apply_by(ChaCha12::new(key.into(), nonce.into()), first, bytes),
        Rounds::Twenty => apply_by(ChaCha20::new(key.into(), nonce.into()), first, bytes),
    }
}

fn apply_by(mut cipher: impl StreamCipher + StreamCipherSeek, first: u32, bytes: &mut [u8]) {
    cipher.seek(u64::from(first) * BLOCK as u64);
    cipher.apply_keystream(bytes);
}
