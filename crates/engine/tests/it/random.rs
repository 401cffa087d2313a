use cryptab_engine::{Engine, Result, Secret, Seed};
use cryptab_testkit::World;

use crate::common::PARTIES;

/// What a party draws from: another seed for each, in tests.
fn own(engine: &Engine) -> Seed {
    Seed::from_bytes([17 + engine.me(); 32])
}

fn drawn(parties: u8, program: impl Fn(&Engine, &Seed) -> Result<Secret>) -> Vec<f64> {
    let results = World::new(parties, 3).reveal(|e| program(e, &own(e)));
    let first = results[0].clone().unwrap();
    assert!(results.iter().all(|result| *result.as_ref().unwrap() == first));
    first
}

fn moments(x: &[f64]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64)
}

#[test]
fn uniform_numbers_fill_their_range() {
    for parties in PARTIES {
        let x = drawn(parties, |e, own| e.rand(&[100, 100], own));
        assert!(x.iter().all(|x| (0.0..1.0).contains(x) && (x * 65_536.0).fract() == 0.0));
        let (mean, variance) = moments(&x);
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.003);
    }
}

#[test]
fn integers_are_equally_frequent() {
    for (low, high) in [(0, 10), (-3, 5), (7, 8), (-2, 1)] {
        let x = drawn(3, |e, own| e.randint(low, high, &[6000], own));
        for value in low..high {
            let share = x.iter().filter(|&&x| x == value as f64).count() as f64 / 6000.0;
            assert!((share - 1.0 / (high - low) as f64).abs() < 0.02, "{value}: {share}");
        }
    }
    let engine = Engine::planner(2, 16);
    assert!(engine.randint(3, 3, &[1], &own(&engine)).is_err());
    assert!(engine.randint(0, 3000, &[1], &own(&engine)).is_err());
}

#[test]
fn normal_numbers_have_their_moments() {
    let x = drawn(2, |e, own| e.randn(&[40_000], own));
    let (mean, variance) = moments(&x);
    let fourth = x.iter().map(|x| x.powi(4)).sum::<f64>() / x.len() as f64;
    assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03 && (fourth - 3.0).abs() < 0.2);
    assert!(x.iter().any(|x| x.abs() > 3.5));
}

#[test]
fn probabilities_may_be_secret() {
    let p: Vec<f64> = (0..=4).map(|i| f64::from(i) / 4.0).collect();
    let x = drawn(2, |e, own| {
        let p = e.input(0, &[5, 1], (e.me() == 0).then_some(&p[..]))?;
        e.bernoulli(&p.broadcast_to(&[5, 4000])?, own)
    });
    for (row, p) in x.chunks(4000).zip(&p) {
        let (mean, _) = moments(row);
        assert!((mean - p).abs() < 0.03, "{mean} for {p}");
        assert!((0.1..0.9).contains(p) || mean == *p);
    }
}

#[test]
fn rounds_of_random_values() {
    let engine = || Engine::planner(2, 16);
    let rounds = |program: &dyn Fn(&Engine, &Seed) -> Result<Secret>| {
        let e = engine();
        let _x = program(&e, &own(&e)).unwrap();
        e.cost().rounds
    };
    assert_eq!(rounds(&|e, own| e.rand(&[3], own)), 1);
    assert_eq!(rounds(&|e, own| e.randint(0, 8, &[3], own)), 1);
    assert_eq!(rounds(&|e, own| e.randint(0, 10, &[3], own)), 4);
    assert_eq!(rounds(&|e, own| e.randn(&[3], own)), 6);
    assert!(rounds(&|e, own| e.bernoulli(&e.constant(&[3], &[0.25; 3])?, own)) <= 5);
    assert!(rounds(&|e, own| e.dropout(&e.input(0, &[3], None)?, 0.4, own)) <= 6);
}

#[test]
fn each_draw_and_each_partys_seed_count() {
    let draw = |seed: u8, again: bool| {
        let results = World::new(2, 3).reveal(|e| {
            let own = Seed::from_bytes([if e.me() == 1 { seed } else { 5 }; 32]);
            let first = e.rand(&[64], &own)?;
            if again { e.rand(&[64], &own) } else { Ok(first) }
        });
        results[0].clone().unwrap()
    };
    assert_eq!(draw(1, false), draw(1, false));
    assert_ne!(draw(1, false), draw(2, false));
    assert_ne!(draw(1, false), draw(1, true));
}
