//! The door of a service: connections from their arrival until they have become WebSockets.
//!
//! Until then nothing is known of a client but its address. What it can take is bounded: a number of
//! such guests in total, a number and a pace for each address, and a time for saying what it wants.
//! Whoever is turned away here has cost one accepted connection and no more.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::{DefaultKeyedRateLimiter, Quota};
use metrics::{counter, describe_counter};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::address::Address;
use crate::config::AddressSource;
use crate::tally::{Tally, Ticket};
use crate::tls::Tls;

/// Where clients come in. Made from a listener alone, it speaks plain HTTP with the usual limits.
pub struct Door {
    listener: TcpListener,
    tls: Option<Tls>,
    guests: Tally,
    pace: Option<DefaultKeyedRateLimiter<Address>>,
    swept: Instant,
    stay: Duration,
}

/// How much of what has not become a WebSocket yet. An "address" is an IPv4 address or an IPv6
/// network of 64 bits.
#[derive(Clone, Debug)]
pub struct DoorLimits {
    /// How a client's network address is found. Behind a proxy all connections are the proxy's, so
    /// that nothing is counted by address here.
    pub address_source: AddressSource,
    /// Guests at once.
    pub guests: usize,
    /// Guests at once from one address.
    pub guests_per_address: usize,
    /// Connections that one address may make in a burst.
    pub burst: NonZeroU32,
    /// Connections per second that one address may make in the long run.
    pub per_second: NonZeroU32,
    /// A guest's requests are answered for so long. Whoever then still does not take an answer has
    /// the same time once more; otherwise one that never reads would stay for ever.
    pub stay: Duration,
}

impl Default for DoorLimits {
    fn default() -> Self {
        Self {
            address_source: AddressSource::Peer,
            guests: 2_048,
            guests_per_address: 128,
            burst: const { NonZeroU32::new(512).expect("is not zero") },
            per_second: const { NonZeroU32::new(32).expect("is not zero") },
            stay: Duration::from_secs(120),
        }
    }
}

/// A client that has come through the door.
pub(crate) struct Guest {
    pub(crate) connection: TcpStream,
    pub(crate) peer: SocketAddr,
    /// Held until the client has become something better, or is gone.
    pub(crate) ticket: Ticket,
}

impl Door {
    /// A door with these limits. It speaks plain HTTP: for the loopback, or behind a proxy.
    #[must_use]
    pub fn new(listener: TcpListener, limits: &DoorLimits) -> Self {
        let DoorLimits { address_source, guests, guests_per_address, burst, per_second, stay } =
            limits;
        describe();
        let (per_address, pace) = match address_source {
            AddressSource::Peer => {
                let quota = Quota::per_second(*per_second).allow_burst(*burst);
                (*guests_per_address, Some(DefaultKeyedRateLimiter::keyed(quota)))
            }
            AddressSource::ForwardedFor => (*guests, None),
        };
        let guests = Tally::new(*guests, per_address);
        Self { listener, tls: None, guests, pace, swept: Instant::now(), stay: *stay }
    }

    /// The same, but all who come in speak TLS.
    #[must_use]
    pub fn with_tls(self, tls: Option<Tls>) -> Self {
        Self { tls, ..self }
    }

    pub(crate) fn tls(&self) -> Option<Tls> {
        self.tls.clone()
    }

    pub(crate) const fn stay(&self) -> Duration {
        self.stay
    }

    /// The next client that may come in. Cancelled, it loses nothing.
    pub(crate) async fn next(&mut self) -> Guest {
        loop {
            let (connection, peer) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) if is_the_clients(&error) => continue,
                Err(error) => {
                    // Too many open files, most likely: some will be closed.
                    tracing::error!(%error, "no connection can be accepted");
                    sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            match self.admit(peer) {
                Ok(ticket) => return Guest { connection, peer, ticket },
                Err(reason) => counter!(TURNED_AWAY, "reason" => reason).increment(1),
            }
        }
    }

    fn admit(&mut self, peer: SocketAddr) -> Result<Ticket, &'static str> {
        let address = Address::of(peer);
        if let Some(pace) = &self.pace {
            if self.swept.elapsed() >= SWEEP_EVERY {
                pace.retain_recent();
                self.swept = Instant::now();
            }
            pace.check_key(&address).map_err(|_| "pace")?;
        }
        self.guests.take(address).ok_or("guests")
    }
}

impl From<TcpListener> for Door {
    fn from(listener: TcpListener) -> Self {
        Self::new(listener, &DoorLimits::default())
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Door")
            .field("listener", &self.listener)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// Whether only the one connection has failed that was about to be accepted.
fn is_the_clients(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// Into the process's recorder, if it has one by now: a door belongs to no service.
fn describe() {
    describe_counter!(TURNED_AWAY, "Connections turned away at the door, by reason.");
    describe_counter!(BAD_HANDSHAKES, "TLS handshakes that failed or took too long.");
    describe_counter!(
        OVERSTAYED,
        "Guests whose connection was ended because they stayed too long."
    );
}

/// Forgetting the addresses that were quiet takes a look at all of them.
const SWEEP_EVERY: Duration = Duration::from_secs(10);

const TURNED_AWAY: &str = "cryptab_door_turned_away_total";
pub(crate) const BAD_HANDSHAKES: &str = "cryptab_door_bad_handshakes_total";
pub(crate) const OVERSTAYED: &str = "cryptab_door_overstayed_total";
