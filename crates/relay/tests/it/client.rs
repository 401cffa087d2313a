//! A client of the relay.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cryptab_wire::relay::address;
use cryptab_wire::{FromRelay, Refusal, ToClient, ToRelay, VERSION};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a client receives.
#[derive(Debug, PartialEq)]
pub(crate) enum Received {
    Notice(FromRelay),
    Packet(u8, Vec<u8>),
    End,
}

/// Room 1 for two parties, ending in an hour, as member 1.
pub(crate) const JOIN: Wish = Wish { room: 1, parties: 2, member: 1, slot: None, expires_in: 3600 };

#[derive(Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) room: u8,
    pub(crate) parties: u8,
    pub(crate) member: u8,
    pub(crate) slot: Option<u8>,
    /// Seconds from the start of the tests: all who join a room must state the same end.
    pub(crate) expires_in: u64,
}

static START: LazyLock<Duration> =
    LazyLock::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap());

/// What to add to `Wish::expires_in` for a time from now.
pub(crate) fn seconds_since_start() -> u64 {
    let start = UNIX_EPOCH + *START;
    SystemTime::now().duration_since(start).unwrap_or_default().as_secs()
}

impl Client {
    pub(crate) async fn connect(server: SocketAddr) -> Self {
        Self(connect_async(format!("ws://{server}/relay")).await.unwrap().0)
    }

    /// Connects and asks for a seat.
    pub(crate) async fn ask(server: SocketAddr, wish: Wish) -> Self {
        let mut client = Self::connect(server).await;
        let join = ToRelay::Join {
            version: VERSION,
            room: [wish.room; 16],
            parties: wish.parties,
            slot: wish.slot,
            member: [wish.member; 16],
            expires: START.as_secs() + wish.expires_in,
            claim: None,
        };
        client.send(join.encode()).await;
        client
    }

    /// Connects and gets a seat.
    pub(crate) async fn join(server: SocketAddr, wish: Wish) -> Self {
        let mut client = Self::ask(server, wish).await;
        let welcome = client.receive().await;
        assert!(matches!(welcome, Received::Notice(FromRelay::Welcome { .. })), "{welcome:?}");
        client
    }

    pub(crate) async fn send(&mut self, message: Vec<u8>) {
        self.send_message(Message::Binary(message.into())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    pub(crate) async fn send_packet(&mut self, to: u8, packet: &[u8]) {
        self.send(address(to, packet)).await;
    }

    /// The next message, within five seconds.
    pub(crate) async fn receive(&mut self) -> Received {
        timeout(Duration::from_secs(5), self.receive_when_it_comes())
            .await
            .expect("nothing came in time")
    }

    async fn receive_when_it_comes(&mut self) -> Received {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(bytes))) => {
                    return match ToClient::decode(&bytes).unwrap() {
                        ToClient::Notice(notice) => Received::Notice(notice),
                        ToClient::Packet { from, packet } => {
                            Received::Packet(from, packet.to_vec())
                        }
                    };
                }
                Some(Err(_)) | None => return Received::End,
                Some(Ok(_)) => {}
            }
        }
    }

    pub(crate) async fn expect(&mut self, notice: FromRelay) {
        assert_eq!(self.receive().await, Received::Notice(notice));
    }

    pub(crate) async fn expect_packet(&mut self, from: u8, packet: &[u8]) {
        let received = self.receive().await;
        assert!(received == Received::Packet(from, packet.to_vec()), "another packet or a notice");
    }

    /// Expects to be refused and disconnected.
    pub(crate) async fn expect_refusal(&mut self, reason: Refusal) {
        self.expect(FromRelay::Refused { reason }).await;
        assert_eq!(self.receive().await, Received::End);
    }

    /// Closes as a browser does when its page ends.
    pub(crate) async fn go_away(mut self) {
        let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
        self.0.close(Some(frame)).await.unwrap();
    }

    pub(crate) async fn close(mut self) {
        self.0.close(None).await.unwrap();
    }
}
