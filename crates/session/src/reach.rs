//! A service that was reached, is lost, and is tried again.

use std::time::Duration;

use crate::backoff::Backoff;

/// How it stands with a service.
#[derive(Debug)]
pub(crate) struct Reach {
    backoff: Backoff,
    /// Since when it has been lost.
    lost: Option<Duration>,
    /// When to try it again.
    due: Option<Duration>,
}

impl Reach {
    /// Reached, or not tried yet.
    pub(crate) const fn new(backoff: Backoff) -> Self {
        Self { backoff, lost: None, due: None }
    }

    /// It is lost, or was tried in vain.
    pub(crate) fn lose(&mut self, now: Duration) {
        self.lost.get_or_insert(now);
        self.due = Some(now + self.backoff.next());
    }

    /// It is reached.
    pub(crate) const fn regain(&mut self) {
        self.lost = None;
        self.due = None;
        self.backoff.reset();
    }

    /// Whether it is to be tried now; it is said once.
    pub(crate) fn try_now(&mut self, now: Duration) -> bool {
        let is_due = self.due.is_some_and(|due| due <= now);
        if is_due {
            self.due = None;
        }
        is_due
    }

    /// When it is to be tried.
    pub(crate) const fn due(&self) -> Option<Duration> {
        self.due
    }

    pub(crate) const fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// Whether it has been lost for longer than anyone waits.
    pub(crate) fn is_hopeless(&self, patience: Duration, now: Duration) -> bool {
        self.lost.is_some_and(|since| now >= since + patience)
    }
}
