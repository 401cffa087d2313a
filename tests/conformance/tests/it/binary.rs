//! Words of xor shares, and in-place functions.

use cryptab_conformance::{Array, Bound, Case, Made, Party, UNIT, integers, reals};
use cryptab_engine::Secret;

use crate::sharing::SHAPES;

const EXACT: Bound = Bound::EXACT;
const ALL: &[u8] = &[2, 3, 5];

/// A tensor that no party knows.
fn of_two(e: &Party<'_>, x: &Array, frac: u8) -> Made {
    Ok(e.scaled(x, frac)?.add(&e.scaled(&x.map(|_| 0.0), frac)?)?)
}

pub(crate) fn c21() {
    let x = Array::list(&[1.5, -2.5, 3.0]);
    let mut case = Case::new();
    case.check(x.clone(), EXACT, |e| Ok(e.secret(&x)?.to_binary()?.to_arithmetic(8)?));
    case.check(x.clone(), EXACT, |e| Ok(of_two(e, &x, 16)?.to_binary()?.to_arithmetic(8)?));
    case.run(ALL);
}

pub(crate) fn c45() {
    let x = Array::new(&[2, 2], vec![1.5, -2.0, 0.5, 4.0]);
    let y = Array::new(&[2, 2], vec![2.0, 1.0, -4.0, 0.25]);
    let product = Array::new(&[2, 2], vec![11.0, 1.0, -15.0, 1.5]);
    let mut case = Case::new();
    for second in [false, true] {
        let (x, y) = (&x, &y);
        case.check(product.clone(), EXACT, move |e| {
            let mut first = e.secret(x)?;
            let other = first.clone();
            first.matmul_(&e.secret(y)?)?;
            Ok(if second { other } else { first })
        });
    }
    case.run(ALL);
}

/// Rounded down to so many fraction bits.
fn cut(x: &Array, frac: i32) -> Array {
    let unit = 2_f64.powi(-frac);
    x.map(|x| (x / unit).floor() * unit)
}

pub(crate) fn g47() {
    let mut case = Case::new();
    for shape in &SHAPES[..11] {
        for (x, frac) in
            [(reals(78, -6.0, 6.0, shape), 16), (integers(79, -(1 << 40), 1 << 40, shape), 0)]
        {
            for owned in [false, true] {
                let enter = move |e: &Party<'_>, x: &Array| -> Made {
                    let x = if owned { e.scaled(x, frac)? } else { of_two(e, x, frac)? };
                    Ok(x.to_binary()?)
                };
                let own = x.clone();
                let whole = move |e: &Party<'_>| -> Made { Ok(enter(e, &own)?.to_number()?) };
                match owned {
                    false => case.check(x.clone(), EXACT, whole),
                    true => case.repeat(x.clone(), EXACT, whole),
                }
                for target in [8, 12, 20] {
                    let want = cut(&x, i32::from(target.min(frac).max(u8::from(frac == 0) * 20)));
                    let own = x.clone();
                    case.repeat(want.clone(), EXACT, move |e| {
                        Ok(enter(e, &own)?.to_arithmetic(target)?)
                    });
                    let own = x.clone();
                    case.repeat(want, EXACT, move |e| {
                        Ok(enter(e, &own)?.rescale(target)?.to_arithmetic(16)?)
                    });
                }
            }
        }
    }
    case.counting(486, -2.990_607_679e13).run(ALL);
}

/// As a function of integers.
fn whole(f: fn(i64, i64) -> i64) -> impl Fn(f64, f64) -> f64 {
    move |a, b| f(a as i64, b as i64) as f64
}

pub(crate) fn g48() {
    type Clear = fn(i64, i64) -> i64;
    type Private = fn(&Secret, &Secret) -> cryptab_engine::Result<Secret>;
    let limit = 1 << 40;
    let (a, b) = (integers(80, -limit, limit, &[5, 5, 5]), integers(81, -limit, limit, &[5, 5, 5]));
    let c = integers(82, -limit, limit, &[5, 1]);
    let (a, b, c) = (&a, &b, &c);
    let mut case = Case::new();
    // Of inputs, and of numbers that no party knows.
    let words = |e: &Party<'_>, x: &Array, owned: bool| -> Made {
        Ok(if owned { e.integers(x)? } else { of_two(e, x, 0)? }.to_binary()?)
    };
    let pairs: [(Clear, Private); 12] = [
        (|a, b| a ^ b, Secret::xor),
        (|a, b| a & b, Secret::and),
        (|a, b| a | b, Secret::or),
        (|a, _| !a, |a, _| a.not()),
        (i64::wrapping_add, Secret::add),
        (|a, b| i64::from(a == b), Secret::eq),
        (|a, b| i64::from(a < b), Secret::lt),
        (|a, b| i64::from(a <= b), Secret::le),
        (|a, b| i64::from(a > b), Secret::gt),
        (|a, b| i64::from(a >= b), Secret::ge),
        (|a, b| i64::from(a != b), Secret::ne),
        (i64::min, |a, b| a.where_(&a.lt(b)?, b)),
    ];
    let shifts: [(Clear, Private); 2] =
        [(|a, _| a << 5, |a, _| a.shift_left(5)), (|a, _| a >> 7, |a, _| a.shift_right(7))];
    for owned in [false, true] {
        let mut add = |want: Array, program: Box<dyn Fn(&Party<'_>) -> Made>| match owned {
            false => case.check(want, EXACT, program),
            true => case.repeat(want, EXACT, program),
        };
        for (clear, private) in pairs.into_iter().chain(shifts) {
            let (x, y) = (a.clone(), b.clone());
            add(
                a.zip(b, whole(clear)),
                Box::new(move |e| Ok(private(&words(e, &x, owned)?, &words(e, &y, owned)?)?)),
            );
        }
        for (clear, private) in &pairs[..2] {
            let (x, y, private) = (a.clone(), c.clone(), *private);
            add(
                a.zip(c, whole(*clear)),
                Box::new(move |e| Ok(private(&words(e, &x, owned)?, &words(e, &y, owned)?)?)),
            );
        }
        let x = a.clone();
        add(
            a.fold(&[0], false, |row| row.iter().sum()),
            Box::new(move |e| Ok(words(e, &x, owned)?.sum(&[0], false)?)),
        );
    }
    case.counting(2025, -5.696_243_511e14).run(ALL);
}

/// The in-place forms of G05, as far as the shape allows.
pub(crate) fn g05_in_place(case: &mut Case<'_>) {
    type InPlace = fn(&mut Secret, &Secret) -> cryptab_engine::Result<()>;
    type Clear = fn(f64, f64) -> f64;
    let (x, y) = (reals(5, -6.0, 6.0, &[4, 1, 5]), reals(6, -6.0, 6.0, &[3, 1]));
    let p = reals(7, -6.0, 6.0, &[5]);
    let (exact, two) = (EXACT, Bound::absolute(2.0 * UNIT));
    let forms: [(Clear, InPlace, Bound); 4] = [
        (|a, b| a + b, Secret::add_, exact),
        (|a, b| a - b, Secret::sub_, exact),
        (|a, b| a * b, Secret::mul_, two),
        (|a, _| -a, |x, _| x.neg_(), exact),
    ];
    let scaled = |c: f64| Array::scalar(c);
    for (clear, in_place, bound) in forms {
        for (x, other, public) in [
            (x.clone(), x.select(0, &[2]), false),
            (x.clone(), p.clone(), true),
            (x.clone(), scaled(1.25), true),
            (y.clone(), scaled(-3.0), true),
        ] {
            case.repeat(x.zip(&other, clear), bound, move |e| {
                let mut first = e.secret(&x)?;
                let second = first.clone();
                let other = if public { e.public(&other)? } else { e.secret(&other)? };
                in_place(&mut first, &other)?;
                Ok(second)
            });
        }
    }
}
