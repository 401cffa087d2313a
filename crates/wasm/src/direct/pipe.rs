//! The messages of a data channel, both ways.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelState, RtcDataChannelType};

use super::News;
use crate::message::bytes_of;

/// A data channel and what waits to be sent. Dropped, it closes, and tells nothing any more.
pub(super) struct Pipe {
    channel: RtcDataChannel,
    waiting: Rc<RefCell<VecDeque<Vec<u8>>>>,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _drained: Closure<dyn FnMut()>,
    _closed: Closure<dyn FnMut()>,
}

impl Pipe {
    /// Listens to a channel that is not open yet.
    pub(super) fn new(channel: RtcDataChannel, tell: Rc<impl Fn(News) + 'static>) -> Self {
        channel.set_binary_type(RtcDataChannelType::Arraybuffer);
        channel.set_buffered_amount_low_threshold(LOW);
        let waiting = Rc::<RefCell<VecDeque<Vec<u8>>>>::default();
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
        let drained = {
            let (channel, waiting) = (channel.clone(), Rc::clone(&waiting));
            Closure::<dyn FnMut()>::new(move || send_on(&channel, &mut waiting.borrow_mut()))
        };
        let closed = Closure::<dyn FnMut()>::new(move || {
            tell(News::Closed("the channel closed".to_owned()))
        });
        channel.set_onopen(Some(opened.as_ref().unchecked_ref()));
        channel.set_onmessage(Some(message.as_ref().unchecked_ref()));
        channel.set_onbufferedamountlow(Some(drained.as_ref().unchecked_ref()));
        channel.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Self {
            channel,
            waiting,
            _opened: opened,
            _message: message,
            _drained: drained,
            _closed: closed,
        }
    }

    /// Sends a message, once the channel has room for it.
    pub(super) fn send(&self, message: &[u8]) {
        let mut waiting = self.waiting.borrow_mut();
        if waiting.is_empty() && has_room(&self.channel) {
            hand_over(&self.channel, message);
        } else {
            waiting.push_back(message.to_vec());
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.channel.set_onopen(None);
        self.channel.set_onmessage(None);
        self.channel.set_onbufferedamountlow(None);
        self.channel.set_onclose(None);
        self.channel.close();
    }
}

fn send_on(channel: &RtcDataChannel, waiting: &mut VecDeque<Vec<u8>>) {
    while has_room(channel) {
        let Some(message) = waiting.pop_front() else { return };
        hand_over(channel, &message);
    }
}

fn has_room(channel: &RtcDataChannel) -> bool {
    channel.buffered_amount() < HIGH
}

/// A channel that takes a message no more is closed, or about to be: either way it says so.
fn hand_over(channel: &RtcDataChannel, message: &[u8]) {
    if channel.send_with_u8_array(message).is_err()
        && channel.ready_state() == RtcDataChannelState::Open
    {
        channel.close();
    }
}

/// Bytes that a channel holds at most, but for one message: browsers close a channel that holds too
/// many (16 MiB), and what it holds cannot take another path when this one dies.
const HIGH: u32 = 1 << 20;
/// At so many bytes or fewer the channel asks for more: enough to keep it busy until it is answered.
const LOW: u32 = 1 << 18;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
