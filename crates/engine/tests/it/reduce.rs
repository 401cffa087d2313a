use cryptab_engine::Engine;

use crate::common::{UNIT, check, input, numbers};

#[test]
fn products_of_integers_are_exact() {
    for count in [0, 1, 2, 3, 5, 8, 13] {
        let x: Vec<f64> = (0..2 * count).map(|i| f64::from(i * 7 % 4) - 2.0 + 0.0).collect();
        let x: Vec<f64> = x.iter().map(|x| if *x == 0.0 { 1.0 } else { *x }).collect();
        let size = usize::try_from(count).unwrap();
        let wanted: Vec<f64> =
            (0..2).map(|c| (0..size).map(|r| x[2 * r + c]).product::<f64>()).collect();
        check(&wanted, 0.0, |e| input(e, 0, &[size, 2], &x)?.prod(0, false));
        check(&wanted, 0.0, |e| {
            e.input_scaled(0, &[size, 2], (e.me() == 0).then_some(&x), 0)?.prod(0, true)
        });
    }
    check(&[0.0, 24.0], 0.0, |e| {
        input(e, 0, &[2, 4], &[0.0, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0])?.prod(1, false)
    });
}

#[test]
fn variances_have_a_correction() {
    for (rows, bits) in [(2, 13.0), (7, 13.0), (8, 10.0), (100, 6.0)] {
        let x = numbers(rows * 3, bits, 300 + rows as u64);
        for correction in [0, 1] {
            let wanted: Vec<f64> = (0..3)
                .map(|c| {
                    let column = || (0..rows).map(|r| x[3 * r + c]);
                    let mean = column().sum::<f64>() / rows as f64;
                    column().map(|x| (x - mean).powi(2)).sum::<f64>() / (rows - correction) as f64
                })
                .collect();
            let most = wanted.iter().copied().fold(0.0, f64::max);
            let bound = 4.0 * UNIT + most.sqrt() / 8192.0 + most * UNIT;
            check(&wanted, bound, |e| input(e, 0, &[rows, 3], &x)?.var(&[0], correction, false));
        }
    }
    let digits: Vec<f64> = (0..10).map(f64::from).collect();
    check(&[55.0 / 6.0], 1e-3, |e| input(e, 0, &[2, 5], &digits)?.var(&[0, 1], 1, false));
    check(&[8.25], 1e-3, |e| input(e, 0, &[2, 5], &digits)?.var(&[0, 1], 0, false));
    check(&[0.0; 2], 4.0 * UNIT, |e| input(e, 0, &[2, 1], &[5.0, -7.0])?.var(&[1], 0, false));
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[1, 3], None).unwrap();
    assert!(x.var(&[0], 1, false).is_err());
    assert!(x.var(&[2], 0, false).is_err());
    let _var = x.var(&[1], 1, false).unwrap();
    assert_eq!(engine.cost().rounds, 4);
}

#[test]
fn means_of_bits_are_fractions() {
    let x = [1.0, -1.0, 2.0];
    check(&[2.0 / 3.0], 2.0 * UNIT, |e| {
        input(e, 0, &[3], &x)?.gt(&e.constant(&[], &[0.0])?)?.mean(&[0], false)
    });
}
