//! Sines, cosines and powers of two from integers alone: parties and dealer must compute the very
//! same numbers, on every platform.
//!
//! Two tables of 2^12 entries each, for the high and the low 12 of 24 bits of the argument; their
//! entries are combined by the addition theorems. Entries are rounded to 2^-30 from values that
//! are computed with 60 fraction bits; none lies within 10^-6 units of a tie.

use std::sync::LazyLock;

/// Fraction bits of the tables, and of sines and cosines.
pub(crate) const UNIT_BITS: u32 = 30;
/// Bits of the argument that count: of an angle in turns, of an exponent behind the point.
pub(crate) const PHASE_BITS: u32 = 24;

/// Tables of the unit circle.
#[derive(Debug)]
pub(crate) struct Circle {
    coarse: Box<[[i32; 2]]>,
    fine: Box<[[i32; 2]]>,
}

/// Tables of the powers of two.
#[derive(Debug)]
pub(crate) struct Powers {
    coarse: Box<[u32]>,
    fine: Box<[u32]>,
}

impl Circle {
    /// The tables, computed at the first use.
    #[must_use]
    pub(crate) fn tables() -> &'static Self {
        static TABLES: LazyLock<Circle> = LazyLock::new(|| Circle {
            coarse: unit_circle(HALF_BITS),
            fine: unit_circle(PHASE_BITS),
        });
        &TABLES
    }

    /// (cos, sin) of `angle` / 2^64 turns, scaled by 2^30.
    #[inline]
    #[must_use]
    pub(crate) fn cos_sin(&self, angle: u64) -> (i64, i64) {
        let angle = (angle.wrapping_add(1 << (63 - PHASE_BITS)) >> (64 - PHASE_BITS)) as usize;
        let [c, s] = self.coarse[angle >> HALF_BITS].map(i64::from);
        let [dc, ds] = self.fine[angle & HALF_MASK].map(i64::from);
        (rounded(c * dc - s * ds, UNIT_BITS), rounded(s * dc + c * ds, UNIT_BITS))
    }
}

impl Powers {
    /// The tables, computed at the first use.
    #[must_use]
    pub(crate) fn tables() -> &'static Self {
        static TABLES: LazyLock<Powers> =
            LazyLock::new(|| Powers { coarse: powers(HALF_BITS), fine: powers(PHASE_BITS) });
        &TABLES
    }

    /// 2^(`exponent` / 2^24), scaled by 2^`scale`.
    ///
    /// Callers keep `scale` plus the exponent's integer part between -3 and 60.
    #[inline]
    #[must_use]
    pub(crate) fn two_to(&self, exponent: i64, scale: u32) -> u64 {
        let part = (exponent.cast_unsigned() & ((1 << PHASE_BITS) - 1)) as usize;
        let value =
            u64::from(self.coarse[part >> HALF_BITS]) * u64::from(self.fine[part & HALF_MASK]);
        let drop = i64::from(2 * UNIT_BITS) - i64::from(scale) - (exponent >> PHASE_BITS);
        (value + (1 << drop >> 1)) >> drop
    }
}

/// `value` / 2^`drop`, rounded to nearest.
#[inline]
pub(crate) const fn rounded(value: i64, drop: u32) -> i64 {
    (value + (1 << drop >> 1)) >> drop
}

const HALF_BITS: u32 = PHASE_BITS / 2;
const HALF_MASK: usize = (1 << HALF_BITS) - 1;

/// Fraction bits while the tables are computed.
const WIDE_BITS: u32 = 60;
const WIDE_ONE: i128 = 1 << WIDE_BITS;
/// 2 pi, scaled by 2^60.
const TWO_PI: i128 = 7_244_019_458_077_122_842;
/// log 2, scaled by 2^60.
const LOG_2: i128 = 799_144_290_325_165_979;

/// (cos, sin) of i / 2^`bits` turns, i < 2^12.
fn unit_circle(bits: u32) -> Box<[[i32; 2]]> {
    let one = [WIDE_ONE, 0];
    let multiply = |[a, b]: [i128; 2], [c, d]: [i128; 2]| {
        [(a * c - b * d) >> WIDE_BITS, (a * d + b * c) >> WIDE_BITS]
    };
    products(one, multiply, |position| root_of_unity(bits - position))
        .map(|pair| pair.map(|part| i32::try_from(to_unit(part)).expect("at most 2^30")))
        .collect()
}

/// 2^(i / 2^`bits`), i < 2^12.
fn powers(bits: u32) -> Box<[u32]> {
    let multiply = |a: i128, b: i128| (a * b) >> WIDE_BITS;
    products(WIDE_ONE, multiply, |position| exponential(LOG_2 >> (bits - position)))
        .map(|power| u32::try_from(to_unit(power)).expect("below 2^31"))
        .collect()
}

/// Products of the roots at the ones of i, for i < 2^12: at most 12 factors, so errors stay small.
fn products<T: Copy>(
    one: T,
    multiply: impl Fn(T, T) -> T,
    root: impl Fn(u32) -> T,
) -> impl Iterator<Item = T> {
    let mut all = vec![one];
    for position in 0..HALF_BITS {
        let root = root(position);
        for i in 0..all.len() {
            all.push(multiply(all[i], root));
        }
    }
    all.into_iter()
}

/// e^(2 pi i / 2^k).
fn root_of_unity(k: u32) -> [i128; 2] {
    match k {
        0 => [WIDE_ONE, 0],
        1 => [-WIDE_ONE, 0],
        2 => [0, WIDE_ONE],
        _ => {
            // Taylor: the terms of the exponential series, in turn to the real and imaginary part.
            let angle = TWO_PI >> k;
            let [mut real, mut imaginary] = [0, 0];
            for (j, term) in taylor_terms(angle).enumerate() {
                let part = if j % 2 == 0 { &mut real } else { &mut imaginary };
                *part += if j % 4 < 2 { term } else { -term };
            }
            [real, imaginary]
        }
    }
}

fn exponential(x: i128) -> i128 {
    taylor_terms(x).sum()
}

/// x^j / j! while they are not 0.
fn taylor_terms(x: i128) -> impl Iterator<Item = i128> {
    let mut term = WIDE_ONE;
    let mut j = 0;
    std::iter::from_fn(move || {
        let current = term;
        j += 1;
        term = ((term * x) >> WIDE_BITS) / j;
        (current != 0).then_some(current)
    })
}

fn to_unit(wide: i128) -> i128 {
    let drop = WIDE_BITS - UNIT_BITS;
    (wide + (1 << (drop - 1))) >> drop
}

#[cfg(test)]
mod sha256;

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    /// SHA-256 of all entries in decimal, joined by commas.
    #[test]
    fn tables_are_those_of_the_specification() {
        let circle = Circle::tables();
        let powers = Powers::tables();
        let mut entries: Vec<String> = Vec::new();
        for table in [&circle.coarse, &circle.fine] {
            entries.extend(table.iter().flatten().map(ToString::to_string));
        }
        for table in [&powers.coarse, &powers.fine] {
            entries.extend(table.iter().map(ToString::to_string));
        }
        let digest = sha256::hex_digest(entries.join(",").as_bytes());
        assert_eq!(digest, "05fe942c38086e57a412ee957dee70fbd3413292a7de65e9cba90975a7f696ca");
    }

    #[test]
    fn sines_cosines_and_powers_are_precise() {
        for i in 0..1000_u64 {
            let angle = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let (c, s) = Circle::tables().cos_sin(angle);
            let exact = angle as f64 / 2_f64.powi(64) * TAU;
            assert!((c as f64 / 2_f64.powi(30) - exact.cos()).abs() < 2e-7);
            assert!((s as f64 / 2_f64.powi(30) - exact.sin()).abs() < 2e-7);
            let exponent = (angle >> 36) as i64 - (20 << 24);
            let power = Powers::tables().two_to(exponent, 30) as f64 / 2_f64.powi(30);
            let exact = 2_f64.powf(exponent as f64 / 2_f64.powi(24));
            assert!((power - exact).abs() < exact * 2e-9 + 2_f64.powi(-30));
        }
    }
}
