//! One member that reads slowly, in the midst of others who do not.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cryptab_wire::relay::MAX_PACKET;
use tokio::time::{interval, sleep_until};

use crate::client::Client;
use crate::idle::fill;
use crate::process::Relay;
use crate::report::{Aim, Report};
use crate::rounds::{AIM, STEADY, play};
use crate::transfer::MIB;
use crate::{Failure, Size};

pub(crate) async fn measure(
    program: &Path,
    size: &Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let relay = Relay::start(program)?;
    let rounds = u32::try_from(size.slow_for.as_millis() / STEADY.as_millis())?;
    let alone = play(fill(&relay, 1..21, 2).await?, rounds, Some(STEADY)).await?;
    let before = relay.memory()?;
    let room = fill(&relay, 0..1, 4).await?.pop().ok_or("no room")?;
    let [sender, slow, quick, other] = room.try_into().map_err(|_| "no room of four")?;
    let others = fill(&relay, 1..21, 2).await?;

    let sent = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + size.slow_for;
    let flood = tokio::spawn(pour(sender, Arc::clone(&sent)));
    let sip = tokio::spawn(sip(slow, Arc::clone(&sent), end));
    let stream = tokio::spawn(stream(quick, other, end));
    let (times, peak) = relay.peak_during(play(others, rounds, Some(STEADY))).await?;
    sleep_until(end.into()).await;
    let seconds = size.slow_for.as_secs_f64();
    let rate = |bytes: u64| bytes as f64 / MIB / seconds;
    let ((read, sent), streamed) = (sip.await??, stream.await??);
    flood.abort();
    report.add("slow", "what the slow member reads", rate(read), "MiB/s", None);
    report.add("slow", "what its sender can send, buffers included", rate(sent), "MiB/s", None);
    report.add(
        "slow",
        "what waits in the relay and in sockets",
        (sent - read) as f64 / MIB,
        "MiB",
        None,
    );
    report.add("slow", "what two others of the same room exchange", rate(streamed), "MiB/s", None);
    report.add("slow", "memory of the relay before", before, "MiB", None);
    report.add("slow", "memory of the relay at most", peak, "MiB", Some(Aim::Below(before + 16.0)));
    report.add_times("slow", "20 other rooms before", alone, None);
    report.add_times("slow", "20 other rooms meanwhile", times, Some(Aim::Below(AIM)));
    Ok(())
}

/// Sends to slot 1 as much as it can.
async fn pour(mut client: Client, sent: Arc<AtomicU64>) -> Result<(), Failure> {
    loop {
        client.send_packet(1, &[7; MAX_PACKET]).await?;
        sent.fetch_add(MAX_PACKET as u64, Ordering::Relaxed);
    }
}

/// Reads a packet now and then; gives the number of bytes, and of those that have been sent: while
/// this member is still there, for what is sent to nobody is not held up.
async fn sip(
    mut client: Client,
    sent: Arc<AtomicU64>,
    end: Instant,
) -> Result<(u64, u64), Failure> {
    let mut sips = interval(Duration::from_millis(100));
    let mut read = 0;
    while Instant::now() < end {
        sips.tick().await;
        read += client.packet().await?.len() as u64;
    }
    Ok((read, sent.load(Ordering::Relaxed)))
}

/// Sends from slot 2 to slot 3 at a moderate rate; gives the number of bytes that arrived.
async fn stream(mut from: Client, mut to: Client, end: Instant) -> Result<u64, Failure> {
    let mut beats = interval(Duration::from_millis(10));
    let mut read = 0;
    while Instant::now() < end {
        beats.tick().await;
        from.send_packet(3, &[7; MAX_PACKET]).await?;
        read += to.packet().await?.len() as u64;
    }
    Ok(read)
}
