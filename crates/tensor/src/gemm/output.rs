//! Where the tiles of a product go.

use std::ops::Range;

use crate::parallel;

/// Some columns of a product, all rows of them, that one task computes.
pub(crate) struct Block<'a> {
    /// The first of its columns in the whole product.
    pub(crate) first_column: usize,
    /// How many columns it has.
    pub(crate) columns: usize,
    /// Their memory.
    target: Target<'a>,
}

/// The memory of a block.
enum Target<'a> {
    /// The block's piece of every row.
    Rows(Vec<&'a mut [u64]>),
    /// The block's columns, each contiguous, with this many rows.
    Columns(&'a mut [u64], usize),
}

impl<'a> Block<'a> {
    /// Cuts a row-major product into blocks of up to `per_block` columns.
    pub(crate) fn cut(out: &'a mut [u64], columns: usize, per_block: usize) -> Vec<Self> {
        let pieces = parallel::column_blocks(out, columns, per_block);
        let block = |(index, rows): (usize, Vec<&'a mut [u64]>)| Self {
            first_column: index * per_block,
            columns: rows.first().map_or(0, |row| row.len()),
            target: Target::Rows(rows),
        };
        pieces.into_iter().enumerate().map(block).collect()
    }

    /// Cuts a column-major product with `rows` rows into blocks of up to `per_block` columns.
    pub(crate) fn cut_transposed(out: &'a mut [u64], rows: usize, per_block: usize) -> Vec<Self> {
        let block = |(index, piece): (usize, &'a mut [u64])| Self {
            first_column: index * per_block,
            columns: piece.len() / rows,
            target: Target::Columns(piece, rows),
        };
        out.chunks_mut(per_block * rows).enumerate().map(block).collect()
    }

    /// Adds a row-major tile of this width whose first row is `row`; what exceeds the block is left out.
    pub(super) fn add(&mut self, row: usize, columns: Range<usize>, tile: &[u64], width: usize) {
        let count = columns.len();
        match &mut self.target {
            Target::Rows(rows) => {
                for (out, tile) in rows[row..].iter_mut().zip(tile.chunks_exact(width)) {
                    for (out, value) in out[columns.clone()].iter_mut().zip(&tile[..count]) {
                        *out = out.wrapping_add(*value);
                    }
                }
            }
            Target::Columns(out, rows) => {
                let height = (tile.len() / width).min(*rows - row);
                for (offset, column) in columns.enumerate() {
                    let out = &mut out[column * *rows + row..][..height];
                    for (out, value) in out.iter_mut().zip(tile[offset..].iter().step_by(width)) {
                        *out = out.wrapping_add(*value);
                    }
                }
            }
        }
    }
}
