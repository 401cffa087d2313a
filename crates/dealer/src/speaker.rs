//! The writing half of a connection: messages in, sealed packets out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use cryptab_correlation::{Correction, Seed};
use cryptab_link::Channel;
use cryptab_wire::FromDealer;
use futures::SinkExt as _;
use futures::stream::SplitSink;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use crate::pace::Pace;
use crate::refusal::{Ending, Refusal};

/// Speaks to one party.
pub(crate) struct Speaker {
    sink: SplitSink<WebSocket, Message>,
    channel: Arc<Mutex<Channel>>,
    pace: Pace,
}

impl Speaker {
    pub(crate) fn new(
        sink: SplitSink<WebSocket, Message>,
        channel: Arc<Mutex<Channel>>,
        pace: Pace,
    ) -> Self {
        Self { sink, channel, pace }
    }

    pub(crate) async fn give_seed(&mut self, seed: &Seed) -> Result<(), Ending> {
        let message = Zeroizing::new(FromDealer::Seed(seed.expose()).encode());
        let packets = self.channel.lock().await.send(&message).map_err(Refusal::Packet)?;
        self.send(packets).await
    }

    pub(crate) async fn give(&mut self, correction: Correction) -> Result<(), Ending> {
        let mut channel = Arc::clone(&self.channel).lock_owned().await;
        let length = correction.bytes.len();
        let mut seal = move || {
            let head = [&FromDealer::CORRECTION_HEAD[..], &correction.head()].concat();
            channel.send_behind(&[], &head, &correction.bytes)
        };
        let packets = if length < SEALED_IN_PASSING {
            seal()
        } else {
            spawn_blocking(seal).await.map_err(|_| Refusal::Failed)?
        };
        self.send(packets.map_err(Refusal::Packet)?).await
    }

    pub(crate) async fn ping(&mut self) -> Result<(), Ending> {
        self.in_time(0, [Message::Ping(Bytes::new())]).await
    }

    /// The last word, sealed, and the end of the connection.
    pub(crate) async fn refuse(&mut self, reason: &Refusal) -> Result<(), Ending> {
        let message = FromDealer::Refused(&reason.to_string()).encode();
        // A channel that an error has ended has no last word.
        let sealed = self.channel.lock().await.send(&message);
        if let Ok(packets) = sealed {
            self.send(packets).await?;
        }
        self.in_time(0, [farewell(reason)]).await
    }

    async fn send(&mut self, packets: Vec<Vec<u8>>) -> Result<(), Ending> {
        let bytes = packets.iter().map(Vec::len).sum();
        self.in_time(bytes, packets.into_iter().map(|packet| Message::Binary(packet.into()))).await
    }

    /// Sends messages. All must be taken within the time that their bytes give, and none may take longer
    /// than a stall.
    async fn in_time(
        &mut self,
        bytes: usize,
        messages: impl IntoIterator<Item = Message>,
    ) -> Result<(), Ending> {
        let (sink, stall) = (&mut self.sink, self.pace.stall());
        let all = async {
            for message in messages {
                taken(timeout(stall, sink.feed(message)).await)?;
            }
            taken(timeout(stall, sink.flush()).await)
        };
        let start = Instant::now();
        let sent = timeout(self.pace.time_for(bytes), all).await;
        self.pace.took(bytes, start.elapsed());
        sent.unwrap_or(Err(Ending::Vanished))
    }
}

fn taken(sent: Result<Result<(), axum::Error>, Elapsed>) -> Result<(), Ending> {
    sent.map_err(|_| Ending::Vanished)?.map_err(|_| Ending::Broken)
}

/// The WebSocket's goodbye to a refused party.
pub(crate) fn farewell(reason: &Refusal) -> Message {
    let code = match reason {
        Refusal::Closing => close_code::AWAY,
        _ => close_code::POLICY,
    };
    Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason.name()) }))
}

/// Bytes that are sealed within a fraction of a millisecond: not worth a thread.
const SEALED_IN_PASSING: usize = 128 << 10;
