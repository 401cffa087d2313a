use cryptab_conformance::{Array, Bound, Case, bernoulli, integers, reals};
use cryptab_engine::Secret;

use crate::arithmetic::{mean, variance};

fn norm(row: &[f64], p: f64) -> f64 {
    match p.is_infinite() {
        true => row.iter().fold(0.0, |largest, x| x.abs().max(largest)),
        false => row.iter().map(|x| x.abs().powf(p)).sum::<f64>().powf(1.0 / p),
    }
}

pub(crate) fn g34() {
    let bound = Bound::larger(1e-3);
    let mut case = Case::new();
    for shape in [vec![3, 3, 3], vec![5]] {
        let x = reals(58, -1.2, 1.2, &shape);
        for p in [1.0, 1.5, 2.0, 3.0, 5.0, f64::INFINITY] {
            let mut sets: Vec<Vec<usize>> = vec![(0..shape.len()).collect()];
            sets.extend((0..shape.len()).map(|axis| vec![axis]));
            for axes in sets {
                let own = x.clone();
                case.check(x.fold(&axes, false, |row| norm(row, p)), bound, move |e| {
                    Ok(e.secret(&own)?.norm(p, &axes, false)?)
                });
            }
        }
    }
    for shape in [vec![3, 3, 3], vec![5]] {
        let x = reals(58, -1.2, 1.2, &shape);
        let axes: Vec<usize> = (0..shape.len()).collect();
        case.check(x.fold(&axes, false, |row| norm(row, 2.0)), bound, move |e| {
            e.evaluate("norm(x)", &[("x", &e.secret(&x)?)])
        });
    }
    case.check(Array::scalar(50.0), bound, |e| {
        Ok(e.secret(&Array::list(&[30.0, 40.0]))?.norm(2.0, &[0], false)?)
    });
    case.counting(183, 302.708_425).run(&[2, 3]);
}

pub(crate) fn g55() {
    let shapes: [&[usize]; 9] =
        [&[5], &[1, 1], &[1, 5], &[5, 1], &[5, 5], &[1, 5, 5], &[5, 1, 5], &[5, 5, 1], &[5, 5, 5]];
    let mut case = Case::new();
    let mut similar = |x: &Array, y: &Array, axis: usize| {
        let sum = |a: &Array, b: &Array| {
            a.zip(b, |a, b| a * b).fold(&[axis], false, |row| row.iter().sum())
        };
        let norms = sum(x, x).zip(&sum(y, y), |a, b| (a * b).sqrt());
        let want = sum(x, y).zip(&norms, |dot, norm| dot / norm);
        let (x, y) = (x.clone(), y.clone());
        case.repeat(want, Bound::absolute(1e-3), move |e| {
            Ok(e.secret(&x)?.cosine_similarity(&e.secret(&y)?, axis)?)
        });
    };
    for shape in shapes {
        let signs = bernoulli(119, 0.5, shape).map(|b| 1.0 - 2.0 * b);
        let x = reals(117, 1.0, 6.0, shape).zip(&signs, |x, sign| x * sign);
        let y = reals(118, 1.0, 6.0, shape);
        (0..shape.len()).for_each(|axis| similar(&x, &y, axis));
    }
    similar(&Array::list(&[30.0, 40.0]), &Array::list(&[40.0, 30.0]), 0);
    // Norms from 2^-2 to 2^15.
    for (size, seed) in [(0.2, 120), (100.0, 121), (14_000.0, 122)] {
        let x = reals(seed, -size, size, &[20, 5]);
        let y = reals(seed + 10, 0.3 * size, size, &[20, 5]);
        similar(&x.zip(&y, |x, y| if x.abs() < 0.3 * size { y } else { x }), &y, 1);
    }
    case.run(&[2, 3]);
}

/// Least squares apart: they are of another tier.
pub(crate) fn g64() {
    let x = reals(144, 0.0, 10.0, &[500]);
    let noise = reals(145, -1.0, 1.0, &[500]);
    let y = x.zip(&noise, |x, noise| 2.0 * x + noise);
    let edges: Vec<f64> = (0..=10).map(f64::from).collect();
    let bins = Array::from_fn(&[10], |bin| {
        let (low, high) = (bin[0] as f64, bin[0] as f64 + 1.0);
        let last = bin[0] == 9;
        let inside = |&&x: &&f64| low <= x && (x < high || (last && x == high));
        x.data.iter().filter(inside).count() as f64
    });
    let (mean_x, mean_y) = (mean(&x.data), mean(&y.data));
    let cross =
        x.data.iter().zip(&y.data).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / 499.0;
    let (var_x, var_y) = (variance(&x.data, 1.0), variance(&y.data, 1.0));
    let covariance = Array::new(&[2, 2], vec![var_x, cross, cross, var_y]);
    let r = cross / (var_x * var_y).sqrt();
    let correlation = Array::new(&[2, 2], vec![1.0, r, r, 1.0]);
    // Split evenly between two parties' inputs.
    let halves = [0, 250].map(|from| {
        let rows: Vec<f64> = [&x.data[from..from + 250], &y.data[from..from + 250]].concat();
        Array::new(&[2, 250], rows)
    });
    let halves = &halves;
    let both = |e: &cryptab_conformance::Party<'_>| -> cryptab_conformance::Made {
        Ok(Secret::concat(&[e.secret(&halves[0])?, e.secret(&halves[1])?], 1)?)
    };
    let mut case = Case::new();
    case.check(bins, Bound::EXACT, |e| Ok(both(e)?.select(0, 0)?.histogram(&edges)?));
    case.check(covariance, Bound::absolute(2e-3), |e| Ok(both(e)?.covariance(1)?));
    case.check(correlation, Bound::absolute(5e-4), |e| Ok(both(e)?.correlation()?));
    case.run(&[2, 3, 5]);
}

/// Of integers and bits the statistics are fractions.
#[test]
fn integers_have_fractions() {
    let x = integers(902, -9, 10, &[7, 3]);
    let x = &x;
    let mut case = Case::new();
    let bound = Bound::absolute(2_f64.powi(-10));
    case.repeat(x.fold(&[0], false, mean), bound, |e| Ok(e.integers(x)?.mean(&[0], false)?));
    case.repeat(x.fold(&[0], true, |row| variance(row, 1.0)), bound, |e| {
        Ok(e.integers(x)?.var(&[0], 1, true)?)
    });
    case.repeat(x.fold(&[1], false, |row| norm(row, 2.0)), bound, |e| {
        Ok(e.integers(x)?.norm(2.0, &[1], false)?)
    });
    case.run(&[2, 3]);
}
