//! Softmax and its logarithm: errors over any number of classes, costs of the specification.

use cryptab_engine::{Engine, Secret};

use crate::common::{grid, input};
use crate::cost::{N, check};
use crate::smooth::{BOUND, everywhere_evaluated, under};

fn softmax(logits: &[f64]) -> Vec<f64> {
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|x| (x - top).exp()).collect();
    let sum: f64 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// Rows of so many classes, small and large, equal and far apart.
fn logits(classes: usize) -> Vec<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = [0.1, 1.0, 5.0, 50.0]
        .iter()
        .flat_map(|scale| {
            (0..4_u64).map(move |seed| {
                let numbers = crate::common::numbers(classes, 0.0, seed + classes as u64);
                numbers.into_iter().map(|x| grid(x * scale)).collect()
            })
        })
        .collect();
    rows.push(vec![0.0; classes]);
    rows.push((0..classes).map(|i| if i == 1 { 1.5 } else { -1e4 }).collect());
    rows
}

#[test]
fn softmax_over_any_number_of_classes() {
    for classes in [1, 2, 3, 4, 5, 10, 16, 17, 64, 300] {
        let rows = logits(classes);
        let data: Vec<f64> = rows.concat();
        let wanted: Vec<f64> = rows.iter().flat_map(|row| softmax(row)).collect();
        let shape = [rows.len(), classes];
        let (mut worst, mut worst_log) = (0.0_f64, 0.0_f64);
        for (evaluator, parties) in everywhere_evaluated() {
            for width in [64, 31] {
                let world = under(evaluator, parties, 77);
                let results = world.reveal(|e| {
                    let x = input(e, 0, &shape, &data)?.within(width)?;
                    Secret::concat(&[x.softmax(1)?, x.log_softmax(1)?], 0)
                });
                let found = results[0].as_ref().unwrap();
                assert_eq!(found, results[1].as_ref().unwrap());
                let (plain, log) = found.split_at(data.len());
                for (i, wanted) in wanted.iter().enumerate() {
                    worst = worst.max((plain[i] - wanted).abs());
                    if *wanted > 1e-30 {
                        worst_log = worst_log.max((log[i] - wanted.ln()).abs());
                    }
                }
            }
        }
        println!("softmax of {classes}: {worst:.1e}, logarithm {worst_log:.1e}");
        assert!(worst < BOUND && worst_log < BOUND, "{classes}: {worst} {worst_log}");
    }
}

#[test]
fn softmax_along_any_axis() {
    let data: Vec<f64> = crate::common::numbers(24, 2.0, 5);
    for axis in 0..3 {
        let shape = [2, 3, 4];
        let strides = [12, 4, 1];
        let mut wanted = vec![0.0; 24];
        for start in 0..24 {
            if start / strides[axis] % shape[axis] == 0 {
                let at = |k: usize| start + k * strides[axis];
                let row: Vec<f64> = (0..shape[axis]).map(|k| data[at(k)]).collect();
                for (k, value) in softmax(&row).into_iter().enumerate() {
                    wanted[at(k)] = value;
                }
            }
        }
        crate::common::check(&wanted, BOUND, |e| input(e, 0, &shape, &data)?.softmax(axis));
    }
}

#[test]
fn softmax_costs() {
    for (classes, expected, log) in [
        (2, (9, 381, 4791), (8, 248, 4045)),
        (4, (9, 723, 12_438), (8, 456, 10_984)),
        (10, (10, 2046, 35_406), (9, 1377, 31_828)),
    ] {
        let x = |e: &Engine| {
            let half = vec![0.5; N * classes];
            let shape = [N, classes];
            input(e, 0, &shape, &half)?.add(&input(e, 1, &shape, &half)?)?.within(31)
        };
        check("softmax", expected, N, |e| x(e)?.softmax(1));
        check("log_softmax", log, N, |e| x(e)?.log_softmax(1));
    }
}
