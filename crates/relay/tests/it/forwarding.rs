//! How packets pass, and what holds them up.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use cryptab_relay::{Limits, RelayConfig};
use cryptab_wire::relay::MAX_PACKET;
use cryptab_wire::{FromRelay, Refusal};
use tokio::time::timeout;

use crate::client::{Client, JOIN, Received, Wish};
use crate::server::Server;

/// A room with `parties` in it, slots in order.
async fn full_room(server: &Server, parties: u8) -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    for slot in 0..parties {
        let client = Client::join(server.address, Wish { member: slot, parties, ..JOIN }).await;
        for earlier in &mut clients {
            earlier.expect(FromRelay::Joined { slot }).await;
        }
        clients.push(client);
    }
    clients
}

async fn pair(server: &Server) -> [Client; 2] {
    full_room(server, 2).await.try_into().ok().expect("two parties")
}

#[tokio::test]
async fn a_packet_reaches_its_slot_alone_and_says_whence() {
    let server = Server::start(RelayConfig::default()).await;
    let mut clients = full_room(&server, 3).await;
    clients[2].send_packet(0, b"sealed").await;
    clients[2].send_packet(1, b"for one").await;
    clients[1].send_packet(0, b"more").await;
    clients[1].expect_packet(2, b"for one").await;
    let mut both = vec![clients[0].receive().await, clients[0].receive().await];
    both.sort_by_key(|received| matches!(received, Received::Packet(2, _)));
    let expected = [(1, b"more".to_vec()), (2, b"sealed".to_vec())];
    assert_eq!(both, expected.map(|(from, packet)| Received::Packet(from, packet)));
    assert!(server.metrics().await.contains("cryptab_relay_frames_total 3"));
}

#[tokio::test]
async fn order_and_content_survive_any_size() {
    let server = Server::start(RelayConfig::default()).await;
    let [mut alice, mut bob] = pair(&server).await;
    let sizes = [1, 2, 125, 126, 4096, MAX_PACKET, 3, MAX_PACKET, 65_000, 1];
    let packets: Vec<Vec<u8>> = sizes
        .iter()
        .zip(1u8..)
        .map(|(&size, salt)| (0u8..=255).cycle().skip(salt.into()).take(size).collect())
        .collect();
    for packet in &packets {
        alice.send_packet(1, packet).await;
    }
    for packet in &packets {
        bob.expect_packet(0, packet).await;
    }
}

#[tokio::test]
async fn packets_for_an_empty_slot_are_dropped() {
    let server = Server::start(RelayConfig::default()).await;
    let [mut alice, bob] = pair(&server).await;
    bob.close().await;
    alice.expect(FromRelay::Left { slot: 1 }).await;
    alice.send_packet(1, b"too late").await;
    // The two connections are not in step: the slot is taken again only when this one was dropped.
    let dropped = "cryptab_relay_dropped_frames_total 1";
    let mut tries = 0;
    while tries < 10_000 && !server.metrics().await.contains(dropped) {
        tries += 1;
    }
    let mut bob = Client::join(server.address, Wish { member: 2, ..JOIN }).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    alice.send_packet(1, b"in time").await;
    bob.expect_packet(0, b"in time").await;
    assert!(server.metrics().await.contains(dropped), "the late packet was not dropped");
}

#[tokio::test]
async fn a_member_that_breaks_the_rules_is_refused_and_announced() {
    let server = Server::start(RelayConfig::default()).await;
    let too_long = [&[1, 1][..], &vec![0; MAX_PACKET + 1]].concat();
    let to_itself = vec![1, 0, 7];
    let beyond_the_room = vec![1, 2, 7];
    for message in
        [too_long, to_itself, beyond_the_room, vec![0, 1, 7], vec![1, 1], vec![1], vec![]]
    {
        let [mut alice, mut bob] = pair(&server).await;
        alice.send(message).await;
        alice.expect_refusal(Refusal::Malformed).await;
        bob.expect(FromRelay::Left { slot: 0 }).await;
        bob.close().await;
        while !server.metrics().await.contains("cryptab_relay_members 0") {}
    }
}

#[tokio::test]
async fn a_huge_message_ends_the_connection_unread() {
    let server = Server::start(RelayConfig::default()).await;
    let [mut alice, mut bob] = pair(&server).await;
    alice.send_packet(1, &vec![0; 200 << 10]).await;
    bob.expect(FromRelay::Left { slot: 0 }).await;
    assert!(server.metrics().await.contains("cryptab_relay_frames_total 0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_slows_only_its_sender() {
    let limits = Limits { queue_bytes: 256 << 10, ..Limits::default() };
    let server = Server::start(RelayConfig { limits, ..RelayConfig::default() }).await;
    let [mut sender, mut slow, mut quick, mut other] =
        full_room(&server, 4).await.try_into().ok().expect("four parties");

    // `slow` does not read: the sender comes to a stop once buffers are full, far below this.
    let packets = 4096_u32;
    let (stuck, progress) = tokio::sync::watch::channel(0u32);
    let sending = tokio::spawn(async move {
        for number in 0..packets {
            let packet = [&number.to_le_bytes()[..], &[7; 60_000]].concat();
            sender.send_packet(1, &packet).await;
            stuck.send_replace(number);
        }
        sender
    });
    let mut watched = progress.clone();
    while timeout(Duration::from_millis(700), watched.changed()).await.is_ok() {}
    let stopped_at = *progress.borrow();
    assert!(stopped_at + 1 < packets, "nothing stopped the sender");

    // The others notice nothing.
    let start = Instant::now();
    for _ in 0..100 {
        quick.send_packet(3, &[1; 1000]).await;
        other.expect_packet(2, &[1; 1000]).await;
        other.send_packet(2, b"back").await;
        quick.expect_packet(3, b"back").await;
    }
    assert!(start.elapsed() < Duration::from_secs(2));

    // Once it reads, everything arrives, in order.
    for number in 0..packets {
        let Received::Packet(0, packet) = slow.receive().await else { panic!("not a packet") };
        assert_eq!(packet[..4], number.to_le_bytes());
    }
    sending.await.unwrap();
}

#[tokio::test]
async fn a_member_can_be_held_to_a_rate() {
    let limits = Limits { bytes_per_second: NonZeroU32::new(200_000), ..Limits::default() };
    let server = Server::start(RelayConfig { limits, ..RelayConfig::default() }).await;
    let [mut alice, mut bob] = pair(&server).await;
    let start = Instant::now();
    for _ in 0..6 {
        alice.send_packet(1, &[0; 50_000]).await;
    }
    for _ in 0..6 {
        bob.expect_packet(0, &[0; 50_000]).await;
    }
    let seconds = start.elapsed().as_secs_f64();
    assert!((0.4..3.0).contains(&seconds), "200 kB at once, 100 kB in half a second: {seconds}");
}
