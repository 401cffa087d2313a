//! The one place of this crate that knows whether there are threads, for what is computed.

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::{
    IndexedParallelIterator, IntoParallelIterator, ParallelIterator, ParallelSliceMut,
};

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

/// `run(0), run(1), ..`, in parallel where there are threads.
pub(crate) fn map<T: Send>(count: usize, run: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
    #[cfg(not(target_arch = "wasm32"))]
    if count > 1 && rayon::current_num_threads() > 1 {
        return (0..count).into_par_iter().map(run).collect();
    }
    (0..count).map(run).collect()
}
