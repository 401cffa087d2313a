//! Correlated randomness, written once: how a party expands it, how the dealer corrects it.
//!
//! The dealer shares one seed with each party. A *uniform mask* is the sum of the parties'
//! streams at one [`Address`]: it costs no bytes. Any *function of masks* is an expression
//! ([`Known`] for numbers, [`KnownBits`] for bits) that travels in a [`Request`]; every party
//! but the king expands its share of the value, and the king receives the difference, the
//! *correction*. The king changes from request to request and, within large tensors, from
//! chunk to chunk, so that no party carries the whole download.
//!
//! A correction is a pure function of (seeds, request): the dealer keeps no state.
//!
//! Assumes an honest dealer that does not collude with a party. No I/O, no clock, no global state.
//!
//! Source: PRG-compressed dealing as in MP-SPDZ and SPU; masked values as in Turbospeedz
//! (ePrint 2019/080) and ABY2.0 (ePrint 2020/1225).

mod address;
mod bits;
mod circle;
mod correct;
mod error;
mod evaluate;
mod expand;
mod king;
mod known;
mod nesting;
mod node;
mod parallel;
mod pieces;
mod prg;
mod request;
mod run;
mod seed;
mod shuffle;
mod smooth;
mod sources;
mod structure;

pub use address::Address;
pub use bits::KnownBits;
pub use correct::Corrector;
pub use error::{Error, Result};
pub use expand::{Expander, RingShares};
pub use king::{CHUNK, Kings};
pub use known::Known;
pub use node::{AndNode, Monomial, Polynomial};
pub use pieces::{Coefficients, Fit, Plan};
pub use prg::{Stream, check_known_answers};
pub use request::{Correction, Deal, Request};
pub use run::Run;
pub use seed::{Seed, SessionId};
pub use shuffle::Permuted;
pub use smooth::{EXPONENT_CIRCLE, Exponentials, Moments, Sum};
pub use sources::MAX_REMEMBERED;
pub use structure::Structure;
