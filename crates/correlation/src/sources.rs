//! What the dealer computes from: the streams, and large products that were asked for before.

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cryptab_tensor::Tensor;

use crate::{Known, Result, Stream};

/// The streams of all parties, and the large products that several requests have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) streams: &'a [Stream],
    pub(crate) products: &'a Products,
}

impl Deref for Sources<'_> {
    type Target = [Stream];

    fn deref(&self) -> &[Stream] {
        self.streams
    }
}

/// The latest matrix products and convolutions of one session.
///
/// The requests of one operation name the same product: it is computed once. Forgetting one only
/// costs time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Products {
    latest: Arc<Mutex<VecDeque<Entry>>>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: [u8; 32],
    value: Arc<OnceLock<Result<Tensor>>>,
}

/// How many are remembered.
const LATEST: usize = 4;
/// The most elements of a product that the dealer remembers between requests: 8 MiB.
pub const MAX_REMEMBERED: usize = 1 << 20;

impl Products {
    /// The value of `known`, which `compute` computes; whoever asks for the same at the same time waits.
    pub(crate) fn get(
        &self,
        known: &Known,
        compute: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Tensor> {
        let count: usize = known.shape()?.iter().product();
        if count > MAX_REMEMBERED {
            return compute();
        }
        self.entry(known).get_or_init(compute).clone()
    }

    fn entry(&self, known: &Known) -> Arc<OnceLock<Result<Tensor>>> {
        let bytes = postcard::to_allocvec(known).unwrap_or_default();
        let name = *blake3::hash(&bytes).as_bytes();
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = latest.iter().find(|entry| entry.name == name) {
            return Arc::clone(&entry.value);
        }
        latest.truncate(LATEST - 1);
        let value = Arc::default();
        latest.push_front(Entry { name, value: Arc::clone(&value) });
        value
    }
}
