//! A direct connection to another party: a data channel that the page makes and this Worker uses.

mod line;
mod pipe;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;

use line::{Line, Said};
use pipe::Pipe;

/// What a direct connection has to tell.
pub(crate) enum News {
    /// It is open.
    Opened,
    /// A message came.
    Message(Vec<u8>),
    /// The other side must be told this for the connection to come about.
    Signal(Vec<u8>),
    /// It has ended, or could not be made; nothing follows.
    Closed(String),
}

/// A direct connection. Dropped, it closes, and tells nothing any more.
pub(crate) struct Direct {
    line: Line,
    pipe: Rc<RefCell<Option<Pipe>>>,
    _hear: Closure<dyn FnMut(Said)>,
}

impl Direct {
    /// Has the page make a connection. `connect` takes whether this side makes the offer, and what
    /// to call with all that the page says; the error says why it cannot even be tried.
    pub(crate) fn open(
        connect: &Function,
        offers: bool,
        tell: impl Fn(News) + 'static,
    ) -> Result<Self, JsValue> {
        let tell = Rc::new(tell);
        let pipe = Rc::<RefCell<Option<Pipe>>>::default();
        let hear = {
            let pipe = Rc::clone(&pipe);
            Closure::<dyn FnMut(_)>::new(move |said: Said| {
                if let Some(channel) = said.channel() {
                    *pipe.borrow_mut() = Some(Pipe::new(channel, Rc::clone(&tell)));
                } else if let Some(bytes) = said.signal() {
                    tell(News::Signal(bytes));
                } else if let Some(reason) = said.failed() {
                    tell(News::Closed(reason));
                }
            })
        };
        let line = connect.call2(&JsValue::NULL, &offers.into(), hear.as_ref())?;
        Ok(Self { line: line.into(), pipe, _hear: hear })
    }

    /// Tells the page that the connection has come about.
    pub(crate) fn opened(&self) {
        self.line.opened();
    }

    /// Tells the page what the other side says about the connection.
    pub(crate) fn signal(&self, bytes: &[u8]) {
        self.line.signal(bytes);
    }

    /// Sends a message. What cannot be sent is lost with the connection, which says so itself.
    pub(crate) fn send(&self, message: &[u8]) {
        if let Some(pipe) = &*self.pipe.borrow() {
            pipe.send(message);
        }
    }
}

impl Drop for Direct {
    fn drop(&mut self) {
        self.pipe.take();
        self.line.close();
    }
}
