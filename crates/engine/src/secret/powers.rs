use super::Secret;
use crate::{Error, Result};

impl Secret {
    /// `self^exponent` for a public real exponent, of positive numbers: `e^(exponent log self)`.
    ///
    /// Domain: self > 0, `|exponent log2 self| < 29`; otherwise a number without meaning.
    /// Error: 2^-13 + 1e-3 of the result for exponents up to 4. Cost: that of [`Secret::log`] and
    /// [`Secret::exp`], and a product with a constant: 9 rounds.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([4.0, 2.25], |x| x.pow_real(1.5));
    /// assert_close(y, [8.0, 3.375], 2e-3);
    /// ```
    ///
    /// # Errors
    /// If the exponent is no number.
    pub fn pow_real(&self, exponent: f64) -> Result<Self> {
        let (raw, frac) = crate::constant::encode(&[exponent])?;
        self.log()?.mul(&Self::public(&self.core, &[], raw, frac)?)?.exp()
    }

    /// `self^exponent` for secret exponents. As [`Secret::pow_real`], with broadcasting.
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn pow_secret(&self, exponent: &Self) -> Result<Self> {
        self.log()?.mul(exponent)?.exp()
    }

    /// `sum_i coefficients[i] self^(i + 1)`, the coefficients being secret or public.
    ///
    /// Range: partial sums below 2^30. Error for a degree of 4, `|self| <= 3`: 2^-11.
    /// Cost for degree d: `2 ceil(log2 d) + 1` rounds; a product for each power, and one for the
    /// sum of all.
    ///
    /// # Errors
    /// If there is not a list of coefficients, at least one.
    pub fn polynomial(&self, coefficients: &Self) -> Result<Self> {
        const NAME: &str = "polynomial";
        let degree = match *coefficients.shape() {
            [degree] if degree > 0 => degree,
            ref shape => return Err(Error::misuse(NAME, format!("coefficients {shape:?}"))),
        };
        let mut powers = vec![self.as_number()?.at_session_scale()?];
        // From 1 to n powers, then to 2 n: each level is a round or two.
        while powers.len() < degree {
            let known = powers.len();
            let top = powers[known - 1].clone();
            for low in 0..known.min(degree - known) {
                let next = match low + 1 == known {
                    true => top.square()?,
                    false => top.mul(&powers[low])?,
                };
                powers.push(next);
            }
        }
        let powers = Self::stack(&powers, self.shape().len())?;
        let count = self.numel();
        powers.reshape(&[count, degree])?.matmul(coefficients)?.reshape(self.shape())
    }

    /// `sum_k a_k b_k` of pairs of one shape, with one truncation.
    ///
    /// Error: below 1 unit in the last place. Cost: as [`Secret::matmul`].
    ///
    /// # Errors
    /// If there are no pairs, or the shapes differ.
    pub fn sum_products(pairs: &[(Self, Self)]) -> Result<Self> {
        const NAME: &str = "sum_products";
        let Some((first, _)) = pairs.first() else {
            return Err(Error::misuse(NAME, "there are no pairs"));
        };
        let (count, shape) = (first.numel(), first.shape().to_vec());
        let stacked = |parts: Vec<&Self>| {
            let flat = parts.into_iter().map(|part| match part.shape() == shape {
                true => part.as_number()?.reshape(&[count]),
                false => Err(Error::misuse(NAME, format!("{:?} and {shape:?}", part.shape()))),
            });
            Self::stack(&flat.collect::<Result<Vec<_>>>()?, 1)
        };
        let left = stacked(pairs.iter().map(|(a, _)| a).collect())?;
        let right = stacked(pairs.iter().map(|(_, b)| b).collect())?;
        left.dotted(&right, 1)?.reshape(&shape)
    }

    /// The sums of products along an axis, which disappears, with one truncation.
    pub(super) fn dotted(&self, other: &Self, axis: usize) -> Result<Self> {
        let (a, b) = (self.movedim(axis, self.shape().len() - 1)?, other);
        let b = b.movedim(axis, other.shape().len() - 1)?;
        let last = a.shape().len() - 1;
        let sums = a.unsqueeze(last)?.matmul(&b.unsqueeze(last + 1)?)?;
        sums.squeeze(last + 1)?.squeeze(last)
    }
}
