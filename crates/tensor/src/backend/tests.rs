//! Every backend against the scalar one.

use proptest::{collection::vec, prelude::*};

use super::{Arithmetic, Backend, Kind, Operand};

const SCALAR: Backend = Backend(Kind::Scalar);

proptest! {
    #[test]
    fn arithmetic_agrees(data in vec(any::<[u64; 2]>(), 0..300), value: u64) {
        let (a, b): (Vec<u64>, Vec<u64>) = data.iter().map(|[a, b]| (*a, *b)).unzip();
        for op in [
            Arithmetic::Add,
            Arithmetic::Subtract,
            Arithmetic::Multiply,
            Arithmetic::Negate,
            Arithmetic::And,
            Arithmetic::ShiftLeft,
            Arithmetic::ShiftRight,
        ] {
            let operands = [
                (Operand::Slice(&a), Operand::Slice(&b)),
                (Operand::Slice(&a), Operand::Value(value)),
                (Operand::Value(value), Operand::Slice(&b)),
                (Operand::Value(value), Operand::Value(value)),
            ];
            for (left, right) in operands {
                let run = |backend: Backend| {
                    let mut out = vec![0; a.len()];
                    backend.arithmetic(op, &mut out, left, right);
                    out
                };
                for backend in Backend::available() {
                    prop_assert_eq!(run(backend), run(SCALAR), "{:?} {}", op, backend.name());
                }
            }
        }
    }

    #[test]
    fn sums_agree(data in vec(any::<[u64; 3]>(), 0..300), weights: [u64; 2]) {
        let column = |i: usize| data.iter().map(|row| row[i]).collect::<Vec<u64>>();
        let (a, b, start) = (column(0), column(1), column(2));
        let expected: Vec<u64> = data
            .iter()
            .map(|[a, b, start]| {
                let [left, right] = weights;
                start.wrapping_add(a.wrapping_mul(left)).wrapping_add(b.wrapping_mul(right))
            })
            .collect();
        let dot = data.iter().fold(0, |sum: u64, [a, b, _]| sum.wrapping_add(a.wrapping_mul(*b)));
        for backend in Backend::available() {
            let mut out = start.clone();
            backend.weighted_sum(&mut out, &[&a, &b], &weights);
            prop_assert_eq!(&out, &expected, "{}", backend.name());
            prop_assert_eq!(backend.dot(&a, &b), dot, "{}", backend.name());
            for factors in [&[&a[..], &b][..], &[&a, &b, &start], &[&a], &[]] {
                let run = |backend: Backend| {
                    let mut out = start.clone();
                    backend.add_product(&mut out, factors);
                    out
                };
                prop_assert_eq!(run(backend), run(SCALAR), "{}", backend.name());
            }
        }
    }

    #[test]
    fn bits_agree(words in vec(any::<u64>(), 64), len in 0_usize..=64 * 64) {
        for backend in Backend::available() {
            let mut block = [0; 64];
            block.copy_from_slice(&words);
            backend.transpose(&mut block);
            for (i, row) in block.iter().enumerate() {
                for (j, word) in words.iter().enumerate() {
                    prop_assert_eq!(row >> j & 1, word >> i & 1, "{}", backend.name());
                }
            }
            let mut out = vec![7; len];
            backend.spread(&mut out, &words);
            let expected: Vec<u64> = (0..len).map(|i| words[i / 64] >> (i % 64) & 1).collect();
            prop_assert_eq!(out, expected, "{}", backend.name());
        }
    }

    #[test]
    fn digits_agree(words in 0_usize..20, width in 1_usize..6, seed: u64) {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ state >> 29
        };
        let mut planes = |count: usize| -> Vec<Vec<u64>> {
            (0..count).map(|_| (0..words).map(|_| random()).collect()).collect()
        };
        let (digits, hot) = (planes(width), planes((1 << width) - 1));
        let digits: Vec<&[u64]> = digits.iter().map(Vec::as_slice).collect();
        let hot: Vec<&[u64]> = hot.iter().map(Vec::as_slice).collect();
        for backend in Backend::available() {
            let (mut less, mut equal) = (vec![7; words], vec![7; words]);
            backend.compare_digits((&digits, &hot), u64::MAX, &mut less, &mut equal);
            for i in 0..64 * words {
                let bit = |plane: &[u64]| plane[i / 64] >> (i % 64) & 1;
                let value = digits.iter().rev().fold(0, |value, digit| 2 * value + usize::from(bit(digit) == 1));
                let last = hot.iter().fold(1, |parity, plane| parity ^ bit(plane));
                let word: Vec<u64> = hot.iter().map(|plane| bit(plane)).chain([last]).collect();
                prop_assert_eq!(bit(&equal), word[value]);
                prop_assert_eq!(bit(&less), word[value + 1..].iter().fold(0, |a, b| a ^ b));
            }
        }
    }

    #[test]
    fn tiles_agree(depth in 0_usize..70, seed: u64) {
        let mut state = seed;
        let mut random = |len: usize| {
            let draw = |_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                state ^ state >> 29
            };
            (0..len).map(draw).collect::<Vec<u64>>()
        };
        for backend in Backend::available() {
            let kernel = backend.tile_kernel();
            let (left, right) = (random(depth * kernel.rows), random(depth * kernel.columns));
            let mut tile = vec![7; kernel.rows * kernel.columns];
            (kernel.run)(&left, &right, &mut tile);
            for (index, sum) in tile.into_iter().enumerate() {
                let (i, j) = (index / kernel.columns, index % kernel.columns);
                let expected = (0..depth).fold(0_u64, |sum, k| {
                    let product = left[k * kernel.rows + i].wrapping_mul(right[k * kernel.columns + j]);
                    sum.wrapping_add(product)
                });
                prop_assert_eq!(sum, expected, "{} at {}, {}", backend.name(), i, j);
            }
        }
    }
}
