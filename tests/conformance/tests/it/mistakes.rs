//! Wrong results of another library (section 3): here they have to be right.

use std::f64::consts::LN_10;

use cryptab_conformance::{Array, Bound, Case, Made, Party, UNIT, integers, snapped};
use cryptab_engine::{Conv2d, Divisor, Rounding, Secret, Window};
use cryptab_expression::{Expression, Kind, Public, Scope};
use cryptab_testkit::World;

use crate::arithmetic::variance;

const ALL: &[u8] = &[2, 3, 5];
const POWER: Bound = Bound::mixed(8.0 * UNIT, 1e-3);
const REL14: Bound = Bound::mixed(4.0 * UNIT, 4.0 * UNIT);

/// One input, one expected list.
fn one(x: &[f64], want: &[f64], bound: Bound, program: impl Fn(&Party<'_>, Secret) -> Made) {
    let x = Array::list(x);
    let mut case = Case::new();
    case.check(Array::list(want), bound, |e| program(e, e.secret(&x)?));
    case.run(ALL);
}

fn powers(base: f64, exponents: &[i32], want: &[f64]) {
    let mut case = Case::new();
    for (&p, &want) in exponents.iter().zip(want) {
        assert!((base.powi(p) - want).abs() <= 1e-7 * (1.0 + want.abs()));
        case.check(Array::list(&[want]), POWER, move |e| {
            Ok(e.secret(&Array::list(&[base]))?.pow(p)?)
        });
    }
    case.run(ALL);
}

pub(crate) fn odd_powers() {
    let want = [7.59375, 17.0859375, 38.4433594, 57.6650391, 86.4975586];
    powers(1.5, &[5, 7, 9, 10, 11], &want);
}

pub(crate) fn powers_of_negative_numbers() {
    powers(-1.25, &[5, 7], &[-3.0517578, -4.7683716]);
}

pub(crate) fn negative_powers() {
    powers(1.5, &[-5, -7], &[0.1316872, 0.0585277]);
}

pub(crate) fn norm_of_order_five() {
    let mut case = Case::new();
    case.check(Array::scalar(2.3045316), POWER, |e| {
        Ok(e.secret(&Array::list(&[1.0, 2.0, 2.0]))?.norm(5.0, &[0], false)?)
    });
    case.run(ALL);
}

pub(crate) fn large_norm() {
    let mut case = Case::new();
    case.check(Array::scalar(50.0), Bound::absolute(1e-2), |e| {
        e.evaluate("norm(x)", &[("x", &e.secret(&Array::list(&[30.0, 40.0]))?)])
    });
    case.run(ALL);
}

pub(crate) fn cosine_of_large_vectors() {
    let mut case = Case::new();
    case.check(Array::list(&[0.96]), Bound::absolute(1e-3), |e| {
        let x = e.secret(&Array::new(&[1, 2], vec![30.0, 40.0]))?;
        let y = e.secret(&Array::new(&[1, 2], vec![40.0, 30.0]))?;
        e.evaluate("cosine_similarity(x, y)", &[("x", &x), ("y", &y)])
    });
    case.run(ALL);
}

pub(crate) fn error_function() {
    let x = [-1.0, 1.5, 2.0, -3.0, 3.0];
    let want = [-0.8427008, 0.9661051, 0.9953223, -0.9999779, 0.9999779];
    one(&x, &want, Bound::absolute(8.0 * UNIT), |_, x| Ok(x.erf()?));
}

pub(crate) fn negative_numbers_are_shared() {
    let mut case = Case::new();
    for (frac, x) in [
        (16, vec![-65_535.0, -65_536.0, -70_000.5, -1e6, -1e7]),
        (8, vec![-256.0, -1000.0]),
        (4, vec![-100.0]),
    ] {
        let x = Array::list(&x);
        case.check(x.clone(), Bound::EXACT, move |e| e.scaled(&x, frac));
    }
    case.run(ALL);
}

pub(crate) fn more_than_single_precision() {
    let x = [16_777_217.25, -16_777_217.25];
    one(&x, &x, Bound::EXACT, |_, x| Ok(x));
}

pub(crate) fn reals_are_not_cut() {
    let x = [1.7, -2.3];
    one(&x, &x, Bound::absolute(UNIT / 2.0), |_, x| Ok(x));
}

pub(crate) fn encoding_rounds() {
    let x = [1.9 * UNIT, -1.9 * UNIT];
    one(&x, &[2.0 * UNIT, -2.0 * UNIT], Bound::EXACT, |_, x| Ok(x));
}

pub(crate) fn small_constants() {
    let bound = Bound::absolute(4.0 * UNIT);
    one(&[5000.0], &[5.0], bound, |e, x| e.evaluate("x * 0.001", &[("x", &x)]));
    one(&[5.0; 1000], &[5.0], bound, |_, x| Ok(x.mean(&[0], true)?));
}

const X: [f64; 3] = [1.5, -2.5, 3.0];
const Y: [f64; 3] = [1.0, -1.0, 2.0];

/// An expression of x, and of y of the same session.
fn expression(text: &str, shape: &[usize], want: &[f64]) {
    let mut case = Case::new();
    case.check(Array::new(shape, want.to_vec()), Bound::EXACT, |e| {
        let (x, y) = (e.secret(&Array::list(&X))?, e.secret(&Array::list(&Y))?);
        let zero_based = |at: &[f64]| Party::known(&Array::list(at), Kind::Integer);
        let names = vec![
            ("x", x.into()),
            ("y", y.into()),
            ("all", zero_based(&[0.0, 1.0, 2.0])),
            ("twice", zero_based(&[0.0, 0.0, 2.0])),
        ];
        e.evaluate_values(text, names)
    });
    case.run(ALL);
}

pub(crate) fn joined_kinds() {
    expression("cat([x, x > 0])", &[6], &[1.5, -2.5, 3.0, 1.0, 0.0, 1.0]);
    expression("cat([x > 0, x])", &[6], &[1.0, 0.0, 1.0, 1.5, -2.5, 3.0]);
}

pub(crate) fn stacked_kinds() {
    expression("stack([x, x > 0])", &[2, 3], &[1.5, -2.5, 3.0, 1.0, 0.0, 1.0]);
}

pub(crate) fn assigned_kinds() {
    expression("put(x, tensor([0]), (y > 0)[:1])", &[3], &[1.0, -2.5, 3.0]);
}

pub(crate) fn scattered_kinds() {
    expression("scatter(x, 0, all, y > 0)", &[3], &[1.0, 0.0, 1.0]);
    expression("scatter_add(x, 0, all, y > 0)", &[3], &[2.5, -2.5, 4.0]);
}

pub(crate) fn added_kinds() {
    expression("index_add(x, 0, twice, y > 0)", &[3], &[2.5, -2.5, 4.0]);
}

pub(crate) fn arguments_stay() {
    let mut case = Case::new();
    case.check(Array::list(&[2.5, -1.5, 4.0, 1.0, 0.0, 1.0]), Bound::EXACT, |e| {
        let (x, y) = (e.secret(&Array::list(&X))?, e.secret(&Array::list(&Y))?);
        let mask = y.gt(&e.scalar(0.0)?)?;
        let sum = x.add(&mask.select(0, 0)?)?;
        assert!(mask.is_bit());
        Ok(Secret::concat(&[sum, mask], 0)?)
    });
    case.run(ALL);
}

pub(crate) fn bits_are_divided() {
    let bound = Bound::absolute(4.0 * UNIT);
    let third = 1.0 / 3.0;
    let all: [(&str, &[usize], &[f64]); 4] = [
        ("mean(m)", &[], &[2.0 * third]),
        ("m / 2", &[3], &[0.5, 0.0, 0.5]),
        ("m / 3", &[3], &[third, 0.0, third]),
        ("sum(m) / 4", &[], &[0.5]),
    ];
    let mut case = Case::new();
    for (text, shape, want) in all {
        case.check(Array::new(shape, want.to_vec()), bound, move |e| {
            let mask = e.secret(&Array::list(&Y))?.gt(&e.scalar(0.0)?)?;
            e.evaluate(text, &[("m", &mask)])
        });
    }
    case.run(ALL);
}

pub(crate) fn public_tensors_are_joined() {
    let x = Public::numbers(&[2, 2], vec![1.0, 2.0, 3.0, 4.0]);
    let scope = Scope::clear().with("x", x.into());
    let value = Expression::parse("cat([x, x], 1)").unwrap().evaluate(&scope).unwrap();
    let joined = value.public().unwrap();
    assert_eq!(joined.shape(), [2, 4]);
    assert_eq!(joined.elements(), [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0]);
    let mut case = Case::new();
    let want = Array::new(&[2, 4], joined.elements());
    case.check(want, Bound::EXACT, |e| {
        let x = e.public(&Array::new(&[2, 2], vec![1.0, 2.0, 3.0, 4.0]))?;
        Ok(Secret::concat(&[x.clone(), x], 1)?)
    });
    case.run(ALL);
}

pub(crate) fn corrections() {
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    assert!((variance(&x, 0.0) - 8.25).abs() < 1e-12);
    for (correction, want) in [(1, 9.1666667), (0, 8.25)] {
        one(&x, &[want], Bound::absolute(1e-3), |_, x| Ok(x.var(&[0], correction, true)?));
    }
}

pub(crate) fn padding_is_below_everything() {
    let mut case = Case::new();
    let windows = [Window::new(2).stride(2).padding(1); 2];
    for (value, frac) in [(-100.0, 16), (-600.0, 16), (-5000.0, 16), (-30_000.0, 16), (-100.0, 20)]
    {
        let x = Array::filled(&[1, 1, 2, 2], value);
        case.check(x.clone(), Bound::EXACT, move |e| Ok(e.scaled(&x, frac)?.max_pool(&windows)?));
    }
    case.run(ALL);
}

pub(crate) fn long_sums() {
    let mut case = Case::new();
    case.check(Array::filled(&[1, 1, 1, 1], 576.0), Bound::EXACT, |e| {
        let x = e.secret(&Array::filled(&[1, 512, 3, 3], 0.5))?;
        let w = e.secret(&Array::filled(&[1, 512, 3, 3], 0.25))?;
        Ok(x.conv2d(&w, &Conv2d { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 })?)
    });
    case.run(ALL);
}

pub(crate) fn large_exponentials() {
    let want = [148.4132, 2_980.958, 22_026.466, 3_269_017.4, 4.85165195e8];
    let x = [5.0, 8.0, 10.0, 15.0, 20.0];
    // The printed numbers have seven digits and more.
    let clear: Vec<f64> = x.iter().map(|x: &f64| x.exp()).collect();
    assert!(clear.iter().zip(want).all(|(clear, want)| (clear - want).abs() <= 5e-7 * want));
    one(&x, &clear, Bound::mixed(0.0, 8.0 * UNIT), |_, x| Ok(x.exp()?));
}

pub(crate) fn small_exponentials() {
    let x = [-100.0, -513.0, -520.0, -600.0, -1000.0];
    one(&x, &[0.0; 5], Bound::absolute(4.0 * UNIT), |_, x| Ok(x.exp()?));
}

pub(crate) fn sigmoid_is_monotone() {
    one(&[0.0], &[0.5], Bound::absolute(4.0 * UNIT), |_, x| Ok(x.sigmoid()?));
    let far = [513.0, -513.0, 600.0, -600.0, 1e4, -1e4];
    let want = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0];
    one(&far, &want, Bound::absolute(8.0 * UNIT), |_, x| Ok(x.sigmoid()?));
    let x: Vec<f64> = (-1024..=1024).map(|i| f64::from(i) / 1024.0).collect();
    for &parties in ALL {
        let results = World::new(parties, 28)
            .reveal(|e| e.input(0, &[x.len()], (e.me() == 0).then_some(&x[..]))?.sigmoid());
        let found = results[0].as_ref().unwrap();
        assert!(found.windows(2).all(|pair| pair[1] >= pair[0] - 8.0 * UNIT));
    }
}

pub(crate) fn tanh_of_zero() {
    one(&[0.0], &[0.0], Bound::absolute(4.0 * UNIT), |_, x| Ok(x.tanh()?));
}

/// The printed results, and the function of the rounded inputs: they must agree.
fn printed(x: &[f64], printed: &[f64], clear: fn(f64) -> f64) -> Vec<f64> {
    let want: Vec<f64> = x.iter().map(|&x| clear(snapped(x))).collect();
    for (want, printed) in want.iter().zip(printed) {
        assert!((want - printed).abs() <= 1e-6 * (1.0 + want.abs()), "{want} {printed}");
    }
    want
}

pub(crate) fn reciprocals_of_all_magnitudes() {
    let x = [0.001, 0.02, 100.0, 200.0, 250.0, 254.0, 300.0, 1e4, 1e6];
    let want = [992.969_70, 49.989_321, 0.01, 0.005, 0.004, 0.003937, 0.003333, 1e-4, 1e-6];
    one(&x, &printed(&x, &want, f64::recip), REL14, |_, x| Ok(x.reciprocal()?));
    // The documented constant.
    one(&[0.0], &[-155_885.0], REL14, |_, x| Ok(x.reciprocal()?));
}

pub(crate) fn logarithms_of_all_magnitudes() {
    let x = [1e-4, 0.01, 10.0, 100.0, 250.0, 255.0, 300.0, 1e4, 1e6];
    let want =
        [-9.144445, -4.605719, LN_10, 4.605170, 5.521461, 5.541264, 5.703782, 9.210340, 13.815511];
    let want = printed(&x, &want, f64::ln);
    one(&x, &want, Bound::absolute(8.0 * UNIT), |_, x| Ok(x.log()?));
}

pub(crate) fn roots_of_all_magnitudes() {
    let x = [0.001, 0.02, 180.0, 200.0, 210.0, 500.0, 1e4, 1e6, 0.0];
    let want =
        [0.0317345, 0.1414365, 13.416408, 14.142136, 14.491377, 22.360680, 100.0, 1000.0, 0.0];
    one(&x, &printed(&x, &want, f64::sqrt), REL14, |_, x| Ok(x.sqrt()?));
}

pub(crate) fn inverse_roots_of_all_magnitudes() {
    let x = [0.001, 0.02, 180.0, 200.0, 210.0, 500.0, 1e4];
    let want = [31.511422, 7.0703127, 0.0745356, 0.0707107, 0.0690066, 0.0447214, 0.01];
    one(&x, &printed(&x, &want, |x| x.sqrt().recip()), REL14, |_, x| Ok(x.rsqrt()?));
}

pub(crate) fn waves_far_from_zero() {
    let (x, bound) = ([20.0, 50.0, 1000.0], Bound::absolute(16.0 * UNIT));
    let sines = printed(&x, &[0.9129453, -0.2623749, 0.8268795], f64::sin);
    one(&x, &sines, bound, |_, x| Ok(x.sin()?));
    let cosines = printed(&x, &[0.4080821, 0.9649660, 0.5623791], f64::cos);
    one(&x, &cosines, bound, |_, x| Ok(x.cos()?));
}

pub(crate) fn equal_logits() {
    let bound = Bound::mixed(4.0 * UNIT, 64.0 * UNIT);
    for n in [100, 200, 255, 256, 300, 1000] {
        one(&vec![0.0; n], &vec![1.0 / n as f64; n], bound, |_, x| Ok(x.softmax(0)?));
    }
}

pub(crate) fn logarithms_of_equal_logits() {
    for n in [10, 100, 200, 255, 1000] {
        let want = vec![-(n as f64).ln(); n];
        one(&vec![0.0; n], &want, Bound::absolute(64.0 * UNIT), |_, x| Ok(x.log_softmax(0)?));
    }
}

pub(crate) fn masked_logits() {
    let bound = Bound::absolute(32.0 * UNIT);
    one(&[2.0, 1.0, -1e4], &[0.7310586, 0.2689414, 0.0], bound, |_, x| Ok(x.softmax(0)?));
    one(&[0.0, -600.0], &[1.0, 0.0], bound, |_, x| Ok(x.softmax(0)?));
}

pub(crate) fn quotients_of_large_numbers() {
    let x = Array::list(&[1e4, 90.0]);
    let mut case = Case::new();
    case.check(Array::list(&[1.0, 1.0]), Bound::absolute(16.0 * UNIT), |e| {
        Ok(e.secret(&x)?.div(&e.secret(&x)?)?)
    });
    case.run(ALL);
}

pub(crate) fn a_million_products() {
    const MILLION: [usize; 1] = [1_000_000];
    for (factor, product) in [(256.0, 65_536.0), (16_000.0, 2.56e8)] {
        let x = Array::filled(&MILLION, factor);
        let mut case = Case::new();
        case.check(Array::filled(&MILLION, product), Bound::absolute(UNIT), |e| {
            Ok(e.secret(&x)?.mul(&e.secret(&x)?)?)
        });
        case.run(ALL);
    }
}

pub(crate) fn products_of_fine_numbers() {
    let x = Array::filled(&[100_000], 100.0);
    let mut case = Case::with_frac_bits(24);
    case.check(Array::filled(&[100_000], 10_000.0), Bound::absolute(2_f64.powi(-24)), |e| {
        Ok(e.scaled(&x, 24)?.mul(&e.scaled(&x, 24)?)?)
    });
    case.run(ALL);
}

pub(crate) fn ties_are_not_random() {
    let mut case = Case::new();
    for _ in 0..8 {
        case.check(Array::scalar(0.0), Bound::EXACT, |e| {
            Ok(e.secret(&Array::list(&[3.0, 3.0, 3.0, 1.0]))?.argmax(0, false)?)
        });
    }
    case.run(ALL);
}

pub(crate) fn sign_of_zero() {
    one(&[0.0], &[0.0], Bound::EXACT, |_, x| Ok(x.sign()?));
}

pub(crate) fn ceiling_of_average_pools() {
    let x = Array::new(&[1, 1, 5, 5], (0..25).map(f64::from).collect());
    let want = vec![3.0, 5.0, 6.5, 13.0, 15.0, 16.5, 20.5, 22.5, 24.0];
    let window = Window { rounding: Rounding::Ceil, ..Window::new(2) };
    let mut case = Case::new();
    case.check(Array::new(&[1, 1, 3, 3], want), Bound::absolute(4.0 * UNIT), |e| {
        Ok(e.secret(&x)?.avg_pool(&[window; 2], Divisor::WithPadding)?)
    });
    case.run(ALL);
}

pub(crate) fn padding_that_does_not_count() {
    let x = Array::filled(&[1, 1, 3, 3], 1.0);
    let window = Window::new(2).stride(1).padding(1);
    let mut case = Case::new();
    case.check(Array::filled(&[1, 1, 4, 4], 1.0), Bound::absolute(4.0 * UNIT), |e| {
        Ok(e.secret(&x)?.avg_pool(&[window; 2], Divisor::WithoutPadding)?)
    });
    case.run(ALL);
}

pub(crate) fn misspelt_parameters() {
    let x = integers(1, 0, 5, &[2, 2]);
    let scope = Scope::clear().with("x", Party::known(&x, Kind::Integer));
    for text in ["softmax(x, dmi=1)", "var(x, unbiassed=False)", "sofmax(x, dim=1)"] {
        assert!(Expression::parse(text).unwrap().evaluate(&scope).is_err(), "{text}");
    }
}
