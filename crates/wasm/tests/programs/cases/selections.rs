//! Programs that look elements up, and that make few of many.

use cryptab_engine::{Divisor, Engine, Result, Secret, Window};

use super::{Case, EXACT, ULP, at_index, case, each, flag, left, nearest, right, rows, x, y};
use crate::clear::{largest, pooled, variance};

pub(super) fn lookups() -> Vec<Case> {
    /// Integers from 0 to 7.
    const INDEX: fn(&Engine, &[usize]) -> Result<Secret> = |engine, shape| {
        left(engine, shape)?.clamp(-3.5, 3.0)?.add(&engine.constant(&[], &[4.0])?)?.round()
    };
    let index = |count: usize| each(&x(count), |x| nearest(x.clamp(-3.5, 3.0) + 4.0));
    let row = |at: &f64| y(24)[at_index(*at) * 3..][..3].to_vec();
    vec![
        case(
            "one_hot",
            |engine| INDEX(engine, &[9])?.one_hot(8),
            index(9).iter().flat_map(|&i| (0..8).map(move |j| flag(i == f64::from(j)))).collect(),
            EXACT,
        ),
        case(
            "embedding",
            |engine| INDEX(engine, &[9])?.embedding(&right(engine, &[8, 3])?),
            index(9).iter().flat_map(row).collect(),
            EXACT,
        ),
        case(
            "gather",
            |engine| right(engine, &[8, 3])?.gather(0, &INDEX(engine, &[2, 3])?),
            index(6).iter().enumerate().map(|(at, &i)| y(24)[at_index(i) * 3 + at % 3]).collect(),
            EXACT,
        ),
    ]
}

pub(super) fn reductions() -> Vec<Case> {
    const WINDOWS: [Window; 2] = [Window::new(3), Window::new(2)];
    vec![
        case(
            "max_pool",
            |e| left(e, &[2, 6, 4])?.max_pool(&WINDOWS),
            pooled(&x(48), largest),
            EXACT,
        ),
        case(
            "avg_pool",
            |engine| left(engine, &[2, 6, 4])?.avg_pool(&WINDOWS, Divisor::WithPadding),
            pooled(&x(48), |window| window.iter().sum::<f64>() / 6.0),
            |_| 4.0 * ULP,
        ),
        rows(
            "var",
            [4, 11],
            |x| x.var(&[1], 1, false),
            |x| vec![variance(x)],
            |value| 4.0 * ULP + 2_f64.powi(-13) * value.sqrt() + ULP * value,
        ),
        rows("prod", [5, 5], |x| x.prod(1, false), |x| vec![x.iter().product()], |_| 150.0 * ULP),
        rows(
            "cumprod",
            [5, 4],
            |x| x.cumprod(1),
            |x| {
                let running = |product: &mut f64, x: &f64| {
                    *product *= x;
                    Some(*product)
                };
                x.iter().scan(1.0, running).collect()
            },
            |_| 100.0 * ULP,
        ),
    ]
}
