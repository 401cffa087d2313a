//! The one place of this crate that knows whether there are threads, for what is computed.

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};

/// Runs `run(index, chunk)` on consecutive chunks of `data`, in parallel where there are threads.
pub(crate) fn for_each_chunk(
    data: &mut [u64],
    chunk: usize,
    run: impl Fn(usize, &mut [u64]) + Send + Sync,
) {
    #[cfg(not(target_arch = "wasm32"))]
    if data.len() > chunk && rayon::current_num_threads() > 1 {
        data.par_chunks_mut(chunk).enumerate().for_each(|(index, chunk)| run(index, chunk));
        return;
    }
    data.chunks_mut(chunk).enumerate().for_each(|(index, chunk)| run(index, chunk));
}
