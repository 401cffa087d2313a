//! A party's side of the conversation with a dealer.

use std::time::Duration;

use axum::body::Bytes;
use cryptab_correlation::{Correction, Expander, Request, Seed, SessionId};
use cryptab_link::{Channel, Event, Identity, PublicKey, dealer_prologue};
use cryptab_wire::{DealerHello, FromDealer, Statement, ToDealer, VERSION};
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::server::Server;

pub(crate) struct Client {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    channel: Channel,
    /// Every packet that was sent.
    pub(crate) sent: Vec<Vec<u8>>,
}

/// What a party receives.
#[derive(Debug, PartialEq)]
pub(crate) enum Received {
    Seed([u8; 32]),
    Correction(Vec<u8>),
    Refused(String),
    End,
}

pub(crate) fn identity(party: u8) -> Identity {
    Identity::from_secret(&[100 + party; 32])
}

pub(crate) fn statement(parties: u8) -> Statement {
    Statement {
        version: VERSION,
        room: [7; 16],
        program: "photo".into(),
        parties,
        keys: (0..parties).map(|party| identity(party).public().0).collect(),
        nonces: (0..parties).map(|party| [party; 32]).collect(),
    }
}

impl Client {
    pub(crate) async fn connect(server: &Server, statement: &Statement, index: u8) -> Self {
        let hello = DealerHello { statement: statement.clone(), index };
        Self::connect_as(server, &identity(index), server.public(), hello.encode()).await
    }

    pub(crate) async fn connect_as(
        server: &Server,
        identity: &Identity,
        dealer: [u8; 32],
        hello: Vec<u8>,
    ) -> Self {
        let prologue = dealer_prologue(VERSION);
        let channel = Channel::dealer_client(identity, &PublicKey(dealer), &prologue, hello);
        let mut client = Self::on_socket(server, channel.unwrap()).await;
        let first = client.channel.start().unwrap().unwrap();
        client.send_packet(first).await;
        client
    }

    /// A connection on which no handshake has begun.
    pub(crate) async fn silent(server: &Server, index: u8) -> Self {
        let dealer = PublicKey(server.public());
        let prologue = dealer_prologue(VERSION);
        let channel = Channel::dealer_client(&identity(index), &dealer, &prologue, Vec::new());
        Self::on_socket(server, channel.unwrap()).await
    }

    async fn on_socket(server: &Server, channel: Channel) -> Self {
        let url = format!("ws://{}/dealer", server.address);
        Self { socket: connect_async(url).await.unwrap().0, channel, sent: Vec::new() }
    }

    /// All packets until the connection ends, unopened.
    pub(crate) async fn receive_raw(&mut self) -> Vec<Vec<u8>> {
        let all = async {
            let mut packets = Vec::new();
            while let Some(Ok(message)) = self.socket.next().await {
                if let Message::Binary(packet) = message {
                    packets.push(packet.to_vec());
                }
            }
            packets
        };
        timeout(Duration::from_secs(20), all).await.expect("the connection did not end")
    }

    /// Reads a packet in each of these times until the connection ends; how many there were.
    pub(crate) async fn drip(&mut self, every: Duration) -> usize {
        let mut pace = tokio::time::interval(every);
        let mut packets = 0;
        loop {
            pace.tick().await;
            match self.socket.next().await {
                Some(Ok(_)) => packets += 1,
                Some(Err(_)) | None => return packets,
            }
        }
    }

    pub(crate) async fn send_packet(&mut self, packet: Vec<u8>) {
        self.sent.push(packet.clone());
        self.socket.send(Message::Binary(packet.into())).await.unwrap();
    }

    pub(crate) async fn send(&mut self, message: &[u8]) {
        for packet in self.channel.send(message).unwrap() {
            self.sent.push(packet.clone());
            // The dealer may have closed in the middle of a message that it refuses.
            let _ = self.socket.send(Message::Binary(packet.into())).await;
        }
    }

    pub(crate) async fn ask(&mut self, request: &Request) {
        self.send(&ToDealer::Request(&request.to_bytes()).encode()).await;
    }

    pub(crate) async fn receive(&mut self) -> Received {
        timeout(Duration::from_secs(20), self.receive_when_it_comes()).await.expect("nothing came")
    }

    async fn receive_when_it_comes(&mut self) -> Received {
        loop {
            let packet = match self.socket.next().await {
                Some(Ok(Message::Binary(packet))) => packet,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Received::End,
                Some(Ok(_)) => continue,
            };
            for event in self.channel.receive(&packet).unwrap() {
                match event {
                    Event::Send(packet) => self.send_packet(packet).await,
                    Event::Open { .. } => {}
                    Event::Message(message) => {
                        return match FromDealer::parse(&message).unwrap() {
                            FromDealer::Seed(seed) => Received::Seed(*seed),
                            FromDealer::Correction(bytes) => Received::Correction(bytes.to_vec()),
                            FromDealer::Refused(reason) => Received::Refused(reason.to_owned()),
                        };
                    }
                }
            }
        }
    }

    pub(crate) async fn seed(&mut self) -> [u8; 32] {
        match self.receive().await {
            Received::Seed(seed) => seed,
            other => panic!("{other:?} where a seed was expected"),
        }
    }

    pub(crate) async fn correction(&mut self) -> Correction {
        match self.receive().await {
            Received::Correction(bytes) => Correction::from_bytes(&bytes.into()).unwrap(),
            other => panic!("{other:?} where a correction was expected"),
        }
    }

    /// Expects to be refused for a reason with this in it, and disconnected.
    pub(crate) async fn expect_refusal(&mut self, expected: &str) {
        match self.receive().await {
            Received::Refused(reason) => assert!(reason.contains(expected), "{reason}"),
            other => panic!("{other:?} where a refusal was expected"),
        }
        assert_eq!(self.receive().await, Received::End);
    }
}

/// A party with its seed.
pub(crate) struct Party {
    pub(crate) client: Client,
    pub(crate) expander: Expander,
    session: SessionId,
    index: u8,
    parties: u8,
}

impl Party {
    pub(crate) async fn join(server: &Server, statement: &Statement, index: u8) -> Self {
        let mut client = Client::connect(server, statement, index).await;
        let seed = Seed::from_bytes(client.seed().await);
        let session = SessionId(statement.session_id(&server.public()));
        let expander = Expander::new(&seed, session, index, statement.parties);
        Self { client, expander, session, index, parties: statement.parties }
    }

    /// Whether this party has to ask for a correction of `request`.
    pub(crate) fn is_king_of(&self, request: &Request) -> bool {
        let bytes = request.correction_bytes(&self.session, self.parties).unwrap();
        bytes[usize::from(self.index)] > 0
    }

    pub(crate) async fn ask(&mut self, request: &Request) {
        if self.is_king_of(request) {
            self.client.ask(request).await;
        }
    }

    /// This party's shares of what `request` deals.
    pub(crate) async fn shares(&mut self, request: &Request) -> Vec<u64> {
        let correction = if self.is_king_of(request) {
            let correction = self.client.correction().await;
            assert_eq!(correction.address, request.address, "answers come in order");
            correction.bytes
        } else {
            Bytes::new()
        };
        self.expander.ring(request, &correction).unwrap()
    }
}
