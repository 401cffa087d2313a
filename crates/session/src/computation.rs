//! A session that is under way: the engine, and what it is made from.

use cryptab_correlation::{Seed, SessionId};
use cryptab_engine::{Engine, EngineConfig, Format, RevealPolicy};

/// What the room fixes of every engine in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) me: u8,
    pub(crate) parties: u8,
    pub(crate) format: Format,
    pub(crate) reveal: RevealPolicy,
}

/// An engine for one session: `seed` is shared with the dealer, `own` with nobody.
pub(crate) fn start(terms: Terms, session: [u8; 32], seed: Seed, own: Seed) -> Engine {
    Engine::new(EngineConfig {
        me: terms.me,
        parties: terms.parties,
        session: SessionId(session),
        seed,
        own,
        format: terms.format,
        dealer_credit: DEALER_CREDIT,
        reveal: terms.reveal,
    })
}

/// Bytes of corrections that may be under way at a time: 256 MiB.
const DEALER_CREDIT: usize = 256 << 20;
