//! The private adjustment against the clear one, for N = 2, 3 and 5.

// Helpers of tests fail as tests do.
#![expect(clippy::unwrap_used)]

use cryptab_engine::Engine;
use cryptab_photo::{Adjust, Agreement, Error, Parties, Preset, Side, Size, clear, record};
use cryptab_testkit::World;
use futures::FutureExt;

const PARTIES: Parties = Parties { owner: 0, adjuster: 1 };

fn photo(size: Size, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..3 * size.pixels()).map(|_| next()).collect()
}

fn check(parties: u8, size: Size, adjust: &Adjust) {
    let rgb = photo(size, 77);
    let world = World::new(parties, 3);
    let side = adjust.checked().unwrap();
    let start = |engine: &Engine| {
        let rgb = (engine.me() == PARTIES.owner).then_some(&rgb[..]);
        let adjust = (engine.me() == PARTIES.adjuster).then_some(adjust);
        record(engine, PARTIES, size, side, rgb, adjust).unwrap()
    };
    let runs: Vec<_> = world.engines().iter().map(start).collect();
    world.run();
    let expected = clear(&rgb, size, adjust);
    for (party, run) in runs.into_iter().enumerate() {
        let (result, share) = run.finish().now_or_never().expect("all is done").unwrap();
        assert_eq!(share.len(), rgb.len());
        let Some(result) = result else {
            assert_ne!(party, 0);
            continue;
        };
        assert_eq!(party, 0);
        let differing = result.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert!(result.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= 1));
        assert!(differing * 50 <= result.len(), "{differing} of {} levels differ", result.len());
    }
}

#[test]
fn the_result_is_that_of_the_clear_computation() {
    let size = Size { width: 23, height: 17 };
    for parties in [2, 3, 5] {
        check(parties, size, &Adjust::default());
        for preset in [Preset::Sharpen, Preset::Blur, Preset::Edge] {
            let filter = preset.weights().to_vec();
            let adjust =
                Adjust { brightness: 12.0, contrast: 1.2, saturation: 0.8, warmth: 5.0, filter };
            check(parties, size, &adjust);
        }
        let filter: Vec<f64> = (0..25).map(|i| f64::from(i) / 20.0 - 0.5).collect();
        check(
            parties,
            size,
            &Adjust { contrast: 3.0, saturation: 3.0, filter, ..Adjust::default() },
        );
    }
    check(2, Size { width: 1, height: 1 }, &Adjust { brightness: -30.0, ..Adjust::default() });
}

#[test]
fn extreme_parameters_do_not_wrap() {
    let filter = vec![16.0; 25];
    let adjust =
        Adjust { brightness: 255.0, contrast: 4.0, saturation: 4.0, warmth: 128.0, filter };
    check(2, Size { width: 9, height: 8 }, &adjust);
    let negative = Adjust { brightness: -255.0, filter: vec![-16.0; 25], ..adjust };
    check(2, Size { width: 9, height: 8 }, &negative);
}

#[test]
fn shares_look_alike_whatever_the_photo() {
    let size = Size { width: 64, height: 64 };
    let world = World::new(2, 9);
    let black = vec![0; 3 * size.pixels()];
    let runs: Vec<_> = world
        .engines()
        .iter()
        .map(|engine| {
            let rgb = (engine.me() == 0).then_some(&black[..]);
            let adjust = (engine.me() == 1).then(Adjust::default);
            record(engine, PARTIES, size, Side::Three, rgb, adjust.as_ref()).unwrap()
        })
        .collect();
    world.run();
    for run in runs {
        let (_, share) = run.finish().now_or_never().unwrap().unwrap();
        let mean = share.iter().map(|&b| f64::from(b)).sum::<f64>() / share.len() as f64;
        // 12,288 uniform bytes: the mean's standard deviation is 0.67.
        assert!((mean - 127.5).abs() < 5.0, "{mean}");
        let distinct = share.iter().collect::<std::collections::HashSet<_>>().len();
        assert_eq!(distinct, 256);
    }
}

#[test]
fn bad_parameters_are_refused_by_name() {
    let bad = Adjust { contrast: f64::NAN, ..Adjust::default() };
    assert!(matches!(bad.checked(), Err(Error::Range { name: "contrast", .. })));
    let bad = Adjust { filter: vec![0.0; 8], ..Adjust::default() };
    assert!(matches!(bad.checked(), Err(Error::Weights(8))));
    let bad = Adjust { filter: vec![17.0; 9], ..Adjust::default() };
    assert!(matches!(bad.checked(), Err(Error::Range { .. })));
    assert!(Size { width: 0, height: 3 }.checked().is_err());
    assert_eq!(format!("{:?}", Adjust::default()), "Adjust(..)");
}

#[test]
fn agreements_survive_the_wire() {
    for agreement in
        [Agreement::Photo(Size { width: 640, height: 480 }), Agreement::Filter(Side::Five)]
    {
        let bytes = agreement.to_bytes();
        assert_eq!(Agreement::from_bytes(&bytes).unwrap(), agreement);
        assert!(Agreement::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
}
