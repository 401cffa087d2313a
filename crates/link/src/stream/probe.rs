//! Measures a path: a few round trips of almost nothing, then one of 256 KiB.

use std::time::Duration;

use bytes::Bytes;

use super::FRAGMENT;
use super::frame::Frame;

/// How fast a path is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Quality {
    /// The shortest round trip of a small packet.
    round_trip: Duration,
    /// The round trip of 256 KiB, answered by a small packet.
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
    shortest: Option<Duration>,
    bulk: Option<Duration>,
}

impl Probe {
    /// The next packet, if one is to be sent now.
    pub(crate) fn next(&mut self, now: Duration) -> Option<(Frame<'static>, Bytes)> {
        let packets = match self.made {
            ..SMALL => 1,
            SMALL => BULK_PACKETS,
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
        if number < SMALL {
            self.shortest = Some(self.shortest.map_or(took, |shortest| shortest.min(took)));
        } else {
            self.bulk = Some(took);
        }
        self.made += 1;
        self.sent = 0;
    }

    /// What was measured, once all of it is.
    pub(crate) fn quality(&self) -> Option<Quality> {
        Some(Quality { round_trip: self.shortest?, bulk: self.bulk? })
    }
}

/// Round trips of almost nothing.
const SMALL: u32 = 3;
const BULK_PACKETS: u32 = 4;
static PADDING: [u8; FRAGMENT] = [0; FRAGMENT];

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use std::time::Duration;

    use super::{Probe, Quality};

    #[test]
    fn the_shortest_of_three_and_the_bulk_are_measured() {
        let at = Duration::from_millis;
        let mut probe = Probe::default();
        for (number, took) in [(0, 5), (1, 2), (2, 9)] {
            assert!(probe.next(at(0)).is_some() && probe.next(at(1)).is_none());
            probe.answered(number, at(took));
        }
        assert_eq!(std::iter::from_fn(|| probe.next(at(0))).count(), 4);
        probe.answered(2, at(3));
        assert_eq!(probe.quality(), None, "an old answer says nothing");
        probe.answered(3, at(40));
        assert_eq!(probe.quality(), Some(Quality { round_trip: at(2), bulk: at(40) }));
        assert!(probe.next(at(50)).is_none());
    }
}
