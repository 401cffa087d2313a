//! The direct connections under way, by the slot of the other party.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::direct::{Direct, News};

/// At most one connection for each slot.
pub(crate) struct Directs {
    connect: Function,
    open: RefCell<BTreeMap<u8, Direct>>,
}

impl Directs {
    /// None yet; `connect` has the page make one.
    pub(crate) fn new(connect: Function) -> Self {
        Self { connect, open: RefCell::default() }
    }

    /// Has a connection made, in place of the one before.
    pub(crate) fn open(
        &self,
        slot: u8,
        offers: bool,
        tell: impl Fn(News) + 'static,
    ) -> Result<(), JsValue> {
        self.close(slot);
        let direct = Direct::open(&self.connect, offers, tell)?;
        self.open.borrow_mut().insert(slot, direct);
        Ok(())
    }

    /// One has come about.
    pub(crate) fn opened(&self, slot: u8) {
        if let Some(direct) = self.open.borrow().get(&slot) {
            direct.opened();
        }
    }

    /// Passes on what the other side says about the connection; nobody cares when it is gone.
    pub(crate) fn signal(&self, slot: u8, bytes: &[u8]) {
        if let Some(direct) = self.open.borrow().get(&slot) {
            direct.signal(bytes);
        }
    }

    /// Sends a message; what is sent through a connection that is gone is lost with it.
    pub(crate) fn send(&self, slot: u8, message: &[u8]) {
        if let Some(direct) = self.open.borrow().get(&slot) {
            direct.send(message);
        }
    }

    /// Closes one; nothing more is heard of it.
    pub(crate) fn close(&self, slot: u8) {
        let closed = self.open.borrow_mut().remove(&slot);
        drop(closed);
    }

    /// Closes all.
    pub(crate) fn close_all(&self) {
        let closed = self.open.take();
        drop(closed);
    }
}
