//! The programs, and what they compute.

mod selections;
mod words;

use cryptab_engine::{Conv2d, Engine, Interpolation, Order, Result, Secret};

use crate::clear::{
    convolved, entered, erf, largest, lines, numbers, order, place, product, softmax,
};

type Program = Box<dyn Fn(&Engine) -> Result<Secret>>;

/// A program, and what it computes in the clear.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) program: Program,
    clear: Vec<f64>,
    /// The largest error of a result that should be this number.
    error: fn(f64) -> f64,
}

impl Case {
    /// The results are right.
    pub(crate) fn compare(&self, found: &[f64]) {
        assert_eq!(found.len(), self.clear.len(), "{}", self.name);
        for (at, (found, expected)) in found.iter().zip(&self.clear).enumerate() {
            let bound = (self.error)(*expected);
            let fits = (found - expected).abs() <= bound;
            assert!(fits, "{}: {found} instead of {expected} at {at}", self.name);
        }
    }
}

fn case(
    name: &'static str,
    program: impl Fn(&Engine) -> Result<Secret> + 'static,
    clear: Vec<f64>,
    error: fn(f64) -> f64,
) -> Case {
    Case { name, program: Box::new(program), clear, error }
}

/// A function of 61 numbers between -4 and 4.
fn smooth(
    name: &'static str,
    function: fn(&Secret) -> Result<Secret>,
    clear: fn(f64) -> f64,
) -> Case {
    let values = x(61).into_iter().map(clear).collect();
    case(name, move |engine| function(&left(engine, &[61])?), values, RELATIVE)
}

/// A function of 61 numbers between 1/4 and 33/4.
fn positive(
    name: &'static str,
    function: fn(&Secret) -> Result<Secret>,
    clear: fn(f64) -> f64,
) -> Case {
    let values = x(61).into_iter().map(|value| clear(value + 4.25)).collect();
    let shifted = |engine: &Engine| left(engine, &[61])?.add(&engine.constant(&[], &[4.25])?);
    case(name, move |engine| function(&shifted(engine)?), values, RELATIVE)
}

/// A function of every element of two tensors.
fn pairs(
    name: &'static str,
    count: usize,
    function: fn(&Secret, &Secret) -> Result<Secret>,
    clear: fn(f64, f64) -> f64,
    error: fn(f64) -> f64,
) -> Case {
    let values = x(count).into_iter().zip(y(count)).map(|(x, y)| clear(x, y)).collect();
    let program =
        move |engine: &Engine| function(&left(engine, &[count])?, &right(engine, &[count])?);
    case(name, program, values, error)
}

/// A function of every line of `[rows, size]`.
fn rows(
    name: &'static str,
    [rows, size]: [usize; 2],
    function: fn(&Secret) -> Result<Secret>,
    clear: fn(&[f64]) -> Vec<f64>,
    error: fn(f64) -> f64,
) -> Case {
    let values = lines(&x(rows * size), size, clear);
    case(name, move |engine| function(&left(engine, &[rows, size])?), values, error)
}

/// All programs; those of former versions first.
pub(crate) fn all() -> Vec<Case> {
    let mut all = linear();
    all.extend(smooth_functions());
    all.extend(comparisons());
    all.extend(bits());
    all.extend(orders());
    all.extend(selections::lookups());
    all.extend(selections::reductions());
    all.extend(words::all());
    all
}

fn linear() -> Vec<Case> {
    let clamped = |x: f64| x.clamp(-1.5, 2.25);
    let chain = |engine: &Engine| {
        let (x, w) = (left(engine, &[8, 32])?, right(engine, &[32, 5])?);
        x.matmul(&w)?.relu()?.mul(&x.matmul(&w)?.sum(&[1], true)?)
    };
    let chained = lines(&product(&x(8 * 32), &y(32 * 5), 32), 5, |row| {
        row.iter().map(|value| value.max(0.0) * row.iter().sum::<f64>()).collect()
    });
    vec![
        case(
            "matmul",
            |engine| left(engine, &[19, 23])?.matmul(&right(engine, &[23, 17])?),
            product(&x(19 * 23), &y(23 * 17), 23),
            UNIT,
        ),
        case(
            "conv2d",
            |engine| {
                let parameters = Conv2d { stride: [2, 1], padding: [1, 2], ..Conv2d::default() };
                left(engine, &[2, 3, 11, 9])?.conv2d(&right(engine, &[4, 3, 3, 3])?, &parameters)
            },
            convolved(&x(2 * 3 * 11 * 9), &y(4 * 27)),
            UNIT,
        ),
        pairs("mul", 301, Secret::mul, |x, y| x * y, UNIT),
        case("relu", |e| left(e, &[1001])?.relu(), each(&x(1001), |x| x.max(0.0)), EXACT),
        case("clamp", |e| left(e, &[501])?.clamp(-1.5, 2.25), each(&x(501), clamped), EXACT),
        case("round", |e| left(e, &[501])?.round(), each(&x(501), nearest), EXACT),
        pairs("lt", 777, Secret::lt, |x, y| flag(x < y), EXACT),
        pairs(
            "eq",
            129,
            |x, y| x.round()?.eq(&y.round()?),
            |x, y| flag(nearest(x) == nearest(y)),
            EXACT,
        ),
        case(
            "mean",
            |engine| left(engine, &[12, 50])?.mean(&[0], false),
            (0..50).map(|at| x(600)[at..].iter().step_by(50).sum::<f64>() / 12.0).collect(),
            |_| 2.0 * ULP,
        ),
        case("chain", chain, chained, |value| 100.0 * ULP + ULP * value.abs()),
        pairs("masked", 40, |x, y| x.masked()?.mul(&y.masked()?), |x, y| x * y, UNIT),
        case(
            "rescale",
            |engine| left(engine, &[40])?.rescale(24)?.rescale(8),
            x(40),
            |_| 2_f64.powi(-8),
        ),
        pairs("mul_scaled", 40, |x, y| x.mul_scaled(y, 24), |x, y| x * y, |_| 2_f64.powi(-24)),
    ]
}

/// Those that every evaluator has a part in.
pub(crate) fn smooth_functions() -> Vec<Case> {
    let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
    vec![
        smooth("cos", Secret::cos, f64::cos),
        smooth("sin", Secret::sin, f64::sin),
        smooth("sigmoid", Secret::sigmoid, sigmoid),
        smooth("tanh", Secret::tanh, f64::tanh),
        smooth("erf", Secret::erf, erf),
        smooth("gelu", Secret::gelu, |x| {
            x * (1.0 + erf(x * std::f64::consts::FRAC_1_SQRT_2)) / 2.0
        }),
        smooth("silu", Secret::silu, |x| x / (1.0 + (-x).exp())),
        smooth("softplus", Secret::softplus, |x| x.exp().ln_1p()),
        smooth("exp", Secret::exp, f64::exp),
        smooth("reciprocal", Secret::reciprocal, f64::recip),
        positive("reciprocal_positive", Secret::reciprocal_positive, f64::recip),
        positive("rsqrt", Secret::rsqrt, |x| x.sqrt().recip()),
        positive("sqrt", Secret::sqrt, f64::sqrt),
        positive("log", Secret::log, f64::ln),
        positive("log2", Secret::log2, f64::log2),
        positive("log10", Secret::log10, f64::log10),
        positive("log1p", Secret::log1p, f64::ln_1p),
        pairs("div", 61, Secret::div, |x, y| x / y, RELATIVE),
        case(
            "pow",
            |e| left(e, &[61])?.pow(5),
            each(&x(61), |x| x.powi(5)),
            |value| 2_f64.powi(-13) + 1e-3 * value.abs(),
        ),
        rows("softmax", [6, 10], |x| x.softmax(1), softmax, |_| 2_f64.powi(-14)),
        rows(
            "log_softmax",
            [6, 10],
            |x| x.log_softmax(1),
            |x| each(&softmax(x), f64::ln),
            |_| 2_f64.powi(-14),
        ),
    ]
}

fn comparisons() -> Vec<Case> {
    vec![
        pairs("lt_within", 99, |x, y| x.within(20)?.lt(&y.within(20)?), |x, y| flag(x < y), EXACT),
        case("sign", |e| left(e, &[99])?.sign(), each(&x(99), f64::signum), EXACT),
        case("abs", |e| left(e, &[99])?.abs(), each(&x(99), f64::abs), EXACT),
        pairs("where", 99, |x, y| x.where_(&x.lt(y)?, y), f64::min, EXACT),
        pairs("maximum", 99, Secret::maximum, f64::max, EXACT),
        pairs("minimum", 99, Secret::minimum, f64::min, EXACT),
        case(
            "quantize",
            |e| {
                let x = left(e, &[99])?;
                x.quantize(2)?.widen()?.add(&x)
            },
            each(&x(99), |x| nearest(x).clamp(0.0, 3.0) + x),
            EXACT,
        ),
    ]
}

fn bits() -> Vec<Case> {
    const NEGATIVE: fn(&Secret) -> Result<Secret> = |x| x.lt(&x.sub(x)?);
    vec![
        pairs(
            "xor",
            70,
            |x, y| NEGATIVE(x)?.xor(&x.lt(y)?),
            |x, y| flag((x < 0.0) ^ (x < y)),
            EXACT,
        ),
        pairs("and", 70, |x, y| NEGATIVE(x)?.and(&x.lt(y)?), |x, y| flag(x < 0.0 && x < y), EXACT),
        pairs("or", 70, |x, y| NEGATIVE(x)?.or(&x.lt(y)?), |x, y| flag(x < 0.0 || x < y), EXACT),
        rows(
            "any",
            [9, 4],
            |x| NEGATIVE(x)?.any(1, false),
            |x| vec![flag(x.iter().any(|x| *x < 0.0))],
            EXACT,
        ),
        rows(
            "all",
            [9, 2],
            |x| NEGATIVE(x)?.all(1, false),
            |x| vec![flag(x.iter().all(|x| *x < 0.0))],
            EXACT,
        ),
    ]
}

fn orders() -> Vec<Case> {
    /// Two results side by side.
    const BOTH: fn((Secret, Secret)) -> Result<Secret> = |(x, y)| Secret::concat(&[x, y], 1);
    let last_two = |x: &[f64]| {
        let last: Vec<usize> = order(x).into_iter().rev().take(2).collect();
        last.iter().map(|&i| x[i]).chain(last.iter().map(|&i| i as f64)).collect()
    };
    let median = |x: &[f64]| {
        let middle = order(x)[(x.len() - 1) / 2];
        vec![x[middle], middle as f64]
    };
    let third = |x: &[f64]| {
        let sorted = each_index(&order(x), |i| x[i]);
        vec![(sorted[1] * 2.0 + sorted[2]) / 3.0]
    };
    let shuffled = |engine: &Engine| left(engine, &[24])?.shuffle(0)?.sort(0, Order::Ascending);
    vec![
        rows("amax", [5, 9], |x| x.amax(&[1], false), |x| vec![largest(x)], EXACT),
        rows("max", [5, 30], |x| BOTH(x.max(1, true)?), |x| vec![largest(x), place(x)], EXACT),
        rows(
            "min",
            [5, 7],
            |x| BOTH(x.neg()?.min(1, true)?),
            |x| vec![-largest(x), place(x)],
            EXACT,
        ),
        rows("argmax", [5, 30], |x| x.argmax(1, false), |x| vec![place(x)], EXACT),
        rows(
            "argmax_one_hot",
            [5, 6],
            |x| x.argmax_one_hot(1),
            |x| (0..x.len()).map(|at| flag(at as f64 == place(x))).collect(),
            EXACT,
        ),
        rows(
            "sort",
            [3, 9],
            |x| BOTH(x.sort(1, Order::Ascending)?),
            |x| {
                each_index(&order(x), |i| x[i])
                    .into_iter()
                    .chain(each_index(&order(x), |i| i as f64))
                    .collect()
            },
            EXACT,
        ),
        rows("topk", [3, 9], |x| BOTH(x.topk(2, 1, Order::Descending)?), last_two, EXACT),
        rows("median", [3, 8], |x| BOTH(x.median(1, true)?), median, EXACT),
        rows(
            "quantile",
            [3, 5],
            |x| x.quantile(&[1.0 / 3.0], 1, Interpolation::Linear),
            third,
            |_| 2.0 * ULP,
        ),
        case(
            "shuffle",
            move |engine| shuffled(engine).map(|(sorted, _)| sorted),
            each_index(&order(&x(24)), |i| x(24)[i]),
            EXACT,
        ),
    ]
}

/// A private input of party 0.
fn left(engine: &Engine, shape: &[usize]) -> Result<Secret> {
    let data = (engine.me() == 0).then(|| numbers(shape.iter().product(), 7));
    engine.input(0, shape, data.as_deref())
}

/// A private input of party 1.
fn right(engine: &Engine, shape: &[usize]) -> Result<Secret> {
    let data = (engine.me() == 1).then(|| numbers(shape.iter().product(), 11));
    engine.input(1, shape, data.as_deref())
}

/// What [`left`] enters.
fn x(count: usize) -> Vec<f64> {
    entered(numbers(count, 7))
}

/// What [`right`] enters.
fn y(count: usize) -> Vec<f64> {
    entered(numbers(count, 11))
}

fn each(values: &[f64], function: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter().copied().map(function).collect()
}

fn each_index(places: &[usize], function: impl Fn(usize) -> f64) -> Vec<f64> {
    places.iter().copied().map(function).collect()
}

fn flag(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

fn nearest(value: f64) -> f64 {
    (value + 0.5).floor()
}

fn at_index(value: f64) -> usize {
    (0..8).find(|&at| at as f64 == value).expect("an index")
}

/// One unit in the last place.
const ULP: f64 = 1.0 / 65_536.0;
const EXACT: fn(f64) -> f64 = |_| 0.0;
const UNIT: fn(f64) -> f64 = |_| ULP;
/// What all smooth functions promise.
const RELATIVE: fn(f64) -> f64 = |value| 4.0 * ULP * value.abs().max(1.0);
