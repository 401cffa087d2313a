//! A party that lost its connection, or whose dealer was restarted or is one of several, goes on
//! where it was: the dealers have the same key and remember nothing.

use cryptab_correlation::{Address, CHUNK, Request};

use crate::client::{Client, Party, statement};
use crate::server::{Server, config};
use crate::serving::{mask, product, sum};

/// Small ones, and one with a king for each chunk.
const SIZES: [usize; 4] = [10, 3 * CHUNK + 5, 1000, 2 * CHUNK];

fn requests() -> Vec<Request> {
    (0..).zip(SIZES).map(|(op, count)| product(op, count)).collect()
}

#[tokio::test]
async fn parties_change_dealers_with_every_request() {
    let dealers = [Server::start(config(1)).await, Server::start(config(1)).await];
    let statement = statement(3);
    for (number, (request, count)) in requests().iter().zip(SIZES).enumerate() {
        let (mut parties, mut shares) = (Vec::new(), Vec::new());
        for index in 0..3 {
            // At every request each party is at another dealer than before, and than its neighbour.
            let dealer = &dealers[(number + usize::from(index)) % 2];
            let mut party = Party::join(dealer, &statement, index).await;
            party.ask(request).await;
            shares.push(party.shares(request).await);
            parties.push(party);
        }
        let x = mask(&parties, Address::new(request.address.op, 0), count);
        let y = mask(&parties, Address::new(request.address.op, 1), count);
        let expected: Vec<u64> = x.iter().zip(&y).map(|(a, b)| a.wrapping_mul(*b)).collect();
        assert!(sum(&shares) == expected, "{count} elements");
    }
}

#[tokio::test]
async fn what_was_asked_and_not_received_is_asked_again() {
    let requests = requests();
    let mut undisturbed = Vec::new();
    {
        let server = Server::start(config(1)).await;
        let mut party = Party::join(&server, &statement(2), 0).await;
        for request in &requests {
            party.ask(request).await;
            undisturbed.push(party.shares(request).await);
        }
    }
    let first = Server::start(config(1)).await;
    let mut party = Party::join(&first, &statement(2), 0).await;
    for request in &requests {
        party.ask(request).await;
    }
    let mut shares = vec![party.shares(&requests[0]).await];
    // The dealer is gone with the answers to the rest; a new one takes its place.
    drop((party, first));
    let second = Server::start(config(1)).await;
    let mut party = Party::join(&second, &statement(2), 0).await;
    for request in &requests[1..] {
        party.ask(request).await;
    }
    for request in &requests[1..] {
        shares.push(party.shares(request).await);
    }
    assert!(shares == undisturbed);
}

#[tokio::test]
async fn a_party_may_be_back_before_its_old_connection_is_missed() {
    let server = Server::start(config(1)).await;
    let statement = statement(2);
    let mut old = Client::connect(&server, &statement, 0).await;
    let seed = old.seed().await;
    let request = product(0, 3 * CHUNK);
    old.ask(&request).await;
    let mut new = Client::connect(&server, &statement, 0).await;
    assert_eq!(new.seed().await, seed);
    new.ask(&request).await;
    assert!(new.correction().await.bytes == old.correction().await.bytes);
}

#[tokio::test]
async fn a_dealer_with_another_key_is_another_dealer() {
    let request = product(0, 10);
    let mut corrections = Vec::new();
    for key in [1, 2] {
        let server = Server::start(config(key)).await;
        let mut client = Client::connect(&server, &statement(2), 0).await;
        let _ = client.seed().await;
        client.ask(&request).await;
        corrections.push(client.correction().await.bytes);
    }
    assert!(corrections[0] != corrections[1]);
}
