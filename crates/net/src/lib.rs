//! A party as a native process: its sockets, its clock, and the driver of its session.
//!
//! [`Party::join`] follows an invite link: it connects to the relay, drives a
//! [`cryptab_session::Node`], and connects to relay and dealer whenever the node asks for it, also
//! after they were lost. It makes direct connections to other parties (`direct`) and keeps the
//! journal in a file (`journal`). The node and its engine live on one thread (in a
//! [`tokio::task::LocalSet`]), because handles to secret tensors do not cross threads; sockets are
//! served by tasks of the runtime, which has other threads for them when it is a multi-threaded one.
//!
//! How a message flows, and where to find it:
//! 1. `pipe` reads it from a socket and waits until the driver takes it: a slow party is not read
//!    further, so its memory is bounded;
//! 2. `driver` hands it to the node and carries out what the node wants;
//! 3. `pipe` writes what the node sends. That side has no bound: a party that waited for space there
//!    while it must also read could wait for ever.
//!
//! Only sealed packets pass through here, but for what makes a direct connection; no protocol of the
//! engine or session is known.
//!
//! ```no_run
//! use cryptab_net::{JoinOptions, Party};
//! use cryptab_session::{Event, Role};
//!
//! # async fn run(link: &str) -> Result<(), cryptab_net::Error> {
//! let local = tokio::task::LocalSet::new();
//! local.run_until(async {
//!     let party = Party::join(JoinOptions::new(link, "carol", Role::Help)?).await?;
//!     while let Ok(event) = party.events().recv().await {
//!         if let Event::Ready = event {
//!             println!("{} parties compute", party.lobby().parties);
//!         }
//!     }
//!     Ok(())
//! }).await
//! # }
//! ```

mod addresses;
mod direct;
mod driver;
mod duplex;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
mod journal;
mod options;
mod order;
mod party;
mod pipe;
mod tls;

pub use addresses::Addresses;
pub use error::Error;
pub use options::JoinOptions;
pub use order::order;
pub use party::Party;
