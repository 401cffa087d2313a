//! The boundary between the engine and a browser's Worker: converts types, pumps WebSockets
//! and data channels.
//!
//! | file | what |
//! |---|---|
//! | `room` | [`Room`]: a party in a room, and the photo program |
//! | `session`, `tensor` | [`Session`], [`Tensor`]: handles to the engine of a session |
//! | `invite`, `owner` | [`create_room`], [`read_invite`], [`order_as_owner`] |
//! | `driver` | tells the session's node what happens, does what it says |
//! | `socket`, `direct`, `message` | the browser's transports |
//! | `journal` | what a tab that is reloaded goes on from |
//! | `timer`, `clock` | time, as the browser knows it |
//! | `event`, `failure` | events and errors as JavaScript objects |
//!
//! Tensors and pixels cross as typed arrays; only options, events and errors go through serde. Errors
//! are plain objects `{ fault, code, peer, message }`. A panic is a bug: it is printed to the console
//! and ends the Worker's module.
//!
//! Assumes that it runs in one thread, and that the page that loaded it is honest.

mod clock;
mod direct;
mod driver;
mod event;
mod failure;
mod invite;
mod journal;
mod later;
mod message;
mod owner;
mod room;
mod session;
mod socket;
mod tensor;
mod timer;

use std::panic;

use wasm_bindgen::prelude::wasm_bindgen;

pub use invite::{create_room, read_invite};
pub use later::LateInput;
pub use owner::order_as_owner;
pub use room::{Photo, Room};
pub use session::{Session, adjust_in_clear};
pub use tensor::Tensor;

/// Panics are printed where developers look.
#[wasm_bindgen(start)]
pub fn start() {
    panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
}
