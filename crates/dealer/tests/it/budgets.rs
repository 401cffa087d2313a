//! What one session, one connection, and all together may take.

use std::time::Duration;

use cryptab_correlation::{CHUNK, Request};
use cryptab_wire::Statement;
use tokio::time::timeout;

use crate::client::{Client, Party, statement};
use crate::server::{Server, config};
use crate::serving::product;

/// Another session than that of `statement`.
fn another(parties: u8) -> Statement {
    Statement { room: [8; 16], ..statement(parties) }
}

#[tokio::test]
async fn a_session_that_asks_for_too_much_is_stopped_and_no_other() {
    let mut config = config(1);
    config.limits.session_elements = 10_000;
    let server = Server::start(config).await;
    let mut first = Client::connect(&server, &statement(2), 0).await;
    let mut second = Client::connect(&server, &statement(2), 1).await;
    let mut other = Client::connect(&server, &another(2), 0).await;
    let _ = (first.seed().await, second.seed().await, other.seed().await);
    // Two masks and their product: 3,000 words each time.
    for op in 0..3 {
        first.ask(&product(op, 1000)).await;
        let _ = first.correction().await;
    }
    second.ask(&product(3, 1000)).await;
    second.expect_refusal("more than one session may").await;
    first.ask(&product(3, 1000)).await;
    first.expect_refusal("more than one session may").await;
    other.ask(&product(0, 1000)).await;
    let _ = other.correction().await;
}

#[tokio::test]
async fn a_party_that_takes_nothing_gives_its_space_back_to_the_others() {
    let requests: Vec<Request> = (0..64).map(|op| product(op, 64 * CHUNK)).collect();
    let mut config = config(1);
    config.limits.underway_bytes = 1 << 20;
    config.times.stall = Duration::from_millis(300);
    let server = Server::start(config).await;
    let mut greedy = Party::join(&server, &statement(2), 0).await;
    for request in &requests {
        greedy.ask(request).await;
    }
    // It reads nothing from here on: what is under way to it fills the sockets, then the dealer.
    let mut other = Party::join(&server, &another(2), 0).await;
    // Longer than what a connection has of its own.
    let request = product(0, 64 * CHUNK);
    other.ask(&request).await;
    let _ = other.shares(&request).await;
    drop(greedy);
}

#[tokio::test]
async fn a_party_that_drips_is_given_up_and_keeps_nothing_from_others() {
    let requests: Vec<Request> = (0..64).map(|op| product(op, 64 * CHUNK)).collect();
    let mut config = config(1);
    config.limits.underway_bytes = 1 << 20;
    config.times.stall = Duration::from_millis(500);
    config.times.slowest = 256 << 20;
    let server = Server::start(config).await;
    let mut dripping = Party::join(&server, &statement(2), 0).await;
    for request in &requests {
        dripping.ask(request).await;
    }
    // A packet in a tenth of the time after which one that takes nothing is given up.
    let drip = tokio::spawn(async move { dripping.client.drip(Duration::from_millis(50)).await });
    let mut other = Party::join(&server, &another(2), 0).await;
    let request = product(0, 64 * CHUNK);
    let served = async {
        other.ask(&request).await;
        other.shares(&request).await
    };
    timeout(Duration::from_secs(20), served).await.expect("the other is not served");
    let packets = timeout(Duration::from_secs(60), drip).await.expect("it is not given up");
    assert!(packets.unwrap() < 64 * 64 * CHUNK * 4 / 65_536, "it was sent everything");
}

#[tokio::test]
async fn parties_that_take_nothing_keep_no_small_corrections_from_others() {
    let mut config = config(1);
    config.limits.underway_bytes = 1 << 20;
    let server = Server::start(config).await;
    let mut greedy = Party::join(&server, &statement(2), 0).await;
    for op in 0..64 {
        greedy.ask(&product(op, 64 * CHUNK)).await;
    }
    let mut other = Party::join(&server, &another(2), 0).await;
    for op in 0..8 {
        let request = product(op, 1000);
        other.ask(&request).await;
        let _ = other.shares(&request).await;
    }
    drop(greedy);
}
