use cryptab_correlation::Structure;

use super::Secret;
use super::extremum::{Layout, check_work};
use crate::Result;
use crate::dealt::byte;
use crate::evaluator::Base;
use crate::op::{Compare, Function, Op};
use crate::protocol::exponential::exp;
use crate::protocol::extremum::Sizes;
use crate::protocol::inverse;
use crate::protocol::linear;
use crate::protocol::normalise::Signs;
use crate::protocol::power;
use crate::protocol::saturate::{self, saturating};
use crate::protocol::smooth::{FRAC, WIDTH, argument_in_ring};
use crate::protocol::softmax;
use crate::protocol::wave::{Wave, wave};
use crate::recorder::Recorder;
use crate::value::{Body, FULL_WIDTH, Number};

/// Smooth functions of numbers with 16 fraction bits; others are rescaled first.
///
/// Errors are at most 2^-14 * max(1, |f|) on the whole domain, the dither of the last truncation
/// included. Unless stated otherwise the domain is |x| < 2^31, or the declared range
/// ([`Secret::within`]), which makes comparisons cheaper. Costs are per element, from bare shares;
/// a masked argument (the result of a product) saves a round and its opening.
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
        self.smooth(Function::Reciprocal, FULL_WIDTH, |recorder, x, shape, how| {
            inverse::reciprocal(recorder, x, shape, Signs::Both, how)
        })
    }

    /// The reciprocal 1 / x of positive numbers, for less than [`Secret::reciprocal`].
    ///
    /// Domain: 2^-16 <= x < 2^31; 0 from 2^19 on. For x <= 0 a number without meaning.
    /// Error: 2^-14, relative beyond 1. Cost: 5 rounds, 26 bytes, 771 dealer bytes.
    /// Source: as [`Secret::reciprocal`].
    ///
    /// # Errors
    /// If the session has ended.
    pub fn reciprocal_positive(&self) -> Result<Self> {
        self.smooth(Function::ReciprocalPositive, FULL_WIDTH, |recorder, x, shape, how| {
            inverse::reciprocal(recorder, x, shape, Signs::Positive, how)
        })
    }

    /// The reciprocal of the square root, 1 / sqrt x.
    ///
    /// Domain: 2^-16 <= x < 2^31. For x <= 0 a number without meaning.
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
        self.smooth(Function::Rsqrt, FULL_WIDTH, inverse::rsqrt)
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
        self.smooth(Function::Sqrt, FULL_WIDTH, inverse::sqrt)
    }

    /// The natural logarithm.
    ///
    /// Domain: 2^-16 <= x < 2^31. For x <= 0 a number without meaning.
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

    /// The logarithm of base 2. As [`Secret::log`]; error 2^-14.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn log2(&self) -> Result<Self> {
        self.logarithm(Function::Log2, Base::Two)
    }

    /// The logarithm of base 10. As [`Secret::log`].
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
        self.smooth(Function::Log1p, FULL_WIDTH, inverse::log1p)
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
        let (a, b) = (a.at_working_scale()?, b.at_working_scale()?);
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
        let a = if exponent < 0 { self.at_working_scale()? } else { self.as_number()? };
        let compare = a.smooth_range();
        let x = a.numbers(NAME)?;
        let op = Op::Pow { a: a.id(), exponent, compare };
        Self::record_number(&a.core, op, a.shape(), |recorder| {
            power::power(recorder, x, a.shape(), exponent, compare)
        })
    }

    /// Exponentials along an axis, divided by their sum: e^x_i / sum_j e^x_j.
    ///
    /// Domain: |x_i - x_j| < 2^31, or the declared range ([`Secret::within`]), which makes the
    /// maximum cheaper. Error: 2^-14. Cost for 10 classes in a declared range of 31 bits: 10
    /// rounds, 26 bytes, 443 dealer bytes per class.
    /// Source: maximum by Ohata-Nuida; exponential and reciprocal as [`Secret::exp`] and
    /// [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.0, 1.0, 0.0], |x| x.softmax(0));
    /// assert_close(y, [0.422_319, 0.422_319, 0.155_362], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis, or it has no elements.
    pub fn softmax(&self, axis: usize) -> Result<Self> {
        self.softmax_or_log(axis, false)
    }

    /// The logarithm of [`Secret::softmax`]: x_i - log sum_j e^x_j, with an error of 2^-14 too, one
    /// round less and fewer bytes.
    ///
    /// # Errors
    /// As [`Secret::softmax`].
    pub fn log_softmax(&self, axis: usize) -> Result<Self> {
        self.softmax_or_log(axis, true)
    }

    fn softmax_or_log(&self, axis: usize, log: bool) -> Result<Self> {
        let a = self.at_working_scale()?;
        let compare = a.smooth_range();
        let number = u32::try_from(axis).unwrap_or(u32::MAX);
        let op = Op::Softmax { a: a.id(), axis: number, log, compare };
        let name = op.name();
        let Layout { structures, back, sizes, .. } = Layout::of(a.shape(), &[axis], true, name)?;
        check_work(name, sizes)?;
        let x = a.numbers(name)?;
        let (width, protocol) = match log {
            false => (BOUNDED, softmax::softmax as Softmax),
            true => (FULL_WIDTH, softmax::log_softmax as Softmax),
        };
        Self::record(&a.core, op, a.shape(), width, |recorder| {
            let _form = argument_in_ring(recorder, x, a.shape(), compare.width);
            let arrange = |x: Number, s: &Structure| linear::arrange(recorder, &x, s);
            let rows = structures.iter().fold(x.alias(), arrange);
            let result = protocol(recorder, &rows, sizes, compare);
            Body::Number(back.iter().fold(result, arrange))
        })
    }

    fn logarithm(&self, function: Function, base: Base) -> Result<Self> {
        self.smooth(function, FULL_WIDTH, |recorder, x, shape, how| {
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
        let a = self.at_working_scale()?;
        let how = a.smooth_range();
        let op = Op::Smooth(function, a.id(), how);
        let x = a.numbers(op.name())?;
        Self::record(&a.core, op, a.shape(), width, |recorder| {
            Body::Number(protocol(recorder, x, a.shape(), how))
        })
    }

    /// Range of the argument of a smooth function. Comparisons take one level: cuts are coarse, so
    /// their tables are small.
    fn smooth_range(&self) -> Compare {
        Compare { width: self.one_wider().clamp(NARROWEST, WIDTH), levels: 1 }
    }

    /// The numbers with 16 fraction bits.
    fn at_working_scale(&self) -> Result<Self> {
        let a = self.as_number()?;
        if u32::from(a.frac_bits()) == FRAC { Ok(a) } else { a.rescale(byte(FRAC)) }
    }

    /// A range that holds a number of the declared range, and its difference to a small one.
    fn one_wider(&self) -> u8 {
        (self.value().width + 1).min(FULL_WIDTH)
    }
}

/// Declared range of results between -8 and 8.
const BOUNDED: u8 = 20;
/// The narrowest comparison: cuts are numbers up to 21.
const NARROWEST: u8 = 24;

type Softmax = fn(&Recorder<'_>, &Number, Sizes, Compare) -> Number;
