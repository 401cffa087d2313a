//! Arguments and sessions of other formats than 16 fraction bits.

use cryptab_engine::{Engine, EngineConfig, Evaluator, Format, Result, Secret};
use cryptab_testkit::World;

use crate::common::PARTIES;

type Method = fn(&Secret) -> Result<Secret>;
type Exact = fn(f64) -> f64;

const OF_BOTH_SIGNS: [(&str, Method, Exact); 13] = [
    ("sin", Secret::sin, f64::sin),
    ("cos", Secret::cos, f64::cos),
    ("sigmoid", Secret::sigmoid, |x| 1.0 / (1.0 + (-x).exp())),
    ("tanh", Secret::tanh, f64::tanh),
    ("silu", Secret::silu, |x| x / (1.0 + (-x).exp())),
    ("mish", Secret::mish, |x| x * x.exp().ln_1p().tanh()),
    ("softplus", Secret::softplus, |x| x.exp().ln_1p()),
    ("exp", Secret::exp, f64::exp),
    ("reciprocal", Secret::reciprocal, |x| 1.0 / x),
    ("pow(-1)", |x| x.pow(-1), |x| 1.0 / x),
    ("pow(3)", |x| x.pow(3), |x| x.powi(3)),
    ("one by x", |x| x.pow(0)?.div(x), |x| 1.0 / x),
    ("relu", Secret::relu, |x| x.max(0.0)),
];

const POSITIVE: [(&str, Method, Exact); 7] = [
    ("reciprocal_positive", Secret::reciprocal_positive, |x| 1.0 / x),
    ("rsqrt", Secret::rsqrt, |x| 1.0 / x.sqrt()),
    ("sqrt", Secret::sqrt, f64::sqrt),
    ("log", Secret::log, f64::ln),
    ("log2", Secret::log2, f64::log2),
    ("log10", Secret::log10, f64::log10),
    ("log1p", Secret::log1p, f64::ln_1p),
];

fn world(parties: u8, format: Format) -> World {
    World::with(parties, 3, |config| EngineConfig { format, ..config })
}

/// The declared error, or two units of the format, is kept in sessions of the format, and for
/// arguments of it in sessions of 16 bits.
fn errors((name, method, exact): (&str, Method, Exact), points: &[f64], frac: u8) {
    let unit = 2_f64.powi(-i32::from(frac));
    let x: Vec<f64> =
        points.iter().map(|x| (x / unit).round() * unit).filter(|x| *x != 0.0).collect();
    let bound = 2_f64.powi(-14).max(2.0 * unit);
    let sessions = PARTIES.into_iter().zip([frac, 16, frac]);
    let formats = sessions.flat_map(|(parties, frac_bits)| {
        Evaluator::ALL.map(|evaluator| (parties, Format { frac_bits, evaluator }))
    });
    for (parties, format) in formats {
        let results = world(parties, format).reveal(|e: &Engine| {
            let mine = (e.me() == 0).then_some(&x[..]);
            method(&e.input_scaled(0, &[x.len()], mine, frac)?)
        });
        for (x, found) in x.iter().zip(results[0].as_ref().unwrap()) {
            let wanted = exact(*x);
            let error = (found - wanted).abs() / wanted.abs().max(1.0);
            assert!(error <= bound, "{name}({x}), {frac} bits, {format:?}: {found} for {wanted}");
        }
    }
}

#[test]
fn smooth_functions_of_every_format() {
    let near: Vec<f64> = (1..=160).map(|i| f64::from(i) * 0.043).collect();
    let signed: Vec<f64> = near.iter().flat_map(|x| [*x, -x]).collect();
    for frac in [8, 11, 12, 16, 17, 20, 23, 24] {
        for function in OF_BOTH_SIGNS {
            errors(function, &signed, frac);
        }
        for function in POSITIVE {
            errors(function, &near, frac);
        }
    }
}

/// From a unit on, up to 2^12.
#[test]
fn small_numbers_of_fine_formats() {
    for frac in [8, 12, 18, 20, 22, 24] {
        let powers = (0..=4 * (i32::from(frac) + 12)).map(|i| 2_f64.powf(f64::from(i) / 4.0));
        let points: Vec<f64> = powers.map(|x| x / 2_f64.powi(frac.into())).collect();
        let signed: Vec<f64> = points.iter().flat_map(|x| [*x, -x]).collect();
        for function in POSITIVE {
            errors(function, &points, frac);
        }
        errors(OF_BOTH_SIGNS[8], &signed, frac);
        errors(OF_BOTH_SIGNS[11], &signed, frac);
    }
}

/// What the documentation says of x <= 0, whatever the masks.
#[test]
fn outside_the_domain_results_are_the_documented_ones() {
    const UNIT: f64 = 1.0 / 65_536.0;
    let cases: [(&str, Method, Exact, i32, Option<f64>); 5] = [
        ("reciprocal_positive", Secret::reciprocal_positive, |x| 1.0 / x, 8, Some(-155_884.5)),
        ("rsqrt", Secret::rsqrt, |x| 1.0 / x.sqrt(), 16, None),
        ("log", Secret::log, f64::ln, 16, Some(-14.074_17)),
        ("log2", Secret::log2, f64::log2, 16, Some(-20.304_73)),
        ("log10", Secret::log10, f64::log10, 16, Some(-6.112_33)),
    ];
    for (name, method, exact, turn, at_multiples) in cases {
        let modest =
            (1..=turn / 2).map(|rest| (f64::from(rest - 4 * turn), exact(f64::from(rest) * UNIT)));
        let multiples = at_multiples.into_iter().flat_map(|value| {
            [0.0, -1.0, -3.0, -65_536.0, -2e6].map(|times| (times * f64::from(turn), value))
        });
        let (units, wanted): (Vec<f64>, Vec<f64>) = modest.chain(multiples).unzip();
        let x: Vec<f64> = units.iter().map(|x| x * UNIT).collect();
        for (seed, parties) in PARTIES.into_iter().cycle().take(9).enumerate() {
            let results = World::new(parties, seed as u64).reveal(|e: &Engine| {
                method(&e.input(0, &[x.len()], (e.me() == 0).then_some(&x[..]))?)
            });
            for ((x, found), wanted) in x.iter().zip(results[0].as_ref().unwrap()).zip(&wanted) {
                let error = (found - wanted).abs() / wanted.abs().max(1.0);
                assert!(error <= 2_f64.powi(-14), "{name}({x}): {found} for {wanted}");
            }
        }
        // A smallest number before it makes it saturate.
        let least = exact(UNIT);
        let results = World::new(2, 5).reveal(|e: &Engine| {
            let x = e.input(0, &[3], (e.me() == 0).then_some(&[0.0, -UNIT, -1e9][..]))?;
            method(&x.clamp_min(UNIT)?)
        });
        let found = results[0].as_ref().unwrap();
        assert!(found.iter().all(|x| (x / least - 1.0).abs() < 1e-4), "{name}: {found:?}");
    }
}
