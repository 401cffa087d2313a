//! Clients of the relay.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;

use cryptab_wire::relay::address;
use cryptab_wire::{FromRelay, ToClient, ToRelay, VERSION};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Failure;

/// One party's connection.
pub(crate) struct Client(WebSocketStream<TcpStream>);

/// A place in a room.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) room: u32,
    pub(crate) parties: u8,
    pub(crate) slot: u8,
}

impl Client {
    /// A connection from `from`, without a room.
    pub(crate) async fn connect(relay: SocketAddr, from: Ipv4Addr) -> Result<Self, Failure> {
        let connection = connect(relay, from).await?;
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER);
        let url = format!("ws://{relay}/relay");
        Ok(Self(client_async_with_config(url, connection, Some(config)).await?.0))
    }

    /// A connection from `from` that is let into the room, or the relay's refusal.
    pub(crate) async fn join(
        relay: SocketAddr,
        from: Ipv4Addr,
        place: Place,
    ) -> Result<Self, Failure> {
        let mut client = Self::connect(relay, from).await?;
        let mut room = [0; 16];
        room[..4].copy_from_slice(&place.room.to_le_bytes());
        let join = ToRelay::Join {
            version: VERSION,
            room,
            parties: place.parties,
            slot: Some(place.slot),
            member: [place.slot; 16],
            expires: u64::MAX,
            claim: None,
        };
        client.send(join.encode()).await?;
        loop {
            match client.next().await? {
                message if message.first() != Some(&0) => {}
                message => match ToClient::decode(&message)? {
                    ToClient::Notice(FromRelay::Welcome { .. }) => return Ok(client),
                    ToClient::Notice(FromRelay::Refused { reason }) => return Err(reason.into()),
                    _ => {}
                },
            }
        }
    }

    pub(crate) async fn send(&mut self, message: Vec<u8>) -> Result<(), Failure> {
        Ok(self.0.send(Message::Binary(message.into())).await?)
    }

    pub(crate) async fn send_packet(&mut self, to: u8, packet: &[u8]) -> Result<(), Failure> {
        self.send(address(to, packet)).await
    }

    /// The next packet of another party, without its two bytes of address.
    pub(crate) async fn packet(&mut self) -> Result<Bytes, Failure> {
        loop {
            let message = self.next().await?;
            if message.first() == Some(&1) {
                return Ok(message.slice(2..));
            }
        }
    }

    /// Does nothing but answer pings.
    pub(crate) async fn idle(&mut self) -> Failure {
        loop {
            if let Err(error) = self.next().await {
                return error;
            }
        }
    }

    async fn next(&mut self) -> Result<Bytes, Failure> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(message))) => return Ok(message),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Err("the relay closed the connection".into()),
            }
        }
    }
}

/// A connection from an address of our own choice.
pub(crate) async fn connect(relay: SocketAddr, from: Ipv4Addr) -> Result<TcpStream, Failure> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let connection = socket.connect(relay).await?;
    connection.set_nodelay(true)?;
    Ok(connection)
}

/// Where the parties of a room come from: 32 rooms share an address, as the usual limits allow.
pub(crate) fn home(room: u32) -> Ipv4Addr {
    let [.., high, low] = (1 + room / 32).to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}

/// A packet of `length` bytes that says when it was sent.
pub(crate) fn stamped(start: Instant, length: usize) -> Vec<u8> {
    let mut packet = vec![0; length];
    packet[..8].copy_from_slice(&nanoseconds(start).to_le_bytes());
    packet
}

/// The milliseconds that a packet made by [`stamped`] has been under way.
pub(crate) fn age(start: Instant, packet: &[u8]) -> Result<f64, Failure> {
    let sent = u64::from_le_bytes(packet.get(..8).ok_or("a short packet")?.try_into()?);
    Ok((nanoseconds(start) - sent) as f64 / 1e6)
}

fn nanoseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

const READ_BUFFER: usize = 16 << 10;
