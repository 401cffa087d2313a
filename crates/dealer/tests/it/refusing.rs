//! Whoever asks for what is not served hears why.

use std::time::Duration;

use cryptab_correlation::{Address, Deal, Known, Request};
use cryptab_wire::{DealerHello, Statement};

use crate::client::{Client, Received, identity, statement};
use crate::server::{Server, config};

fn zeros(shape: Vec<u64>) -> Request {
    let known = Known::Zero { shape };
    Request { address: Address::new(0, 0), deal: Deal::Ring { known, bits: 64 } }
}

#[tokio::test]
async fn a_key_that_is_not_the_stated_one() {
    let server = Server::start(config(1)).await;
    let hello = |index| DealerHello { statement: statement(3), index }.encode();
    for (key, index) in [(0, 1), (3, 0)] {
        let key = identity(key);
        let mut client = Client::connect_as(&server, &key, server.public(), hello(index)).await;
        client.expect_refusal("is not the one stated for party").await;
    }
}

#[tokio::test]
async fn a_statement_that_makes_no_sense() {
    let server = Server::start(config(1)).await;
    let twins = Statement { keys: vec![identity(0).public().0; 2], ..statement(2) };
    for hello in [
        DealerHello { statement: statement(2), index: 2 }.encode(),
        DealerHello { statement: twins, index: 0 }.encode(),
        Vec::new(),
        vec![1; 5000],
    ] {
        let mut client = Client::connect_as(&server, &identity(0), server.public(), hello).await;
        client.expect_refusal("did not understand the statement").await;
    }
}

#[tokio::test]
async fn another_dealers_key() {
    let server = Server::start(config(1)).await;
    let hello = DealerHello { statement: statement(2), index: 0 }.encode();
    let other = identity(9).public().0;
    let mut client = Client::connect_as(&server, &identity(0), other, hello).await;
    assert_eq!(client.receive().await, Received::End);
}

#[tokio::test]
async fn requests_that_are_not_served() {
    let server = Server::start(config(1)).await;
    let huge = zeros(vec![1 << 40]).to_bytes();
    let nested = [&[0, 0, 0][..], &vec![2; 60_000]].concat();
    for (message, reason) in [
        ([&[2][..], &huge].concat(), "exceeds the limit"),
        (vec![2, 255, 255], "malformed request"),
        (vec![2], "malformed request"),
        ([&[2][..], &nested].concat(), "malformed request"),
        (vec![9, 1], "did not understand a message"),
        (Vec::new(), "did not understand a message"),
    ] {
        let mut client = Client::connect(&server, &statement(2), 0).await;
        let _ = client.seed().await;
        client.send(&message).await;
        client.expect_refusal(reason).await;
    }
}

#[tokio::test]
async fn what_was_asked_before_is_answered_first() {
    let server = Server::start(config(1)).await;
    let mut client = Client::connect(&server, &statement(2), 0).await;
    let _ = client.seed().await;
    client.ask(&zeros(vec![1 << 20])).await;
    client.send(&[9]).await;
    let _ = client.correction().await;
    client.expect_refusal("did not understand a message").await;
}

#[tokio::test]
async fn more_work_than_allowed() {
    let mut config = config(1);
    config.limits.request_elements = 1000;
    let server = Server::start(config).await;
    let mut client = Client::connect(&server, &statement(2), 0).await;
    let _ = client.seed().await;
    client.ask(&zeros(vec![1001])).await;
    client.expect_refusal("exceeds the limit of 1000").await;
}

#[tokio::test]
async fn a_request_without_a_handshake() {
    let server = Server::start(config(1)).await;
    for packet in [[&[2][..], &zeros(vec![1]).to_bytes()].concat(), vec![2], vec![0; 96]] {
        let mut client = Client::silent(&server, 0).await;
        client.send_packet(packet).await;
        assert_eq!(client.receive().await, Received::End);
    }
}

#[tokio::test]
async fn the_recorded_packets_of_a_party() {
    let server = Server::start(config(1)).await;
    let mut party = Client::connect(&server, &statement(2), 0).await;
    let _ = party.seed().await;
    party.ask(&zeros(vec![1])).await;
    let _ = party.correction().await;
    let recorded = party.sent.clone();
    assert_eq!(recorded.len(), 3, "two of the handshake, and a request");
    let mut replayer = Client::silent(&server, 0).await;
    for packet in recorded {
        replayer.send_packet(packet).await;
    }
    assert_eq!(replayer.receive_raw().await.len(), 1, "the dealer's handshake, and nothing more");
}

#[tokio::test]
async fn an_oversize_message() {
    let server = Server::start(config(1)).await;
    let mut client = Client::connect(&server, &statement(2), 0).await;
    let _ = client.seed().await;
    client.send(&vec![2; 4 << 20]).await;
    client.expect_refusal("longer than any request").await;
}

#[tokio::test]
async fn an_altered_packet() {
    let server = Server::start(config(1)).await;
    let mut client = Client::connect(&server, &statement(2), 0).await;
    let _ = client.seed().await;
    client.send_packet(vec![0; 100]).await;
    assert_eq!(client.receive().await, Received::End, "a broken channel has no last word");
}

#[tokio::test]
async fn too_many_connections() {
    let mut config = config(1);
    config.limits.connections_per_address = 1;
    let server = Server::start(config).await;
    let mut first = Client::connect(&server, &statement(2), 0).await;
    let _ = first.seed().await;
    let mut second = Client::connect(&server, &statement(2), 1).await;
    assert_eq!(second.receive().await, Received::End);
    drop(first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    let _ = Client::connect(&server, &statement(2), 1).await.seed().await;
}

#[tokio::test]
async fn silence_and_lateness() {
    let mut config = config(1);
    config.times.handshake_within = Duration::from_millis(100);
    let server = Server::start(config).await;
    let url = format!("ws://{}/dealer", server.address);
    let (mut idle, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    use futures::StreamExt as _;
    let last = tokio::time::timeout(Duration::from_secs(5), async {
        let mut last = None;
        while let Some(Ok(message)) = idle.next().await {
            last = Some(message);
        }
        last
    });
    assert!(last.await.unwrap().unwrap().to_string().contains("late"));
}
