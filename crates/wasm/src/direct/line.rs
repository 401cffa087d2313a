//! What the page says about a direct connection, and what it is told.

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::RtcDataChannel;

#[wasm_bindgen]
extern "C" {
    /// The Worker's end of the line to the page, for one connection.
    #[derive(Debug)]
    pub(super) type Line;

    /// Passes on what the other side of the connection says.
    #[wasm_bindgen(method)]
    pub(super) fn signal(this: &Line, bytes: &[u8]);

    /// Says that the channel is open.
    #[wasm_bindgen(method)]
    pub(super) fn opened(this: &Line);

    /// Ends the connection; the page says nothing about it any more.
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Line);

    /// Something that the page says: one of the following.
    #[derive(Debug)]
    pub(super) type Said;

    /// The channel that was made, not open yet, or what stands for it.
    #[wasm_bindgen(method, getter)]
    pub(super) fn channel(this: &Said) -> Option<RtcDataChannel>;

    /// For the other side of the connection.
    #[wasm_bindgen(method, getter)]
    pub(super) fn signal(this: &Said) -> Option<Vec<u8>>;

    /// Why there is no connection.
    #[wasm_bindgen(method, getter)]
    pub(super) fn failed(this: &Said) -> Option<String>;
}
