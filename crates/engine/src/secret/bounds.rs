use cryptab_tensor::Codec;

use super::Secret;
use crate::op::Op;
use crate::protocol::select;
use crate::value::{Body, FULL_WIDTH};
use crate::{Error, Result};

/// Numbers within bounds.
impl Secret {
    /// min(max(self, low), high) with public bounds, rounded to the scale. Exact.
    ///
    /// An infinite bound is none; crossed bounds give `high` everywhere.
    /// Cost at full width: 4 rounds, 64 + 2 * 49 bits; one set of tables serves both bounds.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 0.25, 2.0], |x| x.clamp(0.0, 1.0)), [0.0, 0.25, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If a bound is NaN, or finite and out of range.
    pub fn clamp(&self, low: f64, high: f64) -> Result<Self> {
        let (low, high) = (
            Some(low).filter(|low| *low != f64::NEG_INFINITY),
            Some(high).filter(|high| *high != f64::INFINITY),
        );
        match (low, high) {
            (Some(low), Some(high)) if low > high => {
                let x = self.numbers("clamp")?;
                let raw = encoded("clamp", high, x.frac)?.cast_unsigned();
                Self::public(&self.core, self.shape(), vec![raw; self.numel()], x.frac)
            }
            _ => self.bounded("clamp", low, high),
        }
    }

    /// max(self, bound) with a public bound. As [`Secret::clamp`] with one bound.
    ///
    /// # Errors
    /// If the bound is not a finite number in range.
    pub fn clamp_min(&self, bound: f64) -> Result<Self> {
        self.bounded("clamp_min", Some(bound), None)
    }

    /// min(self, bound) with a public bound. As [`Secret::clamp`] with one bound.
    ///
    /// # Errors
    /// If the bound is not a finite number in range.
    pub fn clamp_max(&self, bound: f64) -> Result<Self> {
        self.bounded("clamp_max", None, Some(bound))
    }

    /// The larger of two numbers, element by element, with broadcasting: `b + relu(a - b)`.
    /// Exact. Cost: as [`Secret::relu`] of the difference.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.maximum(&y)), [2.0, 5.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn maximum(&self, other: &Self) -> Result<Self> {
        let (a, b) = self.aligned(other, "maximum")?;
        a.excess(&b)?.add(&b)?.within_both(&a, &b)
    }

    /// The smaller of two numbers, element by element, with broadcasting: `a - relu(a - b)`.
    /// Exact. Cost: as [`Secret::relu`] of the difference.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.minimum(&y)), [1.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn minimum(&self, other: &Self) -> Result<Self> {
        let (a, b) = self.aligned(other, "minimum")?;
        a.sub(&a.excess(&b)?)?.within_both(&a, &b)
    }

    /// max(self - other, 0).
    fn excess(&self, other: &Self) -> Result<Self> {
        let width = Self::difference_range(self, other).width;
        let difference = self.sub(other)?;
        if width == FULL_WIDTH { difference.relu() } else { difference.within(width)?.relu() }
    }

    /// Declares the range of both operands.
    fn within_both(&self, a: &Self, b: &Self) -> Result<Self> {
        let finer = a.frac_bits().max(b.frac_bits());
        let width = |x: &Self| x.value().width.saturating_add(finer - x.frac_bits());
        match width(a).max(width(b)).min(FULL_WIDTH) {
            FULL_WIDTH => Ok(self.snapshot()),
            width => self.within(width),
        }
    }

    fn bounded(&self, name: &'static str, low: Option<f64>, high: Option<f64>) -> Result<Self> {
        let x = self.numbers(name)?;
        let encode =
            |bound: Option<f64>| bound.map(|bound| encoded(name, bound, x.frac)).transpose();
        let (low, high) = (encode(low)?, encode(high)?);
        let compare = Self::range((self.value().width + 1).min(FULL_WIDTH));
        let shape = self.shape();
        let op = Op::Clamp { a: self.id(), low, high, compare };
        Self::record(&self.core, op, shape, self.value().width, |recorder| {
            Body::Number(select::clamp(recorder, x, shape, (low, high), compare))
        })
    }
}

/// A public number in units of the last place.
fn encoded(operation: &'static str, number: f64, frac: u8) -> Result<i64> {
    Codec::new(u32::from(frac))
        .and_then(|codec| codec.encode_one(number))
        .map(u64::cast_signed)
        .map_err(|error| Error::misuse(operation, error.to_string()))
}
