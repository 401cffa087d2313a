//! Many rooms in which both parties send a small message at once, wait for the other's, and go on.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::join_all;
use tokio::time::{MissedTickBehavior, interval_at};

use crate::client::{Client, age, stamped};
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
    let (rooms, rounds) = (size.busy_rooms, size.rounds);
    let aim = Some(Aim::Below(AIM));
    for (pace, what) in [(Some(STEADY), "25 rounds a second each"), (None, "as fast as they can")] {
        let clients = fill(&relay, 0..rooms, 2).await?;
        let worked = relay.processor_time()?;
        let start = Instant::now();
        let (times, peak) = relay.peak_during(play(clients, rounds, pace)).await?;
        let seconds = start.elapsed().as_secs_f64();
        let worked = relay.processor_time()? - worked;
        let what = format!("{rooms} rooms, {what}");
        report.add(
            "rounds",
            format!("{what}: messages passed on"),
            times.len() as f64 / seconds,
            "/s",
            None,
        );
        report.add(
            "rounds",
            format!("{what}: relay's processor time"),
            100.0 * worked / seconds,
            "%",
            None,
        );
        report.add("rounds", format!("{what}: relay's memory at most"), peak, "MiB", None);
        report.add_times("rounds", &what, times, aim);
    }
    Ok(())
}

/// Plays `rounds` rounds in each room of two; gives the milliseconds from each sending to its
/// receiving.
pub(crate) async fn play(
    rooms: Vec<Vec<Client>>,
    rounds: u32,
    pace: Option<Duration>,
) -> Result<Vec<f64>, Failure> {
    let start = Instant::now();
    let count = u32::try_from(rooms.len().max(1))?;
    let mut parties = Vec::new();
    for (number, room) in (0..).zip(rooms) {
        // Not all rooms in step.
        let begin = start + pace.unwrap_or_default() * number / count;
        for (slot, client) in (0..).zip(room) {
            parties.push(tokio::spawn(party(client, 1 - slot, start, begin, rounds, pace)));
        }
    }
    let mut times = Vec::new();
    for party in join_all(parties).await {
        times.extend(party??);
    }
    Ok(times)
}

async fn party(
    mut client: Client,
    other: u8,
    start: Instant,
    begin: Instant,
    rounds: u32,
    pace: Option<Duration>,
) -> Result<Vec<f64>, Failure> {
    let mut beat = pace.map(|pace| interval_at(begin.into(), pace));
    if let Some(beat) = &mut beat {
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut times = Vec::new();
    for _ in 0..rounds {
        if let Some(beat) = &mut beat {
            beat.tick().await;
        }
        client.send_packet(other, &stamped(start, LENGTH)).await?;
        times.push(age(start, &client.packet().await?)?);
    }
    Ok(times)
}

/// Between two rounds of a room that takes its time.
pub(crate) const STEADY: Duration = Duration::from_millis(40);
/// Milliseconds in which 99 of 100 messages should be passed on.
pub(crate) const AIM: f64 = 20.0;
/// Bytes of a message.
const LENGTH: usize = 1 << 10;
