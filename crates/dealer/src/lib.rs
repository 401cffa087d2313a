//! The dealer: a seed to each party, and a correction to whoever asks for one.
//!
//! # Must not collude with a party
//! **A dealer that tells any one party what it knows gives everything away**: the dealer's seeds and
//! one party's view of the openings together open every secret of every party. By itself the dealer
//! learns nothing but shapes and kinds of operations, because it receives no opening. So: whoever
//! computes chooses a dealer that none of the parties controls. One in the same process as a party,
//! or of the same operator, is for trying things out and says so.
//!
//! # How one party is served, and where to find it
//! 1. `gate` counts and paces its connection by network address;
//! 2. `handshake` opens the sealed channel (Noise XK), in which the party states the session and
//!    its place in it; the key it proves must be the one stated for that place;
//! 3. `sessions` finds what the parties of this session share;
//! 4. `listener` reads requests, `work` refuses the absurd ones, `allowance` those beyond the
//!    session's budget, `visit` keeps as many under way as `underway` has space for, and stops
//!    reading when there are more;
//! 5. `session` computes corrections off the async runtime, once for all kings of a request, on a
//!    processor that `turns` hands out fairly;
//! 6. `speaker` seals and sends them in the order of the requests; `pace` ends what is taken too
//!    slowly.
//!
//! Seeds derive from the dealer's key and the session's name, a hash over the statement. Parties
//! whose statements differ get unrelated seeds, and a dealer that is restarted with its key gives
//! the same ones: there is nothing to remember. So a party that has lost its connection states the
//! same again, to this dealer or to any other with the same key, and asks again for what it did not
//! get. (A session's budget is the one thing that begins anew then.)
//!
//! | path | what |
//! |---|---|
//! | `/dealer` | the WebSocket, [`Dealer::router`] |
//! | `/healthz`, `/readyz`, `/metrics` | for a dealer alone, [`Dealer::service_router`] |
//!
//! Assumed: an honest dealer; parties may be anybody. Not supported: withholding a seed from a party
//! whose peers are somebody else than it believes (they agree on the session among themselves).
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
//!
//! let key = DealerKey::load_or_create("dealer.key".as_ref())?;
//! let dealer = Dealer::new(DealerConfig::new(key));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8081").await?;
//! let router = dealer.router().merge(dealer.service_router());
//! axum::serve(listener, router.into_make_service_with_connect_info::<std::net::SocketAddr>()).await?;
//! # Ok(())
//! # }
//! ```

mod address;
mod allowance;
mod config;
mod dealer;
mod gate;
mod handshake;
mod kept;
mod key;
mod listener;
mod pace;
mod refusal;
mod router;
mod session;
mod sessions;
mod speaker;
mod telemetry;
mod turns;
mod underway;
mod visit;
mod work;

pub use config::{AddressSource, DealerConfig, Limits, Times};
pub use dealer::Dealer;
pub use key::{DealerKey, KeyError};
pub use telemetry::RecorderTaken;
