//! Matrix products.

use cryptab_tensor::{Backend, Tensor, matmul, matmul_on};
use proptest::prelude::*;

use crate::random;

/// One row-major product by the definition.
fn naive(a: &[u64], b: &[u64], rows: usize, depth: usize, columns: usize) -> Vec<u64> {
    let mut out = vec![0_u64; rows * columns];
    for i in 0..rows {
        for k in 0..depth {
            for j in 0..columns {
                let product = a[i * depth + k].wrapping_mul(b[k * columns + j]);
                out[i * columns + j] = out[i * columns + j].wrapping_add(product);
            }
        }
    }
    out
}

fn check(rows: usize, depth: usize, columns: usize, seed: u64) {
    let (a, b) = (random(seed, &[rows, depth]), random(!seed, &[depth, columns]));
    let expected = naive(a.as_slice(), b.as_slice(), rows, depth, columns);
    for backend in Backend::available() {
        let product = matmul_on(backend, &a, &b).unwrap();
        assert_eq!(product.shape(), [rows, columns]);
        let name = backend.name();
        assert!(
            product.as_slice() == expected,
            "{name}: {rows} x {depth} x {columns}, seed {seed}"
        );
    }
}

proptest! {
    #[test]
    fn small_products(rows in 0_usize..40, depth in 0_usize..40, columns in 0_usize..60, seed: u64) {
        check(rows, depth, columns, seed);
    }

    #[test]
    fn batches(seed: u64, left in 1_usize..3, right in 1_usize..4, rows in 1_usize..6) {
        let (a, b) = (random(seed, &[left, 1, rows, 5]), random(!seed, &[right, 5, 7]));
        let product = matmul(&a, &b).unwrap();
        prop_assert_eq!(product.shape(), &[left, right, rows, 7]);
        for i in 0..left {
            for j in 0..right {
                let a = &a.as_slice()[i * rows * 5..][..rows * 5];
                let b = &b.as_slice()[j * 35..][..35];
                let at = (i * right + j) * rows * 7;
                let matrix = &product.as_slice()[at..at + rows * 7];
                prop_assert_eq!(matrix, naive(a, b, rows, 5, 7));
            }
        }
    }
}

#[test]
fn products_larger_than_one_slab_and_one_block() {
    check(65, 300, 131, 1);
    check(1_000, 70, 33, 2);
    check(3, 700, 500, 3);
    check(2_000, 517, 1, 4);
    check(5_003, 3, 3, 5);
    check(31, 9, 20_001, 6);
}

#[test]
fn vectors_are_rows_and_columns() {
    let (x, w) = (random(7, &[50]), random(8, &[50, 50]));
    let row = matmul(&x, &w).unwrap();
    let column = matmul(&w, &x).unwrap();
    assert_eq!(row.as_slice(), naive(x.as_slice(), w.as_slice(), 1, 50, 50));
    assert_eq!(column.as_slice(), naive(w.as_slice(), x.as_slice(), 50, 50, 1));
    let square = x.mul(&x).unwrap().sum(&[0], cryptab_tensor::KeepDim::Drop).unwrap();
    assert_eq!(matmul(&x, &x).unwrap(), square);
    assert_eq!(square.shape(), Tensor::scalar(0).shape());
}
