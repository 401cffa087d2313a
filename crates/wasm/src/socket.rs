//! A WebSocket: opaque messages both ways, and what became of it.

use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::message::bytes_of;

/// What a socket has to tell.
pub(crate) enum News {
    /// It is open.
    Opened,
    /// A message came.
    Message(Vec<u8>),
    /// It has ended, or could not be opened; nothing follows.
    Closed(String),
}

/// A WebSocket. Dropped, it closes, and tells nothing any more.
pub(crate) struct Socket {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a connection; the error says why it cannot even be tried.
    pub(crate) fn open(url: &str, tell: impl Fn(News) + 'static) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = Rc::new(tell);
        let opened = {
            let tell = Rc::clone(&tell);
            Closure::<dyn FnMut()>::new(move || tell(News::Opened))
        };
        let message = {
            let tell = Rc::clone(&tell);
            Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
                tell(News::Message(bytes_of(&event)));
            })
        };
        let closed = Closure::<dyn FnMut(_)>::new(move |event: CloseEvent| {
            tell(News::Closed(reason_of(&event)));
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self { socket, _opened: opened, _message: message, _closed: closed })
    }

    /// Sends a message. What cannot be sent is lost with the connection, which says so itself.
    pub(crate) fn send(&self, message: &[u8]) {
        let _ = self.socket.send_with_u8_array(message);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

fn reason_of(event: &CloseEvent) -> String {
    let reason = event.reason();
    match (event.code(), reason.is_empty()) {
        (1006, _) => "the connection was lost, or could not be made".to_owned(),
        (code, true) => format!("the connection was closed (code {code})"),
        (_, false) => reason,
    }
}
