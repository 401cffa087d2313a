//! Polynomials on the pieces of a circle as a mask moves them, computed once per function.
//!
//! A mask moves the pieces by any amount. So there is a polynomial for every start that is a
//! multiple of a sixteenth of a piece, good for a sixteenth more than a piece; what remains of the
//! mask is a shift of its argument. Knots are nowhere: each piece has a polynomial of its own,
//! interpolated where the piece and the function's interval meet, so the function is never
//! evaluated outside it.

use std::f64::consts::PI;
use std::sync::OnceLock;

use super::elementary::cos;
use super::{Fit, Plan};

/// Bits of a start within a piece.
pub(super) const START_BITS: u32 = 4;
/// What a polynomial is good for, in pieces.
pub(super) const REACH: f64 = 1.0 + 1.0 / (1 << START_BITS) as f64;

/// For every power i and every start, what c_i becomes when the argument is shifted by e:
/// sum over j >= i of binomial(j, i) c_j e^(j-i), as the coefficients of the powers of e.
#[derive(Debug)]
pub(super) struct Table(Vec<Box<[f64]>>);

impl Table {
    /// The table of a function, computed at the first use.
    pub(super) fn of(fit: Fit) -> &'static Self {
        static TABLES: [OnceLock<Table>; Fit::ALL.len()] =
            [const { OnceLock::new() }; Fit::ALL.len()];
        TABLES[fit as usize].get_or_init(|| Self::new(|x| fit.at(x), fit.plan()))
    }

    fn new(function: impl Fn(f64) -> f64, plan: &Plan) -> Self {
        let unit = (1_u64 << plan.scale) as f64;
        let polynomials: Vec<Vec<f64>> = (0..starts(plan))
            .map(|start| {
                let polynomial = polynomial(&function, plan, start, plan.degree());
                polynomial.into_iter().map(|coefficient| coefficient * unit).collect()
            })
            .collect();
        let shifted = |power: usize| {
            let terms = |polynomial: &Vec<f64>| shift_terms(polynomial, power);
            polynomials.iter().flat_map(terms).collect()
        };
        Self((0..=plan.degree()).map(shifted).collect())
    }

    /// The terms of a power: as many for every start as there are powers from it on.
    pub(super) fn power(&self, power: usize) -> &[f64] {
        &self.0[power]
    }
}

/// How many starts there are on the circle.
pub(super) fn starts(plan: &Plan) -> u32 {
    1 << (u32::from(plan.piece_bits) + START_BITS)
}

/// Coefficient `power` as a polynomial in a shift of the argument.
fn shift_terms(polynomial: &[f64], power: usize) -> Vec<f64> {
    let mut binomial = 1.0;
    let terms = polynomial[power..].iter().enumerate().map(|(above, &coefficient)| {
        let term = binomial * coefficient;
        binomial = binomial * (power + above + 1) as f64 / (above + 1) as f64;
        term
    });
    terms.collect()
}

/// The polynomial of the piece that begins at a start, in the place within the piece (from -1 to
/// 1, and a little beyond); zero where the function is not needed.
pub(super) fn polynomial(
    function: &impl Fn(f64) -> f64,
    plan: &Plan,
    start: u32,
    degree: usize,
) -> Vec<f64> {
    let piece = piece_width(plan);
    let first = f64::from(start) * plan.turn / f64::from(starts(plan));
    let Some((first, [low, high])) = needed(plan, first) else { return vec![0.0; degree + 1] };
    // Not so short that it says little about the rest of the piece.
    let least = piece * REACH / 2.0;
    let low = if high == plan.high { low.min(high - least) } else { low };
    let high = if low == plan.low { high.max(low + least) } else { high };
    interpolated(function, [low, high], [first, first + piece], degree)
}

/// The piece that begins at `first` on the circle: where it begins on the line, and what of it lies
/// within the function's interval.
pub(super) fn needed(plan: &Plan, first: f64) -> Option<(f64, [f64; 2])> {
    let reach = piece_width(plan) * REACH;
    [first - plan.turn, first, first + plan.turn].into_iter().find_map(|first| {
        let (low, high) = (first.max(plan.low), (first + reach).min(plan.high));
        (low < high).then_some((first, [low, high]))
    })
}

pub(super) fn piece_width(plan: &Plan) -> f64 {
    plan.turn / (1_u32 << plan.piece_bits) as f64
}

/// The polynomial that agrees with a function at the Chebyshev nodes of `on`, in the variable that
/// goes from -1 to 1 on `over`.
fn interpolated(
    function: impl Fn(f64) -> f64,
    on: [f64; 2],
    over: [f64; 2],
    degree: usize,
) -> Vec<f64> {
    let count = degree + 1;
    let [middle, half] = centre(on);
    let angle = |i: usize| PI * (i as f64 + 0.5) / count as f64;
    let values: Vec<f64> = (0..count).map(|i| function(middle + half * cos(angle(i)))).collect();
    // t, from -1 to 1 on `on`, is slope * z + offset.
    let [over_middle, over_half] = centre(over);
    let (slope, offset) = (over_half / half, (over_middle - middle) / half);
    // Chebyshev polynomials of t in powers of z, one after the other: T_n+1 = 2 t T_n - T_n-1.
    let (mut last, mut chebyshev) = (vec![0.0; count + 1], vec![0.0; count + 1]);
    chebyshev[0] = 1.0;
    let mut total = vec![0.0; count];
    for n in 0..count {
        let wave = |i: usize| values[i] * cos(n as f64 * angle(i));
        let mean = (0..count).map(wave).sum::<f64>() / count as f64;
        let (weight, factor) = if n == 0 { (mean, 1.0) } else { (2.0 * mean, 2.0) };
        total.iter_mut().zip(&chebyshev).for_each(|(sum, term)| *sum += weight * term);
        let next = (0..=count).map(|i| {
            let below = if i == 0 { 0.0 } else { chebyshev[i - 1] };
            factor * (slope * below + offset * chebyshev[i]) - last[i]
        });
        let next = next.collect();
        last = std::mem::replace(&mut chebyshev, next);
    }
    total
}

fn centre([low, high]: [f64; 2]) -> [f64; 2] {
    [(low + high) / 2.0, (high - low) / 2.0]
}
