//! One lane on its way out: messages cut into fragments, kept until the other side has them.

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
        let message = Message { head, body, after, first: self.end };
        self.taken += 1;
        self.end += message.fragments();
        self.messages.push_back(message);
    }

    /// How many messages were ever taken.
    pub(crate) const fn taken(&self) -> u64 {
        self.taken
    }

    /// The next fragment to send, if there is one.
    pub(crate) fn pop(&mut self) -> Option<Fragment> {
        if self.next == self.end {
            return None;
        }
        let index = self.messages.partition_point(|message| message.first <= self.next);
        let message = self.messages.get(index.checked_sub(1)?)?;
        let place = self.next;
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
            let arrived = |message: &Message| message.first + message.fragments() <= count;
            while self.messages.front().is_some_and(arrived) {
                self.messages.pop_front();
            }
        }
        true
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
}
