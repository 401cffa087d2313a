use cryptab_engine::{Engine, Result, Secret};

use crate::common::{check, input, numbers};

#[test]
fn whole_numbers_near_a_number() {
    let mut x = numbers(200, 28.0, 51);
    x.extend([0.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3.0, -3.0, 0.25, -0.25]);
    let shape = [x.len()];
    type Round = (fn(f64) -> f64, fn(&Secret) -> Result<Secret>);
    let all: [Round; 5] = [
        (f64::floor, Secret::floor),
        (f64::ceil, Secret::ceil),
        (f64::trunc, Secret::trunc),
        (f64::fract, Secret::frac),
        (f64::round_ties_even, Secret::round_even),
    ];
    for (clear, private) in all {
        let wanted: Vec<f64> = x.iter().map(|&x| clear(x)).collect();
        check(&wanted, 0.0, |e| private(&input(e, 0, &shape, &x)?));
        let near: Vec<f64> = x.iter().map(|x| x % 64.0).collect();
        let wanted: Vec<f64> = near.iter().map(|&x| clear(x)).collect();
        check(&wanted, 0.0, |e| private(&input(e, 0, &shape, &near)?.within(23)?));
        let engine = Engine::planner(2, 16);
        let _y = private(&engine.input(0, &[3], None).unwrap()).unwrap();
        assert!(engine.cost().rounds <= 4, "{}", engine.cost().rounds);
    }
}
