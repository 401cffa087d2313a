//! Products whose raw value is near 2^62, the largest that is allowed: not one may be off by more
//! than a unit.

use cryptab_conformance::{UNIT, mixed};
use cryptab_testkit::World;

/// So many products of two parties; others if the environment says `CONFORMANCE_PRODUCTS`.
const PRODUCTS: usize = 10_000_000;
/// So many at a time.
const TOGETHER: usize = 500_000;

#[test]
fn no_product_wraps() {
    let asked = std::env::var("CONFORMANCE_PRODUCTS").ok();
    let count = asked.and_then(|count| count.parse().ok()).unwrap_or(PRODUCTS);
    for (parties, share) in [(2, 1), (3, 4), (5, 8)] {
        for (run, _) in (0..count / share).step_by(TOGETHER).enumerate() {
            products(parties, run as u64, TOGETHER.min(count / share));
        }
    }
}

/// Factors just below 2^31 units, of both signs: products between 2^61.9 and 2^62 units^2.
fn products(parties: u8, run: u64, count: usize) {
    let factor = |seed: u64| -> Vec<i64> {
        let draw = |i: u64| {
            let word = mixed(seed, i + run * TOGETHER as u64);
            let size = (1_i64 << 31) - 1 - ((word >> 1) & 0x03ff_ffff).cast_signed();
            if word & 1 == 1 { -size } else { size }
        };
        (0..count as u64).map(draw).collect()
    };
    let (a, b) = (factor(500 + u64::from(parties)), factor(600 + u64::from(parties)));
    let numbers = |raw: &[i64]| -> Vec<f64> { raw.iter().map(|&x| x as f64 * UNIT).collect() };
    let (x, y) = (numbers(&a), numbers(&b));
    let world = World::new(parties, 70 + run);
    let results = world.reveal(|e| {
        let mine = |owner, data| (e.me() == owner).then_some(data);
        e.input(0, &[count], mine(0, &x[..]))?.mul(&e.input(1, &[count], mine(1, &y[..]))?)
    });
    for result in results {
        for (i, found) in result.unwrap().into_iter().enumerate() {
            // In units: the exact product lies within one of what is found.
            let found = (found / UNIT) as i128;
            let error = (found << 16) - i128::from(a[i]) * i128::from(b[i]);
            assert!(error.abs() < 1 << 16, "{} * {} gives {found}", a[i], b[i]);
        }
    }
}
