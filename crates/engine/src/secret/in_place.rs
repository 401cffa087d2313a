//! In-place functions: they change what a handle, and all its clones, stand for.
//!
//! The destination keeps its shape, its kind and its fraction bits. Every function has the value
//! and the cost of the one without the underscore, and of the conversion to the destination, if
//! there is one. What was computed before, views included, stays as it was.

use super::Secret;
use super::version::Version;
use crate::{Error, Result};

impl Secret {
    /// Another handle to the values as they are now: in-place functions of the one do not reach the
    /// other. Free. (A clone, by contrast, is a second name of the same tensor.)
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let before = with_secret([1.0, 2.0], |mut x| {
    ///     let before = x.snapshot();
    ///     x.add_(&before)?; // x is [2, 4] now
    ///     Ok(before)
    /// });
    /// assert_eq!(before, [1.0, 2.0]);
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Self {
        let now = self.first.latest();
        let (core, value) = (self.core.clone(), now.value.clone());
        Self { core, first: Version::new(now.id, value) }
    }

    /// `self = other`, with broadcasting, in the kind and scale of `self`.
    ///
    /// Free, but for the conversion: fewer fraction bits as [`Secret::rescale`], numbers from bits
    /// or words as [`Secret::to_number`], words as [`Secret::to_binary`].
    ///
    /// # Errors
    /// If the shape does not broadcast to that of `self`, or the kind does not fit: bits take bits,
    /// and integers no fractions.
    pub fn copy_(&mut self, other: &Self) -> Result<()> {
        const NAME: &str = "copy_";
        self.same_session(other, NAME)?;
        let frac = self.frac_bits();
        let fitting = match (self.is_bit(), self.is_binary()) {
            (true, _) => {
                other.bits(NAME)?;
                other.snapshot()
            }
            (_, true) => other.to_binary()?.rescale(frac)?,
            _ if frac == 0 && other.frac_bits() > 0 => {
                let reason = "integers take no fractions (round() or floor() first)";
                return Err(Error::misuse(NAME, reason));
            }
            _ => {
                let number = other.as_number()?;
                if number.frac_bits() == frac { number } else { number.rescale(frac)? }
            }
        };
        let new = match fitting.shape() == self.shape() {
            true => fitting,
            false => fitting.broadcast_to(self.shape())?,
        };
        let version = Version::new(new.id(), new.first.latest().value.clone());
        self.first.follow(version.clone());
        self.first = version;
        Ok(())
    }

    /// `self += other`. As [`Secret::add`] and [`Secret::copy_`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let sum = with_secrets([1.5, 2.0], [0.5, -4.0], |mut x, y| {
    ///     let clone = x.clone();
    ///     x.add_(&y)?;
    ///     Ok(clone) // the same tensor
    /// });
    /// assert_eq!(sum, [2.0, -2.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::add`] and [`Secret::copy_`].
    pub fn add_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.add(other)?)
    }

    /// `self -= other`. As [`Secret::sub`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::sub`] and [`Secret::copy_`].
    pub fn sub_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.sub(other)?)
    }

    /// `self *= other`. As [`Secret::mul`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::mul`] and [`Secret::copy_`].
    pub fn mul_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.mul(other)?)
    }

    /// `self /= other`. As [`Secret::div`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::div`] and [`Secret::copy_`].
    pub fn div_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.div(other)?)
    }

    /// `self = self @ other`. As [`Secret::matmul`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::matmul`] and [`Secret::copy_`].
    pub fn matmul_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.matmul(other)?)
    }

    /// `self = -self`. As [`Secret::neg`].
    ///
    /// # Errors
    /// As [`Secret::neg`].
    pub fn neg_(&mut self) -> Result<()> {
        self.copy_(&self.neg()?)
    }

    /// `self *= self`. As [`Secret::square`].
    ///
    /// # Errors
    /// As [`Secret::square`].
    pub fn square_(&mut self) -> Result<()> {
        self.copy_(&self.square()?)
    }

    /// `self = self to the power of a public integer`. As [`Secret::pow`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::pow`] and [`Secret::copy_`].
    pub fn pow_(&mut self, exponent: i32) -> Result<()> {
        self.copy_(&self.pow(exponent)?)
    }

    /// `self &= other` of bits or words. As [`Secret::and`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::and`] and [`Secret::copy_`].
    pub fn and_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.and(other)?)
    }

    /// `self |= other` of bits or words. As [`Secret::or`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::or`] and [`Secret::copy_`].
    pub fn or_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.or(other)?)
    }

    /// `self ^= other` of bits or words. As [`Secret::xor`] and [`Secret::copy_`].
    ///
    /// # Errors
    /// As [`Secret::xor`] and [`Secret::copy_`].
    pub fn xor_(&mut self, other: &Self) -> Result<()> {
        self.copy_(&self.xor(other)?)
    }

    /// All bits negated. As [`Secret::not`].
    ///
    /// # Errors
    /// As [`Secret::not`].
    pub fn not_(&mut self) -> Result<()> {
        self.copy_(&self.not()?)
    }
}
