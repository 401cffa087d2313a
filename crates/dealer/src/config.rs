//! What an operator decides.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::key::DealerKey;

/// All that a [`Dealer`](crate::Dealer) is made from.
#[derive(Clone, Debug)]
pub struct DealerConfig {
    /// The dealer's secret key; parties know its public half from their invite.
    pub key: DealerKey,
    /// How a client's network address is found.
    pub address_source: AddressSource,
    /// How much of everything.
    pub limits: Limits,
    /// How long everything may take.
    pub times: Times,
}

impl DealerConfig {
    /// A dealer with this key and limits that suit one machine or a small host.
    #[must_use]
    pub fn new(key: DealerKey) -> Self {
        Self {
            key,
            address_source: AddressSource::default(),
            limits: Limits::default(),
            times: Times::default(),
        }
    }
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
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// Connections that one address may make in a burst.
    pub connection_burst: NonZeroU32,
    /// Connections per second that one address may make in the long run.
    pub connections_per_second: NonZeroU32,
    /// Sessions at once.
    pub sessions: usize,
    /// Requests of one connection that may be under way; then it is not read further.
    pub queue_requests: usize,
    /// Bytes of corrections under way to one connection; then it is not read further. One request is
    /// always served, however long its correction.
    pub queue_bytes: usize,
    /// Numbers (or words of 64 bits) that a request may name, in all of its steps together: 8 bytes
    /// of memory each.
    pub request_elements: u64,
    /// Products that a request may call for in matrix products and convolutions.
    pub request_products: u64,
    /// Numbers that all requests of a session may name together. It stops a session that runs away; who
    /// means harm begins another, and meets the bounds of its address.
    pub session_elements: u64,
    /// Products that all requests of a session may call for together.
    pub session_products: u64,
    /// Bytes of corrections under way to all parties together; when they are there, nobody's next
    /// request is read. With `kept_bytes` and what requests take while they are computed (as many at
    /// once as there are processors), it bounds the memory of a dealer.
    pub underway_bytes: usize,
    /// Bytes of corrections under way to one connection that do not count among `underway_bytes`:
    /// they are there for it whatever others do.
    pub underway_own_bytes: usize,
    /// Bytes of corrections kept for parties that have not asked for theirs yet. One session may
    /// use a quarter of them; what is not kept is computed again.
    pub kept_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            connections_per_address: 128,
            connection_burst: const { NonZeroU32::new(240).expect("is not zero") },
            connections_per_second: const { NonZeroU32::new(4).expect("is not zero") },
            sessions: 512,
            queue_requests: 256,
            queue_bytes: 64 << 20,
            request_elements: 1 << 27,
            request_products: 1 << 40,
            session_elements: 1 << 42,
            session_products: 1 << 52,
            underway_bytes: 1 << 30,
            underway_own_bytes: 1 << 20,
            kept_bytes: 512 << 20,
        }
    }
}

/// How long everything may take.
#[derive(Clone, Debug)]
pub struct Times {
    /// From the connection to the end of its handshake.
    pub handshake_within: Duration,
    /// Between two pings to a party.
    pub ping_every: Duration,
    /// A party that sends nothing for so long, not even answers to pings, has vanished.
    pub silence: Duration,
    /// A party that takes nothing of what is sent to it for so long is given up.
    pub stall: Duration,
    /// So is one that takes fewer bytes a second than this, once that has cost it the time of
    /// `stall`.
    pub slowest: u32,
    /// How long a correction is kept for parties that have not asked for theirs yet.
    pub kept: Duration,
    /// For saying goodbye to a party, and for all of them when the dealer closes.
    pub farewell: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            handshake_within: Duration::from_secs(5),
            ping_every: Duration::from_secs(10),
            silence: Duration::from_secs(25),
            stall: Duration::from_secs(30),
            slowest: 64 << 10,
            kept: Duration::from_secs(30),
            farewell: Duration::from_secs(2),
        }
    }
}
