use super::Secret;
use crate::layout::Purpose;
use crate::op::{Compare, Op};
use crate::protocol::{compare, linear, quantize, round};
use crate::value::{Body, FULL_WIDTH};
use crate::{Error, Result};

/// Whole numbers near a number, as integers. Exact within the range of [`Secret::round`].
impl Secret {
    /// The nearest integers (halves upwards), saturated to `0..2^bits - 1`: levels of a picture,
    /// say. Exact.
    ///
    /// The result is shared modulo 2^(bits+2), which saves most of the dealer's bytes; it can be
    /// rearranged and revealed as it is, other operations [`Secret::widen`] it first.
    /// Range: the declared one ([`Secret::within`]), else `|v| < 2^61` units.
    /// Cost for a declared width of 43, 20 fraction bits, 8 bits: 8 rounds, 126 bits, 291 dealer
    /// bits from bare shares.
    ///
    /// # Errors
    /// If the elements are bits, or `bits` is not between 1 and 16.
    pub fn quantize(&self, bits: u8) -> Result<Self> {
        const NAME: &str = "quantize";
        let a = self.as_number()?;
        let x = a.numbers(NAME)?;
        if !(1..=16).contains(&bits) {
            return Err(Error::misuse(NAME, format!("{bits} bits are not between 1 and 16")));
        }
        // One bit for the rounding, and room for the distance to the upper cut.
        let width = (a.value().width + 2).clamp(x.frac + bits + 4, FULL_WIDTH);
        let compare = Compare { width, levels: 2 };
        let op = Op::Quantize { a: a.id(), bits, compare };
        Self::record(&a.core, op, a.shape(), (bits + 1).max(8), |recorder| {
            Body::Number(quantize::quantize(recorder, x, a.shape(), bits, compare))
        })
    }

    /// Quantized numbers as numbers of the whole ring; others as they are. Exact.
    ///
    /// Cost: 1 round; for b bits b + 2 bits, 124 - 2 b dealer bits.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn widen(&self) -> Result<Self> {
        let narrow = self.value().number().filter(|number| number.ring < 64);
        let Some(x) = narrow else { return Ok(self.snapshot()) };
        let (op, width) = (Op::Widen(self.id()), self.value().width);
        Self::record(&self.core, op, self.shape(), width, |recorder| {
            Body::Number(linear::widen(recorder, x, self.shape()))
        })
    }

    /// The nearest integers, halves upwards, with 0 fraction bits. Exact.
    ///
    /// Range: `|v| < 2^61` in units of the last place, or the declared one.
    /// Cost at full width, 16 fraction bits: 3 rounds, 64 + 8 bits, 80 + 83 + 64 dealer bits.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 0.4, 2.5], |x| x.round()), [-1.0, 0.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are bits.
    pub fn round(&self) -> Result<Self> {
        let x = self.numbers("round")?;
        let compare = Compare { width: (self.value().width + 3).min(FULL_WIDTH), levels: 1 };
        let levels_fit = x.frac == 0
            || compare::is_possible(Compare { width: x.frac + 1, ..compare }, Purpose::Less);
        if !levels_fit || compare.width < x.frac + 2 {
            let reason = format!("{} fraction bits in a width of {}", x.frac, compare.width);
            return Err(Error::misuse("round", reason));
        }
        let op = Op::Round { a: self.id(), compare };
        let width = self.value().width;
        let kept = if width == FULL_WIDTH { width } else { (width - x.frac.min(width - 8)).max(8) };
        Self::record(&self.core, op, self.shape(), kept, |recorder| {
            Body::Number(round::round(recorder, x, self.shape(), compare))
        })
    }

    /// The largest integer that is not above: `round(x - 1/2)`. Cost: as [`Secret::round`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 0.4, 2.5], |x| x.floor()), [-2.0, 0.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::round`].
    pub fn floor(&self) -> Result<Self> {
        let x = self.as_number()?;
        if x.frac_bits() == 0 {
            return Ok(x);
        }
        let half = Self::public(&x.core, &[], vec![1], 1)?;
        x.keeping(x.sub(&half)?, 1)?.round()
    }

    /// The smallest integer that is not below. Cost: as [`Secret::round`].
    ///
    /// # Errors
    /// As [`Secret::round`].
    pub fn ceil(&self) -> Result<Self> {
        let x = self.as_number()?;
        x.keeping(x.neg()?, 0)?.floor()?.neg()
    }

    /// The integer part, towards zero: up where the number is negative, else down.
    ///
    /// Cost: 4 rounds; twice that of [`Secret::round`], a comparison and a choice.
    ///
    /// # Errors
    /// As [`Secret::round`].
    pub fn trunc(&self) -> Result<Self> {
        let x = self.as_number()?;
        if x.frac_bits() == 0 {
            return Ok(x);
        }
        let zero = Self::public(&x.core, &[], vec![0], 0)?;
        x.ceil()?.where_(&x.lt(&zero)?, &x.floor()?)
    }

    /// What [`Secret::trunc`] leaves: of the number's sign. Cost: as [`Secret::trunc`].
    ///
    /// # Errors
    /// As [`Secret::round`].
    pub fn frac(&self) -> Result<Self> {
        self.sub(&self.trunc()?)
    }

    /// The nearest integers, halves to the even neighbour.
    ///
    /// With `up` and `down` the nearest integer where halves go up or down, and `even` twice that
    /// of x / 2, the result is `up - (up - down)(up - even)`: only halves make `up - down` 1.
    /// Cost: 4 rounds; three times that of [`Secret::round`], and a product of integers.
    ///
    /// # Errors
    /// As [`Secret::round`].
    pub fn round_even(&self) -> Result<Self> {
        let x = self.as_number()?;
        if x.frac_bits() == 0 {
            return Ok(x);
        }
        let half = Self::public(&x.core, &[], vec![1], 1)?;
        let halved = x.keeping(x.mul_scaled(&half, x.frac_bits() + 1)?, 0)?;
        let up = x.round()?;
        let down = x.keeping(x.neg()?, 0)?.round()?.neg()?;
        let even = halved.round()?;
        let even = even.add(&even)?;
        up.sub(&up.sub(&down)?.mul(&up.sub(&even)?)?)
    }

    /// `result`, declared to have the range of `self`, `more` bits wider.
    fn keeping(&self, result: Self, more: u8) -> Result<Self> {
        match self.value().width {
            FULL_WIDTH => Ok(result),
            width => result.within((width + more).min(FULL_WIDTH)),
        }
    }
}
