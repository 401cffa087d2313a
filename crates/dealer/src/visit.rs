//! One party from its connection to its end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;

use axum::extract::ws::WebSocket;
use cryptab_correlation::{Correction, SessionId};
use cryptab_wire::ToDealer;
use futures::StreamExt as _;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::address::Address;
use crate::dealer::Shared;
use crate::gate::Pass;
use crate::handshake::{Opened, handshake};
use crate::listener::Listener;
use crate::pace::Pace;
use crate::refusal::{Ending, Refusal};
use crate::session::Session;
use crate::speaker::{Speaker, farewell};
use crate::telemetry::{self, Counted};
use crate::underway::{Space, Underway};
use crate::work::Work;

/// Attends to one party until it leaves or must go. `closing` is held to the end: the dealer waits
/// for it.
pub(crate) async fn attend(
    mut socket: WebSocket,
    address: Address,
    shared: Arc<Shared>,
    mut closing: watch::Receiver<bool>,
) {
    let opened = tokio::select! {
        biased;
        _ = closing.wait_for(|closing| *closing) => Err(Refusal::Closing.into()),
        opened = receive_guest(&mut socket, address, &shared) => opened,
    };
    let (opened, _pass) = match opened {
        Ok(guest) => guest,
        Err(ending) => {
            if let Some(reason) = note(&ending) {
                // The client may be gone: then there is nobody to tell.
                let _ = timeout(shared.times.farewell, say_goodbye(socket, reason)).await;
            }
            return;
        }
    };

    let Opened { channel, hello } = opened;
    let _counted = Counted::connection();
    let channel = Arc::new(Mutex::new(channel));
    let (sink, stream) = socket.split();
    let mut listener = Listener::new(stream, Arc::clone(&channel), shared.times.silence);
    let mut speaker =
        Speaker::new(sink, channel, Pace::new(shared.times.stall, shared.times.slowest));
    let ending = match hello {
        Err(reason) => reason.into(),
        Ok(hello) => {
            let name = SessionId(hello.statement.session_id(&shared.identity.public().0));
            match shared.sessions.enter(name, hello.statement.parties) {
                None => Refusal::TooMany.into(),
                Some(session) => {
                    let place = Place { session, index: hello.index };
                    tokio::select! {
                        biased;
                        _ = closing.wait_for(|closing| *closing) => Refusal::Closing.into(),
                        Err(ending) = serve(&mut listener, &mut speaker, place, &shared) => ending,
                    }
                }
            }
        }
    };
    if let Some(reason) = note(&ending) {
        let last_word = async { tokio::join!(listener.drain(), speaker.refuse(reason)) };
        let _ = timeout(shared.times.farewell, last_word).await;
    }
}

/// A party's place in a session.
struct Place {
    session: Arc<Session>,
    index: u8,
}

/// A correction that is being computed. Given up when dropped.
struct Pending {
    computation: Computation,
    space: Space,
}

struct Computation(JoinHandle<Result<Correction, Refusal>>);

impl Drop for Computation {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn receive_guest(
    socket: &mut WebSocket,
    address: Address,
    shared: &Shared,
) -> Result<(Opened, Pass), Ending> {
    shared.gate.sweep();
    let pass = shared.gate.admit(address).ok_or(Refusal::TooMany)?;
    let opened = timeout(shared.times.handshake_within, handshake(socket, shared)).await;
    Ok((opened.map_err(|_| Refusal::Late)??, pass))
}

/// Gives the seed, then answers request after request.
async fn serve(
    listener: &mut Listener,
    speaker: &mut Speaker,
    place: Place,
    shared: &Shared,
) -> Result<Infallible, Ending> {
    let Place { session, index } = &place;
    speaker.give_seed(session.seed(*index)).await?;
    let (queue, pending) = mpsc::channel(shared.limits.queue_requests);
    let mut reading = pin!(take_requests(listener, &place, queue, shared));
    let mut answers = Answers { pending, current: None };
    let mut writing = pin!(answer(speaker, &mut answers, session, shared));
    let ending = tokio::select! {
        ending = &mut reading => ending,
        Err(ending) = &mut writing => ending,
    };
    if matches!(ending, Ending::Refused(_)) {
        // What was asked before is still answered; the queue ends with the reading.
        writing.await?;
    }
    Err(ending)
}

/// Reads requests and has them computed; waits while too much is under way.
async fn take_requests(
    listener: &mut Listener,
    place: &Place,
    queue: mpsc::Sender<Pending>,
    shared: &Shared,
) -> Ending {
    let limits = &shared.limits;
    let underway = Underway::new(limits.queue_bytes, limits.underway_own_bytes, &shared.underway);
    let most = Work { elements: limits.request_elements, products: limits.request_products };
    let mut take = async || -> Result<Infallible, Ending> {
        loop {
            let message = listener.next().await?;
            let ToDealer::Request(request) = ToDealer::parse(&message).map_err(Refusal::Message)?;
            let checked = place.session.parse(request, most).map_err(Ending::from)?;
            let bytes = checked.bytes[usize::from(place.index)];
            let space = underway.take(bytes).await.ok_or(Refusal::Failed)?;
            let (session, index) = (Arc::clone(&place.session), place.index);
            let computation = tokio::spawn(async move { session.correct(index, checked).await });
            let pending = Pending { computation: Computation(computation), space };
            queue.send(pending).await.map_err(|_| Ending::Broken)?;
        }
    };
    match take().await {
        Err(ending) => ending,
    }
}

/// Sends corrections in the order of their requests, and pings in between.
async fn answer(
    speaker: &mut Speaker,
    answers: &mut Answers,
    session: &Session,
    shared: &Shared,
) -> Result<(), Ending> {
    let mut pings = interval(shared.times.ping_every);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = pings.tick() => {
                session.sweep();
                speaker.ping().await?;
            }
            answer = answers.next() => match answer {
                Some((correction, _space)) => {
                    let correction = correction?;
                    telemetry::sent(correction.bytes.len());
                    speaker.give(correction).await?;
                }
                None => return Ok(()),
            },
        }
    }
}

/// The answers that are due, in order.
struct Answers {
    pending: mpsc::Receiver<Pending>,
    current: Option<Pending>,
}

impl Answers {
    /// The next answer and the space it takes. Cancelled, it loses nothing.
    async fn next(&mut self) -> Option<(Result<Correction, Refusal>, Space)> {
        if self.current.is_none() {
            self.current = self.pending.recv().await;
        }
        let correction = (&mut self.current.as_mut()?.computation.0).await;
        let Pending { space, .. } = self.current.take()?;
        Some((correction.unwrap_or(Err(Refusal::Failed)), space))
    }
}

/// Says why the visit ends, and returns what the party is to be told.
fn note(ending: &Ending) -> Option<&Refusal> {
    match ending {
        Ending::Refused(reason) => {
            telemetry::refused(reason);
            tracing::debug!(reason = reason.name(), "refused");
            Some(reason)
        }
        Ending::Left | Ending::Broken | Ending::Vanished => None,
    }
}

/// Ends a connection whose channel never opened.
async fn say_goodbye(mut socket: WebSocket, reason: &Refusal) -> Result<(), axum::Error> {
    socket.send(farewell(reason)).await?;
    while let Some(Ok(_)) = socket.recv().await {}
    Ok(())
}
