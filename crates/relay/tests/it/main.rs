//! The relay as its clients see it: real sockets on the loopback.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod client;
mod door;
mod ending;
mod forwarding;
mod http;
mod joining;
mod logs;
mod owning;
mod server;
mod tls;
