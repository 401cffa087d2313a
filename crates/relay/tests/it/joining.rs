//! Who gets in.

use std::num::NonZeroU32;

use cryptab_relay::{Limits, RelayConfig};
use cryptab_wire::{FromRelay, Refusal, ToRelay};
use tokio_tungstenite::tungstenite::protocol::Message;

use crate::client::{Client, JOIN, Wish};
use crate::server::{Server, impatient};

async fn refused(server: &Server, wish: Wish, reason: Refusal) {
    Client::ask(server.address, wish).await.expect_refusal(reason).await;
}

#[tokio::test]
async fn members_hear_of_each_other() {
    let server = Server::start(RelayConfig::default()).await;
    let mut first = Client::ask(server.address, JOIN).await;
    first.expect(FromRelay::Welcome { slot: 0, present: vec![] }).await;
    let mut second = Client::ask(server.address, Wish { member: 2, ..JOIN }).await;
    second.expect(FromRelay::Welcome { slot: 1, present: vec![0] }).await;
    first.expect(FromRelay::Joined { slot: 1 }).await;
    second.close().await;
    first.expect(FromRelay::Left { slot: 1 }).await;
}

#[tokio::test]
async fn a_full_room_a_taken_slot_and_a_second_tab_are_refused() {
    let server = Server::start(RelayConfig::default()).await;
    let _first = Client::join(server.address, Wish { slot: Some(1), ..JOIN }).await;
    refused(&server, JOIN, Refusal::MemberPresent).await;
    refused(&server, Wish { member: 2, slot: Some(1), ..JOIN }, Refusal::SlotTaken).await;
    refused(&server, Wish { member: 2, parties: 3, ..JOIN }, Refusal::Mismatch).await;
    refused(&server, Wish { member: 2, expires_in: 0, ..JOIN }, Refusal::Expired).await;
    let _second = Client::join(server.address, Wish { member: 2, ..JOIN }).await;
    refused(&server, Wish { member: 3, ..JOIN }, Refusal::Full).await;

    let metrics = server.metrics().await;
    for line in [
        "cryptab_relay_refusals_total{reason=\"member_present\"} 1",
        "cryptab_relay_refusals_total{reason=\"full\"} 1",
        "cryptab_relay_joins_total 2",
        "cryptab_relay_members 2",
        "cryptab_relay_rooms 1",
    ] {
        assert!(metrics.contains(line), "{line}");
    }
}

#[tokio::test]
async fn what_is_no_join_is_refused() {
    let server = Server::start(RelayConfig::default()).await;
    let text = Message::Text("let me in".into());
    let garbage = Message::Binary(vec![9; 30].into());
    let empty = Message::Binary(vec![].into());
    let packet_first = Message::Binary(vec![1, 0, 5].into());
    for message in [text, garbage, empty, packet_first] {
        let mut client = Client::connect(server.address).await;
        client.send_message(message).await;
        client.expect_refusal(Refusal::Malformed).await;
    }
}

#[tokio::test]
async fn another_version_is_refused() {
    let server = Server::start(RelayConfig::default()).await;
    let mut client = Client::connect(server.address).await;
    let join = ToRelay::Join {
        version: 200,
        room: [1; 16],
        parties: 2,
        slot: None,
        member: [1; 16],
        expires: u64::MAX,
        claim: None,
    };
    client.send(join.encode()).await;
    client.expect_refusal(Refusal::Version).await;
}

#[tokio::test]
async fn a_client_that_says_nothing_is_refused() {
    let server = Server::start(impatient()).await;
    Client::connect(server.address).await.expect_refusal(Refusal::Malformed).await;
}

#[tokio::test]
async fn connections_and_joins_of_one_address_are_limited() {
    let limits = Limits { connections_per_address: 1, ..Limits::default() };
    let server = Server::start(RelayConfig { limits, ..RelayConfig::default() }).await;
    let first = Client::join(server.address, JOIN).await;
    refused(&server, Wish { member: 2, ..JOIN }, Refusal::TooMany).await;
    drop(first);

    let limits = Limits { join_burst: NonZeroU32::MIN, ..Limits::default() };
    let server = Server::start(RelayConfig { limits, ..RelayConfig::default() }).await;
    let _first = Client::join(server.address, JOIN).await;
    refused(&server, Wish { member: 2, ..JOIN }, Refusal::TooMany).await;
}
