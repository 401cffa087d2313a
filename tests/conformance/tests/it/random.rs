use cryptab_conformance::{UNIT, reals};
use cryptab_engine::{Engine, Result, Secret};
use cryptab_testkit::World;

fn drawn(parties: u8, program: impl Fn(&Engine) -> Result<Secret>) -> Vec<f64> {
    let world = World::new(parties, 50 + u64::from(parties));
    let results = world.reveal(program);
    let first = results[0].clone().unwrap();
    assert!(results.iter().all(|result| *result.as_ref().unwrap() == first));
    first
}

fn ones(e: &Engine, shape: &[usize]) -> Result<Secret> {
    let data = vec![1.0; shape.iter().product()];
    e.input(1, shape, (e.me() == 1).then_some(&data[..]))
}

fn moments(x: &[f64]) -> (f64, f64) {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    (mean, x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64)
}

pub(crate) fn g50() {
    for parties in [2, 3] {
        for p in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
            let x = drawn(parties, |e| ones(e, &[10, 10, 10])?.dropout(p));
            let kept = 1.0 / (1.0 - p);
            assert!(x.iter().all(|x| *x == 0.0 || (x - kept).abs() <= 2.0 * UNIT), "{p}");
            let zeros = x.iter().filter(|&&x| x == 0.0).count() as f64 / 1000.0;
            assert!((zeros - p).abs() < 0.06, "{zeros} for {p}");
        }
        let x = drawn(parties, |e| ones(e, &[400_000])?.dropout(0.4));
        let zeros = x.iter().filter(|&&x| x == 0.0).count() as f64 / 4e5;
        assert!((zeros - 0.4).abs() < 4e-3, "{zeros}");
    }
}

/// The largest distance between the share of numbers below x and the normal distribution.
fn distance_to_normal(mut x: Vec<f64>) -> f64 {
    x.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let count = x.len() as f64;
    let normal = |x: f64| 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
    let each = x.iter().enumerate().map(|(i, &x)| {
        (normal(x) - i as f64 / count).abs().max((normal(x) - (i + 1) as f64 / count).abs())
    });
    each.fold(0.0, f64::max)
}

pub(crate) fn g51() {
    for parties in [2, 3] {
        let x = drawn(parties, |e| e.rand(&[1_000_000]));
        let (mean, variance) = moments(&x);
        assert!(x.iter().all(|x| (0.0..1.0).contains(x)));
        assert!((mean - 0.5).abs() < 1.5e-3 && (variance - 1.0 / 12.0).abs() < 5e-4);
        let x = drawn(parties, |e| e.randn(&[100_000]));
        let (mean, variance) = moments(&x);
        assert!(mean.abs() < 0.015 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
        // One in 16,000 is beyond four deviations.
        assert!(x.iter().any(|x| x.abs() > 4.0));
        let distance = distance_to_normal(x);
        assert!(distance < 0.008, "{distance}");
        let x = drawn(parties, |e| e.randint(0, 10, &[100_000]));
        for value in 0..10 {
            let share = x.iter().filter(|&&x| x == f64::from(value)).count() as f64 / 1e5;
            assert!((share - 0.1).abs() < 5e-3, "{value}: {share}");
        }
        let p = reals(83, 0.0, 1.0, &[100_000]);
        let b = drawn(parties, |e| {
            e.input(0, &[100_000], (e.me() == 0).then_some(&p.data[..]))?.bernoulli()
        });
        let differences: Vec<f64> = b.iter().zip(&p.data).map(|(b, p)| b - p).collect();
        let weighted: Vec<f64> = differences.iter().zip(&p.data).map(|(d, p)| d * p).collect();
        assert!(moments(&differences).0.abs() < 7e-3 && moments(&weighted).0.abs() < 4e-3);
    }
}
