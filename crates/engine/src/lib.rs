//! The secret computation, sans-IO: a tensor that looks like an ordinary tensor, while its values
//! are shared among parties who compute on it together.
//!
//! Data flows through six steps, and the modules follow them: *input* and *encode* to the ring
//! (`engine`), *share* (`protocol/input`), *operations on shares* (`secret` is their face,
//! `protocol` their inside), *reveal* (`protocol/reveal`), *decode* (`secret/reveal`).
//!
//! - [`Engine`]: one party; what the network brings goes in, what must be sent comes out.
//! - [`Secret`]: a handle to a secret tensor. Operations are recorded at once, checked at once,
//!   and wait for nothing; [`Secret::reveal`] is what one awaits.
//! - [`Op`], [`Entry`], [`Cost`]: operations as data, with their cost known when recorded.
//!
//! A protocol is a plain function that records its steps once. Each intermediate is a value that
//! comes later, and knows the round after which it can be there: the rounds, bytes and requests
//! of a program are known before it runs, and what is opened in the same round leaves in one
//! frame, whichever operations it belongs to.
//!
//! ```
//! use cryptab_engine::{Engine, Error, Secret};
//! use cryptab_testkit::World;
//!
//! // Every party runs the same program; each passes the data that it has.
//! fn score(engine: &Engine) -> Result<Secret, Error> {
//!     let mine = |owner| engine.me() == owner;
//!     let weights = engine.input(0, &[2], mine(0).then_some(&[0.5, -1.0][..]))?;
//!     let features = engine.input(1, &[2], mine(1).then_some(&[3.0, 0.25][..]))?;
//!     weights.matmul(&features)?.relu()
//! }
//!
//! let planner = Engine::planner(2, 16); // no data, no network: what will it cost?
//! let _unused = score(&planner)?.reveal()?;
//! assert_eq!((planner.cost().rounds, planner.cost().bytes()), (7, 89));
//!
//! let world = World::new(2, 1); // two parties and a dealer, in one process
//! for revealed in world.reveal(score) {
//!     assert!((revealed?[0] - 1.25).abs() < 1e-4);
//! }
//! # Ok::<(), Error>(())
//! ```
//!
//! Security: semi-honest parties, any N - 1 of them may collude, but not with the dealer.
//! Not covered: parties that deviate, traffic, timing.

mod affine;
mod bit;
mod bitwise;
mod constant;
mod core;
mod cost;
mod dealings;
mod dealt;
mod engine;
mod error;
mod evaluator;
mod exchange;
mod form;
mod format;
mod gate;
mod layout;
mod lazy;
mod op;
mod protocol;
mod recorder;
mod secret;
mod tape;
mod value;
mod views;
mod window;
mod word;

pub use self::core::{EngineConfig, RevealPolicy};

pub use cost::Cost;
pub use cryptab_correlation::{Seed, SessionId};
pub use cryptab_tensor::{Conv2d, PadMode, Slice};
pub use engine::{Engine, LateInput, Outgoing, Progress};
pub use error::{Error, Peer, Result};
pub use format::{Evaluator, Format};
pub use op::{Compare, Extremum, Function, Op, Shift, ValueId, Want};
pub use secret::{Border, Divisor, Interpolation, Order, Pending, Secret};
pub use tape::Entry;
pub use window::{Bins, Rounding, Window};
