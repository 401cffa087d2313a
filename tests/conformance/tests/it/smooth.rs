use cryptab_conformance::{Array, Bound, Case, UNIT, mixed, reals, snapped};
use cryptab_engine::{Result, Secret};
use cryptab_testkit::World;

type Clear = fn(f64) -> f64;
type Private = fn(&Secret) -> Result<Secret>;

/// The numbers of an even grid, as they are shared.
fn grid(low: i32, high: i32, steps: f64) -> Vec<f64> {
    (low..=high).map(|i| snapped(f64::from(i) / steps)).collect()
}

fn each<'a>(case: &mut Case<'a>, x: &[f64], bound: Bound, clear: Clear, private: Private) {
    let x = Array::list(x);
    case.check(x.map(clear), bound, move |e| Ok(private(&e.secret(&x)?)?));
}

fn powers_of_two() -> impl Iterator<Item = f64> {
    (-16..30).map(|k| 2_f64.powi(k))
}

const REL14: Bound = Bound::mixed(4.0 * UNIT, 4.0 * UNIT);
const ABS13: Bound = Bound::absolute(8.0 * UNIT);

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

pub(crate) fn g27() {
    let mut case = Case::smooth();
    each(&mut case, &grid(-1000, 1000, 100.0), REL14, f64::exp, Secret::exp);
    case.counting(2001, 2_213_678.217_07).run(&[2, 3, 5]);
}

pub(crate) fn g28() {
    let mut x = grid(1, 1000, 100.0);
    x.extend(x.clone().iter().map(|x| -x));
    let mut case = Case::smooth();
    each(&mut case, &x, REL14, f64::recip, Secret::reciprocal);
    case.counting(2000, 0.0).run(&[2, 3, 5]);
}

pub(crate) fn g29() {
    let mut x = grid(1, 1000, 100.0);
    x.extend(powers_of_two());
    let mut case = Case::smooth();
    let all: [(Clear, Private); 4] = [
        (f64::ln, Secret::log),
        (f64::log2, Secret::log2),
        (f64::log10, Secret::log10),
        (f64::ln_1p, Secret::log1p),
    ];
    for (clear, private) in all {
        each(&mut case, &x, ABS13, clear, private);
    }
    case.counting(4184, 6_299.195_122).run(&[2, 3, 5]);
}

pub(crate) fn g30() {
    let mut x = grid(1, 1000, 100.0);
    x.extend(powers_of_two());
    let mut case = Case::smooth();
    each(&mut case, &x, REL14, f64::sqrt, Secret::sqrt);
    each(&mut case, &x, REL14, |x| x.sqrt().recip(), Secret::rsqrt);
    case.counting(2092, 82_710.737_074).run(&[2, 3, 5]);
}

pub(crate) fn g31() {
    let x = reals(53, 0.5, 2.0, &[20]);
    let mut case = Case::smooth();
    for p in -7..=12 {
        let own = x.clone();
        let bound = Bound::mixed(8.0 * UNIT, 1e-3);
        case.check(x.map(|x| x.powi(p)), bound, move |e| Ok(e.secret(&own)?.pow(p)?));
    }
    case.counting(400, 9_692.511_241).run(&[2, 3]);
}

pub(crate) fn g32() {
    let (x, y) = (reals(54, 0.25, 10.0, &[50]), reals(55, -2.0, 2.0, &[50]));
    let bound = Bound::mixed(16.0 * UNIT, 1e-3);
    let mut case = Case::smooth();
    for p in [0.5, 1.5, -1.5, 2.7] {
        let own = x.clone();
        let text = format!("x ** {p}");
        case.check(x.map(|x| x.powf(p)), bound, move |e| {
            e.evaluate(&text, &[("x", &e.secret(&own)?)])
        });
    }
    case.check(x.zip(&y, f64::powf), bound, |e| Ok(e.secret(&x)?.pow_secret(&e.secret(&y)?)?));
    case.counting(250, 7_396.215_218).run(&[2, 3]);
}

pub(crate) fn g33() {
    let mut case = Case::smooth();
    let bound = Bound::absolute(1e-3);
    for n in 1..=9 {
        for k in 1..=4 {
            let (x, c) = (reals(56, -3.0, 3.0, &[n]), reals(57, -3.0, 3.0, &[k]));
            let want = x.map(|x| c.data.iter().rev().fold(0.0, |sum, c| (sum + c) * x));
            let own = (x.clone(), c.clone());
            case.check(want.clone(), bound, move |e| {
                Ok(e.secret(&own.0)?.polynomial(&e.public(&own.1)?)?)
            });
            case.repeat(want, bound, move |e| Ok(e.secret(&x)?.polynomial(&e.secret(&c)?)?));
        }
    }
    case.counting(180, -481.169_157).run(&[2, 3]);
}

pub(crate) fn g35() {
    let mut x = grid(-1000, 1000, 100.0);
    x.extend([513.0, -513.0, 600.0, -600.0, 1e4, -1e4]);
    let mut case = Case::smooth();
    each(&mut case, &x, ABS13, sigmoid, Secret::sigmoid);
    each(&mut case, &x, ABS13, f64::tanh, Secret::tanh);
    case.counting(4014, 1003.5).run(&[2, 3, 5]);
    let x = grid(-1000, 1000, 100.0);
    for private in [Secret::sigmoid, Secret::tanh] {
        let results = World::new(2, 8)
            .reveal(|e| private(&e.input(0, &[x.len()], (e.me() == 0).then_some(&x[..]))?));
        let found = results[0].clone().unwrap();
        assert!(found.windows(2).all(|pair| pair[1] >= pair[0] - 8.0 * UNIT));
    }
}

pub(crate) fn g36() {
    let mut x = grid(-1000, 1000, 100.0);
    x.extend([50.0, -50.0, 1e3, -1e3, 1e5, -1e5]);
    let mut case = Case::smooth();
    each(&mut case, &x, ABS13, f64::sin, Secret::sin);
    each(&mut case, &x, ABS13, f64::cos, Secret::cos);
    case.counting(4014, -108.586_416).run(&[2, 3, 5]);
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

pub(crate) fn g37() {
    let mut x = grid(-120, 120, 20.0);
    x.extend([100.0, -100.0]);
    let x = Array::list(&x);
    let tanh_form = |x: f64| {
        let inner = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044715 * x.powi(3));
        x / 2.0 * (1.0 + inner.tanh())
    };
    let all: [(&str, Clear); 9] = [
        ("erf(x)", libm::erf),
        ("gelu(x)", |x| x / 2.0 * libm::erfc(-x / std::f64::consts::SQRT_2)),
        ("gelu(x, approximate='tanh')", tanh_form),
        ("silu(x)", |x| x * sigmoid(x)),
        ("softplus(x)", softplus),
        ("mish(x)", |x| x * softplus(x).tanh()),
        ("elu(x)", |x| if x > 0.0 { x } else { x.exp_m1() }),
        ("leaky_relu(x, 0.01)", |x| if x > 0.0 { x } else { 0.01 * x }),
        ("hardswish(x)", |x| x * (x / 6.0 + 0.5).clamp(0.0, 1.0)),
    ];
    let mut case = Case::smooth();
    for (text, clear) in all {
        let own = x.clone();
        case.check(x.map(clear), Bound::absolute(16.0 * UNIT), move |e| {
            e.evaluate(text, &[("x", &e.secret(&own)?)])
        });
    }
    case.counting(2187, 3_526.306_283).run(&[2, 3]);
}

pub(crate) fn softmax(row: &[f64]) -> Vec<f64> {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = row.iter().map(|x| (x - top).exp()).sum();
    row.iter().map(|x| (x - top).exp() / sum).collect()
}

pub(crate) fn log_softmax(row: &[f64]) -> Vec<f64> {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = row.iter().map(|x| (x - top).exp()).sum();
    row.iter().map(|x| x - top - sum.ln()).collect()
}

pub(crate) fn g38() {
    let shapes: [&[usize]; 5] = [&[1], &[5], &[5, 5], &[5, 5, 5], &[5, 5, 5, 5]];
    let mut case = Case::smooth();
    for shape in shapes {
        let x = reals(59, -6.0, 6.0, shape);
        for axis in 0..shape.len() {
            let own = x.clone();
            case.check(x.along(axis, softmax), Bound::absolute(32.0 * UNIT), move |e| {
                Ok(e.secret(&own)?.softmax(axis)?)
            });
            let own = x.clone();
            case.check(x.along(axis, log_softmax), Bound::absolute(64.0 * UNIT), move |e| {
                Ok(e.secret(&own)?.log_softmax(axis)?)
            });
        }
    }
    case.counting(5862, -11_898.244_043).run(&[2, 3, 5]);
}

pub(crate) fn g39() {
    let inputs = [
        Array::filled(&[1, 1000], 0.0),
        Array::new(&[1, 3], vec![2.0, 1.0, -1e4]),
        Array::new(&[1, 3], vec![50.0, -50.0, 0.0]),
        Array::new(&[1, 2], vec![0.0, -600.0]),
        reals(60, -20.0, 20.0, &[4, 300]),
    ];
    let mut case = Case::smooth();
    for x in &inputs {
        case.check(x.along(1, softmax), Bound::absolute(32.0 * UNIT), |e| {
            Ok(e.secret(x)?.softmax(1)?)
        });
    }
    case.counting(2208, 8.0).run(&[2, 3]);
}

/// Numbers of all magnitudes from 2^low to 2^high, of both signs if asked for.
fn magnitudes(seed: u64, count: u64, low: f64, high: f64, both: bool) -> Vec<f64> {
    let unit = |i: u64| (mixed(seed, i) >> 11) as f64 * 2_f64.powi(-53);
    let number = |i: u64| {
        let size = snapped(2_f64.powf(low + (high - low) * unit(2 * i)));
        if both && unit(2 * i + 1) < 0.5 { -size } else { size }
    };
    (0..count).map(number).collect()
}

/// Every smooth function on numbers of all magnitudes of its domain.
#[test]
fn whole_domains() {
    const COUNT: u64 = 20_000;
    // 2^-14 max(1, |f|), as the functions promise.
    let larger = Bound::larger(4.0 * UNIT);
    let wide = magnitudes(1, COUNT, -16.0, 29.9, true);
    let positive = magnitudes(2, COUNT, -16.0, 29.9, false);
    let small: Vec<f64> = reals(3, -12.0, 12.0, &[COUNT as usize]).data;
    let ones = [-1.0, 1.0];
    let all: [(&[&[f64]], Clear, Private); 17] = [
        (&[&wide, &small], f64::sin, Secret::sin),
        (&[&wide, &small], f64::cos, Secret::cos),
        (&[&wide, &small, &ones], sigmoid, Secret::sigmoid),
        (&[&wide, &small], f64::tanh, Secret::tanh),
        (&[&wide, &small], libm::erf, Secret::erf),
        (&[&wide, &small], |x| x / 2.0 * libm::erfc(-x / std::f64::consts::SQRT_2), Secret::gelu),
        (&[&wide, &small], |x| if x < -700.0 { 0.0 } else { x * sigmoid(x) }, Secret::silu),
        (&[&wide, &small], softplus, Secret::softplus),
        (&[&wide, &small], |x| x * softplus(x).tanh(), Secret::mish),
        (&[&small], f64::exp, Secret::exp),
        (&[&wide], f64::recip, Secret::reciprocal),
        (&[&positive], f64::recip, Secret::reciprocal_positive),
        (&[&positive], f64::sqrt, Secret::sqrt),
        (&[&positive], |x| x.sqrt().recip(), Secret::rsqrt),
        (&[&positive], f64::ln, Secret::log),
        (&[&positive], f64::log2, Secret::log2),
        (&[&positive], f64::ln_1p, Secret::log1p),
    ];
    let mut case = Case::smooth();
    for (inputs, clear, private) in all {
        for x in inputs {
            let x = Array::list(x);
            case.repeat(x.map(clear), larger, move |e| Ok(private(&e.secret(&x)?)?));
        }
    }
    let tops: Vec<f64> = reals(4, 0.0, 20.5, &[4000]).data;
    let x = Array::list(
        &[&tops[..], &wide.iter().map(|x| -x.abs() - 12.0).collect::<Vec<_>>()].concat(),
    );
    case.repeat(x.map(f64::exp), larger, move |e| Ok(e.secret(&x)?.exp()?));
    // Quotients below 2^30 of numbers below 2^24.
    let dividend = Array::list(&magnitudes(5, COUNT, -16.0, 13.0, true));
    let divisor = Array::list(&magnitudes(6, COUNT, -15.9, 29.9, true));
    case.repeat(dividend.zip(&divisor, |a, b| a / b), larger, move |e| {
        Ok(e.secret(&dividend)?.div(&e.secret(&divisor)?)?)
    });
    case.run(&[2, 3]);
}
