//! Native parties with a relay and a dealer, over real sockets on the loopback.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod computing;
mod losing;
mod refusing;
mod world;
