mod search;

use super::*;

/// Whether errors count relatively, and how large they may be, all together.
fn bound(fit: Fit) -> (bool, f64) {
    let exponent = match fit {
        Fit::Cosine => -17.0,
        Fit::Logistic => -16.0,
        Fit::ReciprocalOfSum | Fit::LogOfSum => -15.9,
        _ => -15.5,
    };
    let relative = matches!(fit, Fit::Reciprocal | Fit::Rsqrt | Fit::Sqrt);
    (relative, 2_f64.powf(exponent))
}

/// f(public - mask) as the parties get it, from shares that are the dealer's rows themselves.
fn evaluated(fit: Fit, bits: u8, public: &[u64], masks: &[u64]) -> Vec<f64> {
    let plan = fit.plan();
    let mut total = vec![0; public.len()];
    for coefficients in Coefficients::all(fit, bits) {
        // A share's high bits mean nothing.
        let noise = u64::MAX << coefficients.share_bits();
        let mut rows = vec![0; masks.len() << plan.piece_bits];
        for (row, piece) in rows.chunks_exact_mut(masks.len()).enumerate() {
            coefficients.fill(row, masks, piece);
        }
        rows.iter_mut().for_each(|share| *share ^= noise);
        coefficients.add_to(&mut total, public, &rows).unwrap();
    }
    let unused = 64 - plan.result_bits();
    let number = |sum: u64| (sum << unused).cast_signed() >> unused;
    let unit = (1_u64 << plan.result_scale()) as f64;
    total.into_iter().map(|sum| number(sum) as f64 / unit).collect()
}

#[test]
fn functions_are_as_precise_as_their_plans_say() {
    for fit in Fit::ALL {
        let plan = fit.plan();
        let (relative, bound) = bound(fit);
        for bits in [21, 24, 48, 64] {
            let count = 20_000_u32;
            let numbers = (0..=count).map(|i| {
                let (low, high) = (plan.low.max(-20.0), plan.high.min(20.0));
                low + (high - low) * f64::from(i) / f64::from(count)
            });
            let turn = 2_f64.powi(i32::from(bits));
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below a turn"
            )]
            let position = |x: f64| ((x / plan.turn).rem_euclid(1.0) * turn) as u64;
            let positions: Vec<u64> = numbers.map(position).collect();
            let masks: Vec<u64> =
                (0..=count).map(|i| u64::from(i).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
            let public: Vec<u64> =
                positions.iter().zip(&masks).map(|(x, mask)| x.wrapping_add(*mask)).collect();
            let found = evaluated(fit, bits, &public, &masks);
            for (found, position) in found.into_iter().zip(positions) {
                let x = position as f64 / turn * plan.turn;
                let inside = |x: &f64| (plan.low..=plan.high).contains(x);
                let Some(x) = [x, x - plan.turn, x + plan.turn].into_iter().find(inside) else {
                    continue;
                };
                let exact = fit.at(x);
                let size = if relative { exact.abs() } else { 1.0 };
                let error = (found - exact).abs() / size;
                assert!(error <= bound, "{fit:?} of {x} in {bits} bits: {found} for {exact}");
            }
        }
    }
}

#[test]
fn no_piece_touches_both_ends_of_an_interval() {
    for fit in Fit::ALL.into_iter().filter(|&fit| fit != Fit::Cosine) {
        let plan = fit.plan();
        let reach = table::piece_width(plan) * table::REACH;
        assert!(plan.high - plan.low + reach <= plan.turn, "{fit:?}");
    }
}

#[test]
fn what_is_rounded_is_small_and_rings_hold_it() {
    for fit in Fit::ALL {
        let plan = fit.plan();
        assert!(plan.result_bits() <= 64 && plan.powers.iter().all(|&bits| bits <= 30));
        assert_eq!(plan.powers[0], 0, "the zeroth power is 1");
        for power in 0..=plan.degree() {
            let terms = Table::of(fit).power(power);
            assert!(terms.iter().all(|term| term.abs() < 2_f64.powi(48)), "{fit:?}");
        }
        assert_eq!(Fit::ALL[fit as usize], fit);
    }
    for (value, integer) in [(0.0, 0), (2.4, 2), (-2.6, -3), (1e12, 1_000_000_000_000)] {
        assert_eq!(nearest(value).cast_signed(), integer);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let good = Coefficients { fit: Fit::Sqrt, bits: 21, power: 4 };
    assert!(good.rows().is_ok());
    for bad in [
        Coefficients { bits: 8, ..good },
        Coefficients { bits: 65, ..good },
        Coefficients { power: 5, ..good },
    ] {
        assert!(bad.rows().is_err());
    }
    assert!(good.add_to(&mut [0; 2], &[0; 2], &[0; 63]).is_err());
}
