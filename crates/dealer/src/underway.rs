//! The corrections that are being computed or sent: how many bytes they may take.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::telemetry;

/// Space that all connections share.
#[derive(Clone)]
pub(crate) struct Pool(Blocks);

/// Space of one connection: a bound on all that is under way to it, and a part outside the pool, so
/// that parties who take nothing cannot keep small corrections from others.
pub(crate) struct Underway {
    bound: Blocks,
    part: Blocks,
    pool: Pool,
}

/// Space that a correction takes until this is dropped.
pub(crate) struct Space {
    bytes: usize,
    _bound: OwnedSemaphorePermit,
    _from: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Blocks::new(bytes))
    }
}

impl Underway {
    /// Space of up to `bytes`, `part` of them outside the pool.
    pub(crate) fn new(bytes: usize, part: usize, pool: &Pool) -> Self {
        Self { bound: Blocks::new(bytes), part: Blocks::new(part), pool: pool.clone() }
    }

    /// Space for a correction, as soon as there is some: in the connection's own part if it fits
    /// there, or else in the pool. One that is longer than all the space passes alone. Whoever waits
    /// holds nothing that others wait for but corrections that are on their way out.
    pub(crate) async fn take(&self, bytes: usize) -> Option<Space> {
        let bound = self.bound.acquire(bytes).await?;
        let from = if blocks(bytes) <= self.part.total {
            tokio::select! {
                biased;
                own = self.part.acquire(bytes) => own?,
                shared = self.pool.0.acquire(bytes) => shared?,
            }
        } else {
            self.pool.0.acquire(bytes).await?
        };
        telemetry::underway(bytes);
        Some(Space { bytes, _bound: bound, _from: from })
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        telemetry::no_longer_underway(self.bytes);
    }
}

#[derive(Clone)]
struct Blocks {
    free: Arc<Semaphore>,
    total: u32,
}

impl Blocks {
    fn new(bytes: usize) -> Self {
        let total = blocks(bytes);
        Self { free: Arc::new(Semaphore::new(total as usize)), total }
    }

    async fn acquire(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let needed = blocks(bytes).min(self.total);
        // Never closed.
        Arc::clone(&self.free).acquire_many_owned(needed).await.ok()
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

    use super::{Pool, Underway};

    #[tokio::test]
    async fn both_spaces_are_bounds() {
        let pool = Pool::new(100 << 10);
        let [one, two] = [(); 2].map(|()| Underway::new(60 << 10, 0, &pool));
        let first = one.take(50 << 10).await;
        assert!(one.take(20 << 10).now_or_never().is_none(), "its own space is full");
        assert!(two.take(55 << 10).now_or_never().is_none(), "so is everybody's");
        assert!(two.take(20 << 10).now_or_never().is_some());
        drop(first);
        assert!(two.take(55 << 10).now_or_never().is_some());
        assert!(two.take(1 << 30).now_or_never().is_some(), "alone, anything passes");
    }

    #[tokio::test]
    async fn what_is_small_needs_no_pool() {
        let pool = Pool::new(100 << 10);
        let [one, two] = [(); 2].map(|()| Underway::new(1 << 20, 10 << 10, &pool));
        let all = one.take(1 << 19).await;
        let own = two.take(8 << 10).now_or_never().expect("it has a part of its own");
        assert!(two.take(8 << 10).now_or_never().is_none(), "which is full");
        drop(all);
        assert!(two.take(8 << 10).now_or_never().is_some(), "then the pool serves");
        drop(own);
        assert!(two.take(8 << 10).now_or_never().is_some());
    }
}
