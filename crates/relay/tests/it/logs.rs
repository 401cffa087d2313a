//! Logs and metrics tell what happens, never in which room or what passes.

use std::io;
use std::sync::{Arc, Mutex};

use cryptab_relay::RelayConfig;
use cryptab_wire::{FromRelay, Refusal};
use tracing_subscriber::fmt::MakeWriter;

use crate::client::{Client, JOIN, Wish};
use crate::server::Server;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::ErrorKind::Other)?.extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_and_metrics_hold_no_room_member_or_packet() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("trace")
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // This runtime has one thread, so all that the relay does is logged here.
    let _logging = tracing::subscriber::set_default(subscriber);
    let server = Server::start(RelayConfig::default()).await;
    let wish = Wish { room: 0xa7, member: 0xb7, ..JOIN };
    let mut alice = Client::join(server.address, wish).await;
    let mut bob = Client::join(server.address, Wish { member: 0xc7, ..wish }).await;
    Client::ask(server.address, wish).await.expect_refusal(Refusal::MemberPresent).await;
    alice.expect(FromRelay::Joined { slot: 1 }).await;
    alice.send_packet(1, &[0xd7; 100]).await;
    bob.expect_packet(0, &[0xd7; 100]).await;
    bob.close().await;
    alice.expect(FromRelay::Left { slot: 1 }).await;

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap().to_lowercase();
    let ours: String = text
        .lines()
        .filter(|line| line.contains("cryptab_relay"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert!(
        ours.contains("joined") && ours.contains("left") && ours.contains("member_present"),
        "{ours}"
    );
    let metrics = server.metrics().await.to_lowercase();
    assert!(metrics.contains("member_present"), "{metrics}");
    for (byte, what) in [(0xa7_u8, "room"), (0xb7, "member"), (0xd7, "packet")] {
        for shape in [
            format!("{byte:02x}").repeat(3),
            format!("{byte}, {byte}, {byte}"),
            format!("\\x{byte:x}").repeat(3),
        ] {
            assert!(!ours.contains(&shape), "the {what} is in the log:\n{ours}");
            assert!(!metrics.contains(&shape), "the {what} is in the metrics:\n{metrics}");
        }
    }
}
