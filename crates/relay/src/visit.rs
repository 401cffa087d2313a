//! One client from its connection to its end: the reading half.

use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use cryptab_wire::relay::{MAX_ADDRESSED, readdress};
use cryptab_wire::{Refusal, ToRelay};
use futures::StreamExt as _;
use futures::stream::SplitStream;
use governor::{DefaultDirectRateLimiter, Quota};
use tokio::sync::{oneshot, watch};
use tokio::time::{sleep_until, timeout};

use crate::address::Address;
use crate::lobby::Now;
use crate::mailbox::{Mailbox, cost, mailbox};
use crate::relay::Shared;
use crate::room::Seat;
use crate::telemetry::name;
use crate::writer::write;

/// Attends to one client until it leaves or must go. `closing` is held to the end: the relay waits
/// for it.
pub(crate) async fn attend(
    socket: WebSocket,
    address: Address,
    shared: Arc<Shared>,
    mut closing: watch::Receiver<bool>,
) {
    let (sink, mut stream) = socket.split();
    let (mailbox, letters) = mailbox(shared.config.limits.queue_bytes, &shared.pool);
    let (last_word, goodbye) = oneshot::channel();
    let mut writer = tokio::spawn(write(sink, letters, goodbye, shared.config.times.clone()));

    let ending = tokio::select! {
        biased;
        _ = closing.wait_for(|closing| *closing) => Ending::Refused(Refusal::Closing),
        _ = &mut writer => return,
        Err(ending) = visit(&mut stream, mailbox, address, &shared) => ending,
    };
    match ending {
        Ending::Refused(reason) => {
            shared.telemetry.refused(reason);
            tracing::debug!(reason = name(reason), "refused");
            // A writer that is gone has nobody to tell.
            let _ = last_word.send(reason);
        }
        Ending::Vanished => {
            shared.telemetry.vanished.increment(1);
            drop(last_word);
        }
        Ending::Broken => {
            let _ = last_word.send(Refusal::Malformed);
        }
        Ending::Left => drop(last_word),
    }
    // Reads on while the last word is said: closing on unread bytes would reset the connection and
    // could destroy that word on its way.
    let drain = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = timeout(shared.config.times.farewell, async { tokio::join!(drain, writer) }).await;
}

/// Why a visit ends.
enum Ending {
    /// The client closed the connection.
    Left,
    /// The connection broke, or carries what is no WebSocket message of a size we read.
    Broken,
    /// Nothing was heard from the client for too long.
    Vanished,
    /// The relay ends it.
    Refused(Refusal),
}

impl From<Refusal> for Ending {
    fn from(reason: Refusal) -> Self {
        Self::Refused(reason)
    }
}

async fn visit(
    stream: &mut SplitStream<WebSocket>,
    mailbox: Mailbox,
    address: Address,
    shared: &Shared,
) -> Result<Infallible, Ending> {
    let _connection = shared.connections.take(address).ok_or(Refusal::TooMany)?;
    let times = &shared.config.times;
    let first = timeout(times.join_within, next_binary(stream, times.silence));
    let first = first.await.map_err(|_late| Refusal::Malformed)??;
    let join = ToRelay::decode(&first).map_err(|_| Refusal::Malformed)?;
    let seat = shared.lobby.admit(&join, mailbox, address, Now::read())?;

    tracing::info!(room = ?seat.room.id, slot = seat.slot, "joined");
    let ending = tokio::select! {
        biased;
        () = sleep_until(seat.room.deadline.into()) => Err(Refusal::Expired.into()),
        ending = pass_on(stream, &seat, shared) => ending,
    };
    tracing::info!(room = ?seat.room.id, slot = seat.slot, "left");
    ending
}

/// Reads packet after packet; the next one only when this one has found space in its receiver's
/// mailbox.
async fn pass_on(
    stream: &mut SplitStream<WebSocket>,
    seat: &Seat,
    shared: &Shared,
) -> Result<Infallible, Ending> {
    let pace = Pace::new(shared.config.limits.bytes_per_second);
    loop {
        let message = next_binary(stream, shared.config.times.silence).await?;
        pace.keep(message.len()).await;
        let (to, message) = address_anew(message, seat.slot).ok_or(Refusal::Malformed)?;
        if to == seat.slot || to >= seat.room.parties() {
            return Err(Refusal::Malformed.into());
        }
        seat.room.forward(to, message).await;
    }
}

/// The client's next message; anything at all from it, such as the answer to a ping, breaks the
/// silence.
async fn next_binary(
    stream: &mut SplitStream<WebSocket>,
    silence: Duration,
) -> Result<Bytes, Ending> {
    loop {
        let message = timeout(silence, stream.next()).await.map_err(|_| Ending::Vanished)?;
        match message {
            Some(Ok(Message::Binary(message))) => return Ok(message),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => return Err(Refusal::Malformed.into()),
            Some(Ok(Message::Close(_))) | None => return Err(Ending::Left),
            Some(Err(_)) => return Err(Ending::Broken),
        }
    }
}

/// The slot a message is for, and the message as that slot gets it.
fn address_anew(message: Bytes, from: u8) -> Option<(u8, Bytes)> {
    match message.try_into_mut() {
        Ok(mut message) => {
            let to = readdress(&mut message, from).ok()?;
            Some((to, message.freeze()))
        }
        // The socket still holds a part of this buffer.
        Err(shared) => {
            let mut message = shared.to_vec();
            let to = readdress(&mut message, from).ok()?;
            Some((to, message.into()))
        }
    }
}

/// Slows the reading of one member down to a number of bytes per second.
struct Pace(Option<DefaultDirectRateLimiter>);

impl Pace {
    fn new(bytes_per_second: Option<NonZeroU32>) -> Self {
        Self(bytes_per_second.map(|rate| {
            let longest = NonZeroU32::MIN.saturating_add(cost(MAX_ADDRESSED));
            let quota = Quota::per_second(rate).allow_burst(rate.max(longest));
            DefaultDirectRateLimiter::direct(quota)
        }))
    }

    async fn keep(&self, length: usize) {
        if let (Some(limiter), Some(cost)) = (&self.0, NonZeroU32::new(cost(length))) {
            // Longer than any burst: refused as malformed right after this.
            let _ = limiter.until_n_ready(cost).await;
        }
    }
}
