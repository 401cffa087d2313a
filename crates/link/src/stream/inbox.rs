//! One lane on its way in: fragments put in order, messages put together.

use std::collections::{BTreeMap, VecDeque};

use super::frame::Begins;
use super::{FRAGMENT, MAX_MESSAGE};

/// What has come, up to the messages that are complete.
#[derive(Default)]
pub(crate) struct Inbox {
    /// The next fragment in order.
    expected: u64,
    /// Fragments that came early, by another way than those before them.
    parked: BTreeMap<u64, (Option<Begins>, Vec<u8>)>,
    open: Option<Open>,
    complete: VecDeque<Complete>,
    /// Bytes of those that are complete and wait for the other lane.
    waiting: usize,
    /// Messages handed out.
    delivered: u64,
}

/// A message that is not complete.
struct Open {
    begins: Begins,
    bytes: Vec<u8>,
}

/// A message that is complete.
struct Complete {
    after: u64,
    bytes: Vec<u8>,
}

impl Inbox {
    /// One from which so many messages have been handed out, before it was resumed.
    pub(crate) fn resumed(delivered: u64) -> Self {
        Self { delivered, ..Self::default() }
    }

    /// Takes a fragment. What is there already is left out. The error is a complaint.
    pub(crate) fn take(
        &mut self,
        place: u64,
        begins: Option<Begins>,
        bytes: &[u8],
    ) -> Result<(), &'static str> {
        if place < self.expected {
            return Ok(());
        }
        if place > self.expected {
            if self.parked.len() >= MAX_PARKED {
                return Err("sent too much out of its order");
            }
            self.parked.entry(place).or_insert_with(|| (begins, bytes.to_vec()));
            return Ok(());
        }
        self.append(begins, bytes)?;
        while let Some((begins, bytes)) = self.parked.remove(&self.expected) {
            self.append(begins, &bytes)?;
        }
        Ok(())
    }

    /// The next complete message, if enough of the other lane has been delivered.
    pub(crate) fn pop(&mut self, other: u64) -> Option<Vec<u8>> {
        let ready = self.complete.front().is_some_and(|message| message.after <= other);
        let message = if ready { self.complete.pop_front() } else { None }?;
        self.delivered += 1;
        self.waiting -= message.bytes.len();
        Some(message.bytes)
    }

    /// Fragments received in order.
    pub(crate) const fn expected(&self) -> u64 {
        self.expected
    }

    /// Messages handed out.
    pub(crate) const fn delivered(&self) -> u64 {
        self.delivered
    }

    fn append(&mut self, begins: Option<Begins>, bytes: &[u8]) -> Result<(), &'static str> {
        let mut open = match (self.open.take(), begins) {
            (None, Some(begins)) => {
                let length = usize::try_from(begins.length).unwrap_or(usize::MAX);
                if length > MAX_MESSAGE {
                    return Err("announced too long a message");
                }
                let mut bytes = Vec::new();
                let eager = length.min(EAGER);
                bytes.try_reserve_exact(eager).map_err(|_| "announced more than memory holds")?;
                Open { begins, bytes }
            }
            (Some(open), None) => open,
            _ => return Err("began a message within another"),
        };
        let length = usize::try_from(open.begins.length).unwrap_or(usize::MAX);
        if bytes.len() != FRAGMENT.min(length - open.bytes.len()) {
            return Err("sent a fragment of the wrong size");
        }
        let needed = open.bytes.len() + bytes.len();
        if needed > open.bytes.capacity() {
            let capacity = needed.max(length.min(2 * open.bytes.capacity()));
            let more = capacity - open.bytes.len();
            open.bytes.try_reserve_exact(more).map_err(|_| "sent more than memory holds")?;
        }
        open.bytes.extend_from_slice(bytes);
        self.expected += 1;
        if open.bytes.len() == length {
            let Open { begins, bytes } = open;
            self.waiting += bytes.len();
            if self.waiting > MAX_WAITING || self.complete.len() >= MAX_WAITING_MESSAGES {
                return Err("sent too much that waits for what it never sent");
            }
            self.complete.push_back(Complete { after: begins.after, bytes });
        } else {
            self.open = Some(open);
        }
        Ok(())
    }
}

/// Fragments that may be ahead of their turn: as many as are under way on the other path, 64 MiB.
const MAX_PARKED: usize = 1024;

/// What may wait for the other lane: one message of the longest, and some.
const MAX_WAITING: usize = MAX_MESSAGE + (256 << 20);
const MAX_WAITING_MESSAGES: usize = 1 << 16;

/// How much memory an announced length gets before its bytes arrive: 16 MiB, the usual message whole.
const EAGER: usize = 16 << 20;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::FRAGMENT;
    use super::super::frame::Begins;
    use super::{Inbox, MAX_PARKED, MAX_WAITING_MESSAGES};

    const fn one(length: u32) -> Option<Begins> {
        Some(Begins { length, after: 0 })
    }

    #[test]
    fn fragments_are_put_in_order_and_twins_left_out() {
        let mut inbox = Inbox::default();
        let length = u32::try_from(FRAGMENT + 1).unwrap();
        inbox.take(2, one(1), b"c").unwrap();
        inbox.take(1, None, b"b").unwrap();
        inbox.take(1, None, b"b").unwrap();
        assert_eq!(inbox.pop(0), None);
        inbox.take(0, one(length), &[0; FRAGMENT]).unwrap();
        inbox.take(0, one(length), &[0; FRAGMENT]).unwrap();
        assert_eq!(inbox.pop(0).map(|message| message.len()), Some(FRAGMENT + 1));
        assert_eq!((inbox.pop(0), inbox.pop(0)), (Some(b"c".to_vec()), None));
        assert_eq!((inbox.expected(), inbox.delivered()), (3, 2));
    }

    #[test]
    fn a_message_waits_for_those_of_the_other_lane() {
        let mut inbox = Inbox::default();
        inbox.take(0, Some(Begins { length: 0, after: 2 }), b"").unwrap();
        assert_eq!(inbox.pop(1), None);
        assert_eq!(inbox.pop(2), Some(vec![]));
    }

    #[test]
    fn bad_fragments_are_refused() {
        let refused = |parts: &[(Option<Begins>, usize)]| {
            let mut inbox = Inbox::default();
            let mut parts = (0..).zip(parts);
            parts
                .any(|(place, (begins, size))| inbox.take(place, *begins, &vec![0; *size]).is_err())
        };
        let long = u32::try_from(3 * FRAGMENT).unwrap();
        assert!(!refused(&[(one(long), FRAGMENT), (None, FRAGMENT), (None, FRAGMENT)]));
        assert!(refused(&[(None, 1)]), "a message has no beginning");
        assert!(refused(&[(one(2), 1)]) && refused(&[(one(1), 2)]));
        assert!(refused(&[(one(long), FRAGMENT), (None, 1)]));
        assert!(refused(&[(one(long), FRAGMENT), (one(long), FRAGMENT)]));
        assert!(refused(&[(one(u32::MAX), FRAGMENT)]));
    }

    #[test]
    fn what_waits_for_ever_is_bounded() {
        let mut inbox = Inbox::default();
        let never = Some(Begins { length: 0, after: u64::MAX });
        let mut places = 0..MAX_WAITING_MESSAGES as u64;
        assert!(places.all(|place| inbox.take(place, never, b"").is_ok()));
        assert!(inbox.take(MAX_WAITING_MESSAGES as u64, never, b"").is_err());
    }

    #[test]
    fn what_is_out_of_order_is_bounded() {
        let mut inbox = Inbox::default();
        let room = MAX_PARKED as u64;
        assert!((1..=room).all(|place| inbox.take(place, None, b"").is_ok()));
        assert!(inbox.take(room + 1, None, b"").is_err());
    }
}
