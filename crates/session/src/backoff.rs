//! When to try the dealer again.

use std::time::Duration;

/// One second after the first failure, then twice as long each time, up to ten.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let seconds = 1_u64.checked_shl(self.failures).unwrap_or(u64::MAX);
        self.failures = self.failures.saturating_add(1);
        FIRST.saturating_mul(u32::try_from(seconds).unwrap_or(u32::MAX)).min(LONGEST)
    }

    /// All is well.
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn waits_double_up_to_ten_seconds() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..70).map(|_| backoff.next().as_secs()).collect();
        assert_eq!(waits[..6], [1, 2, 4, 8, 10, 10]);
        assert_eq!(waits[69], 10);
        backoff.reset();
        assert_eq!(backoff.next().as_secs(), 1);
    }
}
