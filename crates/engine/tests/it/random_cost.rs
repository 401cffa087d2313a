//! What random values cost, and what is made of them.

use cryptab_engine::{Engine, Result, Secret};

use crate::cost::{N, check, filled, x};

#[test]
fn uniform_values_cost_what_they_say() {
    check("rand", (1, 16, 16 * 64), N, |e| e.rand(&[N]));
    check("randint of 8 values", (1, 3, 3 * 64), N, |e| e.randint(0, 8, &[N]));
    check("randint of 10 values", (4, 74, 3036), N, |e| e.randint(0, 10, &[N]));
    check("randint of 2^47 - 1 values", (4, 167, 7005), N, |e| e.randint(0, (1 << 47) - 1, &[N]));
}

#[test]
fn other_distributions_cost_what_they_say() {
    check("randn", (6, 380, 4199), N, |e| e.randn(&[N]));
    check("bernoulli", (3, 44, 1120), N, |e| probabilities(e)?.bernoulli());
    check("dropout", (4, 173, 1339), N, |e| x(e)?.dropout(0.25));
    check("randperm", (6, 13_396 * 8, 139_592 * 8), 1, |e| e.randperm(64));
}

#[test]
fn deviations_cost_what_they_say() {
    check("std", (9, 839, 6128), N, |e| filled(e, &[N, 4], 1.25)?.std(&[1], 1, false));
}

fn probabilities(e: &Engine) -> Result<Secret> {
    filled(e, &[N], 0.25)
}
