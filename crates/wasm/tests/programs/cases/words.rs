//! Programs on words of xor shares.

use cryptab_engine::{Engine, Result, Secret};

use super::{Case, EXACT, ULP, case, flag, left, right, x, y};

const COUNT: usize = 203;

/// Sum and difference of both inputs, which no party knows, as words.
fn entered(engine: &Engine) -> Result<(Secret, Secret)> {
    let (x, y) = (left(engine, &[COUNT])?, right(engine, &[COUNT])?);
    Ok((x.add(&y)?.to_binary()?, x.sub(&y)?.to_binary()?))
}

/// A function of both words, in units of the last place.
fn words(
    name: &'static str,
    function: fn(&Secret, &Secret) -> Result<Secret>,
    clear: fn(i64, i64) -> i64,
) -> Case {
    #[expect(clippy::cast_possible_truncation, reason = "whole units, far below 2^63")]
    let units = |value: f64| (value / ULP) as i64;
    let of = |(x, y): (f64, f64)| clear(units(x + y), units(x - y)) as f64 * ULP;
    let values = x(COUNT).into_iter().zip(y(COUNT)).map(of).collect();
    let program = move |engine: &Engine| {
        let (x, y) = entered(engine)?;
        function(&x, &y)
    };
    case(name, program, values, EXACT)
}

pub(super) fn all() -> Vec<Case> {
    let sums = || x(COUNT).into_iter().zip(y(COUNT)).map(|(x, y)| (x + y, x - y));
    vec![
        words("words to numbers", |x, _| x.to_number(), |x, _| x),
        words("words and", Secret::and, |x, y| x & y),
        words("words or", Secret::or, |x, y| x | y),
        words("words xor", |x, y| x.not()?.xor(&y.shift_right(3)?), |x, y| !x ^ y >> 3),
        words("words add", Secret::add, |x, y| x + y),
        words("words sub", Secret::sub, |x, y| x - y),
        words("words where", |x, y| x.where_(&x.lt(y)?, y), i64::min),
        case(
            "words eq",
            |engine| {
                let (x, y) = entered(engine)?;
                x.rescale(0)?.eq(&y.rescale(0)?)
            },
            sums().map(|(x, y)| flag(x.floor() == y.floor())).collect(),
            EXACT,
        ),
        case(
            "words in place",
            |engine| {
                let (mut x, y) = entered(engine)?;
                let second = x.clone();
                x.add_(&y)?;
                second.to_arithmetic(8)
            },
            sums().map(|(x, y)| ((x + y) * 256.0).floor() / 256.0).collect(),
            EXACT,
        ),
    ]
}
