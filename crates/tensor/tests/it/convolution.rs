//! Convolutions.

use cryptab_tensor::{Backend, Conv2d, Tensor, conv2d, conv2d_on, conv2d_shape};
use proptest::prelude::*;

use crate::random;

/// The element of an image batch at a position that may lie in the padding.
fn pixel(x: &Tensor, n: usize, c: usize, at: [usize; 2], padding: [usize; 2]) -> u64 {
    let [_, channels, height, width] = *x.shape() else { panic!("an image batch") };
    let inside =
        |axis: usize, size: usize| at[axis].checked_sub(padding[axis]).filter(|p| *p < size);
    match (inside(0, height), inside(1, width)) {
        (Some(row), Some(column)) => {
            x.as_slice()[((n * channels + c) * height + row) * width + column]
        }
        _ => 0,
    }
}

/// The convolution by its definition.
fn naive(x: &Tensor, w: &Tensor, parameters: &Conv2d) -> Vec<u64> {
    let shape = conv2d_shape(x.shape(), w.shape(), parameters).unwrap();
    let [filters, channels, rows, columns] = *w.shape() else { panic!("filters") };
    let Conv2d { stride, padding, dilation, groups } = *parameters;
    let mut out = Vec::new();
    for n in 0..shape[0] {
        for o in 0..filters {
            for (y, x0) in (0..shape[2]).flat_map(|y| (0..shape[3]).map(move |x| (y, x))) {
                let mut sum = 0_u64;
                for (index, weight) in w.as_slice()[o * channels * rows * columns..]
                    .iter()
                    .take(channels * rows * columns)
                    .enumerate()
                {
                    let (c, i, j) =
                        (index / (rows * columns), index / columns % rows, index % columns);
                    let at = [y * stride[0] + i * dilation[0], x0 * stride[1] + j * dilation[1]];
                    let channel = o / (filters / groups) * channels + c;
                    sum = sum.wrapping_add(weight.wrapping_mul(pixel(x, n, channel, at, padding)));
                }
                out.push(sum);
            }
        }
    }
    out
}

fn check(x: &[usize], w: &[usize], parameters: &Conv2d, seed: u64) {
    let (x, w) = (random(seed, x), random(!seed, w));
    let expected = naive(&x, &w, parameters);
    for backend in Backend::available() {
        let out = conv2d_on(backend, &x, &w, parameters).unwrap();
        let (shapes, name) = ([x.shape(), w.shape()], backend.name());
        assert!(out.as_slice() == expected, "{name}: {shapes:?} {parameters:?}, seed {seed}");
    }
}

fn pair(range: std::ops::Range<usize>) -> impl Strategy<Value = [usize; 2]> {
    [range.clone(), range]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn small_convolutions(
        (count, groups, channels, filters) in (1_usize..3, 1_usize..4, 1_usize..3, 1_usize..6),
        (image, filter) in (pair(1..12), pair(1..4)),
        (stride, padding, dilation) in (pair(1..4), pair(0..4), pair(1..3)),
        seed: u64,
    ) {
        let parameters = Conv2d { stride, padding, dilation, groups };
        let x = [count, channels * groups, image[0], image[1]];
        let w = [filters * groups, channels, filter[0], filter[1]];
        prop_assume!(conv2d_shape(&x, &w, &parameters).is_ok());
        check(&x, &w, &parameters, seed);
    }
}

#[test]
fn images_larger_than_one_block() {
    let same = |padding| Conv2d { padding: [padding; 2], ..Conv2d::default() };
    check(&[1, 3, 131, 257], &[3, 1, 3, 3], &Conv2d { groups: 3, ..same(1) }, 1);
    check(&[1, 2, 131, 257], &[9, 2, 5, 5], &same(2), 2);
    check(&[2, 40, 20, 21], &[17, 40, 3, 3], &Conv2d { stride: [2, 2], ..same(1) }, 3);
}

#[test]
fn shapes_follow_pytorch() {
    let parameters = Conv2d { stride: [2, 1], padding: [3, 0], dilation: [1, 2], groups: 2 };
    assert_eq!(conv2d_shape(&[5, 4, 10, 9], &[6, 2, 7, 3], &parameters), Ok(vec![5, 6, 5, 5]));
}

#[test]
fn bad_parameters_are_errors() {
    let refuse = |x: &[usize], w: &[usize], parameters: Conv2d| {
        assert!(conv2d_shape(x, w, &parameters).is_err(), "{x:?} {w:?} {parameters:?}");
        assert!(conv2d(&Tensor::zeros(x), &Tensor::zeros(w), &parameters).is_err());
    };
    let plain = Conv2d::default();
    refuse(&[3, 4, 4], &[1, 3, 1, 1], plain);
    refuse(&[1, 3, 4, 4], &[1, 2, 1, 1], plain);
    refuse(&[1, 3, 4, 4], &[1, 3, 5, 1], plain);
    refuse(&[1, 3, 4, 4], &[1, 3, 0, 1], plain);
    refuse(&[1, 4, 4, 4], &[3, 2, 1, 1], Conv2d { groups: 2, ..plain });
    refuse(&[1, 3, 4, 4], &[1, 3, 1, 1], Conv2d { stride: [0, 1], ..plain });
    refuse(&[1, 3, 4, 4], &[1, 3, 1, 1], Conv2d { dilation: [1, 0], ..plain });
    refuse(&[1, 3, 4, 4], &[1, 3, 1, 1], Conv2d { groups: 0, ..plain });
    let huge = Conv2d { padding: [usize::MAX, 0], ..plain };
    assert!(conv2d_shape(&[1, 3, 4, 4], &[1, 3, 1, 1], &huge).is_err());
}
