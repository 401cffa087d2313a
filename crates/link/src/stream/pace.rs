//! How much of the bulk lane is under way at a time.

use std::time::Duration;

/// Follows the rate at which bytes are acknowledged, so that what is under way takes a quarter of a second
/// at most: a short message behind it waits no longer. Until a rate is known, 32 MiB.
#[derive(Default)]
pub(crate) struct Pace {
    /// Since when bytes have been under way without a gap, and how many were acknowledged meanwhile.
    span: Option<(Duration, u64)>,
    /// Bytes a second.
    rate: Option<f64>,
}

impl Pace {
    /// Bytes that may be under way.
    pub(crate) fn window(&self) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate is positive"
        )]
        let wanted = self.rate.map_or(MOST, |rate| (rate * DELAY) as u64);
        wanted.clamp(LEAST, MOST)
    }

    /// Something was sent; `first` if nothing was under way before.
    pub(crate) fn sent(&mut self, first: bool, now: Duration) {
        if first {
            self.span = Some((now, 0));
        }
    }

    /// So many bytes were acknowledged; `last` if nothing is under way now.
    pub(crate) fn acknowledged(&mut self, bytes: u64, last: bool, now: Duration) {
        let Some((since, sum)) = &mut self.span else { return };
        *sum += bytes;
        let seconds = now.saturating_sub(*since).as_secs_f64();
        if seconds >= SPAN {
            #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
            let rate = *sum as f64 / seconds;
            // A peer that computes does not answer: what it did at its best counts, for a while.
            self.rate = Some(self.rate.map_or(rate, |known| rate.max(0.8 * known)));
            self.span = Some((now, 0));
        }
        if last {
            self.span = None;
        }
    }
}

const LEAST: u64 = 2 << 20;
const MOST: u64 = 32 << 20;
/// Seconds.
const DELAY: f64 = 0.25;
/// Shorter spans say nothing about a rate.
const SPAN: f64 = 0.2;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use std::time::Duration;

    use super::{LEAST, MOST, Pace};

    #[test]
    fn a_slow_line_gets_a_small_window_and_a_fast_one_a_large() {
        let window = |bytes_per_second: u64| {
            let mut pace = Pace::default();
            assert_eq!(pace.window(), MOST);
            pace.sent(true, Duration::ZERO);
            for tenth in 1..=10 {
                pace.acknowledged(bytes_per_second / 10, false, Duration::from_millis(100 * tenth));
            }
            pace.window()
        };
        assert_eq!(window(1 << 20), LEAST);
        assert_eq!(window(40 << 20), 10 << 20);
        assert_eq!(window(1 << 30), MOST);
    }

    #[test]
    fn a_pause_of_the_sender_is_no_slow_line() {
        let mut pace = Pace::default();
        pace.sent(true, Duration::ZERO);
        pace.acknowledged(1000, true, Duration::from_millis(10));
        pace.acknowledged(1000, true, Duration::from_secs(10));
        assert_eq!(pace.window(), MOST);
    }
}
