//! The search for the cheapest plan of every function.

use crate::pieces::table::{REACH, START_BITS, needed, piece_width, polynomial, starts};
use crate::pieces::{Fit, Plan};

/// What the dealer pays for an element, and with which plan.
#[derive(Debug, PartialEq)]
struct Found {
    bits: u32,
    turn: f64,
    piece_bits: u8,
    scale: u8,
    powers: Vec<u8>,
}

#[test]
fn plans_are_the_cheapest() {
    for fit in Fit::ALL {
        let plan = fit.plan();
        let bits = (0..=plan.degree()).map(|power| plan.share_bits(power) << plan.piece_bits).sum();
        let &Plan { turn, piece_bits, scale, powers, .. } = plan;
        let used = Found { bits, turn, piece_bits, scale, powers: powers.to_vec() };
        let found = (1..=6).filter_map(|piece_bits| with_pieces(fit, piece_bits));
        let cheapest = found.min_by_key(|found| found.bits);
        assert_eq!(cheapest.as_ref(), Some(&used), "{fit:?}");
    }
}

/// The least degree that works with so many pieces.
fn with_pieces(fit: Fit, piece_bits: u8) -> Option<Found> {
    let plan = Plan { piece_bits, ..*fit.plan() };
    let width = plan.high - plan.low;
    let plan = match fit {
        Fit::Cosine => plan,
        Fit::Reciprocal | Fit::Rsqrt | Fit::Sqrt | Fit::Log | Fit::Log2 | Fit::Log10 => {
            if plan.turn - width < piece_width(&plan) * REACH {
                return None;
            }
            plan
        }
        // The shortest circle with room for a piece between the ends, in sixteenths.
        _ => {
            let part = 1.0 - REACH / f64::from(1_u32 << piece_bits);
            (part > 0.0).then(|| Plan { turn: (width / part * 16.0).ceil() / 16.0, ..plan })?
        }
    };
    (1..=14).find_map(|degree| {
        let (bits, scale, powers) = rounded(fit, &plan, &Errors::of(fit, &plan, degree))?;
        Some(Found { bits, turn: plan.turn, piece_bits, scale, powers })
    })
}

/// Errors of the polynomials of a degree, and what rounding multiplies; relative where that counts.
struct Errors {
    fit: f64,
    /// The largest coefficient of every power.
    coefficients: Vec<f64>,
    /// The largest 1 / |f|, or 1.
    weight: f64,
}

impl Errors {
    fn of(fit: Fit, plan: &Plan, degree: usize) -> Self {
        let (relative, _) = super::bound(fit);
        let weight = |x: f64| if relative { 1.0 / fit.at(x) } else { 1.0 };
        let half = piece_width(plan) / 2.0;
        let mut all = Self { fit: 0.0, coefficients: vec![0.0; degree + 1], weight: 0.0 };
        for start in 0..starts(plan) {
            let first = f64::from(start) * plan.turn / f64::from(starts(plan));
            let Some((first, [low, high])) = needed(plan, first) else { continue };
            let terms = polynomial(&|x| fit.at(x), plan, start, degree);
            let mut heaviest: f64 = 0.0;
            for i in 0..=40 {
                let x = low + (high - low) * f64::from(i) / 40.0;
                let place = (x - first) / half - 1.0;
                let value = terms.iter().rev().fold(0.0, |sum, term| sum * place + term);
                all.fit = all.fit.max((value - fit.at(x)).abs() * weight(x));
                heaviest = heaviest.max(weight(x));
            }
            all.weight = all.weight.max(heaviest);
            for shift in [0.0, 0.5, 1.0].map(|part| part * 2.0 / f64::from(1 << START_BITS)) {
                for (power, most) in all.coefficients.iter_mut().enumerate() {
                    *most = most.max(shifted(&terms, power, shift).abs() * heaviest);
                }
            }
        }
        all
    }
}

/// The cheapest rounding that keeps all errors together within the bound.
fn rounded(fit: Fit, plan: &Plan, errors: &Errors) -> Option<(u32, u8, Vec<u8>)> {
    let (_, bound) = super::bound(fit);
    if errors.fit > 0.9 * bound {
        return None;
    }
    let count = errors.coefficients.len();
    let halves = |bits: u8| 0.5_f64.powi(i32::from(bits) + 1);
    let scales = (14..28).filter_map(|scale: u8| {
        let room = bound - errors.fit - count as f64 * errors.weight * halves(scale);
        let mut powers = vec![0; count];
        // The zeroth power is 1, exactly.
        let error = |powers: &[u8], i: usize| errors.coefficients[i] * halves(powers[i]);
        while (1..count).map(|i| error(&powers, i)).sum::<f64>() > room {
            let worst = (1..count).max_by(|&i, &j| error(&powers, i).total_cmp(&error(&powers, j)));
            powers[worst?] += 1;
            if powers.iter().any(|&bits| bits > 28) {
                return None;
            }
        }
        let share = |bits: &u8| u32::from(scale + bits + plan.range_bits + 2);
        let bits = powers.iter().map(share).sum::<u32>() << plan.piece_bits;
        Some((bits, scale, powers))
    });
    scales.min_by_key(|(bits, ..)| *bits)
}

/// Coefficient `power` of the polynomial whose argument is shifted.
fn shifted(terms: &[f64], power: usize, shift: f64) -> f64 {
    let binomial =
        |above: usize| (1..=above).fold(1.0, |all, j| all * (power + j) as f64 / j as f64);
    terms[power..]
        .iter()
        .enumerate()
        .rev()
        .fold(0.0, |sum, (above, term)| sum * shift + term * binomial(above))
}
