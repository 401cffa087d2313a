//! Events as JavaScript objects.

use cryptab_session::{Acquaintance, Event, Lobby};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::failure::Failure;

/// What the page learns.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
enum Shown<'event> {
    Lobby(&'event Lobby),
    Acquainted { acquaintance: &'event Acquaintance },
    Ready,
    Failed { error: Failure },
    Closed { error: Failure },
}

/// The event as an object, unless it is none of the page's business.
pub(crate) fn shown(event: &Event) -> Option<JsValue> {
    let shown = match event {
        Event::Lobby(lobby) => Shown::Lobby(lobby),
        Event::Acquainted(acquaintance) => Shown::Acquainted { acquaintance },
        Event::Ready => Shown::Ready,
        Event::Said { .. } => return None,
        Event::Failed(error) => Shown::Failed { error: error.into() },
        Event::Closed(error) => Shown::Closed { error: error.into() },
    };
    serde_wasm_bindgen::to_value(&shown).ok()
}

/// How far a session is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Progress {
    pub(crate) stage: &'static str,
    pub(crate) round: u32,
    pub(crate) rounds: u32,
    pub(crate) bytes: u64,
    pub(crate) dealer_bytes: u64,
    pub(crate) waiting_for: Vec<String>,
}

/// What a program costs, from each party.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Cost {
    pub(crate) rounds: u32,
    pub(crate) bytes: u64,
    pub(crate) dealer_bytes: u64,
}

/// What the elements of a tensor are.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Kind {
    pub(crate) frac_bits: u8,
    pub(crate) is_bit: bool,
    pub(crate) is_binary: bool,
    pub(crate) is_public: bool,
    /// Number of the operation that made it.
    pub(crate) operation: u32,
}
