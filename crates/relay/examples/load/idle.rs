//! Many rooms in which nothing happens.

use std::path::Path;
use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::client::{Client, Place, home};
use crate::process::Relay;
use crate::report::{Aim, Report};
use crate::{Failure, Size};

pub(crate) async fn measure(
    program: &Path,
    size: &Size,
    report: &mut Report,
) -> Result<(), Failure> {
    let relay = Relay::start(program)?;
    let rooms = size.idle_rooms;
    let before = relay.memory()?;
    let clients = fill(&relay, 0..rooms, 2).await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let idling: Vec<JoinHandle<Result<Client, Failure>>> = clients
        .into_iter()
        .flatten()
        .map(|mut client| {
            let mut stopped = stopped.clone();
            tokio::spawn(async move {
                tokio::select! {
                    error = client.idle() => Err(error),
                    _ = stopped.wait_for(|stopped| *stopped) => Ok(client),
                }
            })
        })
        .collect();
    let worked = relay.processor_time()?;
    sleep(size.idle_for).await;
    let worked = relay.processor_time()? - worked;
    let memory = relay.memory()?;
    let (members, vanished) = (
        relay.metric("cryptab_relay_members").await?,
        relay.metric("cryptab_relay_vanished_total").await?,
    );

    stop.send_replace(true);
    let mut clients = Vec::new();
    for client in idling {
        clients.push(client.await??);
    }
    let mut alive = 0.0;
    for room in clients.chunks_mut(2) {
        if let [first, second] = room {
            first.send_packet(1, b"still here").await?;
            alive += f64::from(u8::from(second.packet().await? == b"still here".as_slice()));
        }
    }
    let wanted = f64::from(rooms);
    report.add(
        "idle",
        format!("members of {rooms} rooms"),
        members,
        "",
        Some(Aim::Exactly(2.0 * wanted)),
    );
    report.add("idle", "members that vanished", vanished, "", Some(Aim::Exactly(0.0)));
    report.add("idle", "rooms that still pass a packet on", alive, "", Some(Aim::Exactly(wanted)));
    report.add("idle", "memory of the relay without rooms", before, "MiB", None);
    report.add("idle", "memory of the relay", memory, "MiB", None);
    report.add("idle", "memory per room", (memory - before) * 1024.0 / wanted, "KiB", None);
    let share = 100.0 * worked / size.idle_for.as_secs_f64();
    report.add("idle", "one processor's time that idling takes", share, "%", None);
    Ok(())
}

/// Rooms with all their parties, each party in its slot.
pub(crate) async fn fill(
    relay: &Relay,
    rooms: std::ops::Range<u32>,
    parties: u8,
) -> Result<Vec<Vec<Client>>, Failure> {
    let at_once = Arc::new(Semaphore::new(AT_ONCE));
    let address = relay.address;
    let joining = rooms.map(|room| {
        let at_once = Arc::clone(&at_once);
        async move {
            let _turn = at_once.acquire_owned().await?;
            let mut clients = Vec::new();
            for slot in 0..parties {
                let place = Place { room, parties, slot };
                clients.push(Client::join(address, home(room), place).await?);
            }
            Ok::<_, Failure>(clients)
        }
    });
    join_all(joining).await.into_iter().collect()
}

/// Rooms that are entered at the same time.
const AT_ONCE: usize = 32;
