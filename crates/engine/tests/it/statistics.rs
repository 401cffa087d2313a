use cryptab_engine::{Engine, Secret};
use cryptab_testkit::World;
use futures::FutureExt as _;

use crate::common::{UNIT, check, input};

#[test]
fn norms_of_any_order() {
    let x = [3.0, -4.0, 0.0, 1.0, -2.0, 2.0];
    for (p, row, bound) in [
        (0.0, [2.0, 3.0], 0.0),
        (1.0, [7.0, 5.0], 0.0),
        (2.0, [5.0, 3.0], 1e-3),
        (f64::INFINITY, [4.0, 2.0], 0.0),
        (f64::NEG_INFINITY, [0.0, 1.0], 0.0),
        (3.0, [4.497_941_4, 2.571_281_6], 2e-3),
        (5.0, [4.174_026_6, 2.304_531_6], 2e-3),
    ] {
        check(&row, bound, |e| input(e, 0, &[2, 3], &x)?.norm(p, &[1], false));
    }
    let e = Engine::planner(2, 16);
    let x = e.input(0, &[3], None).unwrap();
    assert!(x.norm(0.5, &[0], false).is_err());
}

#[test]
fn covariances_and_correlations() {
    let x = [1.0, 2.0, 3.0, 4.0, 2.0, 4.0, 6.0, 8.5];
    let wanted = [5.0 / 3.0, 43.0 / 12.0, 43.0 / 12.0, 93.0 / 12.0 - 0.020_833_33];
    check(&wanted, 1e-3, |e| input(e, 0, &[2, 4], &x)?.covariance(1));
    let r = wanted[1] / (wanted[0] * wanted[3]).sqrt();
    check(&[1.0, r, r, 1.0], 5e-4, |e| input(e, 0, &[2, 4], &x)?.correlation());
    check(&[0.96], 1e-3, |e| {
        input(e, 0, &[2], &[30.0, 40.0])?.cosine_similarity(&input(e, 1, &[2], &[40.0, 30.0])?, 0)
    });
}

/// The dividend of a quotient must stay below 2^24, products of norms are up to 2^30.
#[test]
fn angles_of_long_vectors() {
    let (x, y) = ([20_000.0, -9000.0, 0.25, 0.0], [24_000.0, 15_000.0, -0.125, 0.25]);
    let cosine = |a: [f64; 2], b: [f64; 2]| {
        (a[0] * b[0] + a[1] * b[1]) / (a[0].hypot(a[1]) * b[0].hypot(b[1]))
    };
    let wanted = [cosine([x[0], x[1]], [y[0], y[1]]), cosine([x[2], x[3]], [y[2], y[3]])];
    check(&wanted, 1e-3, |e| {
        input(e, 0, &[2, 2], &x)?.cosine_similarity(&input(e, 1, &[2, 2], &y)?, 1)
    });
}

#[test]
fn the_last_bin_is_closed() {
    let x = [0.0, 0.5, 1.0, 1.0 - UNIT, 2.0, 2.5, 3.0, 3.0 + UNIT, -UNIT];
    check(&[3.0, 1.0, 3.0], 0.0, |e| input(e, 0, &[3, 3], &x)?.histogram(&[0.0, 1.0, 2.0, 3.0]));
    let e = Engine::planner(2, 16);
    let x = e.input(0, &[3], None).unwrap();
    assert!(x.histogram(&[1.0, 0.0]).is_err());
    assert!(x.histogram(&[1.0]).is_err());
}

#[test]
fn powers_of_positive_numbers() {
    let x = [0.25, 1.0, 2.0, 9.75];
    for p in [0.5, 1.5, -1.5, 2.7] {
        let wanted: Vec<f64> = x.iter().map(|x: &f64| x.powf(p)).collect();
        let bound = 1e-3 * wanted.iter().copied().fold(0.25, f64::max);
        check(&wanted, bound, |e| input(e, 0, &[4], &x)?.pow_real(p));
        check(&wanted, bound, |e| input(e, 0, &[4], &x)?.pow_secret(&input(e, 1, &[1], &[p])?));
    }
    let horner = |x: f64| x * (0.5 + x * (-1.0 + x * (0.25 + x * 2.0)));
    let x = [-3.0, -0.5, 0.0, 1.25, 2.75];
    let wanted: Vec<f64> = x.iter().map(|&x| horner(x)).collect();
    let c = [0.5, -1.0, 0.25, 2.0];
    check(&wanted, 5e-4, |e| input(e, 0, &[5], &x)?.polynomial(&e.constant(&[4], &c)?));
    check(&wanted, 5e-4, |e| input(e, 0, &[5], &x)?.polynomial(&input(e, 1, &[4], &c)?));
    check(&[14.0], UNIT, |e| {
        let n = |x: f64| input(e, 0, &[1], &[x]);
        Secret::sum_products(&[(n(2.0)?, n(3.0)?), (n(-2.0)?, n(-4.0)?)])
    });
}

#[test]
fn integers_wrap() {
    let (a, b) = (i64::MAX - 5, 1_234_567_890_123_i64);
    for parties in [2, 3] {
        let world = World::new(parties, 1);
        let enter = |e: &Engine, owner, x: i64| {
            e.input_integers(owner, &[1], (e.me() == owner).then_some(&[x][..])).unwrap()
        };
        let pending: Vec<_> = world
            .engines()
            .iter()
            .map(|e| {
                let (a, b) = (enter(e, 0, a), enter(e, 1, b));
                let all = [a.add(&b).unwrap(), a.mul(&b).unwrap(), a.square().unwrap()];
                Secret::concat(&all, 0).unwrap().reveal_integers().unwrap()
            })
            .collect();
        world.run();
        for result in pending {
            let found = result.now_or_never().unwrap().unwrap();
            assert_eq!(found, [a.wrapping_add(b), a.wrapping_mul(b), a.wrapping_mul(a)]);
        }
    }
}

/// A result with more fraction bits than inputs may have could not be decoded.
#[test]
fn fine_scales_are_revealed() {
    check(&[1.5], 0.0, |e| input(e, 0, &[1], &[1.5])?.rescale(40));
}
