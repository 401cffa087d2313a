//! The keystream of `ChaCha`, by the fastest kernel that the platform has.
//!
//! ```text
//! block(i) = ChaCha(constants | key (256 bits) | i (u32) | nonce (96 bits))
//! ```
//!
//! The layout is that of RFC 8439, section 2.3. Natively the `chacha20` crate does the work; it has no
//! kernel for wasm's simd128, so there the one of this crate does. The tests hold the kernel of the
//! platform that they run on against the RFC's vectors and its plain steps.
//!
//! Neither kernel branches on or indexes by key or data.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod simd128;

#[cfg(not(target_arch = "wasm32"))]
use native as kernel;
#[cfg(target_arch = "wasm32")]
use simd128 as kernel;

/// Bytes of one block.
pub const BLOCK: usize = 64;

/// How many rounds make a block.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rounds {
    /// Of the streams that masks and shares are expanded from.
    Twelve,
    /// Of RFC 8439.
    Twenty,
}

/// The xor of `bytes` and the keystream from the start of block number `first` on, in place.
///
/// # Panics
/// If `bytes` go on to the last of the 2^32 blocks, which the `chacha20` crate never uses.
pub fn apply(rounds: Rounds, key: &[u8; 32], nonce: &[u8; 12], first: u32, bytes: &mut [u8]) {
    let blocks = bytes.len().div_ceil(BLOCK) as u64;
    assert!(
        u64::from(first) + blocks <= u64::from(u32::MAX),
        "a keystream ends before block 2^32 - 1"
    );
    kernel::apply(rounds, key, nonce, first, bytes);
}

#[cfg(test)]
mod tests;
