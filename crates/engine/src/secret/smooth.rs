use super::Secret;
use crate::Result;
use crate::dealt::byte;
use crate::evaluator::Base;
use crate::op::{Compare, Function, Op};
use crate::protocol::exponential::exp;
use crate::protocol::inverse;
use crate::protocol::normalise::Signs;
use crate::protocol::power;
use crate::protocol::saturate::{self, saturating};
use crate::protocol::smooth::{FRAC, WIDTH};
use crate::protocol::wave::{Wave, wave};
use crate::recorder::Recorder;
use crate::value::{Body, FULL_WIDTH, Number};

/// Smooth functions; results have 16 fraction bits.
///
/// Arguments of other scales are rescaled to 16 fraction bits first: which is free for fewer, and
/// costs a truncation for more. Reciprocals, roots, logarithms and quotients take up to 24 as they
/// are: their domain begins with one unit of that scale, and ends with 2^47 units.
///
/// Errors are at most 2^-14 * max(1, |f|) on the whole domain, the dither of the last truncation
/// included. Unless stated otherwise the domain is |x| < 2^31, or the declared range
/// ([`Secret::within`]), which makes comparisons cheaper. Costs are per element, from bare shares;
/// a masked argument (the result of a product) saves a round and its opening. Dealer bytes, and
/// results out of the domain, are those of [`Evaluator::Trigonometric`](crate::Evaluator): under the
/// other one rounds, openings and bounds are the same, 1 / 0 is 16,384, and the dealer's bytes are in
/// `docs/evaluators.md`.
impl Secret {
    /// The cosine.
    ///
    /// Domain: |x| < 2^30, |x| <= 2^14 for a masked argument (beyond, the error grows with |x|).
    /// Error: 2^-15. Cost: 2 rounds, 6 bytes, 24 dealer bytes.
    /// Source: Korzilius-Schoenmakers (CSCML 2023).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.cos());
    /// assert_close(y, [1.0, 1_f64.cos()], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn cos(&self) -> Result<Self> {
        self.smooth(Function::Cos, BOUNDED, |recorder, x, shape, _| {
            wave(recorder, x, shape, Wave::Cosine)
        })
    }

    /// The sine: cos(x - pi / 2). As [`Secret::cos`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.sin());
    /// assert_close(y, [0.0, 1_f64.sin()], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn sin(&self) -> Result<Self> {
        self.smooth(Function::Sin, BOUNDED, |recorder, x, shape, _| {
            wave(recorder, x, shape, Wave::Sine)
        })
    }

    /// The logistic function 1 / (1 + e^-x).
    ///
    /// Beyond |x| = 10.5: 0 or 1. Error: 2^-14. Cost: 3 rounds, 12 bytes, 244 dealer bytes.
    /// Source: trigonometric sum, Boura et al. (FC 2018), Zheng et al. (ACSAC 2023).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.sigmoid());
    /// assert_close(y, [0.5, 0.731_059], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn sigmoid(&self) -> Result<Self> {
        self.saturating(Function::Sigmoid, BOUNDED, saturate::SIGMOID)
    }

    /// The hyperbolic tangent: 2 sigmoid(2 x) - 1.
    ///
    /// Beyond |x| = 5.25: -1 or 1. Error: 2^-14. Cost: 3 rounds, 13 bytes, 246 dealer bytes.
    /// Source: as [`Secret::sigmoid`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.tanh());
    /// assert_close(y, [0.0, 1_f64.tanh()], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn tanh(&self) -> Result<Self> {
        self.saturating(Function::Tanh, BOUNDED, saturate::TANH)
    }

    /// The error function.
    ///
    /// Beyond |x| = 2.9375: -1 or 1. Error: 2^-14. Cost: 3 rounds, 12 bytes, 166 dealer bytes.
    /// Source: trigonometric sum, Boura et al. (FC 2018).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.erf());
    /// assert_close(y, [0.0, 0.842_701], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn erf(&self) -> Result<Self> {
        self.saturating(Function::Erf, BOUNDED, saturate::ERF)
    }

    /// The Gaussian error linear unit x (1 + erf(x / sqrt 2)) / 2.
    ///
    /// Beyond |x| = 4.375: 0 or x. Error: 2^-14, relative beyond 1. Cost: 3 rounds, 13 bytes, 192
    /// dealer bytes. Source: as [`Secret::erf`]; `SecFormer` (arXiv 2401.00793).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([-10.0, 1.0], |x| x.gelu());
    /// assert_close(y, [0.0, 0.841_345], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn gelu(&self) -> Result<Self> {
        self.saturating(Function::Gelu, self.one_wider(), saturate::GELU)
    }

    /// The sigmoid linear unit x / (1 + e^-x).
    ///
    /// Beyond |x| = 12.5: 0 or x. Error: 2^-14, relative beyond 1. Cost: 3 rounds, 13 bytes, 296
    /// dealer bytes. Source: as [`Secret::sigmoid`].
    ///
    /// # Errors
    /// If the session has ended.
    pub fn silu(&self) -> Result<Self> {
        self.saturating(Function::Silu, self.one_wider(), saturate::SILU)
    }

    /// The function x tanh(log(1 + e^x)).
    ///
    /// Beyond |x| = 12.5: 0 or x. Error: 2^-14, relative beyond 1. Cost: 3 rounds, 13 bytes, 354
    /// dealer bytes. Source: as [`Secret::sigmoid`]; Misra (BMVC 2020).
    ///
    /// # Errors
    /// If the session has ended.
    pub fn mish(&self) -> Result<Self> {
        self.saturating(Function::Mish, self.one_wider(), saturate::MISH)
    }

    /// The smooth rectifier log(1 + e^x).
    ///
    /// Beyond |x| = 10.5: 0 or x. Error: 2^-14, relative beyond 1. Cost: 3 rounds, 13 bytes, 250
    /// dealer bytes. Source: as [`Secret::sigmoid`].
    ///
    /// # Errors
    /// If the session has ended.
    pub fn softplus(&self) -> Result<Self> {
        self.saturating(Function::Softplus, self.one_wider(), saturate::SOFTPLUS)
    }

    /// The exponential e^x.
    ///
    /// Domain: x <= 20.5. Below -12: 0; from 20.75 on: 2^30; in between: one of the two.
    /// Error: 2^-14, relative beyond 1. Cost: 3 rounds, 16 bytes, 355 dealer bytes.
    /// Source: Keller-Sun (ICML 2022), SIGMA (ePrint 2023/1269).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([0.0, 1.0], |x| x.exp());
    /// assert_close(y, [1.0, 1_f64.exp()], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn exp(&self) -> Result<Self> {
        self.smooth(Function::Exp, FULL_WIDTH, exp)
    }

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

    fn saturating(&self, function: Function, width: u8, curve: saturate::Shape) -> Result<Self> {
        self.smooth(function, width, |recorder, x, shape, how| {
            saturating(recorder, x, shape, &curve, how)
        })
    }

    /// Records a function of one number; `width` is the range of its results.
    fn smooth(
        &self,
        function: Function,
        width: u8,
        protocol: impl FnOnce(&Recorder<'_>, &Number, &[usize], Compare) -> Number,
    ) -> Result<Self> {
        self.at_working_scale()?.recorded(function, width, protocol)
    }

    /// As [`Self::smooth`], of a mantissa and an exponent: the argument keeps its fraction bits.
    fn normalised(
        &self,
        function: Function,
        protocol: impl FnOnce(&Recorder<'_>, &Number, &[usize], Compare) -> Number,
    ) -> Result<Self> {
        self.at_fine_scale()?.recorded(function, FULL_WIDTH, protocol)
    }

    fn recorded(
        &self,
        function: Function,
        width: u8,
        protocol: impl FnOnce(&Recorder<'_>, &Number, &[usize], Compare) -> Number,
    ) -> Result<Self> {
        let how = self.smooth_range();
        let op = Op::Smooth(function, self.id(), how);
        let x = self.numbers(op.name())?;
        Self::record(&self.core, op, self.shape(), width, |recorder| {
            Body::Number(protocol(recorder, x, self.shape(), how))
        })
    }

    /// Range of the argument of a smooth function. Comparisons take one level: cuts are coarse, so
    /// their tables are small.
    pub(super) fn smooth_range(&self) -> Compare {
        Compare { width: self.one_wider().clamp(NARROWEST, WIDTH), levels: 1 }
    }

    /// The numbers with 16 fraction bits.
    pub(super) fn at_working_scale(&self) -> Result<Self> {
        let a = self.as_number()?;
        if u32::from(a.frac_bits()) == FRAC { Ok(a) } else { a.rescale(byte(FRAC)) }
    }

    /// The numbers with 16 to 24 fraction bits, an even number of them.
    fn at_fine_scale(&self) -> Result<Self> {
        let a = self.as_number()?;
        let fine = a.frac_bits().next_multiple_of(2).clamp(byte(FRAC), FINEST);
        if a.frac_bits() == fine { Ok(a) } else { a.rescale(fine) }
    }

    /// A range that holds a number of the declared range, and its difference to a small one.
    fn one_wider(&self) -> u8 {
        (self.value().width + 1).min(FULL_WIDTH)
    }
}

/// Declared range of results between -8 and 8.
pub(super) const BOUNDED: u8 = 20;
/// The narrowest comparison: cuts are numbers up to 21.
const NARROWEST: u8 = 24;

/// The most fraction bits of the argument of a reciprocal, a root or a logarithm.
const FINEST: u8 = 24;
