use cryptab_conformance::{Array, Bound, Case, UNIT, mixed, reals};
use cryptab_engine::Engine;
use cryptab_testkit::World;
use futures::FutureExt as _;

/// Shapes of all kinds; the last are pictures.
pub(crate) const SHAPES: [&[usize]; 13] = [
    &[],
    &[1],
    &[5],
    &[1, 1],
    &[1, 5],
    &[5, 1],
    &[5, 5],
    &[1, 5, 5],
    &[5, 1, 5],
    &[5, 5, 1],
    &[5, 5, 5],
    &[1, 3, 32, 32],
    &[5, 3, 32, 32],
];

pub(crate) fn g01() {
    assert_eq!(mixed(1, 0), 0x910a_2dec_8902_5cc1);
    assert_eq!(mixed(1, 2), 0xf893_a2ee_fb32_555e);
    assert_eq!(reals(7, -6.0, 6.0, &[2]).data, [-1.3220367431640625, -5.7985382080078125]);
    let mut case = Case::new();
    for shape in SHAPES {
        let x = reals(1, -6.0, 6.0, shape);
        case.check(x.clone(), Bound::EXACT, move |party| party.secret(&x));
    }
    // Every party owns an input.
    for owner in 0..5 {
        let x = reals(1, -6.0, 6.0, &[5, 5]);
        case.repeat(x.clone(), Bound::EXACT, move |party| {
            let owner = owner % party.engine.parties();
            let mine = (party.engine.me() == owner).then_some(&x.data[..]);
            Ok(party.engine.input(owner, &x.shape, mine)?)
        });
    }
    case.counting(18_675, -1_389.776_962).run(&[2, 3, 5]);
}

pub(crate) fn g02() {
    let mut case = Case::new();
    let bound = Bound::absolute(UNIT / 2.0);
    case.check(Array::list(&[1.7, -2.3]), bound, |party| party.secret(&Array::list(&[1.7, -2.3])));
    let single: Vec<f64> = [1.7_f32, -2.3].iter().map(|&x| f64::from(x)).collect();
    case.repeat(Array::list(&single), bound, move |party| party.secret(&Array::list(&single)));
    case.check(Array::list(&[-128.0, 127.0]), bound, |party| {
        let mine = (party.engine.me() == 1).then_some(&[-128, 127][..]);
        Ok(party.engine.input_integers(1, &[2], mine)?)
    });
    case.check(Array::list(&[0.0, 255.0]), bound, |party| {
        party.integers(&Array::list(&[0.0, 255.0]))
    });
    case.counting(6, 253.4).run(&[2, 3, 5]);
}

pub(crate) fn g03() {
    let large = 2_f64.powi(30) - 1.0;
    let mut case = Case::new();
    for (frac, x) in [
        (16, vec![large, -large, 65_536.25, -65_536.25, UNIT, -UNIT, 0.0]),
        (8, vec![2_f64.powi(46) - 1.0, 1.0 - 2_f64.powi(46)]),
        (24, vec![2_f64.powi(14) - 2_f64.powi(-24), 2_f64.powi(-24) - 2_f64.powi(14)]),
    ] {
        let x = Array::list(&x);
        case.check(x.clone(), Bound::EXACT, move |party| party.scaled(&x, frac));
    }
    case.counting(11, 0.0).run(&[2, 3]);
}

pub(crate) fn g04() {
    let units = [0.5, 1.5, 2.5, -0.5, -1.5, 0.6, 1.9];
    let x = Array::list(&units).map(|x| x * UNIT);
    let raw = Array::list(&[0.0, 2.0, 2.0, 0.0, -2.0, 1.0, 2.0]).map(|x| x * UNIT);
    let mut case = Case::new();
    case.check(raw, Bound::EXACT, move |party| party.secret(&x));
    case.counting(7, 5.0 * UNIT).run(&[2]);
    let world = World::new(2, 1);
    let engine = &world.engines()[0];
    for refused in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 2_f64.powi(30)] {
        let error = engine.input(0, &[3], Some(&[1.0, 2.0, refused])).unwrap_err().to_string();
        assert!(error.contains("element 2"), "{error}");
    }
}

/// Shares that the parties hold already.
pub(crate) fn g49() {
    let held =
        |party: u8| -> Vec<u64> { (0..20).map(|i| mixed(90 + u64::from(party), i)).collect() };
    for parties in [2, 3, 5] {
        let world = World::new(parties, u64::from(parties));
        let (mut sums, mut words) = ([0_u64; 20], [0_u64; 20]);
        for party in 0..parties {
            sums.iter_mut().zip(held(party)).for_each(|(sum, x)| *sum = sum.wrapping_add(x));
            words.iter_mut().zip(held(party)).for_each(|(word, x)| *word ^= x);
        }
        let record = |engine: &Engine| {
            let own = held(engine.me());
            let integers = engine.from_shares(&[20], &own, 0).unwrap();
            let reals = engine.from_shares(&[4, 5], &own, 16).unwrap();
            let binary = engine.from_binary_shares(&[20], &own, 0).unwrap();
            let words = (binary.reveal_integers().unwrap(), binary.to_number().unwrap());
            let opened = (integers.reveal_integers().unwrap(), reals.reveal().unwrap());
            (opened, (words.0, words.1.reveal_integers().unwrap()))
        };
        let pending: Vec<_> = world.engines().iter().map(record).collect();
        world.run();
        for ((integers, reals), (binary, number)) in pending {
            for found in [binary, number] {
                let found = found.now_or_never().unwrap().unwrap();
                assert_eq!(found, words.map(u64::cast_signed));
            }
            let integers = integers.now_or_never().unwrap().unwrap();
            let wanted: Vec<i64> = sums.iter().map(|sum| sum.cast_signed()).collect();
            assert_eq!(integers, wanted);
            let reals = reals.now_or_never().unwrap().unwrap();
            let wanted: Vec<f64> = wanted.iter().map(|&x| x as f64 * UNIT).collect();
            assert_eq!(reals, wanted);
        }
    }
}
