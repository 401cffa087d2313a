//! Matrix products over the ring, blocked for registers and caches.
//!
//! The scheme is that of Goto and van de Geijn (Anatomy of High-Performance Matrix Multiplication, 2008), simplified:
//! for each slab of the inner dimension, the left operand is packed once into panels as tall as a register tile; then
//! blocks of columns are computed in parallel, and each packs its part of the right operand, a few panels at a time. What an
//! operand is, is up to its [`Panels`]: a strided matrix, or the patches of an image that exist nowhere else.

mod output;
mod panels;

use std::ops::Range;

pub(crate) use self::{
    output::Block,
    panels::{Matrix, Panels},
};
use crate::{Backend, backend::TileKernel, parallel};

/// The inner dimension is taken in slabs of this many steps.
const DEPTH: usize = 256;

/// Columns that are packed together and stay close while every left panel passes them: 48 KiB with [`DEPTH`] steps.
const GROUP: usize = 24;

/// Adds `left * right` to the blocks. `left` has `rows` lanes, both have `depth` steps.
pub(crate) fn multiply(
    backend: Backend,
    left: &dyn Panels,
    right: &dyn Panels,
    rows: usize,
    depth: usize,
    blocks: &mut [Block<'_>],
) {
    let kernel = backend.tile_kernel();
    let panels = rows.div_ceil(kernel.rows);
    let mut packed = vec![0; panels * kernel.rows * depth.min(DEPTH)];
    for start in (0..depth).step_by(DEPTH) {
        let slab = start..depth.min(start + DEPTH);
        let panel = kernel.rows * slab.len();
        let packed = &mut packed[..panels * panel];
        let per_task = parallel::chunk_size(panels, parallel::WORTHWHILE.div_ceil(panel));
        parallel::for_each_chunk(packed, per_task * panel, |task, packed| {
            for (index, packed) in packed.chunks_exact_mut(panel).enumerate() {
                let first = (task * per_task + index) * kernel.rows;
                left.pack(slab.clone(), first..rows.min(first + kernel.rows), kernel.rows, packed);
            }
        });
        let packed = &*packed;
        parallel::for_each_chunk(blocks, 1, |_, blocks| {
            multiply_block(kernel, packed, right, slab.clone(), &mut blocks[0]);
        });
    }
}

/// How many columns a block should have, so that there are a few blocks per thread but none too small to be worth it.
pub(crate) fn block_columns(rows: usize, depth: usize, columns: usize) -> usize {
    let work = rows.saturating_mul(depth).max(1);
    let least = (4 * parallel::WORTHWHILE).div_ceil(work);
    parallel::chunk_size(columns, least.saturating_mul(4)).max(96.min(columns)).max(1)
}

fn multiply_block(
    kernel: TileKernel,
    left: &[u64],
    right: &dyn Panels,
    slab: Range<usize>,
    block: &mut Block<'_>,
) {
    let panel = kernel.columns * slab.len();
    let group = kernel.columns * (GROUP / kernel.columns).max(1);
    let mut packed = vec![0; panel * group.min(block.columns).div_ceil(kernel.columns)];
    let mut tile = vec![0; kernel.rows * kernel.columns];
    for first in (0..block.columns).step_by(group) {
        let end = block.columns.min(first + group);
        let panels = (first..end).step_by(kernel.columns);
        let panels = panels.map(|column| column..end.min(column + kernel.columns));
        for (columns, packed) in panels.clone().zip(packed.chunks_exact_mut(panel)) {
            let lanes = block.first_column + columns.start..block.first_column + columns.end;
            right.pack(slab.clone(), lanes, kernel.columns, packed);
        }
        for (index, left) in left.chunks_exact(kernel.rows * slab.len()).enumerate() {
            for (columns, packed) in panels.clone().zip(packed.chunks_exact(panel)) {
                (kernel.run)(left, packed, &mut tile);
                block.add(index * kernel.rows, columns, &tile, kernel.columns);
            }
        }
    }
}
