//! Seeds and corrections as they should be.

use std::sync::Arc;

use cryptab_correlation::{Address, CHUNK, Deal, Known, Request};
use cryptab_wire::Statement;

use crate::client::{Client, Party, Received, statement};
use crate::server::{Server, config};

/// The product of two masks of `count` elements, dealt at operation `op`.
pub(crate) fn product(op: u32, count: usize) -> Request {
    let [x, y] = [Address::new(op, 0), Address::new(op, 1)];
    let known =
        Known::Product(Arc::new(Known::mask(x, &[count])), Arc::new(Known::mask(y, &[count])));
    Request { address: Address::new(op, 2), deal: Deal::Ring { known, bits: 64 } }
}

pub(crate) fn sum(shares: &[Vec<u64>]) -> Vec<u64> {
    let mut total = vec![0_u64; shares[0].len()];
    for share in shares {
        total.iter_mut().zip(share).for_each(|(sum, word)| *sum = sum.wrapping_add(*word));
    }
    total
}

pub(crate) fn mask(parties: &[Party], address: Address, count: usize) -> Vec<u64> {
    let shares: Vec<_> = parties.iter().map(|p| p.expander.mask(address, count)).collect();
    sum(&shares)
}

async fn parties(server: &Server, count: u8) -> Vec<Party> {
    let mut parties = Vec::new();
    for index in 0..count {
        parties.push(Party::join(server, &statement(count), index).await);
    }
    parties
}

async fn deals_products(count: u8) {
    let server = Server::start(config(1)).await;
    let mut parties = parties(&server, count).await;
    // Many at once: small ones, one with a king for each chunk, and small ones behind it.
    let sizes = [1, 1000, 5 * CHUNK + 77, 3, 2 * CHUNK];
    let requests: Vec<Request> = (0..).zip(sizes).map(|(op, count)| product(op, count)).collect();
    for party in &mut parties {
        for request in &requests {
            party.ask(request).await;
        }
    }
    for (request, count) in requests.iter().zip(sizes) {
        let mut shares = Vec::new();
        for party in &mut parties {
            shares.push(party.shares(request).await);
        }
        let x = mask(&parties, Address::new(request.address.op, 0), count);
        let y = mask(&parties, Address::new(request.address.op, 1), count);
        let expected: Vec<u64> = x.iter().zip(&y).map(|(a, b)| a.wrapping_mul(*b)).collect();
        assert!(sum(&shares) == expected, "{count} elements");
    }
}

#[tokio::test]
async fn shares_add_up_for_two() {
    deals_products(2).await;
}

#[tokio::test]
async fn shares_add_up_for_three() {
    deals_products(3).await;
}

#[tokio::test]
async fn asking_again_gives_the_same_again() {
    let server = Server::start(config(1)).await;
    let mut parties = parties(&server, 2).await;
    let request = product(0, 4 * CHUNK);
    let party = &mut parties[0];
    party.ask(&request).await;
    party.ask(&request).await;
    let first = party.client.correction().await.bytes;
    assert!(first == party.client.correction().await.bytes && !first.is_empty());
}

#[tokio::test]
async fn a_dealer_with_the_same_key_gives_the_same_seeds() {
    let mut seeds = Vec::new();
    for key in [1, 1, 2] {
        let server = Server::start(config(key)).await;
        seeds.push(Client::connect(&server, &statement(2), 0).await.seed().await);
    }
    assert_eq!(seeds[0], seeds[1]);
    assert_ne!(seeds[0], seeds[2]);
}

#[tokio::test]
async fn parties_that_disagree_get_unrelated_seeds() {
    let server = Server::start(config(1)).await;
    let stated = statement(2);
    let mut other_nonce = stated.clone();
    other_nonce.nonces[1][0] ^= 1;
    let other_program = Statement { program: "tensor".into(), ..stated.clone() };
    let mut seeds = Vec::new();
    for (statement, index) in [(&stated, 0), (&stated, 1), (&other_nonce, 0), (&other_program, 0)] {
        seeds.push(Client::connect(&server, statement, index).await.seed().await);
    }
    for (at, seed) in seeds.iter().enumerate() {
        assert!(!seeds[..at].contains(seed));
    }
}

#[tokio::test]
async fn a_slow_reader_is_served_without_a_pile() {
    let mut config = config(1);
    config.limits.queue_bytes = 1 << 20;
    config.limits.queue_requests = 2;
    let server = Server::start(config).await;
    let mut party = Party::join(&server, &statement(2), 0).await;
    let requests: Vec<Request> = (0..24).map(|op| product(op, 4 * CHUNK)).collect();
    for request in &requests {
        party.ask(request).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    for request in &requests {
        let _ = party.shares(request).await;
    }
}

#[tokio::test]
async fn a_closing_dealer_says_so() {
    let server = Server::start(config(1)).await;
    let mut client = Client::connect(&server, &statement(2), 0).await;
    let _ = client.seed().await;
    assert!(server.get("/readyz").await.starts_with("HTTP/1.1 200"));
    server.dealer.close();
    client.expect_refusal("shutting down").await;
    server.dealer.closed().await;
    assert!(server.get("/readyz").await.starts_with("HTTP/1.1 503"));
    let mut late = Client::connect(&server, &statement(2), 0).await;
    assert_eq!(late.receive().await, Received::End);
}

#[tokio::test]
async fn health_and_metrics_are_shown() {
    let server = Server::start(config(1)).await;
    assert!(server.get("/healthz").await.ends_with("alive\n"));
    assert!(server.get("/metrics").await.starts_with("HTTP/1.1 404"), "no recorder yet");
    server.dealer.install_recorder().unwrap();
    let mut parties = parties(&server, 2).await;
    let request = product(0, 4 * CHUNK);
    for party in &mut parties {
        party.ask(&request).await;
        let _ = party.shares(&request).await;
    }
    let page = server.get("/metrics").await;
    for line in [
        "cryptab_dealer_connections 2",
        "cryptab_dealer_sessions 1",
        "cryptab_dealer_underway_bytes 0",
        "cryptab_dealer_corrections_total",
        "cryptab_dealer_bytes_total",
        "cryptab_dealer_computing_microseconds_total",
        "# HELP cryptab_dealer_sessions",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(page.contains("cryptab_dealer_shared_corrections_total"), "computed once: {page}");
}
