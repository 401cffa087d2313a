//! Where Noise gets its primitives from: snow, but for the ciphers.

#[cfg(not(target_arch = "wasm32"))]
mod aesgcm;
mod chachapoly;
mod ciphers;

pub(crate) use chachapoly::Resolver;
pub(crate) use ciphers::{Ciphers, PacketCipher};

/// The tag of either cipher.
pub(crate) const TAG: usize = 16;

#[cfg(test)]
mod tests;
