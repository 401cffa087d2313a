//! Large products by seven half-size ones instead of eight: exact in a ring, where nothing is rounded.
//!
//! Source: Strassen (Gaussian Elimination is not Optimal, 1969). Halves are rounded down; what an odd size leaves over
//! is added by ordinary products.

use crate::{Backend, matmul};

/// Quadrants of a matrix that are added (`false`) or subtracted: upper left, upper right, lower left, lower right.
type Terms = &'static [(usize, bool)];

/// The product of a sum of quadrants of both operands, and the quadrants of the result that it belongs to.
struct Step {
    left: Terms,
    right: Terms,
    out: Terms,
}

const STEPS: [Step; 7] = [
    Step { left: &[(0, ADD), (3, ADD)], right: &[(0, ADD), (3, ADD)], out: &[(0, ADD), (3, ADD)] },
    Step { left: &[(2, ADD), (3, ADD)], right: &[(0, ADD)], out: &[(2, ADD), (3, SUB)] },
    Step { left: &[(0, ADD)], right: &[(1, ADD), (3, SUB)], out: &[(1, ADD), (3, ADD)] },
    Step { left: &[(3, ADD)], right: &[(2, ADD), (0, SUB)], out: &[(0, ADD), (2, ADD)] },
    Step { left: &[(0, ADD), (1, ADD)], right: &[(3, ADD)], out: &[(1, ADD), (0, SUB)] },
    Step { left: &[(2, ADD), (0, SUB)], right: &[(0, ADD), (1, ADD)], out: &[(3, ADD)] },
    Step { left: &[(1, ADD), (3, SUB)], right: &[(2, ADD), (3, ADD)], out: &[(0, ADD)] },
];
const ADD: bool = false;
const SUB: bool = true;

/// `out += left * right` for row-major matrices of `[rows, depth]` and `[depth, columns]`, at least 2 each.
pub(crate) fn product(
    backend: Backend,
    [left, right]: [&[u64]; 2],
    [rows, depth, columns]: [usize; 3],
    out: &mut [u64],
) {
    let [m, k, n] = [rows / 2, depth / 2, columns / 2];
    let (mut x, mut y, mut z) = (vec![0; m * k], vec![0; k * n], vec![0; m * n]);
    for Step { left: of_left, right: of_right, out: of_out } in STEPS {
        gather((left, depth), of_left, &mut x, [m, k]);
        gather((right, columns), of_right, &mut y, [k, n]);
        z.fill(0);
        matmul::product(backend, &x, &y, k, n, &mut z);
        for &(quadrant, negative) in of_out {
            let pairs = quadrant_rows(quadrant, columns, [m, n]).zip(z.chunks_exact(n));
            pairs.for_each(|(at, z)| accumulate(&mut out[at..at + n], z, negative));
        }
    }
    rest(backend, [left, right], [rows, depth, columns], out);
}

/// A quadrant of a matrix of rows of `width`, or the sum or difference of two; each of `size`.
fn gather((matrix, width): (&[u64], usize), terms: Terms, sum: &mut [u64], size: [usize; 2]) {
    let rows = |at: usize| {
        let starts = quadrant_rows(terms[at].0, width, size);
        starts.map(|start| &matrix[start..start + size[1]])
    };
    let sums = sum.chunks_exact_mut(size[1]);
    let Some(&(_, negative)) = terms.get(1) else {
        return sums.zip(rows(0)).for_each(|(sum, row)| sum.copy_from_slice(row));
    };
    for ((sum, x), y) in sums.zip(rows(0)).zip(rows(1)) {
        let elements = sum.iter_mut().zip(x).zip(y);
        match negative {
            false => elements.for_each(|((sum, x), y)| *sum = x.wrapping_add(*y)),
            true => elements.for_each(|((sum, x), y)| *sum = x.wrapping_sub(*y)),
        }
    }
}

/// Where the rows of a quadrant begin.
fn quadrant_rows(
    quadrant: usize,
    width: usize,
    [rows, columns]: [usize; 2],
) -> impl Iterator<Item = usize> {
    let first = quadrant / 2 * rows * width + quadrant % 2 * columns;
    (0..rows).map(move |row| first + row * width)
}

fn accumulate(sum: &mut [u64], row: &[u64], negative: bool) {
    let pairs = sum.iter_mut().zip(row);
    match negative {
        false => pairs.for_each(|(sum, value)| *sum = sum.wrapping_add(*value)),
        true => pairs.for_each(|(sum, value)| *sum = sum.wrapping_sub(*value)),
    }
}

/// What the halves leave over where a size is odd: the last step of the inner dimension, column and row.
fn rest(
    backend: Backend,
    [left, right]: [&[u64]; 2],
    [rows, depth, columns]: [usize; 3],
    out: &mut [u64],
) {
    let even = |size: usize| size & !1;
    if depth % 2 == 1 {
        let last = &right[(depth - 1) * columns..][..even(columns)];
        for row in 0..even(rows) {
            let factor = left[row * depth + depth - 1];
            let out = &mut out[row * columns..][..last.len()];
            backend.weighted_sum(out, &[last], &[factor]);
        }
    }
    if columns % 2 == 1 {
        let last: Vec<u64> = right.chunks_exact(columns).map(|row| row[columns - 1]).collect();
        for row in 0..even(rows) {
            let sum = &mut out[row * columns + columns - 1];
            *sum = sum.wrapping_add(backend.dot(&left[row * depth..][..depth], &last));
        }
    }
    if rows % 2 == 1 {
        let row = rows - 1;
        let out = &mut out[row * columns..];
        matmul::product(backend, &left[row * depth..], right, depth, columns, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every backend, and sizes that are even, odd and of both kinds.
    #[test]
    fn products_are_those_of_the_definition() {
        let numbers = |count: usize, seed: u64| -> Vec<u64> {
            let next = |i: u64| (i ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (i << 40);
            (1..=count as u64).map(next).collect()
        };
        for [rows, depth, columns] in
            [[2, 2, 2], [4, 6, 8], [3, 5, 7], [5, 4, 9], [33, 64, 18], [130, 67, 71]]
        {
            let (x, y) = (numbers(rows * depth, 1), numbers(depth * columns, 2));
            let start = numbers(rows * columns, 3);
            let mut expected = start.clone();
            for (at, out) in expected.iter_mut().enumerate() {
                for k in 0..depth {
                    let term =
                        x[at / columns * depth + k].wrapping_mul(y[k * columns + at % columns]);
                    *out = out.wrapping_add(term);
                }
            }
            for backend in Backend::available() {
                let mut out = start.clone();
                product(backend, [&x, &y], [rows, depth, columns], &mut out);
                assert_eq!(out, expected, "{}: {rows} x {depth} x {columns}", backend.name());
            }
        }
    }
}
