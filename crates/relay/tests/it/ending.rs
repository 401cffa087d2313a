//! How visits, rooms and the relay end.

use std::time::{Duration, Instant};

use cryptab_relay::{RelayConfig, Times};
use cryptab_wire::{FromRelay, Refusal};

use crate::client::{Client, JOIN, Wish, seconds_since_start};
use crate::server::{Server, impatient};

#[tokio::test]
async fn a_member_whose_connection_drops_is_announced_at_once() {
    let server = Server::start(RelayConfig::default()).await;
    let mut alice = Client::join(server.address, JOIN).await;
    let bob = Client::join(server.address, Wish { member: 2, ..JOIN }).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    let start = Instant::now();
    drop(bob);
    alice.expect(FromRelay::Left { slot: 1 }).await;
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_member_who_vanishes_without_a_word_is_announced() {
    let server = Server::start(impatient()).await;
    let mut alice = Client::join(server.address, JOIN).await;
    // This client answers no ping, because nobody polls it.
    let _bob = Client::join(server.address, Wish { member: 2, ..JOIN }).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    let start = Instant::now();
    alice.expect(FromRelay::Left { slot: 1 }).await;
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(server.metrics().await.contains("cryptab_relay_vanished_total 1"));
}

#[tokio::test]
async fn a_silent_member_that_answers_pings_stays() {
    let server = Server::start(impatient()).await;
    let mut alice = Client::join(server.address, JOIN).await;
    let waiting = tokio::time::timeout(Duration::from_millis(1500), alice.receive());
    assert!(waiting.await.is_err(), "nothing happens to alice");
    let _bob = Client::join(server.address, Wish { member: 2, ..JOIN }).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
}

#[tokio::test]
async fn an_expired_room_ends_for_all() {
    let server = Server::start(RelayConfig::default()).await;
    // The tests may have run for a while: see `Wish::expires_in`.
    let wish = Wish { expires_in: 3 + seconds_since_start(), ..JOIN };
    let mut alice = Client::join(server.address, wish).await;
    alice.expect_refusal(Refusal::Expired).await;
    let mut late = Client::ask(server.address, Wish { expires_in: 0, ..wish }).await;
    late.expect_refusal(Refusal::Expired).await;
}

#[tokio::test]
async fn no_room_lasts_longer_than_the_operator_allows() {
    let times = Times { room_life: Duration::from_millis(300), ..Times::default() };
    let server = Server::start(RelayConfig { times, ..RelayConfig::default() }).await;
    let mut alice = Client::join(server.address, JOIN).await;
    alice.expect_refusal(Refusal::Expired).await;
}

#[tokio::test]
async fn a_relay_that_closes_tells_everybody() {
    let server = Server::start(RelayConfig::default()).await;
    let address = server.address;
    let mut member = Client::join(address, JOIN).await;
    let mut undecided = Client::connect(address).await;
    let start = Instant::now();
    let served = server.stop();
    member.expect_refusal(Refusal::Closing).await;
    undecided.expect_refusal(Refusal::Closing).await;
    served.await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(2));
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_client_that_does_not_answer_cannot_keep_the_relay_alive() {
    let times = Times { farewell: Duration::from_millis(200), ..Times::default() };
    let server = Server::start(RelayConfig { times, ..RelayConfig::default() }).await;
    let _deaf = Client::join(server.address, JOIN).await;
    let _idle = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let start = Instant::now();
    server.stop().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(5));
}
