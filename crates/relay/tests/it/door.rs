//! Who may come in, before anything is known of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use cryptab_relay::{AddressSource, Door, DoorLimits, Relay, RelayConfig};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::client::{Client, JOIN, Wish};

async fn serve(limits: DoorLimits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door::new(listener, &limits);
    let relay = Relay::new(RelayConfig::default());
    tokio::spawn(async move { relay.serve(door, relay.router(), std::future::pending()).await });
    address
}

/// A connection from 127.0.0.`last`.
async fn connect(server: SocketAddr, last: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into()).unwrap();
    socket.connect(server).await.unwrap()
}

/// Whether the connection is let in: answers a request, then stays open.
async fn is_in(connection: &mut TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n";
    let mut head = [0; 12];
    connection.write_all(request).await.is_ok()
        && connection.read_exact(&mut head).await.is_ok()
        && head.ends_with(b" 200")
}

// Linux lets a client choose any of 127.0.0.0/8.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn guests_are_counted_by_address_and_in_total() {
    let limits = DoorLimits { guests: 3, guests_per_address: 2, ..DoorLimits::default() };
    let server = serve(limits).await;
    let mut inside = Vec::new();
    for (last, lets_in) in [(2, true), (2, true), (2, false), (3, true), (4, false)] {
        let mut connection = connect(server, last).await;
        assert_eq!(is_in(&mut connection).await, lets_in, "127.0.0.{last}");
        inside.push(connection);
    }
    // Whoever leaves makes room; it takes the server a moment to see it.
    drop(inside);
    let again = async { while !is_in(&mut connect(server, 2).await).await {} };
    timeout(Duration::from_secs(5), again).await.expect("nobody is let in any more");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_hurries_is_turned_away() {
    let burst = NonZeroU32::new(3).unwrap();
    let limits = DoorLimits { burst, per_second: NonZeroU32::MIN, ..DoorLimits::default() };
    let server = serve(limits).await;
    let mut let_in = 0;
    for _ in 0..10 {
        let_in += u32::from(is_in(&mut connect(server, 2).await).await);
    }
    assert!((3..10).contains(&let_in), "{let_in}");
    assert!(is_in(&mut connect(server, 3).await).await, "others do not wait");
}

#[tokio::test]
async fn behind_a_proxy_only_the_total_counts() {
    let limits = DoorLimits {
        address_source: AddressSource::ForwardedFor,
        guests: 3,
        guests_per_address: 1,
        burst: NonZeroU32::MIN,
        per_second: NonZeroU32::MIN,
        ..DoorLimits::default()
    };
    let server = serve(limits).await;
    let mut inside = Vec::new();
    for lets_in in [true, true, true, false] {
        let mut connection = TcpStream::connect(server).await.unwrap();
        assert_eq!(is_in(&mut connection).await, lets_in);
        inside.push(connection);
    }
}

#[tokio::test]
async fn a_websocket_is_no_guest_any_more() {
    let server = serve(DoorLimits { guests: 1, ..DoorLimits::default() }).await;
    let mut members = Vec::new();
    for member in 0..3 {
        members.push(Client::join(server, Wish { member, parties: 3, ..JOIN }).await);
    }
}

#[tokio::test]
async fn a_guest_that_never_reads_its_answer_must_go() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let stay = Duration::from_millis(200);
    let door = Door::new(listener, &DoorLimits { guests: 1, stay, ..DoorLimits::default() });
    // More than the sockets between the two hold.
    let router = Router::new()
        .route("/large", get(|| async { vec![0; 64 << 20] }))
        .route("/healthz", get(|| async { "alive" }));
    tokio::spawn(cryptab_relay::serve(door, router, std::future::pending()));
    let mut silent = TcpStream::connect(server).await.unwrap();
    silent.write_all(b"GET /large HTTP/1.1\r\nHost: relay\r\n\r\n").await.unwrap();
    // The answer has begun: it is a guest.
    silent.read_exact(&mut [0; 12]).await.unwrap();
    assert!(!is_in(&mut TcpStream::connect(server).await.unwrap()).await, "one guest at a time");
    let again = async { while !is_in(&mut TcpStream::connect(server).await.unwrap()).await {} };
    timeout(Duration::from_secs(20), again).await.expect("it keeps its place for ever");
    drop(silent);
}
