use super::Secret;
use crate::{Error, Result};

/// Significant bits of the factor that ends a variance: it may be as large as 2^28.
const PRECISION: u8 = 17;

impl Secret {
    /// The product along an axis, which disappears (or stays with size 1 if `keep`).
    ///
    /// Range: partial products below 2^15 at 16 fraction bits. Error: below a unit per product,
    /// times what follows; none for integers. Cost for n elements: `2 ceil(log2 n)` rounds at
    /// most, n - 1 products.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.5, 2.0, -3.0], |x| x.prod(0, false));
    /// assert_close(y, [-9.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn prod(&self, axis: usize, keep: bool) -> Result<Self> {
        let _size = self.size("prod", axis)?;
        let mut x = self.as_number()?.movedim(axis, 0)?;
        let (frac, mut shape) = (x.frac_bits(), x.shape().to_vec());
        if shape[0] == 0 {
            shape[0] = 1;
            let ones = vec![1_u64 << frac; shape.iter().product()];
            x = Self::public(&self.core, &shape, ones, frac)?;
        }
        while x.shape()[0] > 1 {
            let rows = x.shape()[0];
            let half = rows / 2;
            let product = x.narrow(0, 0, half)?.mul(&x.narrow(0, half, half)?)?;
            x = match rows % 2 {
                0 => product,
                _ => Self::concat(&[product, x.narrow(0, rows - 1, 1)?], 0)?,
            };
        }
        let x = x.movedim(0, axis)?;
        if keep { Ok(x) } else { x.squeeze(axis) }
    }

    /// Running products along an axis. Range and error: as [`Secret::prod`].
    ///
    /// Cost for n elements: `2 ceil(log2 n)` rounds, at most n products in each level.
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn cumprod(&self, axis: usize) -> Result<Self> {
        let size = self.size("cumprod", axis)?;
        let mut total = self.as_number()?;
        // After k steps an element is the product of the last 2^k.
        let mut step = 1;
        while step < size {
            let earlier = total.narrow(axis, 0, size - step)?;
            let later = total.narrow(axis, step, size - step)?.mul(&earlier)?;
            total = Self::concat(&[total.narrow(axis, 0, step)?, later], axis)?;
            step *= 2;
        }
        Ok(total)
    }

    /// The variance over `axes`, which disappear (or stay with size 1 if `keep`): the sum of
    /// squared deviations from the mean, divided by n - `correction`.
    ///
    /// Range: deviations below 2^14 at 16 fraction bits.
    /// Error: 4 units in the last place, plus 2^-13 of the standard deviation and 2^-16 of the
    /// variance. Cost: 4 rounds; 128 bits per element, 128 per result.
    ///
    /// With e = floor(log2 n): `D = (n x - sum x) / 2^e` is opened once, as it is truncated;
    /// `var = sum D^2 * 2^(2e) / (n^2 (n - correction))`.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.0, 2.0, 3.0, 6.0], |x| x.var(&[0], 0, false));
    /// assert_close(y, [3.5], 1e-3);
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist, or there are no more elements than `correction`.
    pub fn var(&self, axes: &[usize], correction: usize, keep: bool) -> Result<Self> {
        const NAME: &str = "var";
        let mut count: usize = 1;
        for &axis in axes {
            count = count.saturating_mul(self.size(NAME, axis)?);
        }
        let Some(degrees) = count.checked_sub(correction).filter(|&degrees| degrees > 0) else {
            let reason = format!("{count} elements with a correction of {correction}");
            return Err(Error::misuse(NAME, reason));
        };
        let (scaled, stretch) = self.deviations(axes, count)?;
        let divisor = degrees as f64 * stretch * stretch;
        scaled.square()?.sum(axes, keep)?.divided(&[], &[divisor], PRECISION, NAME)
    }

    /// The standard deviation over `axes`: the root of [`Secret::var`].
    ///
    /// Error: 2^-11, plus 2^-13 of the result, for results from 2^-2 on. Cost: 9 rounds at
    /// most: those of the variance and of [`Secret::sqrt`].
    ///
    /// # Errors
    /// As [`Secret::var`].
    pub fn std(&self, axes: &[usize], correction: usize, keep: bool) -> Result<Self> {
        self.var(axes, correction, keep)?.sqrt()
    }

    /// `(n x - sum x) / 2^e` over axes of n elements, e = floor(log2 n), and n / 2^e.
    pub(super) fn deviations(&self, axes: &[usize], count: usize) -> Result<(Self, f64)> {
        let a = self.as_number()?.at_session_scale()?;
        let times = Self::public(&self.core, &[], vec![count as u64], 0)?;
        let deviations = a.mul_scaled(&times, a.frac_bits())?.sub(&a.sum(axes, true)?)?;
        let power = u8::try_from(count.ilog2()).unwrap_or(u8::MAX);
        Ok((deviations.scaled_down(power)?, count as f64 / 2_f64.powi(i32::from(power))))
    }

    /// Integers at the session's scale. Free.
    pub(super) fn at_session_scale(&self) -> Result<Self> {
        match self.frac_bits() {
            0 => self.rescale(self.core.config.format.frac_bits),
            _ => Ok(self.snapshot()),
        }
    }

    /// `self / 2^power`, truncated.
    pub(super) fn scaled_down(&self, power: u8) -> Result<Self> {
        match power {
            0 => Ok(self.snapshot()),
            _ => {
                let half = Self::public(&self.core, &[], vec![1], power)?;
                self.mul_scaled(&half, self.frac_bits())
            }
        }
    }

    /// `self / divisors`, which are at least 1 and of the shape of the last axes: first by a
    /// power of two, then by factors of `precision` significant bits, unless these all are 1.
    ///
    /// Error: below 3 units in the last place, plus 2^-precision of the result. Cost: 1 round and
    /// 64 bits each.
    pub(super) fn divided(
        &self,
        shape: &[usize],
        divisors: &[f64],
        precision: u8,
        name: &'static str,
    ) -> Result<Self> {
        let least = divisors.iter().copied().fold(f64::INFINITY, f64::min);
        if least.is_infinite() {
            return Ok(self.snapshot());
        }
        if least < 1.0 {
            return Err(Error::misuse(name, format!("a divisor of {least}")));
        }
        let a = self.at_session_scale()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below 64")]
        let power = least.log2().floor() as u8;
        let whole = 2_f64.powi(i32::from(power));
        let quotient = a.scaled_down(power)?;
        if divisors.iter().all(|&divisor| divisor == whole) {
            return Ok(quotient);
        }
        let unit = 2_f64.powi(i32::from(precision));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 2^29")]
        let factor = |divisor: &f64| (whole / divisor * unit).round_ties_even() as u64;
        let factors = divisors.iter().map(factor).collect();
        quotient.mul_scaled(&Self::public(&self.core, shape, factors, precision)?, a.frac_bits())
    }
}
