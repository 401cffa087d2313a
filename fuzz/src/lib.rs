//! What several fuzz targets share.

pub mod engine;
pub mod link;
pub mod room;
mod script;

pub use link::linked;
pub use script::Script;
