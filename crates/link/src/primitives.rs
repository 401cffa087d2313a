//! Where Noise gets its primitives from: snow, but for the ciphers.

#[cfg(not(target_arch = "wasm32"))]
mod aesgcm;
mod chachapoly;
mod ciphers;

pub(crate) use chachapoly::Resolver;
pub(crate) use ciphers::Ciphers;

/// What either cipher adds.
const TAG: usize = 16;

#[cfg(test)]
mod tests;
