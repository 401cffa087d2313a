use super::Secret;
use crate::Result;
use crate::value::FULL_WIDTH;

/// Whole numbers near a number, as integers. Exact within the range of [`Secret::round`].
impl Secret {
    /// The largest integer that is not above: `round(x - 1/2)`. Cost: as [`Secret::round`].
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
        match self.value.width {
            FULL_WIDTH => Ok(result),
            width => result.within((width + more).min(FULL_WIDTH)),
        }
    }
}
