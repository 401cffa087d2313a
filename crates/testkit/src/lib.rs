//! N parties and a dealer in one process: seeded, on a simulated clock, with an interceptor that
//! can delay, drop, alter, replay and record any message.
//!
//! ```
//! use cryptab_testkit::World;
//!
//! let world = World::new(3, 1);
//! let results = world.reveal(|engine| {
//!     let mine = |owner, value| (engine.me() == owner).then_some([value]);
//!     let x = engine.input(0, &[1], mine(0, 1.5).as_ref().map(|v| &v[..]))?;
//!     let y = engine.input(1, &[1], mine(1, -2.0).as_ref().map(|v| &v[..]))?;
//!     x.mul(&y)?.relu()
//! });
//! assert!(results.iter().all(|result| result.as_ref().unwrap()[0].abs() < 2e-5));
//! ```

mod envelope;
mod example;
mod network;
mod world;

pub use envelope::{Action, Endpoint, Envelope};
pub use example::{Number, Numbers, assert_close, with_secret, with_secrets};
pub use network::Network;
pub use world::World;
