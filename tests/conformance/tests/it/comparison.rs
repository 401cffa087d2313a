use cryptab_conformance::{Array, Bound, Case, UNIT, integers, reals, snapped};
use cryptab_engine::{Result, Secret};

type Compare = (fn(&f64, &f64) -> bool, fn(&Secret, &Secret) -> Result<Secret>);

const COMPARISONS: [Compare; 6] = [
    (f64::eq, Secret::eq),
    (f64::ne, Secret::ne),
    (f64::lt, Secret::lt),
    (f64::le, Secret::le),
    (f64::gt, Secret::gt),
    (f64::ge, Secret::ge),
];

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn compare(case: &mut Case<'_>, x: &Array, y: &Array, open: bool) {
    for (clear, private) in COMPARISONS {
        let want = x.zip(y, |a, b| truth(clear(&a, &b)));
        let (x, y) = (x.clone(), y.clone());
        if !open {
            let (x, y) = (x.clone(), y.clone());
            case.check(want.clone(), Bound::EXACT, move |e| {
                Ok(private(&e.secret(&x)?, &e.secret(&y)?)?)
            });
        }
        let public =
            move |e: &cryptab_conformance::Party<'_>| Ok(private(&e.secret(&x)?, &e.public(&y)?)?);
        match open {
            true => case.check(want, Bound::EXACT, public),
            false => case.repeat(want, Bound::EXACT, public),
        }
    }
}

pub(crate) fn g18() {
    let x = Array::list(&[2.0, 3.0, 1.0, 2.0, 2.0]);
    let mut case = Case::new();
    compare(&mut case, &x, &Array::list(&[2.0, 2.0, 2.0, 3.0, 1.0]), false);
    let (a, b) = (reals(43, -6.0, 6.0, &[1, 5, 5]), reals(44, -6.0, 6.0, &[5, 5]));
    compare(&mut case, &a, &b, false);
    compare(&mut case, &x, &Array::scalar(2.0), true);
    case.counting(210, 105.0).run(&[2, 3, 5]);
}

pub(crate) fn g19() {
    let x = reals(45, -1000.0, 1000.0, &[200]);
    let mut case = Case::new();
    for difference in [0.0, UNIT, -UNIT] {
        compare(&mut case, &x, &x.map(|x| x + difference), false);
    }
    let large = 2_f64.powi(30) - 1.0;
    let ends = Array::list(&[large, -large, 0.0, UNIT, -UNIT]);
    let (left, right) = (ends.reshape(&[5, 1]), ends.reshape(&[1, 5]));
    compare(&mut case, &left, &right, false);
    case.counting(3750, 1875.0).run(&[2, 3, 5]);
}

pub(crate) fn g20() {
    let mut x = reals(46, -6.0, 6.0, &[95]).data;
    x.extend([0.0, UNIT, -UNIT, 2_f64.powi(29), -2_f64.powi(29)]);
    let x = Array::list(&x);
    let sign = |x: f64| truth(x > 0.0) - truth(x < 0.0);
    let mut case = Case::new();
    type Each = (fn(f64) -> f64, fn(&Secret) -> Result<Secret>);
    let each: [Each; 8] = [
        (f64::abs, Secret::abs),
        (sign, Secret::sign),
        (|x| x.max(0.0), Secret::relu),
        (|x| -x, Secret::neg),
        (|x| x.clamp(-1.5, 2.25), |x| x.clamp(-1.5, 2.25)),
        (|x| x.max(0.5), |x| x.clamp_min(0.5)),
        (|x| x.min(-0.5), |x| x.clamp_max(-0.5)),
        (|x| x.clamp(0.0, 6.0), |x| x.clamp(0.0, 6.0)),
    ];
    for (clear, private) in each {
        let own = x.clone();
        case.check(x.map(clear), Bound::EXACT, move |e| Ok(private(&e.secret(&own)?)?));
    }
    let x = &x;
    case.check(x.map(f64::abs), Bound::EXACT, move |e| {
        let x = e.secret(x)?;
        Ok(x.maximum(&x.neg()?)?)
    });
    let flipped = x.select(0, &(0..100).rev().collect::<Vec<_>>());
    case.check(x.zip(&flipped, f64::min), Bound::EXACT, move |e| {
        let x = e.secret(x)?;
        Ok(x.minimum(&x.flip(&[0])?)?)
    });
    case.counting(1000, 1_610_613_267.0).run(&[2, 3, 5]);
}

pub(crate) fn g21() {
    let x = Array::list(&(-10..=10).map(f64::from).collect::<Vec<_>>());
    let mut case = Case::new();
    for low in -10..=10 {
        for high in low..=10 {
            let (low, high) = (f64::from(low), f64::from(high));
            let own = x.clone();
            case.check(x.map(|x| x.clamp(low, high)), Bound::EXACT, move |e| {
                Ok(e.secret(&own)?.clamp(low, high)?)
            });
        }
    }
    case.counting(4851, 0.0).run(&[2]);
}

/// Rounding, which the reference asks for in 2.2 without a case.
#[test]
fn whole_numbers() {
    let mut x = reals(900, -3e4, 3e4, &[100]).data;
    x.extend(integers(901, -20, 20, &[60]).data.iter().map(|x| x / 2.0));
    x.extend([snapped(2e9 / 3.0), -UNIT, UNIT]);
    let x = Array::list(&x);
    let mut case = Case::new();
    type Round = (&'static str, fn(f64) -> f64);
    let all: [Round; 5] = [
        ("floor(x)", f64::floor),
        ("ceil(x)", f64::ceil),
        ("trunc(x)", f64::trunc),
        ("frac(x)", f64::fract),
        ("round(x)", f64::round_ties_even),
    ];
    for (text, clear) in all {
        let own = x.clone();
        case.repeat(x.map(clear), Bound::EXACT, move |e| {
            e.evaluate(text, &[("x", &e.secret(&own)?)])
        });
    }
    case.run(&[2, 3, 5]);
}
