//! How fast the relay passes packets on: two clients and the relay in one process, over real
//! loopback sockets.
//!
//! `cargo run --release -p cryptab-relay --example throughput` prints the rate of a long stream of
//! the largest packets and the round trip of a small one.

use std::error::Error;
use std::time::Instant;

use cryptab_relay::{Relay, RelayConfig};
use cryptab_wire::relay::{MAX_PACKET, address};
use cryptab_wire::{ToRelay, VERSION};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("ws://{}/relay", listener.local_addr()?);
    let relay = Relay::new(RelayConfig::default());
    tokio::spawn(
        async move { relay.serve(listener, relay.router(), std::future::pending()).await },
    );
    let mut alice = join(&url, 0).await?;
    let mut bob = join(&url, 1).await?;

    let start = Instant::now();
    for _ in 0..ROUND_TRIPS {
        alice.send(packet(1, 100)).await?;
        receive(&mut bob).await?;
        bob.send(packet(0, 100)).await?;
        receive(&mut alice).await?;
    }
    let microseconds = start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUND_TRIPS);
    println!("round trip of 100 bytes: {microseconds:.0} us");

    let start = Instant::now();
    let sending = tokio::spawn(async move {
        for _ in 0..PACKETS {
            alice.feed(packet(1, MAX_PACKET)).await?;
        }
        alice.flush().await?;
        Ok::<_, Failure>(alice)
    });
    for _ in 0..PACKETS {
        receive(&mut bob).await?;
    }
    sending.await??;
    let bytes = f64::from(PACKETS) * MAX_PACKET as f64;
    println!("stream: {:.0} MiB/s", bytes / start.elapsed().as_secs_f64() / f64::from(1 << 20));
    Ok(())
}

async fn join(url: &str, slot: u8) -> Result<Socket, Failure> {
    let (mut socket, _) = connect_async_with_config(url, None, true).await?;
    let (version, room, member) = (VERSION, [1; 16], [slot; 16]);
    let slot = Some(slot);
    let join =
        ToRelay::Join { version, room, parties: 2, slot, member, expires: u64::MAX, claim: None };
    socket.send(Message::Binary(join.encode().into())).await?;
    receive(&mut socket).await?;
    Ok(socket)
}

fn packet(to: u8, length: usize) -> Message {
    Message::Binary(address(to, &vec![7; length]).into())
}

/// The next packet, or the welcome; notices of others who come and go are passed over.
async fn receive(socket: &mut Socket) -> Result<Bytes, Failure> {
    while let Some(message) = socket.next().await {
        match message? {
            Message::Binary(bytes) if !bytes.starts_with(&JOINED) => return Ok(bytes),
            _ => {}
        }
    }
    Err("the relay closed the connection".into())
}

const ROUND_TRIPS: u32 = 2000;
const PACKETS: u32 = 16_000;
/// How `FromRelay::Joined` begins.
const JOINED: [u8; 2] = [0, 1];
