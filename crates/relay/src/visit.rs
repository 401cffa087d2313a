//! One client from its connection to its end: the reading half.

use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use cryptab_wire::relay::{MAX_ADDRESSED, readdress};
use cryptab_wire::{Claim, FromRelay, Refusal, SignedOrder, ToRelay};
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
        Ending::Left | Ending::Gone => drop(last_word),
    }
    // Reads on while the last word is said: closing on unread bytes would reset the connection and
    // could destroy that word on its way.
    let drain = async { while let Some(Ok(_)) = stream.next().await {} };
    let _ = timeout(shared.config.times.farewell, async { tokio::join!(drain, writer) }).await;
}

/// Why a visit ends.
enum Ending {
    /// The client said goodbye and closed the connection.
    Left,
    /// The connection ended without a goodbye: a tab that was closed or reloaded, for instance.
    Gone,
    /// The connection broke, or carries what is no WebSocket message of a size we read.
    Broken,
    /// Nothing was heard from the client for too long.
    Vanished,
    /// The relay ends it.
    Refused(Refusal),
}

impl Ending {
    /// Whether the client may come back and find its place.
    const fn keeps_place(&self) -> bool {
        matches!(self, Self::Gone | Self::Broken | Self::Vanished)
    }
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
    if let ToRelay::Order { version, charter, order } = join {
        shared.lobby.obey(version, charter, order, address, Now::read())?;
        return acknowledge(stream, mailbox, order, times.farewell).await;
    }
    let now = Now::read();
    let seat = shared.lobby.admit(&join, mailbox, address, now)?;
    let (end, why) = end_of(&join, &seat, now);

    tracing::info!(room = ?seat.room.id, slot = seat.slot, "joined");
    let ending = tokio::select! {
        biased;
        () = sleep_until(end.into()) => Err(why.into()),
        reason = dismissal(seat.dismissed.clone()) => Err(reason.into()),
        ending = pass_on(stream, &seat, address, shared) => ending,
    };
    tracing::info!(room = ?seat.room.id, slot = seat.slot, "left");
    if !matches!(&ending, Err(ending) if ending.keeps_place()) {
        seat.leave();
    }
    ending
}

/// When a visit ends at the latest, and why then.
fn end_of(join: &ToRelay, seat: &Seat, now: Now) -> (Instant, Refusal) {
    let room = (seat.room.deadline, Refusal::Expired);
    let ToRelay::Join { claim: Some(Claim { pass: Some(pass), .. }), .. } = join else {
        return room;
    };
    let left = Duration::from_secs(pass.token.grant.expires.saturating_sub(now.unix));
    match now.instant.checked_add(left) {
        Some(end) if end < room.0 => (end, Refusal::TokenExpired),
        _ => room,
    }
}

/// Why the member must go, once it must.
async fn dismissal(mut dismissed: watch::Receiver<Option<Refusal>>) -> Refusal {
    let reason = dismissed.wait_for(Option::is_some).await.ok().and_then(|reason| *reason);
    match reason {
        Some(reason) => reason,
        // Nobody dismisses a member that has no place any more.
        None => std::future::pending().await,
    }
}

/// Confirms an order to whoever is not in the room, and waits until that is read.
async fn acknowledge(
    stream: &mut SplitStream<WebSocket>,
    mailbox: Mailbox,
    order: SignedOrder,
    patience: Duration,
) -> Result<Infallible, Ending> {
    mailbox.notify(FromRelay::Ordered { order }.encode());
    match next_binary(stream, patience).await {
        Ok(_) => Err(Refusal::Malformed.into()),
        Err(_) => Err(Ending::Left),
    }
}

/// Reads packet after packet; the next one only when this one has found space in its receiver's
/// mailbox.
async fn pass_on(
    stream: &mut SplitStream<WebSocket>,
    seat: &Seat,
    address: Address,
    shared: &Shared,
) -> Result<Infallible, Ending> {
    let pace = Pace::new(shared.config.limits.bytes_per_second);
    loop {
        let message = next_binary(stream, shared.config.times.silence).await?;
        pace.keep(message.len()).await;
        if let Some(said) = ToRelay::decode_within(&message) {
            let ToRelay::Order { order, .. } = said.map_err(|_| Refusal::Malformed)? else {
                return Err(Refusal::Malformed.into());
            };
            // Passed on, or the owner's own.
            shared.lobby.obey_within(&seat.room, order, address)?;
            continue;
        }
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
            Some(Ok(Message::Close(frame))) => return Err(goodbye(frame.as_ref())),
            None => return Err(Ending::Gone),
            Some(Err(_)) => return Err(Ending::Broken),
        }
    }
}

/// Whoever leaves on purpose closes normally, or without a code; a browser says that it is going
/// away when a page ends.
fn goodbye(frame: Option<&CloseFrame>) -> Ending {
    match frame.map(|frame| frame.code) {
        None | Some(close_code::NORMAL | close_code::STATUS) => Ending::Left,
        Some(_) => Ending::Gone,
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
