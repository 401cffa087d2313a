//! One lane on its way out: messages cut into fragments, kept until the other side has them, or has saved
//! them if its memory is to outlive it.

use std::collections::VecDeque;

use bytes::Bytes;

use super::FRAGMENT;
use super::frame::Begins;

/// What is to be sent, and what was sent and not acknowledged.
#[derive(Default)]
pub(crate) struct Outbox {
    messages: VecDeque<Message>,
    /// Messages ever taken.
    taken: u64,
    /// Messages ever let go: the other side needs them no more.
    released: u64,
    /// Messages that the other side has saved; all that have arrived, unless it saves.
    saved: Option<u64>,
    /// Bytes of all messages ever taken.
    bytes: u64,
    /// The first fragment that the other side is not known to have.
    acknowledged: u64,
    /// The next fragment to send.
    next: u64,
    /// The fragment after the last one that was ever sent.
    reached: u64,
    /// The fragment after the last one there is.
    end: u64,
}

struct Message {
    head: Vec<u8>,
    body: Bytes,
    after: u64,
    /// The place of its first fragment.
    first: u64,
    /// Bytes of all messages before it.
    before: u64,
}

/// The next fragment: where it belongs and what is in it.
pub(crate) struct Fragment {
    pub(crate) place: u64,
    pub(crate) begins: Option<Begins>,
    /// Bytes before those of `body`.
    pub(crate) head: Vec<u8>,
    pub(crate) body: Bytes,
}

impl Message {
    fn length(&self) -> usize {
        self.head.len() + self.body.len()
    }

    fn fragments(&self) -> u64 {
        self.length().div_ceil(FRAGMENT).max(1) as u64
    }
}

impl Outbox {
    /// Takes the message `head ‖ body`, to be delivered once `after` messages of the other lane are.
    /// A head fits one fragment.
    pub(crate) fn push(&mut self, head: Vec<u8>, body: Bytes, after: u64) {
        let message = Message { head, body, after, first: self.end, before: self.bytes };
        self.taken += 1;
        self.bytes += message.length() as u64;
        self.end += message.fragments();
        self.messages.push_back(message);
    }

    /// How many messages were ever taken.
    pub(crate) const fn taken(&self) -> u64 {
        self.taken
    }

    /// The next fragment to send, if there is one, and if not too much waits to be saved.
    pub(crate) fn pop(&mut self) -> Option<Fragment> {
        if self.next == self.end {
            return None;
        }
        let index = self.messages.partition_point(|message| message.first <= self.next);
        let message = self.messages.get(index.checked_sub(1)?)?;
        let place = self.next;
        let waiting = message.before - self.messages.front().map_or(0, |first| first.before);
        if place == message.first && waiting > MOST_WAITING && self.saved.is_some() {
            return None;
        }
        let start = usize::try_from(place - message.first).ok()? * FRAGMENT;
        let end = message.length().min(start + FRAGMENT);
        let of_head = |at: usize| at.min(message.head.len());
        let of_body = |at: usize| at.saturating_sub(message.head.len());
        let begins = (start == 0).then(|| Begins {
            length: u32::try_from(message.length()).expect("longer messages are refused"),
            after: message.after,
        });
        self.next += 1;
        self.reached = self.reached.max(self.next);
        Some(Fragment {
            place,
            begins,
            head: message.head[of_head(start)..of_head(end)].to_vec(),
            body: message.body.slice(of_body(start)..of_body(end)),
        })
    }

    /// The other side has all fragments before `count`; false if it cannot have them.
    pub(crate) fn acknowledge(&mut self, count: u64) -> bool {
        if count > self.reached {
            return false;
        }
        if count > self.acknowledged {
            self.acknowledged = count;
            self.next = self.next.max(count);
            self.release();
        }
        true
    }

    /// The other side saves what it gets: messages are kept until it has.
    pub(crate) const fn keep(&mut self) {
        if self.saved.is_none() {
            self.saved = Some(self.released);
        }
    }

    /// The other side has saved so many messages; false if it cannot have.
    pub(crate) fn save(&mut self, messages: u64) -> bool {
        if messages > self.taken {
            return false;
        }
        self.saved = self.saved.map(|saved| saved.max(messages));
        self.release();
        true
    }

    /// The other side remembers so many messages and nothing after them: fragments are counted anew. False if
    /// it lacks what is not here any more.
    pub(crate) fn resume(&mut self, messages: u64) -> bool {
        if !(self.released..=self.taken).contains(&messages) {
            return false;
        }
        while self.released < messages {
            self.messages.pop_front();
            self.released += 1;
        }
        self.saved = self.saved.map(|_| messages);
        (self.acknowledged, self.next, self.reached, self.end) = (0, 0, 0, 0);
        for message in &mut self.messages {
            message.first = self.end;
            self.end += message.fragments();
        }
        true
    }

    /// Lets go of what the other side needs no more.
    fn release(&mut self) {
        let acknowledged = self.acknowledged;
        let arrived = |message: &Message| message.first + message.fragments() <= acknowledged;
        while self.saved.is_none_or(|saved| self.released < saved)
            && self.messages.front().is_some_and(arrived)
        {
            self.messages.pop_front();
            self.released += 1;
        }
    }

    /// Whatever is not acknowledged is sent again.
    pub(crate) const fn rewind(&mut self) {
        self.next = self.acknowledged;
    }

    /// Fragments sent and not acknowledged.
    pub(crate) const fn in_flight(&self) -> u64 {
        self.next - self.acknowledged
    }

    /// The first fragment that is not acknowledged.
    pub(crate) const fn acknowledged(&self) -> u64 {
        self.acknowledged
    }
}

/// Bytes that may wait for the other side to save them.
const MOST_WAITING: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use bytes::Bytes;

    use super::super::FRAGMENT;
    use super::Outbox;

    fn places(outbox: &mut Outbox) -> Vec<(u64, Option<u32>, usize)> {
        std::iter::from_fn(|| outbox.pop())
            .map(|part| {
                (part.place, part.begins.map(|b| b.length), part.head.len() + part.body.len())
            })
            .collect()
    }

    #[test]
    fn messages_are_cut_into_full_fragments() {
        let mut outbox = Outbox::default();
        outbox.push(vec![1], Bytes::from(vec![0; 2 * FRAGMENT]), 0);
        outbox.push(vec![], Bytes::new(), 0);
        let length = u32::try_from(2 * FRAGMENT + 1).unwrap();
        assert_eq!(
            places(&mut outbox),
            [(0, Some(length), FRAGMENT), (1, None, FRAGMENT), (2, None, 1), (3, Some(0), 0)]
        );
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again() {
        let mut outbox = Outbox::default();
        for _ in 0..3 {
            outbox.push(vec![7], Bytes::new(), 0);
        }
        assert_eq!(places(&mut outbox).len(), 3);
        assert!(outbox.acknowledge(1));
        assert_eq!(outbox.in_flight(), 2);
        outbox.rewind();
        assert_eq!(places(&mut outbox).iter().map(|part| part.0).collect::<Vec<_>>(), [1, 2]);
        assert!(outbox.acknowledge(0), "an old acknowledgement changes nothing");
        assert_eq!(outbox.acknowledged(), 1);
        assert!(!outbox.acknowledge(4), "nobody has what was never sent");
    }

    #[test]
    fn what_is_not_saved_is_sent_again_to_one_that_was_resumed() {
        let mut outbox = Outbox::default();
        outbox.keep();
        for _ in 0..4 {
            outbox.push(vec![7], Bytes::from(vec![0; FRAGMENT]), 0);
        }
        assert_eq!(places(&mut outbox).len(), 8);
        assert!(outbox.acknowledge(7) && outbox.save(1));
        assert!(!outbox.save(5), "nobody has saved what was never sent");
        assert!(!outbox.resume(0), "the first message is gone");
        assert!(!outbox.resume(5) && outbox.resume(2));
        assert_eq!(places(&mut outbox).iter().map(|part| part.0).collect::<Vec<_>>(), [0, 1, 2, 3]);
        assert!(outbox.acknowledge(4) && outbox.save(4) && outbox.messages.is_empty());
    }

    #[test]
    fn what_waits_to_be_saved_is_bounded() {
        let mut outbox = Outbox::default();
        outbox.keep();
        let body = Bytes::from(vec![0; 64 << 20]);
        for _ in 0..6 {
            outbox.push(vec![], body.clone(), 0);
        }
        let fragments = (64_usize << 20).div_ceil(FRAGMENT);
        assert_eq!(places(&mut outbox).len(), 5 * fragments);
        assert!(outbox.acknowledge(5 * fragments as u64) && outbox.pop().is_none());
        assert!(outbox.save(1));
        assert_eq!(places(&mut outbox).len(), fragments);
    }
}
