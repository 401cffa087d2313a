//! Bad handshakes and bad joins, from one address and from many, while rooms are busy.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};

use crate::client::{Client, connect};
use crate::idle::fill;
use crate::process::Relay;
use crate::report::{Aim, Report};
use crate::rounds::{AIM, STEADY, play};
use crate::{Failure, Size};

pub(crate) async fn measure(
    program: &Path,
    size: &Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let relay = Relay::start(program)?;
    let rounds = u32::try_from(size.flood_for.as_millis() / STEADY.as_millis())?;
    let rooms = size.busy_rooms / 4;
    let before = relay.memory()?;
    for (addresses, what) in [
        (0, "without a flood"),
        (1, "with a flood from one address"),
        (250, "with a flood from 250 addresses"),
    ] {
        let clients = fill(&relay, 0..rooms, 2).await?;
        let tried = Arc::new(AtomicU64::new(0));
        let flood = tokio::spawn(flood(relay.address, addresses, Arc::clone(&tried)));
        let start = Instant::now();
        let (times, peak) = relay.peak_during(play(clients, rounds, Some(STEADY))).await?;
        let seconds = start.elapsed().as_secs_f64();
        flood.abort();
        let what = format!("{rooms} rooms {what}");
        if addresses > 0 {
            let tried = tried.load(Ordering::Relaxed) as f64;
            report.add("flood", format!("{what}: attempts"), tried / seconds, "/s", None);
        }
        let flat = Some(Aim::Below(before + 64.0));
        report.add("flood", format!("{what}: relay's memory at most"), peak, "MiB", flat);
        report.add_times("flood", &what, times, Some(Aim::Below(AIM)));
    }
    for reason in ["pace", "guests"] {
        let name = format!("cryptab_door_turned_away_total{{reason=\"{reason}\"}}");
        let count = relay.metric(&name).await?;
        report.add("flood", format!("turned away at the door: {reason}"), count, "", None);
    }
    let malformed = relay.metric("cryptab_relay_refusals_total{reason=\"malformed\"}").await?;
    report.add("flood", "refused as malformed", malformed, "", None);
    Ok(())
}

/// Attempts from so many addresses, until it is aborted.
async fn flood(relay: SocketAddr, addresses: u8, tried: Arc<AtomicU64>) {
    if addresses == 0 {
        return;
    }
    let mut attempts = JoinSet::new();
    let mut beats = interval(BEAT);
    for number in 0_u64.. {
        beats.tick().await;
        let [last, ..] = (number % u64::from(addresses)).to_le_bytes();
        let from = Ipv4Addr::new(127, 3, 0, 1 + last);
        attempts.spawn(attempt(relay, from, number));
        tried.fetch_add(1, Ordering::Relaxed);
        while attempts.len() > AT_ONCE {
            attempts.join_next().await;
        }
    }
}

/// One of five ways of wasting a relay's time.
async fn attempt(relay: SocketAddr, from: Ipv4Addr, number: u64) {
    let attack = async {
        match number % 5 {
            // No HTTP at all.
            0 => say(relay, from, &[0xff; 4096]).await?,
            // A request that never ends.
            1 => say(relay, from, b"GET /relay HTTP/1.1\r\nHost: relay\r\nX-Endless: ").await?,
            // A WebSocket that joins no room, one with a join that is none, one that says nothing.
            2 => Client::connect(relay, from).await?.send(vec![0xff; 40]).await?,
            3 => Client::connect(relay, from).await?.send(vec![0; 60_000]).await?,
            _ => drop(Client::connect(relay, from).await?.packet().await),
        }
        Ok::<_, Failure>(())
    };
    // Refused, or out of time: both are what should happen.
    let _ = timeout(Duration::from_secs(2), attack).await;
}

async fn say(relay: SocketAddr, from: Ipv4Addr, what: &[u8]) -> Result<(), Failure> {
    let mut connection = connect(relay, from).await?;
    connection.write_all(what).await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    Ok(())
}

/// Between two attempts: 1,000 a second, so that the attacker leaves some of the machine to the
/// others.
const BEAT: Duration = Duration::from_millis(1);
const AT_ONCE: usize = 2_000;
