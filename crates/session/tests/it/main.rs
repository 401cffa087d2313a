//! Nodes in a world without sockets: a relay, a dealer and their lines, all in memory, delivering in an
//! order that a seed decides.

// clippy.toml allows it in test functions; their helpers live in modules of their own here.
#![expect(clippy::unwrap_used)]

mod authenticating;
mod computing;
mod dealer;
mod direct;
mod forming;
mod hostile;
mod knowing;
mod leaving;
mod lying;
mod owning;
mod refusing;
mod resuming;
mod secrets;
mod simulation;
mod tampering;

mod rogue;
mod world;
