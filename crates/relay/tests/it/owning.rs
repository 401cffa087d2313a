//! Rooms with an owner: who is let in, who must go.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use cryptab_relay::RelayConfig;
use cryptab_wire::{
    Admission, Charter, Claim, FromRelay, Grant, Order, Owner, Refusal, Ticket, ToRelay, VERSION,
};

use crate::client::{Client, Received};
use crate::server::Server;

/// A room for two, and its owner.
struct Estate {
    owner: Owner,
    charter: Charter,
}

const ANY: Grant = Grant { role: None, slot: None, expires: u64::MAX };

impl Estate {
    fn new(admission: Admission) -> Self {
        Self::ending_in(3600, admission)
    }

    fn ending_in(seconds: u64, admission: Admission) -> Self {
        let owner = Owner::from_secret(&[3; 32]);
        let expires = now() + seconds;
        let charter = Charter { owner: owner.key(), admission, parties: 2, expires };
        Self { owner, charter }
    }

    fn ticket(&self, seed: u8, grant: Grant) -> Ticket {
        self.owner.invite(&self.charter, [seed; 16], grant)
    }

    /// A join by this ticket, or by the link alone.
    fn join(&self, member: u8, ticket: Option<&Ticket>) -> ToRelay {
        let Charter { owner, parties, expires, .. } = self.charter;
        let room = self.charter.room();
        let pass = ticket.map(|ticket| ticket.pass(room, [member; 16]));
        ToRelay::Join {
            version: VERSION,
            room,
            parties,
            slot: None,
            member: [member; 16],
            expires,
            claim: Some(Claim { owner, pass }),
        }
    }

    fn order(&self, order: Order) -> ToRelay {
        let order = self.owner.order(&self.charter, order);
        ToRelay::Order { version: VERSION, charter: self.charter, order }
    }

    /// What members hear of an order.
    fn heard(&self, order: Order) -> FromRelay {
        FromRelay::Ordered { order: self.owner.order(&self.charter, order) }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

async fn say(server: SocketAddr, message: &ToRelay) -> Client {
    let mut client = Client::connect(server).await;
    client.send(message.encode()).await;
    client
}

async fn let_in(server: &Server, join: &ToRelay) -> Client {
    let mut client = say(server.address, join).await;
    let welcome = client.receive().await;
    assert!(matches!(welcome, Received::Notice(FromRelay::Welcome { .. })), "{welcome:?}");
    client
}

async fn refused(server: &Server, message: &ToRelay, reason: Refusal) {
    say(server.address, message).await.expect_refusal(reason).await;
}

fn changed(join: &ToRelay, change: impl FnOnce(&mut Claim)) -> ToRelay {
    let mut join = join.clone();
    if let ToRelay::Join { claim: Some(claim), .. } = &mut join {
        change(claim);
    }
    join
}

#[tokio::test]
async fn only_those_whom_the_owner_invited_are_let_in() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let photo = estate.ticket(1, ANY);
    let good = estate.join(1, Some(&photo));
    refused(&server, &estate.join(1, None), Refusal::NotSigned).await;

    let stranger = Estate { owner: Owner::from_secret(&[4; 32]), ..Estate::new(Admission::Token) };
    let forged = stranger.ticket(1, ANY);
    refused(&server, &estate.join(1, Some(&forged)), Refusal::NotSigned).await;
    let theirs = stranger.owner.key();
    refused(&server, &changed(&good, |claim| claim.owner = theirs), Refusal::NotSigned).await;

    let other_room = Estate::ending_in(7200, Admission::Token);
    let elsewhere = other_room.ticket(1, ANY);
    refused(&server, &estate.join(1, Some(&elsewhere)), Refusal::NotSigned).await;

    let mut stolen = good.clone();
    if let ToRelay::Join { member, .. } = &mut stolen {
        *member = [9; 16];
    }
    refused(&server, &stolen, Refusal::NotSigned).await;
    let pass = |claim: &mut Claim| claim.pass.as_mut().unwrap().token.grant.slot = Some(1);
    refused(&server, &changed(&good, pass), Refusal::NotSigned).await;

    let past = estate.ticket(2, Grant { expires: now() - 1, ..ANY });
    refused(&server, &estate.join(1, Some(&past)), Refusal::TokenExpired).await;
    let _inside = let_in(&server, &good).await;
}

#[tokio::test]
async fn a_token_is_in_the_room_once() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let ticket = estate.ticket(1, Grant { slot: Some(1), ..ANY });
    let mut first = let_in(&server, &estate.join(1, Some(&ticket))).await;
    refused(&server, &estate.join(2, Some(&ticket)), Refusal::TokenInUse).await;
    refused(&server, &estate.join(1, Some(&ticket)), Refusal::MemberPresent).await;
    let other = estate.ticket(2, Grant { slot: Some(1), ..ANY });
    refused(&server, &estate.join(3, Some(&other)), Refusal::SlotTaken).await;
    first.send(vec![0]).await;
    first.expect_refusal(Refusal::Malformed).await;
    // Whoever has the ticket may come as somebody else, once it is free.
    let mut again = say(server.address, &estate.join(2, Some(&ticket))).await;
    again.expect(FromRelay::Welcome { slot: 1, present: vec![] }).await;
}

#[tokio::test]
async fn whoever_took_a_rooms_name_before_its_owner_must_go() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let ticket = estate.ticket(1, ANY);
    let mut usurping = estate.join(7, None);
    if let ToRelay::Join { claim, .. } = &mut usurping {
        *claim = None;
    }
    let mut usurper = let_in(&server, &usurping).await;
    let _invited = let_in(&server, &estate.join(1, Some(&ticket))).await;
    usurper.expect_refusal(Refusal::NotSigned).await;
    refused(&server, &usurping, Refusal::Mismatch).await;
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_any_more() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let (alices, bobs) = (estate.ticket(1, ANY), estate.ticket(2, ANY));
    let mut alice = let_in(&server, &estate.join(1, Some(&alices))).await;
    let mut bob = let_in(&server, &estate.join(2, Some(&bobs))).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;

    let revoke = Order::Revoke(bobs.token().id());
    let mut owner = say(server.address, &estate.order(revoke)).await;
    owner.expect(estate.heard(revoke)).await;
    bob.expect(estate.heard(revoke)).await;
    bob.expect_refusal(Refusal::Revoked).await;
    alice.expect(estate.heard(revoke)).await;
    alice.expect(FromRelay::Left { slot: 1 }).await;
    refused(&server, &estate.join(2, Some(&bobs)), Refusal::Revoked).await;
    refused(&server, &estate.join(5, Some(&bobs)), Refusal::Revoked).await;
    // Said again, it changes nothing, and nobody hears of it but who says it.
    say(server.address, &estate.order(revoke)).await.expect(estate.heard(revoke)).await;
    let carols = estate.ticket(3, ANY);
    let _carol = let_in(&server, &estate.join(3, Some(&carols))).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
}

#[tokio::test]
async fn a_token_can_be_revoked_before_anybody_comes() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let ticket = estate.ticket(1, ANY);
    let revoke = Order::Revoke(ticket.token().id());
    say(server.address, &estate.order(revoke)).await.expect(estate.heard(revoke)).await;
    refused(&server, &estate.join(1, Some(&ticket)), Refusal::Revoked).await;
}

#[tokio::test]
async fn a_closed_room_stays_closed() {
    let server = Server::start(RelayConfig::default()).await;
    for admission in [Admission::Token, Admission::Link] {
        let estate = Estate::new(admission);
        let tickets = [1, 2].map(|seed| estate.ticket(seed, ANY));
        let ticket = |n: usize| (admission == Admission::Token).then(|| &tickets[n]);
        let mut alice = let_in(&server, &estate.join(1, ticket(0))).await;
        let mut bob = let_in(&server, &estate.join(2, ticket(1))).await;
        alice.expect(FromRelay::Joined { slot: 1 }).await;
        // The owner is in the room itself.
        bob.send(estate.order(Order::Close).encode_within()).await;
        for member in [&mut alice, &mut bob] {
            member.expect(estate.heard(Order::Close)).await;
        }
        let ending = alice.receive().await;
        let left = Received::Notice(FromRelay::Left { slot: 1 });
        let refused_now = Received::Notice(FromRelay::Refused { reason: Refusal::Closed });
        if ending == left {
            alice.expect_refusal(Refusal::Closed).await;
        } else {
            assert_eq!(ending, refused_now);
        }
        refused(&server, &estate.join(1, ticket(0)), Refusal::Closed).await;
        refused(&server, &estate.join(3, ticket(0)), Refusal::Closed).await;
    }
}

#[tokio::test]
async fn orders_that_the_owner_did_not_sign_are_refused() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Link);
    let mut alice = let_in(&server, &estate.join(1, None)).await;
    // An order of the same owner for another room, and one of a stranger.
    let other_room = Estate::ending_in(7200, Admission::Link);
    let replayed = other_room.owner.order(&other_room.charter, Order::Close);
    let stranger = Owner::from_secret(&[4; 32]).order(&estate.charter, Order::Close);
    for order in [replayed, stranger] {
        let order = ToRelay::Order { version: VERSION, charter: estate.charter, order };
        refused(&server, &order, Refusal::NotSigned).await;
        let mut bob = let_in(&server, &estate.join(2, None)).await;
        alice.expect(FromRelay::Joined { slot: 1 }).await;
        bob.send(order.encode_within()).await;
        bob.expect_refusal(Refusal::NotSigned).await;
        alice.expect(FromRelay::Left { slot: 1 }).await;
    }
    let past = Estate::ending_in(0, Admission::Link);
    refused(&server, &past.order(Order::Close), Refusal::Expired).await;
    let mut bob = let_in(&server, &estate.join(2, None)).await;
    bob.send(estate.join(2, None).encode_within()).await;
    bob.expect_refusal(Refusal::Malformed).await;
}

#[tokio::test]
async fn whose_token_ends_must_go() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Token);
    let short = estate.ticket(1, Grant { expires: now() + 2, ..ANY });
    let mut alice = let_in(&server, &estate.join(1, Some(&short))).await;
    alice.expect_refusal(Refusal::TokenExpired).await;
}

#[tokio::test]
async fn a_place_is_kept_for_whoever_lost_the_connection() {
    let server = Server::start(RelayConfig::default()).await;
    let estate = Estate::new(Admission::Link);
    let mut alice = let_in(&server, &estate.join(1, None)).await;
    let bob = let_in(&server, &estate.join(2, None)).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    drop(bob);
    alice.expect(FromRelay::Left { slot: 1 }).await;
    refused(&server, &estate.join(3, None), Refusal::Reserved).await;
    let bob = let_in(&server, &estate.join(2, None)).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    bob.go_away().await;
    alice.expect(FromRelay::Left { slot: 1 }).await;
    refused(&server, &estate.join(3, None), Refusal::Reserved).await;
    let bob = let_in(&server, &estate.join(2, None)).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    // A goodbye frees the place at once.
    bob.close().await;
    alice.expect(FromRelay::Left { slot: 1 }).await;
    let _carol = let_in(&server, &estate.join(3, None)).await;
}
