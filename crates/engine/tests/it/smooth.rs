//! Smooth functions: errors on the whole domain, costs of the specification.

use cryptab_engine::{Engine, EngineConfig, Evaluator, Format, Result, Secret};
use cryptab_testkit::World;

use crate::common::{PARTIES, UNIT, grid, input};
use crate::cost::{Bits, N, check, x, y};

/// 2^-14, relative beyond 1.
pub(crate) const BOUND: f64 = 1.0 / 16_384.0;

type Method = fn(&Secret) -> Result<Secret>;

/// Every evaluator, with every party count.
pub(crate) fn everywhere_evaluated() -> impl Iterator<Item = (Evaluator, u8)> {
    Evaluator::ALL.into_iter().flat_map(|evaluator| PARTIES.map(|parties| (evaluator, parties)))
}

/// A world whose sessions have this evaluator.
pub(crate) fn under(evaluator: Evaluator, parties: u8, seed: u64) -> World {
    let format = Format { evaluator, ..Format::default() };
    World::with(parties, seed, |config| EngineConfig { format, ..config })
}

/// Compares `method` with `exact` at `points` for every evaluator and party count; all parties get
/// the same.
fn errors(name: &str, points: &[f64], exact: impl Fn(f64) -> f64, method: Method) {
    let shape = [points.len()];
    let (mut absolute, mut relative) = (0.0_f64, 0.0_f64);
    for (evaluator, parties) in everywhere_evaluated() {
        let world = under(evaluator, parties, 17);
        let results = world.reveal(|e| method(&input(e, 0, &shape, points)?));
        let first = results[0].clone().unwrap();
        for (x, found) in points.iter().zip(&first) {
            let wanted = exact(*x);
            let error = (found - wanted).abs() / wanted.abs().max(1.0);
            let how = format!("{evaluator}, {parties} parties");
            assert!(error <= BOUND, "{name}({x}), {how}: {found} for {wanted}");
            let worst = if wanted.abs() <= 1.0 { &mut absolute } else { &mut relative };
            *worst = worst.max(error);
        }
        for result in results {
            assert_eq!(result.unwrap(), first, "{name}: the same at all parties");
        }
    }
    println!("{name}: {} points, absolute {absolute:.1e}, relative {relative:.1e}", points.len());
}

fn uniform(low: f64, high: f64, count: u32) -> Vec<f64> {
    let step = (high - low) / f64::from(count - 1);
    (0..count).map(|i| grid(low + f64::from(i) * step)).collect()
}

/// Powers of two with exponents in a range, and the neighbours of whole ones.
fn logarithmic(low: f64, high: f64, count: u32) -> Vec<f64> {
    let spread =
        (0..count).map(|i| grid((low + (high - low) * f64::from(i) / f64::from(count - 1)).exp2()));
    let whole = (-16..31).map(|e| 2_f64.powi(e)).filter(|x| (low..=high).contains(&x.log2()));
    let edges = whole.flat_map(|x| [x - UNIT, x, x + UNIT]);
    spread.chain(edges).filter(|&x| x > 0.0 && x < high.exp2()).collect()
}

/// Uniform on [-bound, bound], logarithmic beyond, and around the cuts.
fn everywhere(bound: f64) -> Vec<f64> {
    let mut points = uniform(-bound, bound, 1500);
    for x in logarithmic(0.0, 29.9, 100) {
        points.extend([x, -x]);
    }
    for cut in [2.9375, 4.375, 5.25, 10.5, 12.0, 12.5] {
        for offset in [-0.0625, -UNIT, 0.0, UNIT, 0.0625, 0.137] {
            points.extend([cut + offset, -cut - offset].map(grid));
        }
    }
    points
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Numerical Recipes' `erfc`, of relative error 1.2e-7.
fn erf(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.5 * x.abs());
    let coefficients = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let exponent = coefficients.iter().fold(0.0, |sum, c| sum * t + c);
    let erfc = t * (-x * x + exponent).exp();
    if x < 0.0 { erfc - 1.0 } else { 1.0 - erfc }
}

#[test]
fn waves() {
    let points = [uniform(-20.0, 20.0, 1000), uniform(-16_384.0, 16_384.0, 1000)].concat();
    errors("sin", &points, f64::sin, Secret::sin);
    errors("cos", &points, f64::cos, Secret::cos);
    let far: Vec<f64> = logarithmic(14.0, 29.9, 300).into_iter().flat_map(|x| [x, -x]).collect();
    errors("sin far out", &far, f64::sin, Secret::sin);
    errors("cos far out", &far, f64::cos, Secret::cos);
}

#[test]
fn saturating_functions() {
    errors("sigmoid", &everywhere(14.0), logistic, Secret::sigmoid);
    errors("tanh", &everywhere(7.0), f64::tanh, Secret::tanh);
    errors("erf", &everywhere(4.0), erf, Secret::erf);
    let gelu = |x: f64| x * (1.0 + erf(x / 2_f64.sqrt())) / 2.0;
    errors("gelu", &everywhere(6.0), gelu, Secret::gelu);
    errors("silu", &everywhere(15.0), |x| x * logistic(x), Secret::silu);
    let softplus = |x: f64| if x > 30.0 { x } else { x.exp().ln_1p() };
    errors("mish", &everywhere(15.0), |x| x * softplus(x).tanh(), Secret::mish);
    errors("softplus", &everywhere(14.0), softplus, Secret::softplus);
}

#[test]
fn exponential() {
    let points: Vec<f64> = everywhere(20.5).into_iter().filter(|&x| x <= 20.5).collect();
    errors("exp", &points, f64::exp, Secret::exp);
    let far = [20.75, 21.0, 50.0, 1e6, 1e9];
    errors("exp far out", &far, |_| 2_f64.powi(30), Secret::exp);
}

#[test]
fn declared_ranges_and_masked_arguments() {
    let points = uniform(-20.0, 20.0, 500);
    errors("sigmoid in 22 bits", &points, logistic, |x| x.within(22)?.sigmoid());
    errors("exp in 31 bits", &points, f64::exp, |x| x.within(31)?.exp());
    errors("sigmoid of a product", &points, |x| logistic(x * x), |x| x.square()?.sigmoid());
    errors("cos of a product", &points, |x| (x * x).cos(), |x| x.square()?.cos());
}

/// Costs of the specification's tables: rounds, online bits, dealer bits.
fn costs(name: &str, expected: Bits, method: Method) {
    check(name, expected, N, |e| method(&x(e)?));
}

#[test]
fn costs_are_those_of_the_specification() {
    costs("sin", (2, 47, 195), Secret::sin);
    costs("cos", (2, 47, 195), Secret::cos);
    costs("sigmoid", (3, 99, 1951), Secret::sigmoid);
    costs("tanh", (3, 100, 1965), Secret::tanh);
    costs("erf", (3, 99, 1327), Secret::erf);
    costs("gelu", (3, 102, 1534), Secret::gelu);
    costs("silu", (3, 103, 2368), Secret::silu);
    costs("mish", (3, 103, 2828), Secret::mish);
    costs("softplus", (3, 103, 2000), Secret::softplus);
    costs("exp", (3, 128, 2843), Secret::exp);
}

#[test]
fn declared_ranges_and_masked_arguments_cost_less() {
    costs("sigmoid of 32 bits", (3, 83, 1537), |x| x.within(31)?.sigmoid());
    costs("gelu of 32 bits", (3, 86, 1136), |x| x.within(31)?.gelu());
    costs("exp of 32 bits", (3, 112, 2429), |x| x.within(31)?.exp());
    let product: Bits = (2, 128, 80);
    let after =
        |rounds, online, dealer| (product.0 + rounds, product.1 + online, product.2 + dealer);
    costs("sigmoid of a product", after(2, 51, 1951), |x| x.square()?.sigmoid());
    costs("cos of a product", after(1, 23, 195), |x| x.square()?.cos());
}

#[test]
fn other_scales_are_brought_to_16_bits() {
    let world = World::new(2, 4);
    let results = world.reveal(|e: &Engine| {
        let own = |owner| (e.me() == owner).then_some(&[0.5, -1.25][..]);
        let coarse = e.input_scaled(0, &[2], own(0), 4)?.sigmoid()?;
        let fine = e.input_scaled(1, &[2], own(1), 20)?.sigmoid()?;
        Secret::concat(&[coarse, fine], 0)
    });
    let expected = [0.5, -1.25, 0.5, -1.25].map(logistic);
    for (found, wanted) in results[0].as_ref().unwrap().iter().zip(expected) {
        assert!((found - wanted).abs() < BOUND);
    }
}

/// Positive numbers of all magnitudes, and with them their negatives.
fn positive() -> Vec<f64> {
    logarithmic(-16.0, 29.99, 1500)
}

#[test]
fn reciprocals() {
    let both: Vec<f64> = positive().into_iter().flat_map(|x| [x, -x]).collect();
    errors("reciprocal", &both, |x| 1.0 / x, Secret::reciprocal);
    errors("positive reciprocal", &positive(), |x| 1.0 / x, Secret::reciprocal_positive);
    errors(
        "reciprocal in 31 bits",
        &uniform(-100.0, 100.0, 400),
        |x| 1.0 / x,
        |x| x.within(31)?.reciprocal(),
    );
}

#[test]
fn roots() {
    errors("rsqrt", &positive(), |x| 1.0 / x.sqrt(), Secret::rsqrt);
    let mut points = positive();
    points.extend([0.0, -UNIT, -1.0, -1e9]);
    errors("sqrt", &points, |x| x.max(0.0).sqrt(), Secret::sqrt);
    for width in [24, 25, 26, 27, 28, 40, 44, 45, 46, 47] {
        let limit = f64::from(width - 1 - 16);
        let small: Vec<f64> = points.iter().copied().filter(|x| x.abs() < limit.exp2()).collect();
        let root = |x: f64| x.max(0.0).sqrt();
        for (evaluator, parties) in everywhere_evaluated() {
            let world = under(evaluator, parties, 3);
            let results = world.reveal(|e| {
                input(e, 0, &[small.len()], &small)?.within(u8::try_from(width).unwrap())?.sqrt()
            });
            for (x, found) in small.iter().zip(results[0].as_ref().unwrap()) {
                assert!(
                    (found - root(*x)).abs() < BOUND * root(*x).max(1.0),
                    "{width}: {x} {found}"
                );
            }
        }
    }
}

#[test]
fn logarithms() {
    errors("log", &positive(), f64::ln, Secret::log);
    errors("log2", &positive(), f64::log2, Secret::log2);
    errors("log10", &positive(), f64::log10, Secret::log10);
    let points: Vec<f64> =
        positive().into_iter().map(|x| grid(x - 1.0)).filter(|&x| x > -1.0).collect();
    errors("log1p", &points, f64::ln_1p, Secret::log1p);
}

#[test]
fn quotients() {
    let dividends = [1e4, 90.0, -1.0, 0.001, 16_000_000.0, 3.0, -7.5, 1e4, 0.0, 1.0];
    let divisors = [1e4, 90.0, 3.0, 0.001, -2e4, 1e9, 0.25, -1e-3, 5.0, UNIT];
    let (x, y): (Vec<f64>, Vec<f64>) =
        dividends.iter().flat_map(|x| divisors.map(|y| (grid(*x), grid(y)))).unzip();
    let (x, y): (Vec<f64>, Vec<f64>) =
        x.into_iter().zip(y).filter(|(x, y)| (x / y).abs() < 2_f64.powi(30)).unzip();
    for (evaluator, parties) in everywhere_evaluated() {
        let world = under(evaluator, parties, 23);
        let shape = [x.len()];
        let results = world.reveal(|e| input(e, 0, &shape, &x)?.div(&input(e, 1, &shape, &y)?));
        for ((x, y), found) in x.iter().zip(&y).zip(results[0].as_ref().unwrap()) {
            let wanted = x / y;
            let error = (found - wanted).abs() / wanted.abs().max(1.0);
            assert!(error <= BOUND, "{x} / {y} with {parties} parties: {found} for {wanted}");
        }
    }
    errors("one divided by numbers", &positive(), |x| 1.0 / x, |x| x.pow(0)?.div(x));
}

#[test]
fn powers_are_right_for_every_exponent() {
    let points = [0.5, 0.75, 1.0, 1.5, 2.0, -1.25, -0.5, -2.0];
    for exponent in -7..=12 {
        for parties in PARTIES {
            let world = World::new(parties, 31);
            let results = world.reveal(|e| input(e, 0, &[points.len()], &points)?.pow(exponent));
            for (x, found) in points.iter().zip(results[0].as_ref().unwrap()) {
                let wanted = x.powi(exponent);
                let bound = 2_f64.powi(-13) + 1e-3 * wanted.abs();
                assert!((found - wanted).abs() <= bound, "{x}^{exponent}: {found}");
            }
        }
    }
}

#[test]
fn normalised_functions_cost_what_the_specification_says() {
    costs("reciprocal", (5, 335, 8831), Secret::reciprocal);
    costs("reciprocal, x > 0", (5, 207, 6167), Secret::reciprocal_positive);
    costs("rsqrt", (5, 184, 6423), Secret::rsqrt);
    costs("sqrt", (5, 199, 5390), Secret::sqrt);
    costs("log", (5, 188, 3869), Secret::log);
    costs("log2", (5, 188, 3869), Secret::log2);
    check("div", (6, 459, 10_351), N, |e| x(e)?.div(&y(e)?));
    costs("reciprocal of a product", (2 + 4, 128 + 287, 80 + 8831), |x| x.square()?.reciprocal());
    costs("pow(3)", (3, 64 * 3, 80 + 96), |x| x.pow(3));
}

#[test]
fn out_of_the_domain_results_are_the_documented_ones() {
    for (evaluator, parties) in everywhere_evaluated() {
        let inverse_of_zero = match evaluator {
            Evaluator::Trigonometric => -155_885.0,
            Evaluator::Polynomial => 16_384.0,
        };
        for seed in 0..4 {
            let world = under(evaluator, parties, seed);
            let results = world.reveal(|e| {
                let zeros = input(e, 0, &[8], &[0.0; 8])?;
                let far = input(e, 0, &[8], &[524_288.0 + 65_536.0; 8])?;
                let low = input(e, 0, &[8], &[-100.0; 8])?;
                Secret::concat(&[zeros.reciprocal()?, far.reciprocal()?, low.exp()?], 0)
            });
            let found = results[0].as_ref().unwrap();
            for zero in &found[..8] {
                let error = (zero / inverse_of_zero - 1.0).abs();
                assert!(error < BOUND, "1 / 0 = {zero} ({evaluator})");
            }
            assert_eq!(found[8..], [0.0; 16]);
        }
    }
}
