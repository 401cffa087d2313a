//! Fixed-point numbers: real numbers to ring elements and back.

use crate::{Error, Result};

/// The fixed-point format with `f` fraction bits: the number `v` is the ring element `round(v * 2^f) mod 2^64`.
///
/// Range: `|v| < 2^(62 - 2f)`. A product of two encoded numbers carries `2f` fraction bits: a product in that same range
/// stays below 2^62 until it is truncated. Error: half a unit in the last place, `2^-(f + 1)`; ties go to the even element.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Codec {
    /// `f`, the bits after the binary point: 0 to [`Codec::MAX_FRAC_BITS`].
    pub frac_bits: u32,
}

impl Codec {
    /// The most fraction bits a format may have; the range is 2^14 then.
    pub const MAX_FRAC_BITS: u32 = 24;

    /// The format with this many fraction bits.
    ///
    /// # Errors
    /// [`Error::Parameter`] above [`Codec::MAX_FRAC_BITS`].
    pub fn new(frac_bits: u32) -> Result<Self> {
        let codec = Self { frac_bits };
        codec.check()?;
        Ok(codec)
    }

    /// Encodes numbers, in order.
    ///
    /// # Errors
    /// [`Error::NotFinite`] and [`Error::OutOfRange`] name the first element that has no encoding.
    pub fn encode(&self, values: &[f64]) -> Result<Vec<u64>> {
        self.check()?;
        let (scale, limit) = (self.scale(), self.limit());
        let mut out = Vec::with_capacity(values.len());
        for (index, &value) in values.iter().enumerate() {
            // False for NaN, too.
            if value.abs() < limit {
                out.push(to_ring(value * scale));
            } else {
                return Err(self.refusal(index, value));
            }
        }
        Ok(out)
    }

    /// Encodes one number.
    ///
    /// # Errors
    /// As [`Codec::encode`]; the element is number 0.
    pub fn encode_one(&self, value: f64) -> Result<u64> {
        self.check()?;
        if value.abs() < self.limit() {
            return Ok(to_ring(value * self.scale()));
        }
        Err(self.refusal(0, value))
    }

    /// Decodes elements as signed numbers. Exact while `|v| * 2^f <= 2^53`, else rounded to the nearest `f64`.
    pub fn decode(&self, elements: &[u64]) -> Vec<f64> {
        let unit = 1.0 / self.scale();
        elements.iter().map(|&element| element.cast_signed() as f64 * unit).collect()
    }

    /// Decodes one element.
    pub fn decode_one(&self, element: u64) -> f64 {
        element.cast_signed() as f64 / self.scale()
    }

    /// The bound that absolute values must stay below, `2^(62 - 2f)`.
    pub fn limit(&self) -> f64 {
        power_of_two(62 - 2 * self.frac_bits.min(Self::MAX_FRAC_BITS).cast_signed())
    }

    fn scale(&self) -> f64 {
        power_of_two(self.frac_bits.min(Self::MAX_FRAC_BITS).cast_signed())
    }

    fn check(&self) -> Result<()> {
        if self.frac_bits <= Self::MAX_FRAC_BITS {
            return Ok(());
        }
        Err(Error::Parameter {
            op: "codec",
            shape: Vec::new(),
            reason: "a format has at most 24 fraction bits",
            value: i128::from(self.frac_bits),
        })
    }

    fn refusal(&self, index: usize, value: f64) -> Error {
        if !value.is_finite() {
            return Error::NotFinite { index, value };
        }
        Error::OutOfRange { index, value, frac_bits: self.frac_bits, limit: self.limit() }
    }
}

impl Default for Codec {
    /// 16 fraction bits: numbers below 2^30 in absolute value, in steps of 2^-16.
    fn default() -> Self {
        Self { frac_bits: 16 }
    }
}

/// The ring element of a number that is already scaled, below 2^62 in absolute value.
// The saturating cast is exact here: |scaled| < 2^62, and it is an integer after rounding.
#[expect(clippy::cast_possible_truncation, reason = "rounded, and below 2^62 in absolute value")]
fn to_ring(scaled: f64) -> u64 {
    (round_ties_even(scaled) as i64).cast_unsigned()
}

/// The nearest integer, the even one of two: as the method of `f64`, which calls a function for each number where no
/// instruction rounds. From 2^52 on there are no fractions, so adding 2^52 rounds them away.
fn round_ties_even(value: f64) -> f64 {
    const WHOLE: f64 = (1_u64 << 52) as f64;
    let shift = WHOLE.copysign(value);
    if value.abs() < WHOLE { value + shift - shift } else { value }
}

fn power_of_two(exponent: i32) -> f64 {
    2.0_f64.powi(exponent)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_go_to_even() {
        let codec = Codec { frac_bits: 0 };
        let encoded = codec.encode(&[0.5, 1.5, 2.5, -0.5, -1.5, -2.5]).unwrap();
        assert_eq!(
            encoded.iter().map(|v| v.cast_signed()).collect::<Vec<_>>(),
            [0, 2, 2, 0, -2, -2]
        );
        assert_eq!(Codec::default().encode_one(1.5 / 65_536.0).unwrap(), 2);
    }

    #[test]
    fn negative_numbers_are_exact() {
        let codec = Codec::default();
        assert_eq!(codec.encode_one(-1.0).unwrap(), u64::MAX - 65_535);
        assert_eq!(codec.decode_one(u64::MAX), -1.0 / 65_536.0);
        assert_eq!(codec.decode_one(1 << 63), -(2.0_f64.powi(47)));
    }

    #[test]
    fn errors_name_the_element() {
        let codec = Codec::default();
        let limit = 2.0_f64.powi(30);
        assert_eq!(
            codec.encode(&[1.0, f64::INFINITY]),
            Err(Error::NotFinite { index: 1, value: f64::INFINITY })
        );
        assert!(matches!(codec.encode(&[f64::NAN]), Err(Error::NotFinite { index: 0, .. })));
        assert_eq!(
            codec.encode(&[0.0, 0.0, -limit]),
            Err(Error::OutOfRange { index: 2, value: -limit, frac_bits: 16, limit })
        );
        assert!(codec.encode_one(limit.next_down()).is_ok());
        assert!(codec.encode_one(limit).is_err());
        assert!(codec.encode_one(f64::NEG_INFINITY).is_err());
    }

    #[test]
    fn formats_have_at_most_24_fraction_bits() {
        assert!(Codec::new(24).is_ok());
        assert!(Codec::new(25).is_err());
        assert!(Codec { frac_bits: 32 }.encode(&[0.0]).is_err());
        assert_eq!(Codec { frac_bits: 24 }.limit(), 16_384.0);
    }

    proptest! {
        #[test]
        fn decoding_inverts_encoding(f in 0_u32..=24, unit in -1.0..1.0_f64) {
            let codec = Codec::new(f).unwrap();
            let value = unit * codec.limit().min(2.0_f64.powi(50 - f.cast_signed()));
            prop_assume!(value.abs() < codec.limit());
            let decoded = codec.decode_one(codec.encode_one(value).unwrap());
            prop_assert!((decoded - value).abs() <= 0.5 / 2.0_f64.powi(f.cast_signed()));
        }

        #[test]
        fn encoding_inverts_decoding(f in 0_u32..=24, element in -(1_i64 << 37)..(1_i64 << 37)) {
            let codec = Codec::new(f).unwrap();
            let value = codec.decode_one(element.cast_unsigned());
            prop_assert_eq!(codec.encode_one(value), Ok(element.cast_unsigned()));
        }
    }
}
