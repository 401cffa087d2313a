//! Public numbers in fixed point: precise enough that their own rounding does not show.

use crate::{Error, Result};

/// Significant bits of a constant that no scale makes exact.
const SIGNIFICANT: f64 = 28.0;
/// Finest scale: products with 16 fraction bits must fit 62.
const FINEST: u8 = 44;
/// Constants that are exact with so many fraction bits keep them.
const EXACT: u8 = 16;

/// The constants with as few fraction bits as make them exact, else with 28 significant bits (of
/// the largest).
pub(crate) fn encode(data: &[f64]) -> Result<(Vec<u64>, u8)> {
    let largest = data.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let refused = |x: &f64| !x.is_finite() || x.abs() >= 2_f64.powi(62);
    if let Some(element) = data.iter().position(refused) {
        let reason = format!("element {element} is {}, out of range", data[element]);
        return Err(Error::input("constant", reason));
    }
    let exact = |frac: &u8| data.iter().all(|x| (x * power_of_two(*frac)).fract() == 0.0);
    let precise = |frac: &u8| f64::from(*frac) >= SIGNIFICANT - largest.log2().floor() - 1.0;
    let frac = (0..=EXACT).find(exact).or_else(|| (0..=FINEST).find(precise)).unwrap_or(FINEST);
    #[expect(clippy::cast_possible_truncation, reason = "below 2^62, or 28 significant bits")]
    let ring = |x: &f64| ((x * power_of_two(frac)).round_ties_even() as i64).cast_unsigned();
    Ok((data.iter().map(ring).collect(), frac))
}

fn power_of_two(exponent: u8) -> f64 {
    2_f64.powi(i32::from(exponent))
}

/// A raw constant at a coarser scale, rounded to nearest.
pub(crate) fn coarsen(raw: u64, drop: u8) -> u64 {
    match drop {
        0 => raw,
        _ => (raw.cast_signed().wrapping_add(1 << (drop - 1)) >> drop).cast_unsigned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_exact_or_have_28_significant_bits() {
        assert_eq!(encode(&[3.0, -1.0]).unwrap(), (vec![3, u64::MAX], 0));
        assert_eq!(encode(&[0.25]).unwrap(), (vec![1], 2));
        let (raw, frac) = encode(&[0.001]).unwrap();
        let value = raw[0] as f64 / 2_f64.powi(i32::from(frac));
        assert!((value / 0.001 - 1.0).abs() < 2_f64.powi(-27), "{value}");
        assert!(encode(&[1.0, f64::NAN]).is_err());
        assert_eq!(coarsen(7, 1), 4);
        assert_eq!(coarsen((-7_i64).cast_unsigned(), 1), (-3_i64).cast_unsigned());
    }
}
