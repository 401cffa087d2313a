//! The services' limits, as options.

use std::num::NonZeroU32;

use clap::Args;
use cryptab_dealer::Limits as Dealer;
use cryptab_relay::Limits as Relay;

/// An "address" is an IPv4 address or an IPv6 network of 64 bits.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct RelayLimits {
    /// Rooms at once.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().rooms)]
    max_rooms: usize,
    /// Rooms at once that one address has opened.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().rooms_per_address)]
    max_rooms_per_address: usize,
    /// Connections at once.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().connections)]
    max_connections: usize,
    /// Connections at once from one address.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().connections_per_address)]
    max_connections_per_address: usize,
    /// Joins that one address may make in a burst.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().join_burst)]
    join_burst: NonZeroU32,
    /// Joins per second that one address may make in the long run.
    #[arg(long, value_name = "COUNT", default_value_t = Relay::default().joins_per_second)]
    joins_per_second: NonZeroU32,
    /// Bytes that may wait for one member; then whoever sends to it is not read.
    #[arg(long, value_name = "BYTES", default_value_t = Relay::default().queue_bytes)]
    queue_bytes: u32,
    /// Bytes that may wait for all members together, beyond 130 KiB for each.
    #[arg(long, value_name = "BYTES", default_value_t = Relay::default().queue_pool_bytes)]
    queue_pool_bytes: u32,
    /// Bytes per second that one member may send; without it, no limit.
    #[arg(long, value_name = "BYTES")]
    bytes_per_second: Option<NonZeroU32>,
}

impl RelayLimits {
    pub(crate) fn limits(&self) -> Relay {
        Relay {
            rooms: self.max_rooms,
            rooms_per_address: self.max_rooms_per_address,
            connections: self.max_connections,
            connections_per_address: self.max_connections_per_address,
            join_burst: self.join_burst,
            joins_per_second: self.joins_per_second,
            queue_bytes: self.queue_bytes,
            queue_pool_bytes: self.queue_pool_bytes,
            bytes_per_second: self.bytes_per_second,
            ..Relay::default()
        }
    }
}

/// An "address" is an IPv4 address or an IPv6 network of 64 bits.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct DealerLimits {
    /// Sessions at once.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().sessions)]
    max_sessions: usize,
    /// Connections at once.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().connections)]
    max_connections: usize,
    /// Connections at once from one address.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().connections_per_address)]
    max_connections_per_address: usize,
    /// Connections that one address may make in a burst.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().connection_burst)]
    connection_burst: NonZeroU32,
    /// Connections per second that one address may make in the long run.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().connections_per_second)]
    connections_per_second: NonZeroU32,
    /// Words of 64 bits that one session's requests may name in total.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().session_elements)]
    session_elements: u64,
    /// Products that one session's requests may call for in total.
    #[arg(long, value_name = "COUNT", default_value_t = Dealer::default().session_products)]
    session_products: u64,
    /// Bytes of corrections under way to all parties together.
    #[arg(long, value_name = "BYTES", default_value_t = Dealer::default().underway_bytes)]
    underway_bytes: usize,
    /// Bytes of corrections kept for parties that have not asked for theirs yet.
    #[arg(long, value_name = "BYTES", default_value_t = Dealer::default().kept_bytes)]
    kept_bytes: usize,
}

impl DealerLimits {
    pub(crate) fn limits(&self) -> Dealer {
        Dealer {
            sessions: self.max_sessions,
            connections: self.max_connections,
            connections_per_address: self.max_connections_per_address,
            connection_burst: self.connection_burst,
            connections_per_second: self.connections_per_second,
            session_elements: self.session_elements,
            session_products: self.session_products,
            underway_bytes: self.underway_bytes,
            kept_bytes: self.kept_bytes,
            ..Dealer::default()
        }
    }
}
