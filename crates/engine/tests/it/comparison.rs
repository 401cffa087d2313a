use cryptab_engine::{Engine, Result, Secret};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::common::{UNIT, check, input, numbers, runner};

/// Pairs that differ by nothing, by a unit, and by much.
fn pairs() -> (Vec<f64>, Vec<f64>) {
    let mut x = numbers(400, 29.0, 20);
    let mut y = numbers(400, 29.0, 21);
    for edge in [0.0, UNIT, -UNIT, 1.0, 536_870_912.0, -536_870_912.0] {
        x.extend([edge, edge, edge]);
        y.extend([edge, edge + UNIT, edge - UNIT]);
    }
    (x, y)
}

fn check_pairs(
    expected: impl Fn(f64, f64) -> bool,
    program: impl Fn(&Secret, &Secret) -> Result<Secret>,
) {
    let (x, y) = pairs();
    let expected: Vec<f64> = x.iter().zip(&y).map(|(x, y)| f64::from(expected(*x, *y))).collect();
    let shape = [x.len()];
    check(&expected, 0.0, |e| program(&input(e, 0, &shape, &x)?, &input(e, 1, &shape, &y)?));
}

#[test]
fn comparisons_are_exact() {
    check_pairs(|x, y| x < y, |x, y| x.lt(y));
    check_pairs(|x, y| x > y, |x, y| x.gt(y));
    check_pairs(|x, y| x <= y, |x, y| x.le(y));
    check_pairs(|x, y| x >= y, |x, y| x.ge(y));
    check_pairs(|x, y| x == y, |x, y| x.eq(y));
    check_pairs(|x, y| x >= y, |x, y| x.lt(y)?.not()?.to_number());
    check_pairs(|x, y| x != y, |x, y| x.ne(y));
}

#[test]
fn selections_are_exact() {
    let (x, y) = pairs();
    let smaller: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x.min(*y)).collect();
    let shape = [x.len()];
    check(&smaller, 0.0, |e| {
        let (x, y) = (input(e, 0, &shape, &x)?, input(e, 1, &shape, &y)?);
        x.where_(&x.lt(&y)?, &y)
    });
    let larger: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x.max(*y)).collect();
    check(&larger, 0.0, |e| input(e, 0, &shape, &x)?.maximum(&input(e, 1, &shape, &y)?));
    check(&smaller, 0.0, |e| input(e, 0, &shape, &x)?.minimum(&input(e, 1, &shape, &y)?));
    check_number(&x, |x| x.max(0.0), Secret::relu);
    check_number(
        &x,
        |x| x.clamp(-1.5, 300.25),
        |x| x.clamp(-1.5, f64::INFINITY)?.clamp(f64::NEG_INFINITY, 300.25),
    );
    check_number(&x, |_| -3.5, |x| x.clamp(2.0, -3.5));
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    check_number(&x, sign, Secret::sign);
    check_number(&x, f64::abs, Secret::abs);
    check_number(&x, |x| x.clamp(-1.5, 300.25), |x| x.clamp(-1.5, 300.25));
    check_number(&x, |x| x.max(2.0), |x| x.clamp_min(2.0));
    check_number(&x, |x| x.min(-2.0), |x| x.clamp_max(-2.0));
}

#[test]
fn quantized_numbers_are_the_nearest_levels() {
    let edges = [0.0, 0.5, 0.5 - UNIT, -0.5, -0.5 - UNIT, -1.0, 254.5, 255.0, 255.5, 256.0];
    for (bits, width) in [(8, 64), (8, 32), (1, 30), (16, 40)] {
        let x = [numbers(300, 13.0, 24), edges.to_vec()].concat();
        let top = 2_f64.powi(i32::from(bits)) - 1.0;
        let wanted: Vec<f64> = x.iter().map(|x| (x + 0.5).floor().clamp(0.0, top)).collect();
        check(&wanted, 0.0, |e| input(e, 0, &[310], &x)?.within(width)?.quantize(bits));
        let doubled: Vec<f64> = wanted.iter().map(|x| 2.0 * x).collect();
        check(&doubled, 0.0, |e| {
            let levels = input(e, 1, &[310], &x)?.within(width)?.quantize(bits)?;
            levels.reshape(&[31, 10])?.add(&levels.reshape(&[31, 10])?)
        });
    }
    let large = numbers(100, 29.9, 25);
    let wanted: Vec<f64> = large.iter().map(|x| (x + 0.5).floor().clamp(0.0, 255.0)).collect();
    check(&wanted, 0.0, |e| input(e, 0, &[100], &large)?.quantize(8));
}

fn check_number(
    x: &[f64],
    expected: impl Fn(f64) -> f64,
    program: impl Fn(&Secret) -> Result<Secret>,
) {
    let wanted: Vec<f64> = x.iter().map(|x| expected(*x)).collect();
    check(&wanted, 0.0, |e| program(&input(e, 0, &[x.len()], x)?));
    // Declared ranges: every width has a layout of its own.
    for width in [24, 32, 40, 48] {
        let limit = 2_f64.powi(width - 3) * UNIT;
        let small: Vec<f64> = x.iter().copied().filter(|x| x.abs() < limit).collect();
        let wanted: Vec<f64> = small.iter().map(|x| expected(*x)).collect();
        let width = u8::try_from(width).unwrap();
        if wanted.iter().all(|x| x.abs() < limit) && limit > 301.0 {
            check(&wanted, 0.0, |e| program(&input(e, 0, &[small.len()], &small)?.within(width)?));
        }
    }
}

#[test]
fn a_truncated_product_is_compared_without_another_opening() {
    let (x, y) = (numbers(300, 7.0, 22), numbers(300, 7.0, 23));
    let expected: Vec<f64> = x.iter().zip(&y).map(|(x, y)| (x * y).max(0.0)).collect();
    let program = |e: &Engine| {
        let product = input(e, 0, &[300], &x)?.mul(&input(e, 1, &[300], &y)?)?;
        product.within(48)?.relu()
    };
    check(&expected, UNIT, program);
}

#[test]
fn random_programs_of_comparisons_agree_with_the_clear() {
    let strategy = vec((any::<i32>(), any::<i32>()), 1..70);
    let test = |values: Vec<(i32, i32)>| {
        let (x, y): (Vec<f64>, Vec<f64>) =
            values.iter().map(|(x, y)| (f64::from(*x) * UNIT, f64::from(*y) * UNIT)).unzip();
        let expected: Vec<f64> =
            x.iter().zip(&y).map(|(x, y)| if x == y { 0.0 } else { x.max(*y).abs() }).collect();
        let shape = [x.len()];
        check(&expected, 0.0, |e| {
            let (x, y) = (input(e, 0, &shape, &x)?, input(e, 1, &shape, &y)?);
            let larger = y.where_(&x.lt(&y)?, &x)?.abs()?;
            e.constant(&[1], &[0.0])?.where_(&x.eq(&y)?, &larger)
        });
        Ok(())
    };
    runner(12).run(&strategy, test).unwrap();
}

#[test]
fn conditions_may_be_bits_numbers_and_public() {
    let (x, y) = (numbers(12, 20.0, 60), numbers(12, 20.0, 61));
    let c: Vec<f64> = (0..12).map(|i| f64::from(i % 3 % 2)).collect();
    let wanted: Vec<f64> = (0..12).map(|i| if c[i] == 1.0 { x[i] } else { y[i] }).collect();
    let filled: Vec<f64> = (0..12).map(|i| if c[i] == 1.0 { -3.3 } else { x[i] }).collect();
    let shape = [3, 4];
    type Enter = fn(&Engine, &[f64]) -> Result<Secret>;
    let conditions: [Enter; 4] = [
        |e, c| e.constant(&[3, 4], c),
        |e, c| e.input_scaled(1, &[3, 4], (e.me() == 1).then_some(c), 0),
        |e, c| input(e, 1, &[3, 4], c),
        |e, c| input(e, 1, &[3, 4], c)?.gt(&e.constant(&[], &[0.5])?),
    ];
    for condition in conditions {
        check(&wanted, 0.0, |e| {
            let (x, y) = (input(e, 0, &shape, &x)?, input(e, 1, &shape, &y)?);
            x.where_(&condition(e, &c)?, &y)
        });
        check(&wanted, 0.0, |e| {
            let (x, y) = (e.constant_scaled(&shape, &x, 16)?, e.constant_scaled(&shape, &y, 16)?);
            x.where_(&condition(e, &c)?, &y)
        });
        check(&filled, UNIT, |e| input(e, 0, &shape, &x)?.masked_fill(&condition(e, &c)?, -3.3));
    }
    // A condition of fewer axes is repeated, too.
    let rows: Vec<f64> = (0..12).map(|i| if i % 4 == 1 { x[i] } else { 1.5 }).collect();
    check(&rows, 0.0, |e| {
        let one = input(e, 1, &[4], &[0.0, 1.0, 0.0, 0.0])?.gt(&e.constant(&[], &[0.5])?)?;
        input(e, 0, &shape, &x)?.where_(&one, &e.constant(&[], &[1.5])?)
    });
}
