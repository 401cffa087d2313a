use cryptab_engine::{Engine, EngineConfig, Result, Secret, Seed};
use cryptab_testkit::World;

use crate::common::PARTIES;

fn drawn(parties: u8, program: impl Fn(&Engine) -> Result<Secret>) -> Vec<f64> {
    let results = World::new(parties, 3).reveal(program);
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
        let x = drawn(parties, |e| e.rand(&[100, 100]));
        assert!(x.iter().all(|x| (0.0..1.0).contains(x) && (x * 65_536.0).fract() == 0.0));
        let (mean, variance) = moments(&x);
        assert!((mean - 0.5).abs() < 0.01 && (variance - 1.0 / 12.0).abs() < 0.003);
    }
}

#[test]
fn integers_are_equally_frequent() {
    for (low, high) in [(0, 10), (-3, 5), (7, 8), (-2, 1)] {
        let x = drawn(3, |e| e.randint(low, high, &[6000]));
        for value in low..high {
            let share = x.iter().filter(|&&x| x == value as f64).count() as f64 / 6000.0;
            assert!((share - 1.0 / (high - low) as f64).abs() < 0.02, "{value}: {share}");
        }
    }
    let engine = Engine::planner(2, 16);
    assert!(engine.randint(3, 3, &[1]).is_err());
    assert!(engine.randint(0, (1 << 47) + 1, &[1]).is_err());
    assert!(engine.randint(i64::MIN, i64::MAX, &[1]).is_err());
}

/// Pearson's statistic of how often each class came, all being equally likely; its mean is one
/// less than the number of classes, its variance twice that.
fn is_even(counts: &[u32]) -> bool {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    let statistic: f64 = counts.iter().map(|&n| (f64::from(n) - expected).powi(2)).sum();
    let degrees = counts.len() as f64 - 1.0;
    (statistic / expected - degrees).abs() < 5.0 * (2.0 * degrees).sqrt()
}

/// High and low parts: what is wrong in one limb shows in one of them.
#[test]
fn integers_of_any_range_are_equally_frequent() {
    let ranges = [3, 1000, 1025, 3000, 1_000_003, (1 << 32) + 1, 3_i64.pow(29), (1 << 47) - 1];
    for (range, parties) in ranges.into_iter().zip([2, 3, 5].into_iter().cycle()) {
        for low in [0, -range / 2] {
            let x = drawn(parties, |e| e.randint(low, low + range, &[4000]));
            let (mut high_parts, mut low_parts) = ([0; 20], [0; 7]);
            let part = range as f64 / 20.0;
            for x in &x {
                let place = x - low as f64;
                let fits = x.fract() == 0.0 && (0.0..range as f64).contains(&place);
                assert!(fits, "{x} from {low}, {range} values");
                high_parts[(1..20).filter(|&i| f64::from(i) * part <= place).count()] += 1;
                low_parts[(1..7).filter(|&i| f64::from(i) <= place % 7.0).count()] += 1;
            }
            assert!(range < 1000 || is_even(&high_parts), "{range}: {high_parts:?}");
            assert!(range < 1000 || is_even(&low_parts), "{range}: {low_parts:?}");
        }
    }
}

#[test]
fn orders_are_equally_frequent() {
    let x = drawn(2, |e| {
        let orders = (0..600).map(|_| e.randperm(3)).collect::<Result<Vec<_>>>()?;
        Secret::stack(&orders, 0)
    });
    let mut counts = [0; 6];
    for order in x.chunks(3) {
        let place = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
            .iter()
            .position(|known| known.map(f64::from) == *order);
        counts[place.expect("a permutation")] += 1;
    }
    assert!(is_even(&counts), "{counts:?}");
}

#[test]
fn normal_numbers_have_their_moments() {
    let x = drawn(2, |e| e.randn(&[40_000]));
    let (mean, variance) = moments(&x);
    let fourth = x.iter().map(|x| x.powi(4)).sum::<f64>() / x.len() as f64;
    assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03 && (fourth - 3.0).abs() < 0.2);
    assert!(x.iter().any(|x| x.abs() > 3.5));
}

#[test]
fn probabilities_may_be_secret() {
    let p: Vec<f64> = (0..=4).map(|i| f64::from(i) / 4.0).collect();
    let x = drawn(2, |e| {
        let p = e.input(0, &[5, 1], (e.me() == 0).then_some(&p[..]))?;
        p.broadcast_to(&[5, 4000])?.bernoulli()
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
    let rounds = |program: &dyn Fn(&Engine) -> Result<Secret>| {
        let e = engine();
        let _x = program(&e).unwrap();
        e.cost().rounds
    };
    assert_eq!(rounds(&|e| e.rand(&[3])), 1);
    assert_eq!(rounds(&|e| e.randint(0, 8, &[3])), 1);
    assert_eq!(rounds(&|e| e.randint(0, 10, &[3])), 4);
    assert_eq!(rounds(&|e| e.randn(&[3])), 6);
    assert!(rounds(&|e| e.constant(&[3], &[0.25; 3])?.bernoulli()) <= 5);
    assert!(rounds(&|e| e.input(0, &[3], None)?.dropout(0.4)) <= 6);
}

#[test]
fn each_draw_and_each_partys_seed_count() {
    let draw = |seed: u8, again: bool| {
        let world = World::with(2, 3, |config| {
            let own = Seed::from_bytes([if config.me == 1 { seed } else { 5 }; 32]);
            EngineConfig { own, ..config }
        });
        let results = world.reveal(|e| {
            let first = e.rand(&[64])?;
            if again { e.rand(&[64]) } else { Ok(first) }
        });
        results[0].clone().unwrap()
    };
    assert_eq!(draw(1, false), draw(1, false));
    assert_ne!(draw(1, false), draw(2, false));
    assert_ne!(draw(1, false), draw(1, true));
}
