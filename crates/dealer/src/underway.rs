//! The corrections that are being computed or sent: how many bytes they may take.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::telemetry;

/// Space for corrections under way, in one connection or in all of them.
#[derive(Clone)]
pub(crate) struct Underway {
    free: Arc<Semaphore>,
    blocks: u32,
}

/// Space that a correction takes until this is dropped.
pub(crate) struct Space {
    bytes: usize,
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Underway {
    pub(crate) fn new(bytes: usize) -> Self {
        let blocks = blocks(bytes);
        Self { free: Arc::new(Semaphore::new(blocks as usize)), blocks }
    }

    /// Space in `self`, which is one connection's, and in `all`, as soon as both have it. A
    /// correction that is longer than all the space passes alone. Whoever waits holds nothing that
    /// others wait for but corrections that are on their way out.
    pub(crate) async fn take(&self, all: &Self, bytes: usize) -> Option<Space> {
        let own = self.acquire(bytes).await?;
        let all = all.acquire(bytes).await?;
        telemetry::underway(bytes);
        Some(Space { bytes, _own: own, _all: all })
    }

    async fn acquire(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let needed = blocks(bytes).min(self.blocks);
        // Never closed.
        Arc::clone(&self.free).acquire_many_owned(needed).await.ok()
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        telemetry::no_longer_underway(self.bytes);
    }
}

/// Space is counted in these: a semaphore counts to 2^29 only on small machines.
fn blocks(bytes: usize) -> u32 {
    u32::try_from(1 + bytes / BLOCK).unwrap_or(MOST).min(MOST)
}

const BLOCK: usize = 1 << 10;
/// 256 GiB.
const MOST: u32 = 1 << 28;

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::Underway;

    #[tokio::test]
    async fn both_spaces_are_bounds() {
        let all = Underway::new(100 << 10);
        let [one, two] = [(); 2].map(|()| Underway::new(60 << 10));
        let first = one.take(&all, 50 << 10).await;
        assert!(one.take(&all, 20 << 10).now_or_never().is_none(), "its own space is full");
        assert!(two.take(&all, 55 << 10).now_or_never().is_none(), "so is everybody's");
        assert!(two.take(&all, 20 << 10).now_or_never().is_some());
        drop(first);
        assert!(two.take(&all, 55 << 10).now_or_never().is_some());
        assert!(two.take(&all, 1 << 30).now_or_never().is_some(), "alone, anything passes");
    }
}
