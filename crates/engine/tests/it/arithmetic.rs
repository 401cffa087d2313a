use cryptab_engine::{Conv2d, Engine};
use cryptab_testkit::World;

use crate::common::{PARTIES, UNIT, check, grid, input, numbers};

#[test]
fn inputs_come_back_exactly() {
    let x = numbers(200, 29.0, 1);
    check(&x, 0.0, |e| input(e, 1, &[10, 20], &x));
}

#[test]
fn sums_differences_and_negatives_are_exact() {
    let (x, y) = (numbers(30, 28.0, 2), numbers(10, 28.0, 3));
    let expected: Vec<f64> =
        x.iter().enumerate().map(|(i, x)| -(x - y[i % 10]) + x + 2.5).collect();
    check(&expected, 0.0, |e| {
        let (x, y) = (input(e, 0, &[3, 10], &x)?, input(e, 1, &[10], &y)?);
        x.sub(&y)?.neg()?.add(&x)?.add(&e.constant(&[1], &[2.5])?)
    });
}

#[test]
fn products_are_within_a_unit_even_near_the_limit_of_the_range() {
    let x = numbers(500, 14.9, 4);
    let y = numbers(500, 14.9, 5);
    let expected: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x * y).collect();
    check(&expected, UNIT, |e| input(e, 0, &[500], &x)?.mul(&input(e, 1, &[500], &y)?));
    let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
    check(&squares, UNIT, |e| input(e, 0, &[500], &x)?.square());
}

#[test]
fn a_product_of_truncated_products_uses_their_masked_forms() {
    let x = numbers(100, 4.0, 6);
    let y = numbers(100, 4.0, 7);
    let expected: Vec<f64> = x.iter().zip(&y).map(|(x, y)| grid(x * y) * grid(x * x)).collect();
    check(&expected, 300.0 * UNIT, |e| {
        let (x, y) = (input(e, 0, &[100], &x)?, input(e, 1, &[100], &y)?);
        x.mul(&y)?.mul(&x.square()?)
    });
}

#[test]
fn integers_and_constants_keep_their_scale() {
    let x = [3.0, -7.0, 1_000_000.0];
    let expected: Vec<f64> = x.iter().map(|x| x * 0.25).collect();
    check(&expected, 0.0, |e| {
        let x = e.input_scaled(0, &[3], (e.me() == 0).then_some(&x[..]), 0)?;
        x.mul(&e.constant(&[1], &[0.25])?)
    });
}

/// 5000 * 0.001 is 5, not 4.96: the rounding of a constant must not show.
#[test]
fn constants_are_precise() {
    let x = [5000.0, -90_000.0, 1.0];
    for factor in [0.001, 1.0 / 3.0, -0.7, 1e-5] {
        let expected: Vec<f64> = x.iter().map(|x| x * factor).collect();
        let tolerance = 3.0 * UNIT + 90_000.0 * factor.abs() * 2_f64.powi(-28);
        check(&expected, tolerance, |e| input(e, 0, &[3], &x)?.mul(&e.constant(&[1], &[factor])?));
        check(&expected.iter().map(|x| x / factor + factor).collect::<Vec<_>>(), UNIT, |e| {
            input(e, 0, &[3], &x)?.add(&e.constant(&[1], &[factor])?)
        });
    }
}

fn clear_matmul(x: &[f64], y: &[f64], (m, k, n): (usize, usize, usize)) -> Vec<f64> {
    let at = |i: usize, j: usize| (0..k).map(|l| x[i * k + l] * y[l * n + j]).sum();
    (0..m * n).map(|i| at(i / n, i % n)).collect()
}

#[test]
fn matrix_products_are_within_a_unit_whatever_the_inner_size() {
    for (m, k, n) in [(3, 50, 4), (1, 1, 1), (17, 9, 33)] {
        let (x, y) = (numbers(m * k, 6.0, 8), numbers(k * n, 6.0, 9));
        let expected = clear_matmul(&x, &y, (m, k, n));
        check(&expected, UNIT, |e| input(e, 0, &[m, k], &x)?.matmul(&input(e, 1, &[k, n], &y)?));
        check(&expected, 1.01 * UNIT, |e| {
            input(e, 0, &[m, k], &x)?.matmul(&e.constant(&[k, n], &y)?)
        });
    }
}

#[test]
fn convolutions_take_private_and_public_kernels() {
    let x = numbers(2 * 3 * 7 * 6, 5.0, 10);
    let w = numbers(4 * 3 * 3 * 3, 3.0, 11);
    let parameters = Conv2d { stride: [2, 1], padding: [1, 1], dilation: [1, 2], groups: 1 };
    let at = |n: usize, o: usize, r: usize, c: usize| {
        let mut sum = 0.0;
        for (i, dr, dc) in (0..27).map(|t| (t / 9, t / 3 % 3, t % 3)) {
            let (row, column) = ((2 * r + dr).wrapping_sub(1), (c + 2 * dc).wrapping_sub(1));
            if row < 7 && column < 6 {
                sum += x[((n * 3 + i) * 7 + row) * 6 + column] * w[((o * 3 + i) * 3 + dr) * 3 + dc];
            }
        }
        sum
    };
    let (rows, columns) = (4, 4);
    let mut expected = Vec::new();
    for n in 0..2 {
        for o in 0..4 {
            for r in 0..rows {
                expected.extend((0..columns).map(|c| at(n, o, r, c)));
            }
        }
    }
    check(&expected, UNIT, |e| {
        input(e, 0, &[2, 3, 7, 6], &x)?.conv2d(&input(e, 1, &[4, 3, 3, 3], &w)?, &parameters)
    });
    check(&expected, UNIT, |e| {
        input(e, 0, &[2, 3, 7, 6], &x)?.conv2d(&e.constant(&[4, 3, 3, 3], &w)?, &parameters)
    });
}

#[test]
fn means_are_exact_to_two_units() {
    for count in [8, 10, 1000] {
        let x = numbers(count, 6.0, 12);
        let expected = [x.iter().sum::<f64>() / count as f64];
        check(&expected, 2.0 * UNIT, |e| input(e, 0, &[count], &x)?.mean(&[0], false));
    }
}

#[test]
fn rounding_is_exact_with_halves_upwards() {
    let mut x = numbers(300, 30.0, 13);
    x.extend([0.5, -0.5, 1.5, -1.5, 0.0, UNIT, -UNIT, 0.5 - UNIT, -0.5 - UNIT]);
    let expected: Vec<f64> = x.iter().map(|x| (x + 0.5).floor()).collect();
    check(&expected, 0.0, |e| input(e, 0, &[x.len()], &x)?.round());
    let small: Vec<f64> = x.iter().copied().filter(|x| x.abs() < 500.0).collect();
    let expected: Vec<f64> = small.iter().map(|x| (x + 0.5).floor()).collect();
    check(&expected, 0.0, |e| input(e, 0, &[small.len()], &small)?.within(28)?.round());
}

/// Truncation near the limit of 2^62, where local truncation fails once in a few attempts.
#[test]
fn truncation_never_wraps_below_2_to_62() {
    const COUNT: usize = 300_000;
    for parties in PARTIES {
        let world = World::new(parties, 99);
        // Products of about 2^62 / 2^32, both signs, at 16 fraction bits.
        let x: Vec<f64> = (0..COUNT).map(|i| grid(32_767.9 - i as f64 * 1e-3)).collect();
        let y: Vec<f64> =
            (0..COUNT).map(|i| if i % 2 == 0 { 32_767.5 } else { -32_767.25 }).collect();
        let results =
            world.reveal(|e: &Engine| input(e, 0, &[COUNT], &x)?.mul(&input(e, 1, &[COUNT], &y)?));
        let result = results[0].as_ref().unwrap();
        for ((found, x), y) in result.iter().zip(&x).zip(&y) {
            assert!((found - x * y).abs() <= UNIT, "{found} for {x} * {y}");
        }
    }
}
