//! Corrections that were computed for one king and wait for the others to ask.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

/// What all kept corrections of a dealer may take together.
#[derive(Clone)]
pub(crate) struct Budget {
    used: Arc<AtomicUsize>,
    limit: usize,
}

/// A part of the budget, returned when dropped.
pub(crate) struct Reservation {
    budget: Budget,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Self { used: Arc::default(), limit }
    }

    fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let fits = |used: usize| used.checked_add(bytes).filter(|total| *total <= self.limit);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Reservation { budget: self.clone(), bytes })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.used.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The corrections of one session's recent requests, by a hash of the request.
pub(crate) struct Kept {
    entries: Mutex<HashMap<Digest, Entry>>,
    budget: Budget,
    time: Duration,
}

pub(crate) type Digest = [u8; 32];

/// One request's corrections, computed by whoever comes first.
pub(crate) struct Shared {
    pub(crate) parts: OnceCell<Mutex<Vec<Vec<u8>>>>,
    reservation: Reservation,
}

struct Entry {
    shared: Arc<Shared>,
    since: Instant,
}

impl Kept {
    pub(crate) fn new(budget: Budget, time: Duration) -> Self {
        Self { entries: Mutex::default(), budget, time }
    }

    /// The entry for a request whose corrections have `bytes` bytes; nothing when there is no room
    /// for a new one.
    pub(crate) fn entry(&self, request: Digest, bytes: usize, now: Instant) -> Option<Arc<Shared>> {
        let mut entries = self.entries();
        if let Some(entry) = entries.get(&request) {
            return Some(Arc::clone(&entry.shared));
        }
        self.forget(&mut entries, now);
        let own: usize = entries.values().map(|entry| entry.shared.reservation.bytes).sum();
        if own.saturating_add(bytes) > self.budget.limit / SESSIONS {
            return None;
        }
        let reservation = self.budget.reserve(bytes)?;
        let shared = Arc::new(Shared { parts: OnceCell::new(), reservation });
        entries.insert(request, Entry { shared: Arc::clone(&shared), since: now });
        Some(shared)
    }

    /// The request's corrections have all been taken.
    pub(crate) fn remove(&self, request: &Digest) {
        self.entries().remove(request);
    }

    /// Drops what nobody came for.
    pub(crate) fn sweep(&self, now: Instant) {
        self.forget(&mut self.entries(), now);
    }

    fn forget(&self, entries: &mut HashMap<Digest, Entry>, now: Instant) {
        entries.retain(|_, entry| now.saturating_duration_since(entry.since) < self.time);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Digest, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Takes the part of party `index` out, and says whether that was the last one. Nothing when
    /// it was taken before.
    pub(crate) fn take(parts: &Mutex<Vec<Vec<u8>>>, index: u8) -> Option<Taken> {
        let mut parts = parts.lock().unwrap_or_else(PoisonError::into_inner);
        let part = std::mem::take(parts.get_mut(usize::from(index))?);
        let last = parts.iter().all(Vec::is_empty);
        (!part.is_empty()).then_some(Taken { part, last })
    }
}

/// A party's part of a request's corrections.
pub(crate) struct Taken {
    pub(crate) part: Vec<u8>,
    pub(crate) last: bool,
}

/// As many sessions at least share the budget.
const SESSIONS: usize = 4;

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    use super::{Budget, Kept, Shared};

    #[test]
    fn kept_corrections_have_a_budget_and_a_time() {
        let budget = Budget::new(400);
        let kept = Kept::new(budget.clone(), Duration::from_secs(30));
        let now = Instant::now();
        assert!(kept.entry([1; 32], 60, now).is_some());
        assert!(kept.entry([2; 32], 60, now).is_none(), "no room");
        assert!(kept.entry([1; 32], 60, now).is_some(), "still there");
        let later = now + Duration::from_secs(30);
        assert!(kept.entry([2; 32], 60, later).is_some(), "the first was dropped");
        kept.remove(&[2; 32]);
        assert_eq!(budget.used.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn one_session_cannot_use_the_budget_of_all() {
        let budget = Budget::new(400);
        let kept = |budget: &Budget| Kept::new(budget.clone(), Duration::from_secs(30));
        let now = Instant::now();
        let sessions: Vec<Kept> = (0..5).map(|_| kept(&budget)).collect();
        for session in &sessions[..4] {
            assert!(session.entry([1; 32], 100, now).is_some());
            assert!(session.entry([2; 32], 1, now).is_none(), "a quarter is taken");
        }
        assert!(sessions[4].entry([1; 32], 1, now).is_none(), "all four quarters are");
    }

    #[test]
    fn every_part_is_taken_once() {
        let parts = Mutex::new(vec![vec![1], vec![], vec![2]]);
        let first = Shared::take(&parts, 2).unwrap();
        assert!(first.part == [2] && !first.last);
        assert!(Shared::take(&parts, 2).is_none());
        assert!(Shared::take(&parts, 1).is_none());
        assert!(Shared::take(&parts, 0).unwrap().last);
    }
}
