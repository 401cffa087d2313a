//! Measures a path: a few round trips of almost nothing, then of 256 KiB; the shortest of each counts.
//!
//! One round trip is not enough: the first burst on a data channel often loses a packet, and waits a second for
//! it.

use std::time::Duration;

use bytes::Bytes;

use super::FRAGMENT;
use super::frame::Frame;

/// How fast a path is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Quality {
    /// The shortest round trip of a small packet.
    round_trip: Duration,
    /// The shortest round trip of 256 KiB, answered by a small packet.
    bulk: Duration,
}

impl Quality {
    /// Whether this path is faster by a margin that is worth a change.
    pub(super) fn beats(self, other: Self) -> bool {
        10 * self.sum() < 9 * other.sum()
    }

    fn sum(self) -> Duration {
        self.round_trip + self.bulk
    }
}

/// The measurement of one path.
#[derive(Default)]
pub(crate) struct Probe {
    /// Round trips made.
    made: u32,
    /// Packets of this round trip that have left, and when it began.
    sent: u32,
    began: Duration,
    round_trip: Option<Duration>,
    bulk: Option<Duration>,
    /// When all of it is to be measured again, and how often it was.
    again: Option<Duration>,
    repeated: u32,
}

impl Probe {
    /// The next packet, if one is to be sent now.
    pub(crate) fn next(&mut self, now: Duration) -> Option<(Frame<'static>, Bytes)> {
        let packets = match self.made {
            ..SMALL => 1,
            SMALL..ROUNDS => BULK_PACKETS,
            _ => return None,
        };
        if self.sent == packets {
            return None;
        }
        if self.sent == 0 {
            self.began = now;
        }
        self.sent += 1;
        let padding = if packets == 1 { Bytes::new() } else { Bytes::from_static(&PADDING) };
        Some((Frame::Probe { number: self.made, last: self.sent == packets }, padding))
    }

    /// The other end has answered.
    pub(crate) fn answered(&mut self, number: u32, now: Duration) {
        if number != self.made || self.sent == 0 {
            return;
        }
        let took = now.saturating_sub(self.began);
        let shortest = if number < SMALL { &mut self.round_trip } else { &mut self.bulk };
        *shortest = Some(shortest.map_or(took, |shortest| shortest.min(took)));
        self.made += 1;
        self.sent = 0;
    }

    /// What was measured, once all of it is.
    pub(super) fn quality(&self) -> Option<Quality> {
        let is_complete = self.made == ROUNDS;
        is_complete.then_some(Quality { round_trip: self.round_trip?, bulk: self.bulk? })
    }

    /// The path is not taken: after a pause, longer each time, it is measured again.
    pub(super) fn repeat_later(&mut self, now: Duration) {
        let pause = AGAIN_AFTER.saturating_mul(1 << self.repeated.min(LONGEST));
        self.again.get_or_insert(now + pause);
    }

    /// When [`Probe::repeat_when_due`] is due.
    pub(super) const fn again(&self) -> Option<Duration> {
        self.again
    }

    /// Begins anew, if it is time.
    pub(super) fn repeat_when_due(&mut self, now: Duration) {
        if self.again.is_some_and(|again| again <= now) {
            *self = Self { repeated: self.repeated + 1, ..Self::default() };
        }
    }
}

/// Round trips of almost nothing.
const SMALL: u32 = 3;
/// All round trips.
const ROUNDS: u32 = SMALL + 3;
const BULK_PACKETS: u32 = 4;
static PADDING: [u8; FRAGMENT] = [0; FRAGMENT];
const AGAIN_AFTER: Duration = Duration::from_secs(10);
/// Pauses are doubled so often: up to about twenty minutes.
const LONGEST: u32 = 7;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use std::time::Duration;

    use super::{Probe, Quality};

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// What these round trips come to.
    fn measure(probe: &mut Probe, took: [u64; 6]) -> Option<Quality> {
        for (number, (took, packets)) in (0..).zip(took.into_iter().zip([1, 1, 1, 4, 4, 4])) {
            assert_eq!(probe.quality(), None);
            assert_eq!(std::iter::from_fn(|| probe.next(at(0))).count(), packets);
            probe.answered(number, at(took));
        }
        assert!(probe.next(at(50)).is_none());
        probe.quality()
    }

    #[test]
    fn the_shortest_of_three_counts() {
        let mut probe = Probe::default();
        let quality = measure(&mut probe, [5, 2, 9, 1_040, 40, 50]);
        assert_eq!(quality, Some(Quality { round_trip: at(2), bulk: at(40) }));
    }

    #[test]
    fn an_old_answer_says_nothing() {
        let mut probe = Probe::default();
        probe.answered(0, at(9));
        for number in 0..2 {
            assert!(probe.next(at(10)).is_some());
            for number in [7, number, number] {
                probe.answered(number, at(10));
            }
        }
        assert_eq!(probe.made, 2);
    }

    #[test]
    fn a_path_that_is_not_taken_is_measured_again_and_more_seldom_each_time() {
        let mut probe = Probe::default();
        let mut now = at(0);
        for pause in [10, 20, 40] {
            measure(&mut probe, [1; 6]);
            probe.repeat_later(now);
            probe.repeat_later(now + at(1));
            now += at(pause * 1_000);
            assert_eq!(probe.again(), Some(now));
            probe.repeat_when_due(now - at(1));
            assert!(probe.quality().is_some());
            probe.repeat_when_due(now);
            assert_eq!((probe.quality(), probe.again()), (None, None));
        }
    }
}
