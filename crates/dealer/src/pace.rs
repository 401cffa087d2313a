//! How slowly a party may take what is sent to it.

use std::time::Duration;

/// Time that a party may still take. What is sent to it adds some, by its length, so that a party
/// which is always a little slow uses it up: time for each packet alone could be stretched for ever.
pub(crate) struct Pace {
    stall: Duration,
    left: Duration,
    slowest: u32,
}

impl Pace {
    /// `stall` to begin with, which is also the most that is saved up, and a second more for each
    /// `slowest` bytes.
    pub(crate) fn new(stall: Duration, slowest: u32) -> Self {
        Self { stall, left: stall, slowest: slowest.max(1) }
    }

    /// How long nothing at all may be taken.
    pub(crate) const fn stall(&self) -> Duration {
        self.stall
    }

    /// How long so many bytes may take.
    pub(crate) fn time_for(&self, bytes: usize) -> Duration {
        self.left + Duration::from_secs_f64(bytes as f64 / f64::from(self.slowest))
    }

    /// They have taken so long.
    pub(crate) fn took(&mut self, bytes: usize, time: Duration) {
        self.left = self.time_for(bytes).saturating_sub(time).min(self.stall);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pace;

    #[test]
    fn time_is_used_up_by_whoever_is_always_slow() {
        let seconds = Duration::from_secs;
        let mut pace = Pace::new(seconds(30), 1000);
        assert_eq!(pace.time_for(5000), seconds(35));
        pace.took(5000, seconds(1));
        assert_eq!(pace.time_for(0), seconds(30), "no more is saved up");
        for _ in 0..3 {
            pace.took(1000, seconds(10));
        }
        assert_eq!(pace.time_for(0), seconds(3));
        pace.took(1000, seconds(1));
        assert_eq!(pace.time_for(0), seconds(3), "fast enough");
        pace.took(100_000, seconds(1));
        assert_eq!(pace.time_for(0), seconds(30));
    }
}
