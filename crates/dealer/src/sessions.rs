//! All sessions that have a party connected.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use cryptab_correlation::SessionId;
use zeroize::Zeroizing;

use crate::allowance::Allowance;
use crate::config::{Limits, Times};
use crate::kept::{Budget, Kept};
use crate::session::Session;
use crate::turns::Turns;
use crate::work::Work;

/// Finds what the parties of one session share. Holds nothing that could not be computed again.
pub(crate) struct Sessions {
    master: Zeroizing<[u8; 32]>,
    open: Mutex<HashMap<[u8; 32], Weak<Session>>>,
    most: usize,
    budget: Budget,
    kept: Duration,
    allowance: Work,
    turns: Turns,
}

impl Sessions {
    pub(crate) fn new(master: Zeroizing<[u8; 32]>, limits: &Limits, times: &Times) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            master,
            open: Mutex::default(),
            most: limits.sessions,
            budget: Budget::new(limits.kept_bytes),
            kept: times.kept,
            allowance: Work {
                elements: limits.session_elements,
                products: limits.session_products,
            },
            turns: Turns::new(processors),
        }
    }

    /// The session with this name; nothing when there are too many.
    pub(crate) fn enter(&self, name: SessionId, parties: u8) -> Option<Arc<Session>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = open.get(&name.0).and_then(Weak::upgrade) {
            return Some(session);
        }
        open.retain(|_, session| session.strong_count() > 0);
        if open.len() >= self.most {
            return None;
        }
        let kept = Kept::new(self.budget.clone(), self.kept);
        let turns = self.turns.clone();
        let allowance = Allowance::new(self.allowance);
        let session = Session::new(&self.master, name, parties, kept, allowance, turns);
        let session = Arc::new(session);
        open.insert(name.0, Arc::downgrade(&session));
        Some(session)
    }
}
