//! The writing half of a connection: letters, pings, and the last word.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use cryptab_wire::{FromRelay, Refusal};
use futures::SinkExt as _;
use futures::stream::SplitSink;
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::config::Times;
use crate::mailbox::Letters;
use crate::telemetry::name;

/// Writes to one client until the connection breaks or the reading half ends it: with a refusal as
/// the last word, or with none.
pub(crate) async fn write(
    mut socket: SplitSink<WebSocket, Message>,
    mut letters: Letters,
    last_word: oneshot::Receiver<Refusal>,
    times: Times,
) {
    let refusal = tokio::select! {
        biased;
        refusal = last_word => refusal.ok(),
        _broken = pump(&mut socket, &mut letters, times.ping_every) => return,
    };
    // Whoever waits to deliver here must not wait for a goodbye.
    drop(letters);
    // The client may be gone: then there is nobody to tell.
    let _ = timeout(times.farewell, say_goodbye(&mut socket, refusal)).await;
}

/// Never returns but with an error of the socket.
async fn pump(
    socket: &mut SplitSink<WebSocket, Message>,
    letters: &mut Letters,
    ping_every: Duration,
) -> Result<(), axum::Error> {
    let mut pings = interval(ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = pings.tick() => socket.send(Message::Ping(Bytes::new())).await?,
            Some(letter) = letters.next() => {
                socket.feed(Message::Binary(letter.message.clone())).await?;
                // Many small messages leave in one packet; the last one never waits.
                if letters.is_empty() {
                    socket.flush().await?;
                }
            }
        }
    }
}

async fn say_goodbye(
    socket: &mut SplitSink<WebSocket, Message>,
    refusal: Option<Refusal>,
) -> Result<(), axum::Error> {
    if let Some(reason) = refusal {
        let notice = FromRelay::Refused { reason }.encode();
        socket.feed(Message::Binary(notice.into())).await?;
        let code = match reason {
            Refusal::Closing => close_code::AWAY,
            _ => close_code::POLICY,
        };
        let reason = Utf8Bytes::from_static(name(reason));
        socket.feed(Message::Close(Some(CloseFrame { code, reason }))).await?;
    }
    socket.close().await
}
