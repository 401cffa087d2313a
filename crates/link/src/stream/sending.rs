//! What leaves, in which order and when: small frames, probes, short messages, long ones, acknowledgements.

use std::time::Duration;

use bytes::Bytes;

use super::frame::Frame;
use super::outbox::Fragment;
use super::{Departure, FRAGMENT, Lane, Path, Stream};

impl Stream {
    /// What to seal and send next.
    pub fn poll(&mut self, now: Duration) -> Option<Departure> {
        let departure = self.depart(now)?;
        if let Some(attached) = &mut self.paths[departure.path as usize] {
            attached.spoken = now;
        }
        Some(departure)
    }

    /// Time has passed: what is due leaves with the next [`Stream::poll`]. Returns a direct path that has
    /// been silent for too long; it is detached.
    pub fn tick(&mut self, now: Duration) -> Option<Path> {
        let received = self.received();
        let waits = self.outboxes.iter().any(|outbox| outbox.in_flight() > 0);
        for path in [Path::Relay, Path::Direct] {
            let Some(attached) = &mut self.paths[path as usize] else { continue };
            attached.probe.repeat_when_due(now);
            let pause = if waits { ASK_AFTER } else { SPEAK_AFTER };
            if attached.ready && now >= attached.spoken + pause {
                attached.spoken = now;
                self.urgent.push_back((path, Frame::Acknowledge { received, reply: waits }));
            }
        }
        let direct = self.paths[Path::Direct as usize].as_ref();
        if direct.is_some_and(|direct| now >= direct.heard + SILENCE) {
            self.detach(Path::Direct);
            return Some(Path::Direct);
        }
        None
    }

    /// When [`Stream::tick`] is due, to within some tens of milliseconds.
    #[must_use]
    pub fn wake(&self) -> Option<Duration> {
        let waits = self.outboxes.iter().any(|outbox| outbox.in_flight() > 0);
        let pause = if waits { ASK_AFTER } else { SPEAK_AFTER };
        let spoken = self.paths.iter().flatten().filter(|path| path.ready);
        let again = self.paths.iter().flatten().filter_map(|path| path.probe.again());
        let next = spoken.map(|path| path.spoken + pause).chain(self.owed_at).chain(again).min()?;
        Some(rounded_up(next))
    }

    fn depart(&mut self, now: Duration) -> Option<Departure> {
        if let Some((path, frame)) = self.urgent.pop_front() {
            return Some(Departure { path, head: frame.head(), body: Bytes::new() });
        }
        if self.is_ready(Path::Relay)
            && let Some(bytes) = self.asides.pop_front()
        {
            let head = Frame::Aside { bytes: &[] }.head();
            return Some(Departure { path: Path::Relay, head, body: bytes });
        }
        for path in [Path::Relay, Path::Direct] {
            if self.only.is_none()
                && self.is_ready(path.other())
                && self.is_ready(path)
                && let Some(attached) = &mut self.paths[path as usize]
                && let Some((frame, padding)) = attached.probe.next(now)
            {
                return Some(Departure { path, head: frame.head(), body: padding });
            }
        }
        let path = self.active?;
        if std::mem::take(&mut self.saved_due) {
            let head = Frame::Saved { saved: self.saved }.head();
            return Some(Departure { path, head, body: Bytes::new() });
        }
        let busy = self.outboxes[Lane::Bulk as usize].in_flight() * FRAGMENT as u64;
        let next = self.outboxes[Lane::Small as usize].pop().map(|next| (Lane::Small, next));
        let next = next.or_else(|| {
            let open = busy < self.pace.window();
            let next = if open { self.outboxes[Lane::Bulk as usize].pop() } else { None }?;
            self.pace.sent(busy == 0, now);
            Some((Lane::Bulk, next))
        });
        let received = self.received();
        match next {
            Some((lane, Fragment { place, begins, head, body })) => {
                let frame = Frame::Data { lane, place, received, begins, bytes: &[] };
                self.settle();
                Some(Departure { path, head: [frame.head(), head].concat(), body })
            }
            None if self.owed >= OWED || self.owed_at.is_some_and(|due| due <= now) => {
                self.settle();
                let frame = Frame::Acknowledge { received, reply: false };
                Some(Departure { path, head: frame.head(), body: Bytes::new() })
            }
            None => None,
        }
    }

    pub(super) fn owe(&mut self, bytes: usize, now: Duration) {
        self.owed += bytes;
        self.owed_at.get_or_insert(now + ACKNOWLEDGE_AFTER);
    }

    pub(super) const fn settle(&mut self) {
        self.owed = 0;
        self.owed_at = None;
    }
}

/// Timers of a browser cost; those due at nearly the same time are one.
fn rounded_up(due: Duration) -> Duration {
    let steps = due.as_millis().div_ceil(GRID);
    Duration::from_millis(u64::try_from(steps * GRID).unwrap_or(u64::MAX))
}

/// Bytes after which an acknowledgement leaves at once.
const OWED: usize = 512 << 10;

/// How long an acknowledgement waits for something to travel with.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(50);

/// Pause after which a silent end that waits for an acknowledgement asks for it.
const ASK_AFTER: Duration = Duration::from_secs(1);

/// Pause after which an end that has nothing to say shows that it is there.
const SPEAK_AFTER: Duration = Duration::from_secs(4);

/// Pause after which a direct path counts as dead.
const SILENCE: Duration = Duration::from_secs(15);

const GRID: u128 = 25;
