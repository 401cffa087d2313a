//! The reading half of a connection: packets in, messages out.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use cryptab_link::{Channel, Event};
use futures::StreamExt as _;
use futures::stream::SplitStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::refusal::{Ending, Refusal};

/// Listens to one party.
pub(crate) struct Listener {
    stream: SplitStream<WebSocket>,
    channel: Arc<Mutex<Channel>>,
    silence: Duration,
    /// Packets of the message that is not complete yet.
    fragments: usize,
}

impl Listener {
    pub(crate) fn new(
        stream: SplitStream<WebSocket>,
        channel: Arc<Mutex<Channel>>,
        silence: Duration,
    ) -> Self {
        Self { stream, channel, silence, fragments: 0 }
    }

    /// The party's next message; anything at all from it, such as the answer to a ping, breaks the
    /// silence.
    pub(crate) async fn next(&mut self) -> Result<Vec<u8>, Ending> {
        loop {
            let message = timeout(self.silence, self.stream.next()).await;
            match message.map_err(|_| Ending::Vanished)? {
                Some(Ok(Message::Binary(packet))) => {
                    if let Some(message) = self.open(&packet).await? {
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Text(_))) => return Err(Refusal::Text.into()),
                Some(Ok(Message::Close(_))) | None => return Err(Ending::Left),
                Some(Err(_)) => return Err(Ending::Broken),
            }
        }
    }

    /// Reads on without listening, so that the party gets to hear the last word: closing on unread
    /// bytes would reset the connection.
    pub(crate) async fn drain(mut self) {
        while let Some(Ok(_)) = self.stream.next().await {}
    }

    async fn open(&mut self, packet: &[u8]) -> Result<Option<Vec<u8>>, Ending> {
        let events = self.channel.lock().await.receive(packet).map_err(Refusal::Packet)?;
        let message = events.into_iter().find_map(|event| match event {
            Event::Message(message) => Some(message),
            Event::Send(_) | Event::Open { .. } => None,
        });
        self.fragments = if message.is_some() { 0 } else { self.fragments + 1 };
        if self.fragments > MOST_FRAGMENTS {
            return Err(Refusal::Oversize.into());
        }
        Ok(message)
    }
}

/// A request has at most 1 MiB: 17 packets of somewhat less than 64 KiB.
const MOST_FRAGMENTS: usize = 17;
