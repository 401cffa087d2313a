use cryptab_conformance::{Array, Bound, Case, UNIT, integers, reals};

use crate::binary::g05_in_place;

pub(crate) fn g05() {
    let x = reals(5, -6.0, 6.0, &[4, 1, 5]);
    let y = reals(6, -6.0, 6.0, &[3, 1]);
    let p = reals(7, -6.0, 6.0, &[5]);
    let two = Bound::absolute(2.0 * UNIT);
    let exact = Bound::EXACT;
    let mut case = Case::new();
    let (x, y, p) = (&x, &y, &p);
    case.check(x.zip(y, |a, b| a + b), exact, |e| Ok(e.secret(x)?.add(&e.secret(y)?)?));
    case.check(x.zip(y, |a, b| a - b), exact, |e| Ok(e.secret(x)?.sub(&e.secret(y)?)?));
    case.check(x.zip(y, |a, b| a * b), two, |e| Ok(e.secret(x)?.mul(&e.secret(y)?)?));
    case.check(x.zip(p, |a, b| a + b), exact, |e| Ok(e.secret(x)?.add(&e.public(p)?)?));
    case.check(x.zip(p, |a, b| a - b), exact, |e| Ok(e.secret(x)?.sub(&e.public(p)?)?));
    case.check(x.zip(p, |a, b| b - a), exact, |e| Ok(e.public(p)?.sub(&e.secret(x)?)?));
    case.check(x.zip(p, |a, b| a * b), two, |e| Ok(e.secret(x)?.mul(&e.public(p)?)?));
    case.check(x.map(|a| -a), exact, |e| e.evaluate("-x", &[("x", &e.secret(x)?)]));
    case.check(x.map(|a| 2.0 - a), exact, |e| e.evaluate("2 - x", &[("x", &e.secret(x)?)]));
    case.check(x.map(|a| a * 1.25), two, |e| e.evaluate("x * 1.25", &[("x", &e.secret(x)?)]));
    case.check(y.map(|a| a * -3.0), two, |e| e.evaluate("y * -3", &[("y", &e.secret(y)?)]));
    g05_in_place(&mut case);
    case.counting(323, -6.431_962).run(&[2, 3, 5]);
}

pub(crate) fn g06() {
    let x = reals(8, -1000.0, 1000.0, &[50]);
    let d = reals(9, 0.5, 20.0, &[50]);
    let bound = Bound::mixed(4.0 * UNIT, 2_f64.powi(-12));
    let mut case = Case::new();
    let (x, d) = (&x, &d);
    for (text, by) in
        [("x / 3", 1.0 / 3.0), ("x / 7", 1.0 / 7.0), ("x / 1000", 1e-3), ("x * 0.001", 1e-3)]
    {
        case.check(x.map(|a| a * by), bound, move |e| e.evaluate(text, &[("x", &e.secret(x)?)]));
    }
    case.check(x.map(|a| a * 1e3), bound, |e| e.evaluate("x * 1000", &[("x", &e.secret(x)?)]));
    case.check(x.zip(d, |a, b| a / b), bound, |e| Ok(e.secret(x)?.div(&e.secret(d)?)?));
    case.counting(300, -4_451_303.821_489).run(&[2, 3, 5]);
}

pub(crate) fn mean(row: &[f64]) -> f64 {
    row.iter().sum::<f64>() / row.len() as f64
}

pub(crate) fn variance(row: &[f64], correction: f64) -> f64 {
    let mean = mean(row);
    row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (row.len() as f64 - correction)
}

pub(crate) fn g07() {
    let x = reals(10, -6.0, 6.0, &[5, 10, 15]);
    let x = &x;
    let sets: [&[usize]; 8] = [&[0, 1, 2], &[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]];
    let mut case = Case::new();
    for (at, axes) in sets.into_iter().enumerate() {
        for keep in if at == 0 { vec![false] } else { vec![false, true] } {
            let fold = |fold: &dyn Fn(&[f64]) -> f64| x.fold(axes, keep, fold);
            case.check(fold(&|row| row.iter().sum()), Bound::EXACT, move |e| {
                Ok(e.secret(x)?.sum(axes, keep)?)
            });
            case.check(fold(&mean), Bound::absolute(4.0 * UNIT), move |e| {
                Ok(e.secret(x)?.mean(axes, keep)?)
            });
            for correction in [1, 0] {
                let bound = Bound::absolute(2_f64.powi(-10));
                case.check(fold(&|row| variance(row, correction as f64)), bound, move |e| {
                    Ok(e.secret(x)?.var(axes, correction, keep)?)
                });
            }
            let std = fold(&|row| variance(row, 1.0).sqrt());
            case.check(std, Bound::absolute(1e-3), move |e| {
                Ok(e.secret(x)?.var(axes, 1, keep)?.sqrt()?)
            });
        }
    }
    case.counting(3065, 17_180.751_028).run(&[2, 3, 5]);
}

pub(crate) fn g08() {
    let mut case = Case::new();
    for (seed, shape) in [(11, vec![3, 3]), (12, vec![5, 5, 5])] {
        let x = integers(seed, -2, 3, &shape);
        let all: Vec<usize> = (0..shape.len()).collect();
        let product = |row: &[f64]| row.iter().product();
        let own = x.clone();
        case.check(x.fold(&all, false, product), Bound::EXACT, move |e| {
            e.evaluate("x.prod()", &[("x", &e.secret(&own)?)])
        });
        for axis in 0..shape.len() {
            for keep in [false, true] {
                let own = x.clone();
                case.check(x.fold(&[axis], keep, product), Bound::EXACT, move |e| {
                    Ok(e.secret(&own)?.prod(axis, keep)?)
                });
            }
        }
    }
    case.counting(164, -124.0).run(&[2, 3]);
}

/// The whole range of products of a session, and a result that is exact.
#[test]
fn integers_do_not_lose_anything() {
    let x = Array::list(&[2_f64.powi(40) + 1.0, -3.0, 0.0]);
    let mut case = Case::new();
    case.repeat(x.map(|a| a * 7.0), Bound::EXACT, |e| {
        e.evaluate("x * 7", &[("x", &e.integers(&x)?)])
    });
    case.run(&[2, 3, 5]);
}
