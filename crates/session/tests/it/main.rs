//! Nodes in a world without sockets: a relay, a dealer and their lines, all in memory, delivering in an
//! order that a seed decides.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod computing;
mod dealer;
mod forming;
mod leaving;
mod lying;
mod refusing;
mod resuming;
mod secrets;

mod rogue;
mod world;
