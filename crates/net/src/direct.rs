//! Direct connections: to other parties without the relay between them.
//!
//! The node says when to make one, carries what its two ends must tell each other to come about
//! (`signal`), and sends packets through it once it is open. Each connection is served by a task,
//! which goes through two stages:
//! 1. `ice` asks the relay which servers help, and `meet` tries every way there is at the same time, and takes the first that leads to the other
//!    party: `tcp` where both are native parties on one machine or network, `webrtc` (a feature) with
//!    tabs and across the Internet;
//! 2. `tcp` or `webrtc` carries packets in both directions until it ends.
//!
//! What comes in is bounded and not read until the driver takes it; what goes out is not, for the
//! reason given for pipes. Everything that passes is sealed between the parties above this layer: who
//! takes the place of the other end can drop packets and nothing else.

mod connection;
mod ice;
mod meet;
mod signal;
mod tcp;
#[cfg(feature = "webrtc")]
mod webrtc;
#[cfg(not(feature = "webrtc"))]
#[path = "direct/without_webrtc.rs"]
mod webrtc;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::Bound::{Excluded, Included, Unbounded};
use std::task::Poll;

use bytes::Bytes;
use cryptab_session::Input;
use futures::future::join_all;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::duplex::FAREWELL;
use connection::Connection;

#[cfg(fuzzing)]
pub(crate) use {signal::Signal, tcp::next_frame};

/// The direct connections of one party, by the other's slot.
pub(crate) struct Directs {
    /// The relay's WebSocket, beside which it says what helps.
    relay: String,
    connections: BTreeMap<u8, Connection>,
    /// Connections that were closed, and may have something left to send.
    closing: Vec<JoinHandle<()>>,
    /// The slot that was heard last: the others have their turn before it.
    last: u8,
}

/// What happens to a direct connection.
#[derive(Debug)]
pub(crate) enum DirectNews {
    /// The other end must be told this.
    Signal(Vec<u8>),
    /// It is open.
    Opened,
    /// A message has come.
    Message(Bytes),
    /// It has ended, or could not be made, for this reason.
    Closed(String),
}

impl Directs {
    pub(crate) fn new(relay: &str) -> Self {
        let relay = relay.to_owned();
        Self { relay, connections: BTreeMap::new(), closing: Vec::new(), last: 0 }
    }

    /// Begins to connect to the party in `slot`; a connection from before is closed. Must be called
    /// within a tokio runtime.
    pub(crate) fn connect(&mut self, slot: u8, offers: bool) {
        self.close(slot);
        let side = if offers { Side::Offers } else { Side::Answers };
        self.connections.insert(slot, Connection::open(side, &self.relay));
    }

    /// What the other end has to say.
    pub(crate) fn signal(&self, slot: u8, bytes: Vec<u8>) {
        if let Some(connection) = self.connections.get(&slot) {
            connection.signal(bytes);
        }
    }

    /// Sends a message, after those before it.
    pub(crate) fn send(&self, slot: u8, message: Vec<u8>) {
        if let Some(connection) = self.connections.get(&slot) {
            connection.send(message);
        }
    }

    /// Closes the connection, or stops making it; nothing more is heard of it.
    pub(crate) fn close(&mut self, slot: u8) {
        self.closing.retain(|task| !task.is_finished());
        self.closing.extend(self.connections.remove(&slot).map(Connection::close));
    }

    /// Closes all of them and waits until all has been sent, for a while.
    pub(crate) async fn close_all(self) {
        let open = self.connections.into_values().map(Connection::close);
        // Whatever has not left by then is lost, as it would be with the connections.
        let _ = timeout(FAREWELL, join_all(self.closing.into_iter().chain(open))).await;
    }

    /// What happens next on any of them, for the node. Cancelled, it loses nothing.
    pub(crate) async fn next(&mut self) -> Input {
        let (slot, news) = poll_fn(|context| {
            let turns = [(Excluded(self.last), Unbounded), (Unbounded, Included(self.last))];
            for turn in turns {
                for (&slot, connection) in self.connections.range_mut(turn) {
                    if let Poll::Ready(Some(news)) = connection.poll_next(context) {
                        return Poll::Ready((slot, news));
                    }
                }
            }
            Poll::Pending
        })
        .await;
        self.last = slot;
        match news {
            DirectNews::Signal(bytes) => Input::DirectSignal { slot, bytes },
            DirectNews::Opened => Input::DirectOpened { slot },
            DirectNews::Message(bytes) => Input::DirectMessage { slot, bytes },
            DirectNews::Closed(reason) => {
                self.connections.remove(&slot);
                Input::DirectClosed { slot, reason }
            }
        }
    }
}

/// Which end of a connection this is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Side {
    /// It makes the offer, and decides which of several ways is taken.
    Offers,
    /// It answers.
    Answers,
}

#[cfg(test)]
mod tests;
