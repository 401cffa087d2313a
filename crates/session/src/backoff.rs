//! When to try again what has failed.

use std::time::Duration;

/// A pause after the first failure, then twice as long each time, up to a longest one.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// For the relay: a quarter of a second, up to four seconds.
    pub(crate) const fn of_relay() -> Self {
        Self::new(Duration::from_millis(250), Duration::from_secs(4))
    }

    /// For the dealer: one second, up to ten.
    pub(crate) const fn of_dealer() -> Self {
        Self::new(Duration::from_secs(1), Duration::from_secs(10))
    }

    /// For direct connections, which the relay stands in for: five seconds, up to two minutes.
    pub(crate) const fn of_direct_connections() -> Self {
        Self::new(Duration::from_secs(5), Duration::from_secs(120))
    }

    const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, failures: 0 }
    }

    /// How long to wait after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let factor = 1_u32.checked_shl(self.failures).unwrap_or(u32::MAX);
        self.failures = self.failures.saturating_add(1);
        self.first.saturating_mul(factor).min(self.longest)
    }

    /// All is well.
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut backoff = Backoff::of_dealer();
        let waits: Vec<_> = (0..70).map(|_| backoff.next().as_secs()).collect();
        assert_eq!(waits[..6], [1, 2, 4, 8, 10, 10]);
        assert_eq!(waits[69], 10);
        backoff.reset();
        assert_eq!(backoff.next().as_secs(), 1);
        let mut backoff = Backoff::of_relay();
        let waits: Vec<_> = (0..6).map(|_| backoff.next().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 4000]);
    }
}
