//! A data channel that is open.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;
use tokio::time::sleep;
use webrtc::data_channel::{DataChannel, DataChannelEvent};

use super::handler::Heard;
use super::{Peer, text};
use crate::direct::DirectNews;
use crate::direct::connection::Ends;
use crate::direct::signal::Signal;
use crate::duplex::both;

/// A data channel and its connection.
pub(in crate::direct) struct Channel {
    pub(super) peer: Peer,
    pub(super) channel: Arc<dyn DataChannel>,
    pub(super) hears: mpsc::UnboundedReceiver<Heard>,
}

impl Channel {
    /// Carries packets in both directions until the channel ends; returns why.
    pub(in crate::direct) async fn carry(self, ends: &mut Ends) -> String {
        let Self { mut peer, channel, mut hears } = self;
        let Ends { signals, to_send, news } = ends;
        let mut carrying = pin!(both(read(&*channel, news), write(&*channel, to_send)));
        loop {
            tokio::select! {
                reason = &mut carrying => return reason,
                // Better addresses may come when some already work.
                Some(signal) = signals.recv() => {
                    if let Some(Signal::Candidate(candidate)) = Signal::parse(&signal) {
                        peer.add(candidate).await;
                    }
                }
                Some(heard) = hears.recv() => match heard {
                    Heard::Failed => return "the other party cannot be reached any more".to_owned(),
                    Heard::Candidate(candidate) => {
                        let signal = Signal::Candidate(candidate).encode();
                        // Waiting here would stop the channel for as long as nobody reads.
                        let _ = news.try_send(DirectNews::Signal(signal));
                    }
                },
            }
        }
    }
}

/// Reads until the channel ends, and says why; nothing when nobody listens.
async fn read(channel: &dyn DataChannel, news: &mpsc::Sender<DirectNews>) -> Option<String> {
    loop {
        let event = tokio::select! {
            event = channel.poll() => event,
            () = news.closed() => return None,
        };
        match event {
            Some(DataChannelEvent::OnMessage(message)) => {
                news.send(DirectNews::Message(message.data.freeze())).await.ok()?;
            }
            Some(DataChannelEvent::OnClose) | None => {
                return Some("the connection was closed".to_owned());
            }
            Some(_) => {}
        }
    }
}

/// Writes until there is nothing more to come, and the other end has it all.
async fn write(
    channel: &dyn DataChannel,
    to_send: &mut mpsc::UnboundedReceiver<Vec<u8>>,
) -> Result<(), String> {
    while let Some(message) = to_send.recv().await {
        channel.send(BytesMut::from(Bytes::from(message))).await.map_err(text)?;
    }
    // The library has no other way to know when the last byte has arrived.
    while channel.outstanding_bytes().await.map_err(text)? > 0 {
        sleep(LOOK_AGAIN).await;
    }
    channel.close().await.map_err(text)
}

const LOOK_AGAIN: Duration = Duration::from_millis(10);
