//! One address that wants too much, and a room with too many.

use std::net::Ipv4Addr;
use std::path::Path;

use cryptab_relay::Limits;
use cryptab_wire::Refusal;

use crate::Failure;
use crate::client::{Client, Place};
use crate::process::Relay;
use crate::report::{Aim, Report};

pub(crate) async fn measure(program: &Path, report: &mut Report) -> Result<(), Failure> {
    let limits = Limits::default();
    let greedy = Ipv4Addr::new(127, 2, 0, 1);

    let relay = Relay::start(program)?;
    let mut members = Vec::new();
    let mut refused = 0.0;
    for room in 0..100 {
        count(&relay, greedy, Place { room, parties: 2, slot: 0 }, &mut members, &mut refused)
            .await?;
    }
    let most = limits.rooms_per_address as f64;
    report.add(
        "limits",
        "rooms that one address can open",
        members.len() as f64,
        "",
        Some(Aim::Exactly(most)),
    );
    report.add(
        "limits",
        "of 100 that it asks for, refused",
        refused,
        "",
        Some(Aim::Exactly(100.0 - most)),
    );
    let other = Place { room: 200, parties: 2, slot: 0 };
    let other = Client::join(relay.address, Ipv4Addr::new(127, 2, 0, 2), other).await;
    report.add(
        "limits",
        "another address is let in",
        f64::from(u8::from(other.is_ok())),
        "",
        Some(Aim::Exactly(1.0)),
    );

    let relay = Relay::start(program)?;
    let (mut members, mut refused) = (Vec::new(), 0.0);
    for number in 0..400 {
        let place = Place { room: number / 8, parties: 8, slot: u8::try_from(number % 8)? };
        count(&relay, greedy, place, &mut members, &mut refused).await?;
    }
    // The burst of joins, and what comes back of it meanwhile.
    let most = limits.connections_per_address as f64;
    report.add(
        "limits",
        "members that one address can have",
        members.len() as f64,
        "",
        Some(Aim::Below(most + 1.0)),
    );
    let burst = f64::from(limits.join_burst.get());
    report.add(
        "limits",
        "its burst of joins is used",
        f64::from(u8::from(members.len() as f64 >= burst)),
        "",
        Some(Aim::Exactly(1.0)),
    );

    let relay = Relay::start(program)?;
    let mut members = Vec::new();
    for slot in 0..2 {
        let place = Place { room: 0, parties: 2, slot };
        members.push(Client::join(relay.address, Ipv4Addr::LOCALHOST, place).await?);
    }
    let third = Place { room: 0, parties: 2, slot: 0 };
    let third = Client::join(relay.address, Ipv4Addr::LOCALHOST, third).await;
    report.add(
        "limits",
        "a third in a room of two is let in",
        f64::from(u8::from(third.is_ok())),
        "",
        Some(Aim::Exactly(0.0)),
    );
    Ok(())
}

async fn count(
    relay: &Relay,
    from: Ipv4Addr,
    place: Place,
    members: &mut Vec<Client>,
    refused: &mut f64,
) -> Result<(), Failure> {
    match Client::join(relay.address, from, place).await {
        Ok(client) => members.push(client),
        Err(error) => match error.downcast_ref::<Refusal>() {
            Some(Refusal::TooMany) => *refused += 1.0,
            _ => return Err(error),
        },
    }
    Ok(())
}
