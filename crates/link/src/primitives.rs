//! Where Noise gets its primitives from: snow, but for the cipher in the browser.

#[cfg(any(test, target_arch = "wasm32"))]
mod chachapoly;

#[cfg(target_arch = "wasm32")]
pub(crate) use chachapoly::Resolver;
#[cfg(not(target_arch = "wasm32"))]
pub(crate) use snow::resolvers::DefaultResolver as Resolver;
