use cryptab_engine::{Engine, Result, Secret};
use cryptab_testkit::World;
use futures::FutureExt as _;

use crate::common::{UNIT, check, grid, input};

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
fn directions_of_all_lengths() {
    let mut rows: Vec<[f64; 3]> = vec![[0.0; 3], [0.25, 0.0, 0.0]];
    for scale in [0.2, 1.0, 7.0, 300.0, 5000.0, 18_000.0] {
        let direction = [[1.0, 0.5, -1.25], [-0.75, 1.5, 0.25], [0.0, -1.0, 1.0]];
        rows.extend(direction.map(|row| row.map(|x| grid(x * scale))));
    }
    let pairs: Vec<_> = rows.iter().flat_map(|a| rows.iter().map(move |b| (a, b))).collect();
    let wanted: Vec<f64> = pairs
        .iter()
        .map(|(a, b)| {
            let dot = |a: &[f64; 3], b: &[f64; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let norms = (dot(a, a) * dot(b, b)).sqrt();
            if norms == 0.0 { 0.0 } else { dot(a, b) / norms }
        })
        .collect();
    let x: Vec<f64> = pairs.iter().flat_map(|(a, _)| a.to_vec()).collect();
    let y: Vec<f64> = pairs.iter().flat_map(|(_, b)| b.to_vec()).collect();
    let shape = [pairs.len(), 3];
    check(&wanted, 1e-3, |e| {
        input(e, 0, &shape, &x)?.cosine_similarity(&input(e, 1, &shape, &y)?, 1)
    });
}

#[test]
fn deviations_are_roots_of_variances() {
    let x = [0.5, -1.0, 2.25, 3.0, 100.0, -50.0, 0.0, 12.0];
    let deviation = |row: &[f64], correction: f64| {
        let mean = row.iter().sum::<f64>() / row.len() as f64;
        let squares: f64 = row.iter().map(|x| (x - mean).powi(2)).sum();
        (squares / (row.len() as f64 - correction)).sqrt()
    };
    let wanted = [deviation(&x[..4], 1.0), deviation(&x[4..], 1.0)];
    let bound = 2_f64.powi(-11) + 2_f64.powi(-13) * wanted[1];
    check(&wanted, bound, |e| input(e, 0, &[2, 4], &x)?.std(&[1], 1, true));
    check(&[deviation(&x, 0.0)], bound, |e| input(e, 0, &[8], &x)?.std(&[0], 0, false));
}

/// The limits of the function reference, for lines of n elements.
#[test]
fn rounds_of_statistics() {
    let rounds = |count: usize, program: &dyn Fn(&Secret) -> Result<Secret>| {
        let e = Engine::planner(2, 16);
        let x = e.input(0, &[3, count], None).unwrap();
        let x = x.add(&e.input(1, &[3, count], None).unwrap()).unwrap();
        let _y = program(&x).unwrap();
        e.cost().rounds
    };
    for (count, stages) in [(4, 1), (10, 2), (16, 2), (64, 3), (1000, 5)] {
        assert_eq!(rounds(count, &|x| x.var(&[1], 1, false)), 4);
        assert!(rounds(count, &|x| x.std(&[1], 1, false)) <= 9);
        assert_eq!(rounds(count, &|x| x.cosine_similarity(&x.neg()?, 1)), 7);
        assert!(rounds(count, &|x| x.norm(2.0, &[1], false)) <= 8);
        for p in [3.0, 5.0, 7.5] {
            let found = rounds(count, &|x| x.norm(p, &[1], false));
            println!("{count} {p}: {found}");
            assert!(found <= 24 + 3 * stages, "{found} rounds for {count} elements");
        }
    }
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
