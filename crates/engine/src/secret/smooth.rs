use super::Secret;
use crate::Result;
use crate::dealt::byte;
use crate::op::{Compare, Function, Op};
use crate::protocol::exponential::exp;
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

    pub(super) fn recorded(
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

    /// A range that holds a number of the declared range, and its difference to a small one.
    fn one_wider(&self) -> u8 {
        (self.value().width + 1).min(FULL_WIDTH)
    }
}

/// Declared range of results between -8 and 8.
pub(super) const BOUNDED: u8 = 20;
/// The narrowest comparison: cuts are numbers up to 21.
const NARROWEST: u8 = 24;
