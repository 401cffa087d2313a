//! Elementary functions from `+ - * /` and square roots alone: two dealers must compute the very
//! same tables, whatever mathematical library their machines have. Precise to about 10^-14; slow,
//! but tables are computed once.

use std::f64::consts::{LN_2, LOG2_E, PI, SQRT_2, TAU};

/// e^x for |x| < 700.
pub(crate) fn exp(x: f64) -> f64 {
    let octaves = (x * LOG2_E + 0.5).floor();
    let rest = x - octaves * LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for j in 1..TERMS {
        term *= rest / f64::from(j);
        sum += term;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 2^10")]
    let octaves = octaves as i32;
    (0..octaves.abs()).fold(sum, |power, _| if octaves < 0 { power / 2.0 } else { power * 2.0 })
}

/// log x for x > 0.
pub(crate) fn ln(x: f64) -> f64 {
    let (mut mantissa, mut octaves) = (x, 0.0);
    while mantissa > SQRT_2 {
        mantissa /= 2.0;
        octaves += 1.0;
    }
    while mantissa < SQRT_2 / 2.0 {
        mantissa *= 2.0;
        octaves -= 1.0;
    }
    // log m = 2 artanh((m - 1) / (m + 1))
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let mut power = ratio;
    let mut sum = 0.0;
    for j in 0..TERMS {
        sum += power / f64::from(2 * j + 1);
        power *= ratio * ratio;
    }
    2.0 * sum + octaves * LN_2
}

/// cos x for |x| < 100.
pub(crate) fn cos(x: f64) -> f64 {
    let rest = x - (x / TAU + 0.5).floor() * TAU;
    let mut term = 1.0;
    let mut sum = 1.0;
    for j in 1..TERMS {
        term *= -rest * rest / f64::from(2 * j * (2 * j - 1));
        sum += term;
    }
    sum
}

/// erf x for |x| < 4: 2 / sqrt pi e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!.
pub(crate) fn erf(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    for n in 1..4 * TERMS {
        term *= 2.0 * x * x / f64::from(2 * n + 1);
        sum += term;
    }
    2.0 / PI.sqrt() * exp(-x * x) * sum
}

/// Terms of a series, enough for 53 bits.
const TERMS: u32 = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_the_library() {
        for i in -400..=400 {
            let x = f64::from(i) / 31.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-14, "exp {x}");
            assert!((cos(x) - x.cos()).abs() < 1e-13, "cos {x}");
            let positive = (x / 2.0).exp();
            assert!((ln(positive) - x / 2.0).abs() < 1e-13, "ln {positive}");
        }
    }

    #[test]
    fn the_error_function_is_the_integral_of_its_derivative() {
        assert!((erf(1.0) - 0.842_700_792_949_714_9).abs() < 1e-14);
        assert!((erf(-3.0) + 0.999_977_909_503_001_4).abs() < 1e-13);
        let step = 1.0 / 64.0;
        for i in -200..200 {
            let x = f64::from(i) / 60.0;
            // Gauss-Legendre with three nodes
            let slope = |x: f64| 2.0 / PI.sqrt() * (-x * x).exp();
            let node = step / 2.0 * 0.6_f64.sqrt();
            let middle = x + step / 2.0;
            let area = step / 18.0
                * (5.0 * slope(middle - node) + 8.0 * slope(middle) + 5.0 * slope(middle + node));
            assert!((erf(x + step) - erf(x) - area).abs() < 1e-12, "erf {x}");
        }
    }
}
