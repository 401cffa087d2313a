//! What a computation needs that may be run again: the same session, after a restart of its process.
//!
//! What an engine sends depends on its seeds, the operations, the data entered here and what has come,
//! and on nothing else. So an engine with the same seeds that records the same operations on the same data
//! and gets the same messages sends the same shares, and no mask is used on different data. Whoever runs it
//! again must make sure that all of these are the same: [`Engine::fingerprint`] and
//! [`Engine::late_fingerprint`] cover operations and data.

use super::Engine;
use crate::core::Fingerprints;

impl Engine {
    /// Keeps fingerprints of what is recorded. Before the first operation.
    pub fn keep_fingerprints(&self) {
        let kept = Fingerprints::new(self.core.config.own.expose());
        *self.core.fingerprints.borrow_mut() = Some(kept);
    }

    /// How many operations are recorded.
    #[must_use]
    pub fn operations(&self) -> u32 {
        self.core.tape.borrow().len()
    }

    /// How many operations have been given their data after they were recorded ([`Engine::input_later`]).
    #[must_use]
    pub fn entered_late(&self) -> u32 {
        self.core.fingerprints.borrow().as_ref().map_or(0, Fingerprints::entered_late)
    }

    /// A hash of the first `count` operations and of the data that this party has entered in them, under a
    /// key that it alone has; nothing if they are not recorded or fingerprints are not kept.
    #[must_use]
    pub fn fingerprint(&self, count: u32) -> Option<[u8; 32]> {
        self.core.fingerprints.borrow().as_ref()?.after(count)
    }

    /// The same of the first `count` data that came later, with the operations they belong to.
    #[must_use]
    pub fn late_fingerprint(&self, count: u32) -> Option<[u8; 32]> {
        self.core.fingerprints.borrow().as_ref()?.after_late(count)
    }

    /// So many messages of this peer may come before the operations that they belong to, beyond what any
    /// peer may send early, because they came in a former run. Once all of them are read, no longer.
    pub fn expect_early(&self, peer: u8, messages: usize) {
        if let Some(limit) = self.core.early_limits.borrow_mut().get_mut(usize::from(peer)) {
            *limit = limit.saturating_add(messages);
        }
    }

    /// A peer runs again: it sends again what it has sent before. Shares that came already are compared with
    /// those that come where they are still there, and left out.
    pub fn peer_resumed(&self, peer: u8) {
        self.core.exchange.borrow_mut().peer_resumed(peer);
    }
}
