use cryptab_conformance::{Array, Bound, Case, integers};
use cryptab_engine::{Interpolation, Order, Secret};

/// Where the first largest element is, or the first smallest.
fn place(row: &[f64], largest: bool) -> usize {
    let better = |a: f64, b: f64| if largest { a > b } else { a < b };
    (1..row.len()).fold(0, |best, at| if better(row[at], row[best]) { at } else { best })
}

pub(crate) fn g22() {
    let shapes: [&[usize]; 9] = [
        &[1],
        &[5],
        &[1, 1],
        &[1, 5],
        &[5, 5],
        &[1, 1, 1],
        &[5, 5, 5],
        &[1, 1, 1, 1],
        &[5, 5, 5, 5],
    ];
    let mut inputs = vec![Array::new(&[1, 8], vec![1.0, 1.0, 2.0, 1.0, 4.0, 1.0, 3.0, 4.0])];
    inputs.extend(shapes.map(|shape| integers(47, -5, 6, shape)));
    let mut case = Case::new();
    for x in &inputs {
        let all: Vec<usize> = (0..x.shape.len()).collect();
        for largest in [true, false] {
            let value = |row: &[f64]| row[place(row, largest)];
            let index = |row: &[f64]| place(row, largest) as f64;
            let axes = all.clone();
            case.check(x.fold(&all, false, value), Bound::EXACT, move |e| {
                let x = e.secret(x)?;
                Ok(if largest { x.amax(&axes, false)? } else { x.amin(&axes, false)? })
            });
            case.check(x.fold(&all, false, index), Bound::EXACT, move |e| {
                let x = e.secret(x)?.reshape(&[x.len()])?;
                Ok(if largest { x.argmax(0, false)? } else { x.argmin(0, false)? })
            });
            for axis in 0..x.shape.len() {
                for keep in [false, true] {
                    let values = x.fold(&[axis], keep, value);
                    let indices = x.fold(&[axis], keep, index);
                    let both = move |x: &Secret| match largest {
                        true => x.max(axis, keep),
                        false => x.min(axis, keep),
                    };
                    case.check(values, Bound::EXACT, move |e| Ok(both(&e.secret(x)?)?.0));
                    case.repeat(indices.clone(), Bound::EXACT, move |e| Ok(both(&e.secret(x)?)?.1));
                    case.check(indices, Bound::EXACT, move |e| {
                        let x = e.secret(x)?;
                        Ok(if largest { x.argmax(axis, keep)? } else { x.argmin(axis, keep)? })
                    });
                }
                let flags = x.along(axis, |row| {
                    let at = place(row, largest);
                    (0..row.len()).map(|i| f64::from(u8::from(i == at))).collect()
                });
                case.repeat(flags, Bound::EXACT, move |e| {
                    let x = e.secret(x)?;
                    Ok(if largest { x.argmax_one_hot(axis)? } else { x.argmin_one_hot(axis)? })
                });
            }
        }
    }
    case.counting(4928, 4322.0).run(&[2, 3, 5]);
}

/// Positions in order; equal elements keep theirs.
fn argsort(row: &[f64], descending: bool) -> Vec<usize> {
    let mut at: Vec<usize> = (0..row.len()).collect();
    at.sort_by(|&a, &b| match descending {
        false => row[a].partial_cmp(&row[b]).unwrap(),
        true => row[b].partial_cmp(&row[a]).unwrap(),
    });
    at
}

pub(crate) fn g62() {
    let x = integers(140, -20, 21, &[4, 33]);
    let x = &x;
    let values = |descending: bool, count: usize| {
        x.along(1, |row| argsort(row, descending)[..count].iter().map(|&at| row[at]).collect())
    };
    let places = |descending: bool, count: usize| {
        x.along(1, |row| argsort(row, descending)[..count].iter().map(|&at| at as f64).collect())
    };
    let mut case = Case::new();
    for (order, descending) in [(Order::Ascending, false), (Order::Descending, true)] {
        case.check(values(descending, 33), Bound::EXACT, move |e| {
            Ok(e.secret(x)?.sort(1, order)?.0)
        });
        case.repeat(places(descending, 33), Bound::EXACT, move |e| {
            Ok(e.secret(x)?.sort(1, order)?.1)
        });
        case.check(places(descending, 33), Bound::EXACT, move |e| {
            Ok(e.secret(x)?.argsort(1, order)?)
        });
    }
    let top = Order::Descending;
    case.check(values(true, 5), Bound::EXACT, move |e| Ok(e.secret(x)?.topk(5, 1, top)?.0));
    case.check(places(true, 5), Bound::EXACT, move |e| Ok(e.secret(x)?.topk(5, 1, top)?.1));
    let ranked = |rank: usize| x.fold(&[1], false, |row| row[argsort(row, false)[rank]]);
    case.check(ranked(16), Bound::EXACT, |e| Ok(e.secret(x)?.median(1, false)?.0));
    case.check(ranked(6), Bound::EXACT, |e| Ok(e.secret(x)?.kthvalue(7, 1, false)?.0));
    let q = [0.1, 0.5, 0.9];
    let quantile = |row: &[f64], q: f64| {
        let sorted: Vec<f64> = argsort(row, false).iter().map(|&at| row[at]).collect();
        let position = q * 32.0;
        let low = position.floor() as usize;
        let high = position.ceil() as usize;
        sorted[low] + (sorted[high] - sorted[low]) * position.fract()
    };
    let quantiles = x.rows(&[1], |row| q.iter().map(|&q| quantile(row, q)).collect());
    case.check(quantiles.permute(&[1, 0]), Bound::absolute(2_f64.powi(-14)), move |e| {
        Ok(e.secret(x)?.quantile(&q, 1, Interpolation::Linear)?)
    });
    case.counting(588, 4540.8).run(&[2, 3, 5]);
}
