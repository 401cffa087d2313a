//! One long transfer.

use std::path::Path;
use std::time::Instant;

use cryptab_wire::relay::MAX_PACKET;

use crate::client::Client;
use crate::idle::fill;
use crate::process::Relay;
use crate::report::{Aim, Report};
use crate::{Failure, Size};

pub(crate) async fn measure(
    program: &Path,
    size: &Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let relay = Relay::start(program)?;
    let [mut alice, mut bob] = pair(&relay).await?;
    let before = relay.memory()?;
    let packets = size.transfer.div_ceil(MAX_PACKET as u64);
    let start = Instant::now();
    let (received, peak) = relay
        .peak_during(async {
            let sending = tokio::spawn(async move {
                for _ in 0..packets {
                    alice.send_packet(1, &[7; MAX_PACKET]).await?;
                }
                Ok::<_, Failure>(alice)
            });
            let mut received = 0;
            for _ in 0..packets {
                received += bob.packet().await?.len();
            }
            sending.await??;
            Ok(received)
        })
        .await?;
    let mib = received as f64 / MIB;
    let exactly = packets as f64 * MAX_PACKET as f64 / MIB;
    report.add("transfer", "received", mib, "MiB", Some(Aim::Exactly(exactly)));
    report.add("transfer", "rate", mib / start.elapsed().as_secs_f64(), "MiB/s", None);
    report.add("transfer", "memory of the relay before", before, "MiB", None);
    report.add(
        "transfer",
        "memory of the relay at most",
        peak,
        "MiB",
        Some(Aim::Below(before + FLAT)),
    );
    Ok(())
}

/// A room of two.
async fn pair(relay: &Relay) -> Result<[Client; 2], Failure> {
    let room = fill(relay, 0..1, 2).await?.pop().ok_or("no room")?;
    room.try_into().map_err(|_| "no pair".into())
}

pub(crate) const MIB: f64 = 1024.0 * 1024.0;
/// MiB that a transfer of any length may add: what may wait for one member, and buffers.
const FLAT: f64 = 16.0;
