//! What waits for one member: a queue with a limit in bytes.

use std::sync::Arc;

use axum::body::Bytes;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Where messages for one member go in.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox {
    letters: UnboundedSender<Letter>,
    space: Arc<Semaphore>,
    capacity: u32,
}

/// Where they come out. Dropping it frees all who wait to deliver.
#[derive(Debug)]
pub(crate) struct Letters {
    waiting: UnboundedReceiver<Letter>,
    space: Arc<Semaphore>,
}

/// One message on its way to a member; takes up space until it is dropped.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) message: Bytes,
    _space: Option<OwnedSemaphorePermit>,
}

/// Whether a packet went into a mailbox.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Delivery {
    /// It waits to be written.
    Accepted,
    /// The member is gone.
    Gone,
}

/// A mailbox for `capacity` bytes.
pub(crate) fn mailbox(capacity: u32) -> (Mailbox, Letters) {
    let (letters, waiting) = mpsc::unbounded_channel();
    let space = Arc::new(Semaphore::new(capacity as usize));
    (Mailbox { letters, space: Arc::clone(&space), capacity }, Letters { waiting, space })
}

impl Mailbox {
    /// Puts a packet in as soon as there is space for it; those who wait are served in order.
    pub(crate) async fn deliver(&self, message: Bytes) -> Delivery {
        let cost = cost(message.len()).min(self.capacity);
        let Ok(space) = Arc::clone(&self.space).acquire_many_owned(cost).await else {
            return Delivery::Gone;
        };
        match self.letters.send(Letter { message, _space: Some(space) }) {
            Ok(()) => Delivery::Accepted,
            Err(_) => Delivery::Gone,
        }
    }

    /// Puts a notice of the relay in at once. Notices are few: each stands for a join or a leave,
    /// which are limited.
    pub(crate) fn notify(&self, message: Vec<u8>) {
        // A member who is gone needs no notice.
        let _ = self.letters.send(Letter { message: message.into(), _space: None });
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
        self.space.close();
    }
}

/// Bytes that a message of this length counts for: many tiny ones take memory too.
pub(crate) fn cost(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_add(OVERHEAD)
}

/// About what a queued message takes beside its bytes.
const OVERHEAD: u32 = 64;

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use futures::FutureExt as _;

    use super::{Delivery, cost, mailbox};

    const PACKET: Bytes = Bytes::from_static(&[7; 100]);

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
