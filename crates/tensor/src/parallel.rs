//! Whether there are threads: rayon natively, a plain loop in wasm. Beside [`crate::in_pieces`] nothing else asks.

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::*;

/// Below this many elements a loop is not worth a second thread (it takes tens of microseconds).
pub(crate) const WORTHWHILE: usize = 1 << 16;

/// How many threads share the work.
pub(crate) fn threads() -> usize {
    #[cfg(not(target_arch = "wasm32"))]
    return rayon::current_num_threads();
    #[cfg(target_arch = "wasm32")]
    return 1;
}

/// Runs `run(index, chunk)` on consecutive chunks of `data`, in parallel where there are threads.
pub(crate) fn for_each_chunk<T: Send>(
    data: &mut [T],
    chunk: usize,
    run: impl Fn(usize, &mut [T]) + Sync + Send,
) {
    #[cfg(not(target_arch = "wasm32"))]
    if data.len() > chunk && threads() > 1 {
        data.par_chunks_mut(chunk).enumerate().for_each(|(index, chunk)| run(index, chunk));
        return;
    }
    data.chunks_mut(chunk).enumerate().for_each(|(index, chunk)| run(index, chunk));
}

/// The size of chunks that `len` elements of equal work are cut into: one chunk if they are few, else a few per thread.
pub(crate) fn chunk_size(len: usize, worthwhile: usize) -> usize {
    if len < worthwhile || threads() == 1 {
        return len.max(1);
    }
    len.div_ceil(4 * threads()).max(worthwhile / 4).max(1)
}

/// Cuts a matrix of rows of `row_len` elements into blocks of up to `columns` columns; each block is the list of its
/// rows' pieces, so that blocks can be written in parallel.
pub(crate) fn column_blocks(
    data: &mut [u64],
    row_len: usize,
    columns: usize,
) -> Vec<Vec<&mut [u64]>> {
    if data.is_empty() {
        return Vec::new();
    }
    let rows = data.len() / row_len;
    let mut blocks: Vec<Vec<&mut [u64]>> =
        (0..row_len.div_ceil(columns)).map(|_| Vec::with_capacity(rows)).collect();
    for row in data.chunks_exact_mut(row_len) {
        for (block, piece) in blocks.iter_mut().zip(row.chunks_mut(columns)) {
            block.push(piece);
        }
    }
    blocks
}
