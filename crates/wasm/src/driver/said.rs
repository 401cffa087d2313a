//! What the peers' applications said, until somebody wants to hear it.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Messages by the peer that said them, in order.
#[derive(Default)]
pub(crate) struct Said {
    messages: RefCell<BTreeMap<u8, VecDeque<Vec<u8>>>>,
    listeners: RefCell<BTreeMap<u8, Waker>>,
}

impl Said {
    /// Keeps a message.
    pub(crate) fn keep(&self, from: u8, bytes: Vec<u8>) {
        self.messages.borrow_mut().entry(from).or_default().push_back(bytes);
        if let Some(listener) = self.listeners.borrow_mut().remove(&from) {
            listener.wake();
        }
    }

    /// Forgets everything; whoever listens looks up.
    pub(crate) fn clear(&self) {
        self.messages.borrow_mut().clear();
        self.listeners.take().into_values().for_each(Waker::wake);
    }

    /// The next message of `peer`; none once `current` says that the session is over.
    pub(crate) async fn next(&self, peer: u8, current: impl Fn() -> bool) -> Option<Vec<u8>> {
        poll_fn(|context| {
            if !current() {
                return Poll::Ready(None);
            }
            let next = self.messages.borrow_mut().get_mut(&peer).and_then(VecDeque::pop_front);
            if next.is_none() {
                self.listeners.borrow_mut().insert(peer, context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(next)
        })
        .await
    }

    /// The peers that somebody listens for.
    pub(crate) fn awaited(&self) -> Vec<u8> {
        self.listeners.borrow().keys().copied().collect()
    }
}
