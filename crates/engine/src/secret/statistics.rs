use super::Secret;
use crate::op::Op;
use crate::protocol::cosine::cosine;
use crate::{Error, Result};

impl Secret {
    /// The norm of order `p` over `axes`, which disappear (or stay with size 1 if `keep`): p = 0,
    /// 1, 2, infinite of both signs, or any number from 1 on.
    ///
    /// Range for p = 2: the square below 2^30. Error: none for 0, 1 and the infinite ones;
    /// for 2: 2^-13 of the result and 2^-13; others: 1e-3 of the result and 2^-13.
    /// Cost: 1: [`Secret::abs`]; 2: a square and [`Secret::sqrt`]; others: the logarithms of the
    /// elements, whose maximum is taken out, two exponentials and a logarithm more.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([3.0, -4.0], |x| x.norm(2.0, &[0], false));
    /// assert_close(y, [5.0], 1e-3);
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist, or `p` is another number.
    pub fn norm(&self, p: f64, axes: &[usize], keep: bool) -> Result<Self> {
        const NAME: &str = "norm";
        let x = self.as_number()?.at_session_scale()?;
        if p == 0.0 {
            let zero = Self::public(&x.core, &[], vec![0], 0)?;
            return x.ne(&zero)?.sum(axes, keep);
        }
        if p == 1.0 {
            return x.abs()?.sum(axes, keep);
        }
        if p == 2.0 {
            return x.square()?.sum(axes, keep)?.sqrt();
        }
        if p == f64::INFINITY {
            return x.abs()?.amax(axes, keep);
        }
        if p == f64::NEG_INFINITY {
            return x.abs()?.amin(axes, keep);
        }
        if p.is_nan() || p < 1.0 {
            return Err(Error::misuse(NAME, format!("of order {p}")));
        }
        // A unit more, so that 0 has a logarithm.
        let unit = Self::public(&x.core, &[], vec![1], x.frac_bits())?;
        let logs = x.abs()?.add(&unit)?.log()?;
        let largest = logs.amax(axes, true)?;
        let powers = logs.sub(&largest)?.times(p)?.exp()?;
        let sum = powers.sum(axes, keep)?;
        sum.log()?.times(1.0 / p)?.add(&largest.reshape(sum.shape())?)?.exp()
    }

    /// The cosine of the angle between `self` and `other` along an axis, which disappears; 0 where
    /// one of them is 0.
    ///
    /// Range: norms from 2^-2 to 2^15. Error: 1e-3. Cost: 7 rounds; 128 bits per pair of elements,
    /// which are opened under masks; per result three sums of products (64 bits, 80 dealer bits
    /// each), and 401 bits, 12,066 dealer bits (1508 bytes).
    /// Source: as [`Secret::rsqrt`].
    ///
    /// # Errors
    /// If the shapes do not broadcast, or there is no such axis.
    pub fn cosine_similarity(&self, other: &Self, axis: usize) -> Result<Self> {
        const NAME: &str = "cosine_similarity";
        let (x, y) = self.aligned(other, NAME)?;
        let (x, y) = (x.at_session_scale()?.masked()?, y.at_session_scale()?.masked()?);
        let both = |x: &Self, y: &Self| x.dotted(y, axis)?.at_working_scale();
        let (dot, one, other) = (both(&x, &y)?, both(&x, &x)?, both(&y, &y)?);
        let compare = [one.smooth_range(), other.smooth_range()];
        let squares = [one.numbers(NAME)?, other.numbers(NAME)?];
        let number = dot.numbers(NAME)?;
        let op = Op::Cosine { dot: dot.id(), squares: [one.id(), other.id()], compare };
        Self::record_number(&x.core, op, dot.shape(), |recorder| {
            cosine(recorder, number, squares, dot.shape(), compare)
        })
    }

    /// The covariances of variables in rows, of observations in columns: a square matrix.
    ///
    /// Range and error: as [`Secret::var`]. Cost: 4 rounds at most.
    ///
    /// # Errors
    /// If it is no matrix, or there are no more observations than `correction`.
    pub fn covariance(&self, correction: usize) -> Result<Self> {
        const NAME: &str = "covariance";
        let &[_, count] = self.shape() else {
            return Err(Error::misuse(NAME, format!("{:?} is no matrix", self.shape())));
        };
        let Some(degrees) = count.checked_sub(correction).filter(|&degrees| degrees > 0) else {
            let reason = format!("{count} observations with a correction of {correction}");
            return Err(Error::misuse(NAME, reason));
        };
        // As the variance, so that a covariance of a row and itself is one.
        let (scaled, stretch) = self.deviations(&[1], count)?;
        let sums = scaled.matmul(&scaled.transpose(0, 1)?)?;
        sums.divided(&[], &[degrees as f64 * stretch * stretch], PRECISION, NAME)
    }

    /// The correlations of variables in rows, of observations in columns: a square matrix.
    ///
    /// Error: 2^-11 for variances from 2^-4 on. Cost: as [`Secret::covariance`], the roots of its
    /// diagonal, their products and a quotient.
    ///
    /// # Errors
    /// As [`Secret::covariance`].
    pub fn correlation(&self) -> Result<Self> {
        let covariance = self.covariance(1)?;
        let deviations = covariance.diagonal(0, 0, 1)?.sqrt()?;
        let products = deviations.unsqueeze(1)?.mul(&deviations.unsqueeze(0)?)?;
        covariance.div(&products)
    }

    /// How many elements lie between neighbouring edges, the last interval being closed on both
    /// sides: integers. Exact.
    ///
    /// Cost: a comparison of every element and every edge; 4 rounds.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let y = with_secret([0.5, 1.5, 1.75, 3.0], |x| x.histogram(&[0.0, 1.0, 2.0, 3.0]));
    /// assert_eq!(y, [1.0, 2.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If there are fewer than two edges or more than 4096, or they do not ascend.
    pub fn histogram(&self, edges: &[f64]) -> Result<Self> {
        const NAME: &str = "histogram";
        let ascend = edges.windows(2).all(|pair| pair[0] < pair[1]);
        let (rest, last) = match edges {
            [rest @ .., last] if ascend && (1..4096).contains(&rest.len()) => (rest, last),
            _ => {
                let reason = format!("{} edges: 2 to 4096, ascending", edges.len());
                return Err(Error::misuse(NAME, reason));
            }
        };
        let x = self.reshape(&[1, self.numel()])?.as_number()?.masked()?;
        let cuts = |edges: &[f64]| {
            let (raw, frac) = crate::constant::encode(edges)?;
            Self::public(&x.core, &[edges.len(), 1], raw, frac)
        };
        let from = x.ge(&cuts(rest)?)?.sum(&[1], false)?;
        let beyond = x.gt(&cuts(std::slice::from_ref(last))?)?.sum(&[1], false)?;
        let next = Self::concat(&[from.narrow(0, 1, rest.len() - 1)?, beyond], 0)?;
        from.sub(&next)
    }

    fn times(&self, factor: f64) -> Result<Self> {
        let (raw, frac) = crate::constant::encode(&[factor])?;
        self.mul(&Self::public(&self.core, &[], raw, frac)?)
    }
}

/// Significant bits of the factor that ends a covariance, as of a variance.
const PRECISION: u8 = 17;
