use super::Secret;
use crate::Result;
use crate::dealt::byte;
use crate::evaluator::Base;
use crate::op::{Compare, Function, Op};
use crate::protocol::inverse;
use crate::protocol::normalise::Signs;
use crate::protocol::power;
use crate::protocol::smooth::FRAC;
use crate::recorder::Recorder;
use crate::value::{FULL_WIDTH, Number};

/// Functions of a mantissa and an exponent: arguments have 16 to 24 fraction bits; others are
/// rescaled first. Errors, domains and costs are stated as for the other smooth functions.
impl Secret {
    /// The reciprocal 1 / x.
    ///
    /// Domain: 2^-16 <= |x| < 2^31; 0 from 2^19 on. At 0: -155,885 (the curve beyond its interval).
    /// Error: 2^-14, relative beyond 1. Cost: 5 rounds, 42 bytes, 1104 dealer bytes.
    /// Source: Catrina-Saxena (FC 2010), Keller-Sun (ICML 2022); Boura et al. (FC 2018).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([-4.0, 0.5], |x| x.reciprocal());
    /// assert_close(y, [-0.25, 2.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn reciprocal(&self) -> Result<Self> {
        self.normalised(Function::Reciprocal, |recorder, x, shape, how| {
            inverse::reciprocal(recorder, x, shape, Signs::Both, how)
        })
    }

    /// The reciprocal 1 / x of positive numbers, for less than [`Secret::reciprocal`].
    ///
    /// Domain: 2^-16 <= x < 2^31; 0 from 2^19 on. For x <= 0 no value is promised: at 0 and at
    /// multiples of 8 units about -155,885; for others, with x mod 8 units from 1 to 4, the
    /// reciprocal of these units; else a number that depends on masks. [`Secret::clamp_min`] of a
    /// unit before makes it saturate, for a comparison.
    /// Error: 2^-14, relative beyond 1. Cost: 5 rounds, 26 bytes, 771 dealer bytes.
    /// Source: as [`Secret::reciprocal`].
    ///
    /// # Errors
    /// If the session has ended.
    pub fn reciprocal_positive(&self) -> Result<Self> {
        self.normalised(Function::ReciprocalPositive, |recorder, x, shape, how| {
            inverse::reciprocal(recorder, x, shape, Signs::Positive, how)
        })
    }

    /// The reciprocal of the square root, 1 / sqrt x.
    ///
    /// Domain: 2^-16 <= x < 2^31. For x <= 0 no value is promised: with x mod 16 units from 1 to 8,
    /// the function of these units; else, and so at 0, a number that depends on masks.
    /// [`Secret::clamp_min`] of a unit before makes it saturate, for a comparison.
    /// Error: 2^-14, relative beyond 1. Cost: 5 rounds, 23 bytes, 803 dealer bytes.
    /// Source: as [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([4.0, 0.25], |x| x.rsqrt());
    /// assert_close(y, [0.5, 2.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn rsqrt(&self) -> Result<Self> {
        self.normalised(Function::Rsqrt, inverse::rsqrt)
    }

    /// The square root.
    ///
    /// Domain: x < 2^31; 0 for x <= 0. Error: 2^-14, relative beyond 1. Cost: 5 rounds, 25 bytes,
    /// 674 dealer bytes. Source: as [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([4.0, 0.25], |x| x.sqrt());
    /// assert_close(y, [2.0, 0.5], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn sqrt(&self) -> Result<Self> {
        self.normalised(Function::Sqrt, inverse::sqrt)
    }

    /// The natural logarithm.
    ///
    /// Domain: 2^-16 <= x < 2^31. For x <= 0 no value is promised: at 0 and at multiples of 16
    /// units about -14.07; for others, with x mod 16 units from 1 to 8, the logarithm of these
    /// units; else a number that depends on masks. [`Secret::clamp_min`] of a unit before makes
    /// it saturate, for a comparison.
    /// Error: 2^-14, relative beyond 1. Cost: 5 rounds, 24 bytes, 484 dealer bytes.
    /// Source: as [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.0, 2.0], |x| x.log());
    /// assert_close(y, [0.0, 2_f64.ln()], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn log(&self) -> Result<Self> {
        self.logarithm(Function::Log, Base::E)
    }

    /// The logarithm of base 2. As [`Secret::log`]; at 0 about -20.30.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn log2(&self) -> Result<Self> {
        self.logarithm(Function::Log2, Base::Two)
    }

    /// The logarithm of base 10. As [`Secret::log`]; at 0 about -6.11.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn log10(&self) -> Result<Self> {
        self.logarithm(Function::Log10, Base::Ten)
    }

    /// log(1 + x), for x > -1. As [`Secret::log`]; a masked argument of less than full width is
    /// opened again.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn log1p(&self) -> Result<Self> {
        self.normalised(Function::Log1p, inverse::log1p)
    }

    /// The quotient self / other, element by element, with broadcasting.
    ///
    /// Domain: |self| < 2^24, 2^-16 <= |other| < 2^31, |quotient| < 2^30. At other = 0: about
    /// -155,885 self. Error: 2^-14, relative beyond 1: mantissa and exponent of the divisor
    /// are kept apart. Cost: 6 rounds, 57 bytes, 1294 dealer bytes.
    /// Source: as [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secrets};
    /// let z = with_secrets([1.0, -3.0], [4.0, 2.0], |x, y| x.div(&y));
    /// assert_close(z, [0.25, -1.5], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn div(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "div";
        let (a, b) = self.aligned(other, NAME)?;
        let (a, b) = (a.at_working_scale()?, b.at_fine_scale()?);
        let compare = b.smooth_range();
        let (x, y) = (a.numbers(NAME)?, b.numbers(NAME)?);
        let shape = a.shape();
        let op = Op::Div { a: a.id(), b: b.id(), compare };
        Self::record_number(&a.core, op, shape, |recorder| {
            inverse::divide(recorder, x, y, shape, Signs::Both, compare)
        })
    }

    /// self^exponent for a public integer: of any sign, for bases of any sign. x^0 = 1.
    ///
    /// Range: |self^exponent| < 2^30, and so for every power on the way to it.
    /// Error: 2^-13 + 1e-3 |result| at most (every product errs by less than 1 unit).
    /// Cost: a square or a product (64 online bits, 160 dealer bits) for every binary digit of the
    /// exponent but the first, and for every other 1 among them; log2 p + 2 rounds at most; for a
    /// negative exponent that of [`Secret::reciprocal`] as well.
    /// Source: square and multiply.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([2.0, -1.5], |x| x.pow(3));
    /// assert_close(y, [8.0, -3.375], 1e-3);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn pow(&self, exponent: i32) -> Result<Self> {
        const NAME: &str = "pow";
        let a = if exponent < 0 { self.at_fine_scale()? } else { self.as_number()? };
        let compare = a.smooth_range();
        let x = a.numbers(NAME)?;
        let op = Op::Pow { a: a.id(), exponent, compare };
        Self::record_number(&a.core, op, a.shape(), |recorder| {
            power::power(recorder, x, a.shape(), exponent, compare)
        })
    }

    fn logarithm(&self, function: Function, base: Base) -> Result<Self> {
        self.normalised(function, |recorder, x, shape, how| {
            inverse::log(recorder, x, shape, base, how)
        })
    }

    /// As [`Self::smooth`], of a mantissa and an exponent: the argument keeps its fraction bits.
    fn normalised(
        &self,
        function: Function,
        protocol: impl FnOnce(&Recorder<'_>, &Number, &[usize], Compare) -> Number,
    ) -> Result<Self> {
        self.at_fine_scale()?.recorded(function, FULL_WIDTH, protocol)
    }

    /// The numbers with 16 to 24 fraction bits, an even number of them.
    fn at_fine_scale(&self) -> Result<Self> {
        let a = self.as_number()?;
        let fine = a.frac_bits().next_multiple_of(2).clamp(byte(FRAC), FINEST);
        if a.frac_bits() == fine { Ok(a) } else { a.rescale(fine) }
    }
}

/// The most fraction bits of the argument of a reciprocal, a root or a logarithm.
const FINEST: u8 = 24;
