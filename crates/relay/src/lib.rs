//! The relay: rooms in which sealed packets pass between parties, and the site they come from.
//!
//! A party opens a WebSocket at `/relay`, says which room it wants
//! ([`cryptab_wire::ToRelay::Join`]) and gets a slot. From then on a packet to another slot is
//! passed on with one byte changed. The relay reads nothing: what it passes is sealed between the
//! parties by `cryptab-link`.
//!
//! Where a room has an owner, the relay lets nobody in whom the owner did not invite, and does what
//! the owner signs ([`cryptab_wire::ownership`]). The place of a member whose connection broke is
//! kept for it.
//!
//! Who comes in passes `door`, which bounds what clients take before they are anybody, and speaks TLS
//! where there is a certificate (`tls`). The dealer is served through the same door ([`serve()`]).
//!
//! How one packet flows, and where to find it:
//! 1. `visit` reads it from the sender's socket and puts the sender's slot on it;
//! 2. `room` finds the receiver's mailbox;
//! 3. `mailbox` waits until there is space: a full one stops the reading of this sender, nobody else;
//! 4. `writer` writes it to the receiver's socket.
//!
//! | path | what |
//! |---|---|
//! | `/relay` | the WebSocket |
//! | `/config.json` | what the page must know, [`RelayConfig::public`] |
//! | `/ice` | how parties may connect directly, [`RelayConfig::ice`] |
//! | `/healthz`, `/readyz` | 200 while the process lives; 200 until it begins to close |
//! | `/metrics` | Prometheus text |
//! | anything else | a file of the site, [`RelayConfig::site`] |
//!
//! Assumed: the operator may be curious or hostile; it can delay or drop packets and sees their
//! sizes, times and network addresses. Not supported: persistence (a restarted relay has no rooms),
//! more than one relay for a room.
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! use cryptab_relay::{Relay, RelayConfig};
//!
//! let relay = Relay::new(RelayConfig::default());
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! let interrupt = async { drop(tokio::signal::ctrl_c().await) };
//! relay.serve(listener, relay.router(), interrupt).await;
//! # Ok(())
//! # }
//! ```

mod address;
mod config;
mod door;
mod ice;
mod lobby;
mod mailbox;
mod memories;
mod relay;
mod room;
mod router;
mod serve;
mod site;
mod tally;
mod telemetry;
mod tls;
mod visit;
mod writer;

pub use config::{AddressSource, Limits, RelayConfig, Times};
pub use door::{Door, DoorLimits};
pub use ice::{IceConfig, Turn, TurnSecret};
pub use relay::Relay;
pub use serve::serve;
pub use telemetry::RecorderTaken;
pub use tls::{Reloaded, Tls, TlsError};
