//! From a connection to a sealed channel and a session's place in it.

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket};
use cryptab_link::{Channel, Event, dealer_prologue};
use cryptab_wire::{DealerHello, VERSION};

use crate::dealer::Shared;
use crate::refusal::{Ending, Refusal};

/// A channel that has opened, and what the party at its other end said.
pub(crate) struct Opened {
    pub(crate) channel: Channel,
    /// What it said, or why it is refused.
    pub(crate) hello: Result<DealerHello, Refusal>,
}

/// Shakes hands. Refusals before the channel is open cannot be told through it.
pub(crate) async fn handshake(socket: &mut WebSocket, shared: &Shared) -> Result<Opened, Ending> {
    let channel = Channel::dealer_server(&shared.identity, &dealer_prologue(VERSION), Vec::new());
    let mut channel = channel.map_err(Refusal::Handshake)?;
    loop {
        let packet = next_packet(socket).await?;
        let mut opened = None;
        for event in channel.receive(&packet).map_err(Refusal::Handshake)? {
            match event {
                Event::Send(packet) => {
                    let sent = socket.send(Message::Binary(packet.into())).await;
                    sent.map_err(|_| Ending::Broken)?;
                }
                Event::Open { peer, hello } => {
                    let hello = DealerHello::decode(&hello).map_err(Refusal::Statement);
                    opened = Some(hello.and_then(|hello| {
                        let index = hello.index;
                        let stated = hello.statement.keys.get(usize::from(index));
                        // Public keys: nothing here must take equal time.
                        if stated == Some(&peer.0) {
                            Ok(hello)
                        } else {
                            Err(Refusal::Key { index })
                        }
                    }));
                }
                Event::Message(_) => return Err(Refusal::Text.into()),
            }
        }
        if let Some(hello) = opened {
            return Ok(Opened { channel, hello });
        }
    }
}

async fn next_packet(socket: &mut WebSocket) -> Result<Bytes, Ending> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Binary(packet))) => return Ok(packet),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => return Err(Refusal::Text.into()),
            Some(Ok(Message::Close(_))) | None => return Err(Ending::Left),
            Some(Err(_)) => return Err(Ending::Broken),
        }
    }
}
