//! What an operator decides.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use crate::ice::IceConfig;

/// All that a [`Relay`](crate::Relay) is made from. The default serves no site and suits one
/// machine or a small host.
#[derive(Clone, Debug, Default)]
pub struct RelayConfig {
    /// Folder of the built site; without it the relay serves no files.
    pub site: Option<PathBuf>,
    /// What `/config.json` says, for instance the dealer's key and address. Public.
    pub public: serde_json::Value,
    /// Origins other than its own that the page may connect to, for instance
    /// `wss://dealer.example`. A dealer elsewhere must stand here, or the browser refuses the
    /// connection.
    pub connect_sources: Vec<String>,
    /// What helps parties to connect directly.
    pub ice: IceConfig,
    /// How a client's network address is found.
    pub address_source: AddressSource,
    /// How much of everything.
    pub limits: Limits,
    /// How long everything may take.
    pub times: Times,
}

/// How a client's network address is found; limits count by it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AddressSource {
    /// The other end of the TCP connection.
    #[default]
    Peer,
    /// The last entry of `X-Forwarded-For`. Only behind a proxy that sets it: otherwise clients
    /// choose their own.
    ForwardedFor,
}

/// How much of everything. An "address" is an IPv4 address or an IPv6 network of 64 bits.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Rooms at once.
    pub rooms: usize,
    /// Rooms at once that one address has opened.
    pub rooms_per_address: usize,
    /// Rooms whose owners' orders are remembered, to the rooms' ends and whether anybody is in them or
    /// not. Beyond this, the oldest are forgotten.
    pub remembered: usize,
    /// The same for the rooms whose first order came from one address.
    pub remembered_per_address: usize,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// Joins that one address may make in a burst.
    pub join_burst: NonZeroU32,
    /// Joins per second that one address may make in the long run.
    pub joins_per_second: NonZeroU32,
    /// Bytes that may wait for one member; when they are there, whoever sends to that member is not
    /// read further. 130 KiB of them are the member's own, the rest comes out of the pool.
    pub queue_bytes: u32,
    /// The pool: bytes that may wait for all members together beyond what is each one's own.
    pub queue_pool_bytes: u32,
    /// Bytes per second that one member may send; beyond it the member is read more slowly. Without
    /// it, no limit.
    pub bytes_per_second: Option<NonZeroU32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rooms: 4_096,
            rooms_per_address: 64,
            remembered: 16_384,
            remembered_per_address: 256,
            connections: 8_192,
            connections_per_address: 256,
            join_burst: const { NonZeroU32::new(240).expect("is not zero") },
            joins_per_second: const { NonZeroU32::new(4).expect("is not zero") },
            queue_bytes: 1 << 20,
            queue_pool_bytes: 256 << 20,
            bytes_per_second: None,
        }
    }
}

/// How long everything may take.
#[derive(Clone, Debug)]
pub struct Times {
    /// From the connection to its join.
    pub join_within: Duration,
    /// Between two pings to a member.
    pub ping_every: Duration,
    /// A member from whom nothing was heard for this long has vanished. Answers to pings count, so
    /// a living member with nothing to say stays. The others are told within this time.
    pub silence: Duration,
    /// An empty room, and the place of a member whose connection broke, are kept this long, for
    /// members who come back.
    pub grace: Duration,
    /// No room without an owner lasts longer than this, whatever its invite says. One with an owner
    /// lasts as long as its invite, so that the owner's orders do.
    pub room_life: Duration,
    /// For saying goodbye to a client, and for all of them when the relay closes.
    pub farewell: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            join_within: Duration::from_secs(5),
            ping_every: Duration::from_secs(4),
            silence: Duration::from_secs(9),
            grace: Duration::from_secs(60),
            room_life: Duration::from_secs(24 * 60 * 60),
            farewell: Duration::from_secs(2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn a_vanished_member_is_announced_within_ten_seconds() {
        let times = Times::default();
        assert!(times.silence.as_secs() < 10);
        assert!(times.ping_every * 2 < times.silence, "one lost ping must not end a connection");
    }
}
