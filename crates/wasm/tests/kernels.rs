//! The browser's own kernels against plain ones: streams against known answers, tensors against loops.

use cryptab_tensor::{Backend, Conv2d, Tensor, conv2d, conv2d_on, matmul, matmul_on};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn tensor(shape: &[usize], seed: u64) -> Tensor {
    let mut state = seed;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ state >> 29
    };
    let data = (0..shape.iter().product()).map(|_| next()).collect();
    Tensor::from_vec(shape, data).expect("the data fit the shape")
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn streams_have_the_known_answers() {
    let vectors = include_str!("../../../tests/vectors/chacha12.txt");
    assert!(cryptab_correlation::check_known_answers(vectors).expect("known answers") >= 4);
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn matrix_products_are_those_of_the_definition() {
    for (rows, inner, columns) in [(1, 1, 1), (3, 5, 7), (17, 33, 9), (64, 64, 64), (65, 130, 67)] {
        let (a, b) = (tensor(&[rows, inner], 1), tensor(&[inner, columns], 2));
        let (x, y) = (a.as_slice(), b.as_slice());
        let expected: Vec<u64> = (0..rows * columns)
            .map(|at| {
                let (row, column) = (at / columns, at % columns);
                let term = |k: usize| x[row * inner + k].wrapping_mul(y[k * columns + column]);
                (0..inner).map(term).fold(0, u64::wrapping_add)
            })
            .collect();
        assert_eq!(
            matmul(&a, &b).expect("shapes fit").as_slice(),
            expected,
            "{rows} x {inner} x {columns}"
        );
        for backend in Backend::available() {
            let found = matmul_on(backend, &a, &b).expect("shapes fit");
            assert_eq!(
                found.as_slice(),
                expected,
                "{}: {rows} x {inner} x {columns}",
                backend.name()
            );
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn convolutions_are_those_of_the_definition() {
    let (x, w) = (tensor(&[2, 4, 13, 10], 3), tensor(&[6, 2, 3, 2], 4));
    let parameters = Conv2d { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 };
    let found = conv2d(&x, &w, &parameters).expect("shapes fit");
    assert_eq!(found.as_slice(), convolved(&x, &w, &parameters, found.shape()));
    for backend in Backend::available() {
        assert_eq!(
            conv2d_on(backend, &x, &w, &parameters).expect("shapes fit").as_slice(),
            found.as_slice()
        );
    }
}

/// `out[n, o, y, x] = sum of w[o, c, i, j] * in[n, group + c, y s + i d - p, x s + j d - p]`.
fn convolved(x: &Tensor, w: &Tensor, parameters: &Conv2d, shape: &[usize]) -> Vec<u64> {
    let Conv2d { stride, padding, dilation, groups } = *parameters;
    let [_, channels, height, width] = x.shape()[..] else { panic!("four axes") };
    let [outputs, depth, tall, wide] = w.shape()[..] else { panic!("four axes") };
    let [_, _, rows, columns] = shape[..] else { panic!("four axes") };
    let pixel = |n: usize, c: usize, y: Option<usize>, x_at: Option<usize>| match (y, x_at) {
        (Some(y), Some(at)) if y < height && at < width => {
            x.as_slice()[((n * channels + c) * height + y) * width + at]
        }
        _ => 0,
    };
    let mut result = Vec::new();
    for at in 0..shape.iter().product::<usize>() {
        let (column, row) = (at % columns, at / columns % rows);
        let (output, image) = (at / columns / rows % outputs, at / columns / rows / outputs);
        let mut sum = 0_u64;
        for tap in 0..depth * tall * wide {
            let (j, i, c) = (tap % wide, tap / wide % tall, tap / wide / tall);
            let y = (row * stride[0] + i * dilation[0]).checked_sub(padding[0]);
            let across = (column * stride[1] + j * dilation[1]).checked_sub(padding[1]);
            let channel = output / (outputs / groups) * depth + c;
            let weight = w.as_slice()[output * depth * tall * wide + tap];
            sum = sum.wrapping_add(weight.wrapping_mul(pixel(image, channel, y, across)));
        }
        result.push(sum);
    }
    result
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn transposing_moves_every_element() {
    let (rows, columns) = (67, 129);
    let x = tensor(&[rows, columns], 5);
    let found = x.permute(&[1, 0]).expect("shapes fit");
    assert_eq!(found.shape(), [columns, rows]);
    for (at, &element) in found.as_slice().iter().enumerate() {
        assert_eq!(element, x.as_slice()[at % rows * columns + at / rows]);
    }
}
