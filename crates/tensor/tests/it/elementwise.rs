//! Element-wise operations with broadcasting.

use cryptab_tensor::{Result, Tensor, broadcast_shape};
use proptest::{collection::vec, prelude::*};

use crate::random;

/// Axes of an operand: those of `target` from some axis on, some of them replaced by 1.
fn operand(target: &[usize], kept: usize, ones: &[bool]) -> Vec<usize> {
    let first = kept.min(target.len());
    (first..target.len()).map(|axis| if ones[axis] { 1 } else { target[axis] }).collect()
}

type Operation = (fn(&Tensor, &Tensor) -> Result<Tensor>, fn(u64, u64) -> u64);

const OPERATIONS: [Operation; 3] = [
    (Tensor::add, u64::wrapping_add),
    (Tensor::sub, u64::wrapping_sub),
    (Tensor::mul, u64::wrapping_mul),
];

proptest! {
    #[test]
    fn operands_broadcast(
        target in vec(0_usize..5, 0..5),
        kept in any::<[u8; 2]>(),
        ones in any::<[[bool; 5]; 2]>(),
        seed: u64,
    ) {
        let [left, right] = [0, 1].map(|i| operand(&target, usize::from(kept[i] % 3), &ones[i]));
        let (a, b) = (random(seed, &left), random(!seed, &right));
        let shape = broadcast_shape(&left, &right).unwrap();
        let (wide_a, wide_b) = (a.broadcast_to(&shape).unwrap(), b.broadcast_to(&shape).unwrap());
        for (operation, scalar) in OPERATIONS {
            let out = operation(&a, &b).unwrap();
            prop_assert_eq!(out.shape(), &shape);
            let pairs = wide_a.as_slice().iter().zip(wide_b.as_slice());
            let expected: Vec<u64> = pairs.map(|(a, b)| scalar(*a, *b)).collect();
            prop_assert_eq!(out.as_slice(), expected);
        }
    }

    #[test]
    fn permuting_back_gives_the_same(shape in vec(0_usize..5, 4), order in Just(vec![0, 1, 2, 3]).prop_shuffle(), seed: u64) {
        let x = random(seed, &shape);
        let mut back = vec![0; 4];
        for (to, from) in order.iter().enumerate() {
            back[*from] = to;
        }
        prop_assert_eq!(x.permute(&order).unwrap().permute(&back).unwrap(), x);
    }
}

#[test]
fn large_operands_are_cut_into_chunks() {
    let a = random(1, &[3, 401, 257]);
    let row = random(2, &[257]);
    let channel = random(3, &[3, 1, 1]);
    for (operation, scalar) in OPERATIONS {
        let (with_row, with_channel) =
            (operation(&a, &row).unwrap(), operation(&channel, &a).unwrap());
        let both = operation(&a, &a).unwrap();
        for (i, x) in a.as_slice().iter().enumerate() {
            assert_eq!(with_row.as_slice()[i], scalar(*x, row.as_slice()[i % 257]));
            assert_eq!(with_channel.as_slice()[i], scalar(channel.as_slice()[i / (401 * 257)], *x));
            assert_eq!(both.as_slice()[i], scalar(*x, *x));
        }
    }
}
