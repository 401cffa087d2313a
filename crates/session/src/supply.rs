//! The dealer of a session that runs: what was asked of it and not answered is asked again, of whoever
//! answers under its key after it was lost.

use std::collections::VecDeque;
use std::time::Duration;

use crate::backoff::Backoff;
use crate::dealer::Line;
use crate::reach::Reach;

/// A line to the dealer that is made anew when it breaks.
pub(crate) struct Supply {
    pub(crate) line: Line,
    pub(crate) reach: Reach,
    /// What this party tells the dealer of the session.
    hello: Vec<u8>,
    /// Of the seed: a dealer that gives another one is not the same.
    seed: blake3::Hash,
    /// Requests without an answer, oldest first: answers come in their order.
    unanswered: VecDeque<Vec<u8>>,
    /// Whether the dealer has given its seed on this line.
    is_open: bool,
    /// Refusals, and lines that broke while an answer was due, since the dealer answered last.
    setbacks: u32,
}

impl Supply {
    /// The line on which `seed` has come.
    pub(crate) fn new(line: Line, hello: Vec<u8>, seed: blake3::Hash) -> Self {
        let reach = Reach::new(Backoff::of_dealer());
        Self { line, reach, hello, seed, unanswered: VecDeque::new(), is_open: true, setbacks: 0 }
    }

    /// One that is to be reached, by a party that goes on with a session.
    pub(crate) fn lost(hello: Vec<u8>, seed: blake3::Hash) -> Self {
        Self { is_open: false, ..Self::new(Line::new(hello.clone()), hello, seed) }
    }

    /// A request is made: whether to send it now.
    pub(crate) fn ask(&mut self, request: Vec<u8>) -> bool {
        self.unanswered.push_back(request);
        self.is_open
    }

    /// Whether an answer is due.
    pub(crate) fn is_asked(&self) -> bool {
        !self.unanswered.is_empty()
    }

    /// An answer has come.
    pub(crate) fn answered(&mut self) {
        self.unanswered.pop_front();
        self.setbacks = 0;
    }

    /// The dealer refuses: whether to try again.
    pub(crate) const fn bears_refusal(&mut self) -> bool {
        self.setbacks += 1;
        self.setbacks <= MAX_SETBACKS
    }

    /// The line broke: whether to make it anew. One that can never be used while an answer is due would
    /// be made for ever.
    pub(crate) fn bears_loss(&mut self) -> bool {
        !(self.is_open && self.is_asked()) || self.bears_refusal()
    }

    /// The line is lost.
    pub(crate) fn lose(&mut self, now: Duration) {
        self.line = Line::new(self.hello.clone());
        self.is_open = false;
        self.reach.lose(now);
    }

    /// The dealer has given its seed again: what to ask it, or nothing if it is another dealer.
    pub(crate) fn reopen(&mut self, seed: &[u8; 32]) -> Option<Vec<Vec<u8>>> {
        if self.is_open || blake3::hash(seed) != self.seed {
            return None;
        }
        self.is_open = true;
        self.reach.regain();
        Some(self.unanswered.iter().cloned().collect())
    }

    pub(crate) const fn is_lost(&self) -> bool {
        self.reach.is_lost()
    }
}

/// Setbacks in a row that may pass.
const MAX_SETBACKS: u32 = 6;
