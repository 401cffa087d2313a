//! What a transport's messages carry.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast as _;
use web_sys::MessageEvent;

/// The bytes of a message. Text means nothing here and is empty: whoever reads it will find it malformed.
pub(crate) fn bytes_of(event: &MessageEvent) -> Vec<u8> {
    let buffer = event.data().dyn_into::<ArrayBuffer>();
    buffer.map_or_else(|_| Vec::new(), |buffer| Uint8Array::new(&buffer).to_vec())
}
