//! What one session, and all together, may take.

use std::time::Duration;

use cryptab_correlation::{CHUNK, Request};
use cryptab_wire::Statement;

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
    let request = product(0, 64 * CHUNK);
    other.ask(&request).await;
    let _ = other.shares(&request).await;
    drop(greedy);
}
