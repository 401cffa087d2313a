//! Behaviour of the crate against plain loops, on every backend of the machine.

#![expect(clippy::unwrap_used, reason = "tests; the lint knows only functions marked as one")]

mod convolution;
mod elementwise;
mod product;

use cryptab_tensor::Tensor;

/// A tensor of well-mixed elements that a seed determines.
fn random(seed: u64, shape: &[usize]) -> Tensor {
    let count = shape.iter().product::<usize>() as u64;
    let element = |i: u64| {
        // SplitMix64.
        let z = seed.wrapping_add((i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    };
    Tensor::from_vec(shape, (0..count).map(element).collect()).unwrap()
}
