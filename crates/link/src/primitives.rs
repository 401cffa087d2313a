//! Where Noise gets its primitives from: snow, but for the cipher.

mod chachapoly;

pub(crate) use chachapoly::Resolver;
