//! Every way to the other party at the same time, until one leads there.

use std::pin::pin;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Either, pending};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::connection::{Ends, MOST_SIGNALS};
use super::ice::{Ice, Policy};
use super::signal::{Invitation, Signal};
use super::tcp::{Listeners, Token, connect};
use super::webrtc::{self, Channel};
use super::{DirectNews, Side};

/// The way that was found.
pub(super) enum Met {
    Tcp(TcpStream),
    Webrtc(Box<Channel>),
}

/// Finds a way to the other party. Cancelled, it gives up.
///
/// The side that offers takes the first way that is open. Where both ends know two ways the other side
/// cannot tell by itself which one that is, and is told.
pub(super) async fn meet(side: Side, ice: &Ice, ends: &mut Ends) -> Result<Met, String> {
    if ice.ice_transport_policy == Policy::Relay && !ice.names_turn() {
        return Err("the relay wants TURN servers to be used, and names none".to_owned());
    }
    match timeout(PATIENCE, try_all(side, ice, ends)).await {
        Ok(met) => met,
        Err(_) => Err(format!("no way within {} seconds", PATIENCE.as_secs())),
    }
}

async fn try_all(side: Side, ice: &Ice, ends: &mut Ends) -> Result<Met, String> {
    let listening = listen(ice, ends).await?;
    let (to_webrtc, webrtc_hears) = mpsc::channel(MOST_SIGNALS);
    let (webrtc_says, mut from_webrtc) = mpsc::unbounded_channel();
    let mut webrtc = pin!(webrtc::open(side, ice, webrtc_hears, webrtc_says).fuse());
    let mut tcp: Either<BoxFuture<'_, TcpStream>, _> = Either::Right(pending());
    let mut other_knows_tcp = false;
    let mut taken = false;
    let mut open = None;
    loop {
        if let Some(channel) = open.take_if(|_| taken || !other_knows_tcp || side == Side::Offers) {
            if side == Side::Offers && other_knows_tcp {
                say(ends, Signal::Take).await?;
            }
            return Ok(Met::Webrtc(channel));
        }
        tokio::select! {
            stream = &mut tcp => return Ok(Met::Tcp(stream)),
            opened = &mut webrtc => match opened {
                Ok(channel) => open = Some(Box::new(channel)),
                // The other party's TCP addresses may be on their way.
                Err(reason) if listening.is_none() => return Err(reason),
                Err(reason) => tracing::debug!(reason, "WebRTC does not lead to the other party"),
            },
            Some(signal) = from_webrtc.recv() => say(ends, signal).await?,
            signal = ends.signals.recv() => {
                let signal = signal.ok_or(NOT_NEEDED)?;
                match (Signal::parse(&signal), &listening) {
                    (Some(Signal::Tcp(theirs)), Some((listeners, token))) if !other_knows_tcp => {
                        other_knows_tcp = true;
                        let token = *token;
                        tcp = Either::Left(async move {
                            connect(side, listeners, token, &theirs).await
                        }.boxed());
                    }
                    (Some(Signal::Take), _) => taken = true,
                    (Some(signal), _) => {
                        // WebRTC may have given up, or be flooded.
                        let _ = to_webrtc.try_send(signal);
                    }
                    (None, _) => tracing::debug!("a signal that this version does not know"),
                }
            }
        }
    }
}

/// Listens for TCP connections and says so, where addresses may be told.
async fn listen(ice: &Ice, ends: &Ends) -> Result<Option<(Listeners, Token)>, String> {
    if ice.ice_transport_policy == Policy::Relay {
        return Ok(None);
    }
    let listeners = Listeners::open().await;
    let token = Token::draw().map_err(|error| error.to_string())?;
    let addresses = listeners.addresses();
    say(ends, Signal::Tcp(Invitation { token, addresses })).await?;
    Ok(Some((listeners, token)))
}

async fn say(ends: &Ends, signal: Signal) -> Result<(), String> {
    let said = ends.news.send(DirectNews::Signal(signal.encode())).await;
    said.map_err(|_| NOT_NEEDED.to_owned())
}

const NOT_NEEDED: &str = "it is not needed any more";
/// ICE gives up by itself a little later.
const PATIENCE: Duration = Duration::from_secs(20);
