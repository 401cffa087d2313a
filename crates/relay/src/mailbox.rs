//! What waits for one member: a queue with a limit in bytes.
//!
//! A part of the space is the member's own; the rest comes out of a pool that all mailboxes share.
//! When slow readers have emptied the pool, everybody still has what is their own, so nobody waits for
//! somebody else's reader; and the memory of all mailboxes together is bounded.

use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where messages for one member go in.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    letters: UnboundedSender<Letter>,
    own: Arc<Semaphore>,
    own_bytes: u32,
    /// What this mailbox may take of the pool.
    more: Arc<Semaphore>,
    pool: Pool,
}

/// Space that all mailboxes share.
#[derive(Clone, Debug)]
pub(crate) struct Pool(Arc<Semaphore>);

impl Pool {
    pub(crate) fn new(bytes: u32) -> Self {
        Self(Arc::new(Semaphore::new(bytes as usize)))
    }
}

/// Where they come out. Dropping it frees all who wait to deliver.
#[derive(Debug)]
pub(crate) struct Letters {
    waiting: UnboundedReceiver<Letter>,
    own: Arc<Semaphore>,
}

/// One message on its way to a member; takes up space until it is dropped.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) message: Bytes,
    _space: Space,
}

/// What a letter takes up: nothing, its member's own space, or the pool's.
#[derive(Debug)]
enum Space {
    Notice,
    Own(#[expect(dead_code, reason = "held")] OwnedSemaphorePermit),
    Shared(#[expect(dead_code, reason = "held")] [OwnedSemaphorePermit; 2]),
}

/// Whether a packet went into a mailbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Delivery {
    /// It waits to be written.
    Accepted,
    /// The member is gone.
    Gone,
}

/// A mailbox for `capacity` bytes, all but the first of them out of the pool.
pub(crate) fn mailbox(capacity: u32, pool: &Pool) -> (Mailbox, Letters) {
    let (letters, waiting) = mpsc::unbounded_channel();
    let own_bytes = capacity.min(OWN);
    let own = Arc::new(Semaphore::new(own_bytes as usize));
    let more = Arc::new(Semaphore::new((capacity - own_bytes) as usize));
    let letters_out = Letters { waiting, own: Arc::clone(&own) };
    (Mailbox { letters, own, own_bytes, more, pool: pool.clone() }, letters_out)
}

impl Mailbox {
    /// Puts a packet in as soon as there is space for it; those who wait are served in order.
    pub(crate) async fn deliver(&self, message: Bytes) -> Delivery {
        let Some(space) = self.space(cost(message.len())).await else {
            return Delivery::Gone;
        };
        match self.letters.send(Letter { message, _space: space }) {
            Ok(()) => Delivery::Accepted,
            Err(_) => Delivery::Gone,
        }
    }

    /// Puts a notice of the relay in at once. Notices are few: each stands for a join or a leave,
    /// which are limited.
    pub(crate) fn notify(&self, message: Vec<u8>) {
        // A member who is gone needs no notice.
        let _ = self.letters.send(Letter { message: message.into(), _space: Space::Notice });
    }

    /// Space for so many bytes; nothing when the member is gone.
    async fn space(&self, bytes: u32) -> Option<Space> {
        let of = |space: &Arc<Semaphore>| Arc::clone(space).try_acquire_many_owned(bytes).ok();
        if let Some(own) = of(&self.own) {
            return Some(Space::Own(own));
        }
        if !self.own.is_closed()
            && let (Some(more), Some(shared)) = (of(&self.more), of(&self.pool.0))
        {
            return Some(Space::Shared([more, shared]));
        }
        let own = Arc::clone(&self.own).acquire_many_owned(bytes.min(self.own_bytes));
        own.await.ok().map(Space::Own)
    }
}

impl Letters {
    /// The next message; none when all mailboxes of this member are dropped.
    pub(crate) async fn next(&mut self) -> Option<Letter> {
        self.waiting.recv().await
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl Drop for Letters {
    fn drop(&mut self) {
        self.own.close();
    }
}

/// Bytes that a message of this length counts for: many tiny ones take memory too.
pub(crate) fn cost(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_add(OVERHEAD)
}

/// Bytes of a mailbox that are its own: two of the longest packets.
const OWN: u32 = 130 << 10;
/// About what a queued message takes beside its bytes.
const OVERHEAD: u32 = 64;

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures::FutureExt as _;

    use super::{Delivery, OWN, Pool, cost};

    fn mailbox(capacity: u32) -> (super::Mailbox, super::Letters) {
        super::mailbox(capacity, &Pool::new(1 << 20))
    }

    const PACKET: Bytes = Bytes::from_static(&[7; 100]);
    const LONG: Bytes = Bytes::from_static(&[7; 65_000]);
    const LONG_COST: u32 = 65_064;

    #[tokio::test]
    async fn a_full_mailbox_makes_senders_wait_but_not_notices() {
        let (mailbox, mut letters) = mailbox(2 * cost(PACKET.len()));
        assert_eq!(mailbox.deliver(PACKET).await, Delivery::Accepted);
        assert_eq!(mailbox.deliver(PACKET).await, Delivery::Accepted);
        let mut third = Box::pin(mailbox.deliver(PACKET));
        assert_eq!(third.as_mut().now_or_never(), None, "full");
        mailbox.notify(vec![0]);

        let first = letters.next().await.unwrap();
        assert_eq!(third.as_mut().now_or_never(), None, "the first is still being written");
        drop(first);
        assert_eq!(third.await, Delivery::Accepted);
        drop(letters.next().await);
        assert_eq!(letters.next().await.unwrap().message, [0].as_slice(), "order is kept");
        assert!(letters.next().await.is_some() && letters.is_empty());
    }

    #[tokio::test]
    async fn an_empty_pool_leaves_everybody_their_own() {
        let pool = Pool::new(10 * LONG_COST);
        let new = |capacity| super::mailbox(capacity, &pool);
        let [(greedy, _unread), (modest, mut letters)] = [new(1 << 30), new(1 << 30)];
        let mut delivered = 0;
        while greedy.deliver(LONG).now_or_never().is_some() {
            delivered += 1;
        }
        assert_eq!(delivered, 2 + 10, "two of its own, and the pool");
        for _ in 0..5 {
            assert!(modest.deliver(LONG).now_or_never().is_some());
            assert!(modest.deliver(LONG).now_or_never().is_some());
            assert!(modest.deliver(LONG).now_or_never().is_none(), "nothing is left of the pool");
            drop((letters.next().await, letters.next().await));
        }
        drop(_unread);
        assert_eq!(modest.deliver(LONG).await, Delivery::Accepted);
    }

    #[tokio::test]
    async fn a_mailbox_takes_no_more_of_the_pool_than_it_may() {
        let (mailbox, _letters) = mailbox(OWN + 3 * LONG_COST);
        for _ in 0..5 {
            assert!(mailbox.deliver(LONG).now_or_never().is_some());
        }
        assert!(mailbox.deliver(LONG).now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_packet_larger_than_the_mailbox_passes_alone() {
        let (mailbox, mut letters) = mailbox(10);
        assert_eq!(mailbox.deliver(PACKET).await, Delivery::Accepted);
        assert_eq!(letters.next().await.unwrap().message, PACKET);
    }

    #[tokio::test]
    async fn a_member_who_leaves_frees_those_who_wait() {
        let (mailbox, letters) = mailbox(10);
        assert_eq!(mailbox.deliver(PACKET).await, Delivery::Accepted);
        let (delivery, ()) = tokio::join!(mailbox.deliver(PACKET), async { drop(letters) });
        assert_eq!(delivery, Delivery::Gone);
    }
}
