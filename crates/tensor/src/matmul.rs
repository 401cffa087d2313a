//! Matrix products with PyTorch's rules for ranks.

use crate::{
    Backend, Error, Result, Tensor,
    gemm::{self, Block, Matrix},
    parallel, shape, strassen,
};

/// With at most this many rows on the left, packing costs more than it saves.
const FEW_ROWS: usize = 3;

/// `a * b` modulo 2^64.
///
/// Shapes as in PyTorch: two matrices `[.., m, k]` and `[.., k, n]` give `[.., m, n]`, where the leading axes broadcast;
/// a vector on the left is a row, a vector on the right is a column, and their axis is dropped from the result.
///
/// # Errors
/// [`Error::Shapes`] when the inner axes differ, the leading axes do not broadcast or an operand has rank 0.
pub fn matmul(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    matmul_on(Backend::detect(), a, b)
}

/// The shape of [`matmul`] of operands of these shapes.
///
/// # Errors
/// As [`matmul`].
pub fn matmul_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    Ok(Plan::new(a, b)?.shape)
}

/// [`matmul`] on a backend of the caller's choice, to compare them.
///
/// # Errors
/// As [`matmul`].
pub fn matmul_on(backend: Backend, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let plan = Plan::new(a.shape(), b.shape())?;
    let Plan { rows, depth, columns, .. } = plan;
    let mut out = vec![0; shape::count("matmul", &plan.shape)?];
    if out.is_empty() || depth == 0 {
        return Ok(Tensor::assemble(&plan.shape, out));
    }
    let offsets = [&plan.left_batch, &plan.right_batch].map(|batch| offsets(batch, &plan.batch));
    parallel::for_each_chunk(&mut out, rows * columns, |index, out| {
        let left = &a.as_slice()[offsets[0][index] * rows * depth..][..rows * depth];
        let right = &b.as_slice()[offsets[1][index] * depth * columns..][..depth * columns];
        product(backend, left, right, depth, columns, out);
    });
    Ok(Tensor::assemble(&plan.shape, out))
}

/// `out += left * right` for row-major matrices.
pub(crate) fn product(
    backend: Backend,
    left: &[u64],
    right: &[u64],
    depth: usize,
    columns: usize,
    out: &mut [u64],
) {
    let rows = out.len() / columns;
    if columns == 1 {
        let per_task = parallel::chunk_size(rows, parallel::WORTHWHILE.div_ceil(depth));
        return parallel::for_each_chunk(out, per_task, |index, out| {
            let left = left[index * per_task * depth..].chunks_exact(depth);
            for (out, row) in out.iter_mut().zip(left) {
                *out = out.wrapping_add(backend.dot(row, right));
            }
        });
    }
    if rows <= FEW_ROWS {
        return few_rows(backend, left, right, depth, columns, out);
    }
    if rows.min(depth).min(columns) >= backend.tile_kernel().halved_from {
        return strassen::product(backend, [left, right], [rows, depth, columns], out);
    }
    // The side with more lanes is the one that is cut among threads.
    if rows > 4 * columns {
        let per_block = gemm::block_columns(columns, depth, rows);
        let mut blocks = Block::cut_transposed(out, columns, per_block);
        let (left, right) = (Matrix::rows(left, depth), Matrix::columns(right, columns));
        return gemm::multiply(backend, &right, &left, columns, depth, &mut blocks);
    }
    let mut blocks = Block::cut(out, columns, gemm::block_columns(rows, depth, columns));
    let (left, right) = (Matrix::rows(left, depth), Matrix::columns(right, columns));
    gemm::multiply(backend, &left, &right, rows, depth, &mut blocks);
}

/// Each row of the result is a weighted sum of the right operand's rows.
fn few_rows(
    backend: Backend,
    left: &[u64],
    right: &[u64],
    depth: usize,
    columns: usize,
    out: &mut [u64],
) {
    let per_block = gemm::block_columns(out.len() / columns, depth, columns);
    let mut blocks = parallel::column_blocks(out, columns, per_block);
    parallel::for_each_chunk(&mut blocks, 1, |index, blocks| {
        let taps: Vec<&[u64]> =
            right.chunks_exact(columns).map(|row| &row[index * per_block..]).collect();
        for (out, weights) in blocks[0].iter_mut().zip(left.chunks_exact(depth)) {
            backend.weighted_sum(out, &taps, weights);
        }
    });
}

struct Plan {
    shape: Vec<usize>,
    batch: Vec<usize>,
    left_batch: Vec<usize>,
    right_batch: Vec<usize>,
    rows: usize,
    depth: usize,
    columns: usize,
}

impl Plan {
    fn new(a: &[usize], b: &[usize]) -> Result<Self> {
        let refuse =
            |reason| Error::Shapes { op: "matmul", left: a.to_vec(), right: b.to_vec(), reason };
        let (left_batch, rows, depth) = match a {
            [] => return Err(refuse("an operand of rank 0 is not a matrix")),
            [depth] => (&[][..], 1, *depth),
            [batch @ .., rows, depth] => (batch, *rows, *depth),
        };
        let (right_batch, inner, columns) = match b {
            [] => return Err(refuse("an operand of rank 0 is not a matrix")),
            [depth] => (&[][..], *depth, 1),
            [batch @ .., depth, columns] => (batch, *depth, *columns),
        };
        if depth != inner {
            return Err(refuse(
                "the last axis on the left must equal the last but one on the right",
            ));
        }
        let batch = shape::broadcast("matmul", left_batch, right_batch)
            .map_err(|_| refuse("the leading axes do not broadcast"))?;
        let mut shape = batch.clone();
        shape.extend((a.len() > 1).then_some(rows));
        shape.extend((b.len() > 1).then_some(columns));
        let (left_batch, right_batch) = (left_batch.to_vec(), right_batch.to_vec());
        Ok(Self { shape, batch, left_batch, right_batch, rows, depth, columns })
    }
}

/// For each matrix of the broadcast batch, which matrix of the operand it is.
fn offsets(batch: &[usize], target: &[usize]) -> Vec<usize> {
    let strides = shape::broadcast_strides(batch, target);
    let mut offsets = vec![0];
    for (size, stride) in target.iter().zip(strides) {
        offsets =
            offsets.iter().flat_map(|first| (0..*size).map(move |i| first + i * stride)).collect();
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_pytorch() {
        let shape = |a: &[usize], b: &[usize]| matmul_shape(a, b).unwrap();
        assert_eq!(shape(&[3], &[3]), []);
        assert_eq!(shape(&[3], &[3, 2]), [2]);
        assert_eq!(shape(&[2, 3], &[3]), [2]);
        assert_eq!(shape(&[5, 1, 2, 3], &[4, 3, 7]), [5, 4, 2, 7]);
        assert_eq!(shape(&[3], &[4, 3, 7]), [4, 7]);
        assert_eq!(shape(&[4, 2, 3], &[3]), [4, 2]);
        for (a, b) in
            [(&[][..], &[3][..]), (&[3], &[]), (&[2, 3], &[2, 3]), (&[2, 1, 3], &[3, 3, 1])]
        {
            assert!(matmul_shape(a, b).is_err(), "{a:?} {b:?}");
        }
    }

    #[test]
    fn empty_products_are_zero() {
        let product = matmul(&Tensor::zeros(&[2, 0]), &Tensor::zeros(&[0, 3])).unwrap();
        assert_eq!(product, Tensor::zeros(&[2, 3]));
        assert_eq!(matmul(&Tensor::zeros(&[0]), &Tensor::zeros(&[0])).unwrap(), Tensor::scalar(0));
        let batch = matmul(&Tensor::zeros(&[2, 0, 3]), &Tensor::zeros(&[3, 2])).unwrap();
        assert_eq!(batch.shape(), [2, 0, 2]);
    }

    #[test]
    fn batches_broadcast() {
        let a = Tensor::from_vec(&[2, 1, 1, 2], vec![1, 2, 3, 4]).unwrap();
        let b = Tensor::from_vec(&[2, 2, 1], vec![1, 1, 1, u64::MAX]).unwrap();
        let product = matmul(&a, &b).unwrap();
        assert_eq!(product.shape(), [2, 2, 1, 1]);
        assert_eq!(product.into_vec(), [3, u64::MAX, 7, u64::MAX]);
    }

    #[test]
    fn errors_name_both_shapes() {
        let message = matmul_shape(&[2, 3], &[4, 5]).unwrap_err().to_string();
        assert!(message.starts_with("matmul: shapes [2, 3] and [4, 5] do not fit"), "{message}");
    }
}
