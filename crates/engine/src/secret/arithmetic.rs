use cryptab_tensor::{Conv2d, broadcast_shape, conv2d_shape, matmul_shape};

use super::Secret;
use crate::op::Op;
use crate::protocol::multiply::{self, Bilinear};
use crate::protocol::{linear, truncate};
use crate::{Error, Result};

impl Secret {
    /// `self + other`, with broadcasting. Scales are aligned to the finer one.
    ///
    /// Exact; free (no round, no byte). Bits count as numbers (1 round to convert), and so do words
    /// together with secret numbers. Two words stay words, modulo 2^64: 3 rounds, 226 bits, 1066
    /// dealer bits. Source: carries by multi-fan-in AND, ABY2.0, Ohata-Nuida (FC 2020).
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.5, 2.0], [0.5, -4.0], |x, y| x.add(&y)), [2.0, -2.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn add(&self, other: &Self) -> Result<Self> {
        if let Some((a, b)) = self.two_words(other, "add")? {
            return a.plus_word(&b);
        }
        self.combine(other, 1, Op::Add)
    }

    /// `self - other`, with broadcasting. As [`Secret::add`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.5, 2.0], [0.5, -4.0], |x, y| x.sub(&y)), [1.0, 6.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn sub(&self, other: &Self) -> Result<Self> {
        if let Some((a, b)) = self.two_words(other, "sub")? {
            // x - y = -((-1 - x) + y) - 1
            return a.not()?.plus_word(&b)?.not();
        }
        self.combine(other, u64::MAX, Op::Sub)
    }

    fn combine(&self, other: &Self, sign: u64, op: fn(u32, u32) -> Op) -> Result<Self> {
        let name = op(0, 0).name();
        self.same_session(other, name)?;
        let (a, b) = (self.as_number()?, other.as_number()?);
        let shape = a.broadcast_with(&b, name)?;
        let (x, y) = (a.numbers(name)?, b.numbers(name)?);
        Self::record_number(&self.core, op(a.id(), b.id()), &shape, |recorder| {
            linear::combine(recorder, (x, a.shape()), sign, (y, b.shape()))
        })
    }

    /// `-self`. Exact, free. Of words: as [`Secret::add`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([1.5, -2.0], |x| x.neg()), [-1.5, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn neg(&self) -> Result<Self> {
        if self.is_binary() {
            return Self::public(&self.core, &[], vec![0], 0)?.sub(self);
        }
        let a = self.as_number()?;
        let x = a.numbers("neg")?;
        Self::record_number(&self.core, Op::Neg(a.id()), a.shape(), |recorder| {
            linear::scale(recorder, x, u64::MAX, x.frac)
        })
    }

    /// `self * other`, element by element, with broadcasting.
    ///
    /// The result has the finer of the two scales. Range: `|x y| < 2^30` at 16 fraction bits.
    /// Error: below 1 unit in the last place (public dither), none if a factor is an integer.
    /// Cost: 1 round and 64 bits per operand not yet masked (from its owner alone, if it is an
    /// input), 16 dealer bits per operand that comes from a truncation; then 1 round, 64 bits, 80
    /// dealer bits (144 beyond 2^20 elements, or where the dealer's expressions nest).
    /// Source: Turbospeedz, ABY2.0; edaBits for the truncation.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secrets};
    /// let z = with_secrets([1.5, 2.0], [0.5, -4.0], |x, y| x.mul(&y));
    /// assert_close(z, [0.75, -8.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn mul(&self, other: &Self) -> Result<Self> {
        self.mul_scaled(other, self.product_scale(other))
    }

    /// As [`Secret::mul`], with `frac` fraction bits in the result.
    ///
    /// # Errors
    /// If the shapes do not broadcast, or the product has fewer than `frac` fraction bits.
    pub fn mul_scaled(&self, other: &Self, frac: u8) -> Result<Self> {
        const NAME: &str = "mul";
        self.same_session(other, NAME)?;
        let (a, b) = (self.as_number()?, other.as_number()?);
        let shape = a.broadcast_with(&b, NAME)?;
        let (x, y) = (a.numbers(NAME)?, b.numbers(NAME)?);
        check_scale(NAME, x.frac + y.frac, frac)?;
        let op = Op::Mul { a: a.id(), b: b.id(), frac };
        Self::record_number(&self.core, op, &shape, |recorder| {
            multiply::mul(recorder, (x, a.shape()), (y, b.shape()), frac)
        })
    }

    /// `self * self`. As [`Secret::mul`] with one operand.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.5, -2.0], |x| x.square());
    /// assert_close(y, [2.25, 4.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn square(&self) -> Result<Self> {
        let a = self.as_number()?;
        let x = a.numbers("square")?;
        let op = Op::Square { a: a.id(), frac: x.frac };
        Self::record_number(&self.core, op, a.shape(), |recorder| {
            multiply::square(recorder, (x, a.shape()), x.frac)
        })
    }

    /// The matrix product, with the rank rules and batch broadcasting of `PyTorch`'s matmul.
    ///
    /// Range: sums below 2^30 at 16 fraction bits. Error: below 1 unit (public dither), whatever
    /// the inner size. Cost: 1 round and 64 bits per element not yet masked in full width
    /// (from its owner alone, if it is an input); then 1 round, 64 bits, 80 dealer bits per *output*
    /// (144 beyond 2^20 outputs; 64 and no round where nothing is truncated).
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secrets};
    /// let z = with_secrets([[1.0, 2.0], [3.0, 4.0]], [0.5, -1.0], |x, y| x.matmul(&y));
    /// assert_close(z, [-1.5, -2.5], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not fit.
    pub fn matmul(&self, other: &Self) -> Result<Self> {
        self.matmul_scaled(other, self.product_scale(other))
    }

    /// As [`Secret::matmul`], with `frac` fraction bits in the result.
    ///
    /// # Errors
    /// If the shapes do not fit, or the product has fewer than `frac` fraction bits.
    pub fn matmul_scaled(&self, other: &Self, frac: u8) -> Result<Self> {
        let shape = matmul_shape(self.shape(), other.shape());
        self.bilinear(other, Bilinear::Matmul, shape, frac, |a, b| Op::Matmul { a, b, frac })
    }

    /// The convolution of `self` `[N, C, H, W]` with a kernel `[O, C / groups, kh, kw]`, as
    /// `PyTorch`'s conv2d. Error and cost: as [`Secret::matmul`]; every element is opened once.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secrets};
    /// # use cryptab_engine::Conv2d;
    /// let (image, kernel) = ([[[[1.0, 2.0, 4.0]]]], [[[[-1.0, 1.0]]]]);
    /// let edges = with_secrets(image, kernel, |x, y| x.conv2d(&y, &Conv2d::default()));
    /// assert_close(edges, [1.0, 2.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not fit.
    pub fn conv2d(&self, kernel: &Self, parameters: &Conv2d) -> Result<Self> {
        self.conv2d_scaled(kernel, parameters, self.product_scale(kernel))
    }

    /// As [`Secret::conv2d`], with `frac` fraction bits in the result.
    ///
    /// # Errors
    /// If the shapes do not fit, or the product has fewer than `frac` fraction bits.
    pub fn conv2d_scaled(&self, kernel: &Self, parameters: &Conv2d, frac: u8) -> Result<Self> {
        let shape = conv2d_shape(self.shape(), kernel.shape(), parameters);
        let narrow = |pair: [usize; 2]| pair.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let Conv2d { stride, padding, dilation, groups } = *parameters;
        let sizes = [narrow(stride), narrow(padding), narrow(dilation)];
        let groups = u32::try_from(groups).unwrap_or(u32::MAX);
        let op = move |x, w| Op::Conv2d { x, w, sizes, groups, frac };
        self.bilinear(kernel, Bilinear::Conv2d(*parameters), shape, frac, op)
    }

    fn bilinear(
        &self,
        other: &Self,
        kind: Bilinear,
        shape: cryptab_tensor::Result<Vec<usize>>,
        frac: u8,
        op: impl FnOnce(u32, u32) -> Op,
    ) -> Result<Self> {
        let name = match kind {
            Bilinear::Matmul => "matmul",
            Bilinear::Conv2d(_) => "conv2d",
        };
        let shape = shape.map_err(|error| Error::misuse(name, error.to_string()))?;
        self.same_session(other, name)?;
        let (a, b) = (self.as_number()?, other.as_number()?);
        let (x, y) = (a.numbers(name)?, b.numbers(name)?);
        check_scale(name, x.frac + y.frac, frac)?;
        Self::record_number(&self.core, op(a.id(), b.id()), &shape, |recorder| {
            multiply::bilinear(recorder, kind, (x, a.shape()), (y, b.shape()), &shape, frac)
        })
    }

    /// The same numbers, opened under a mask now: what comes of them (another arrangement, sums,
    /// products) then needs no opening of its own.
    ///
    /// Cost: 1 round, 64 bits (of an input: from its owner alone); nothing if that is done
    /// already. Exact.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn masked(&self) -> Result<Self> {
        let a = self.as_number()?;
        let x = a.numbers("masked")?;
        Self::record_number(&self.core, Op::Masked(a.id()), a.shape(), |recorder| {
            if x.public.is_none() {
                x.full(recorder, a.shape());
            }
            x.alias()
        })
    }

    /// The same numbers with `frac` fraction bits.
    ///
    /// More: exact, free. Fewer: 1 round, 64 bits, 64 + drop dealer bits; error below 1 unit of
    /// the new scale (public dither); a constant is rounded, free. Words: rounded down, free.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.25, 2.5], |x| x.rescale(8));
    /// assert_close(y, [1.25, 2.5], 2_f64.powi(-8));
    /// ```
    ///
    /// # Errors
    /// If `frac` exceeds 48.
    pub fn rescale(&self, frac: u8) -> Result<Self> {
        const NAME: &str = "rescale";
        if frac <= 48 && self.is_binary() {
            return self.rescaled_words(frac);
        }
        let a = self.as_number()?;
        let x = a.numbers(NAME)?;
        if frac > 48 {
            return Err(Error::misuse(NAME, format!("{frac} fraction bits are more than 48")));
        }
        let op = Op::Rescale { a: a.id(), frac };
        Self::record_number(&self.core, op, a.shape(), |recorder| match x.frac.checked_sub(frac) {
            _ if x.public.is_some() => linear::rescaled(recorder, x, frac),
            Some(drop) => {
                truncate::truncate(recorder, &recorder.formula(&x.shares), a.shape(), drop, frac)
            }
            None => linear::scale(recorder, x, 1 << (frac - x.frac), frac),
        })
    }

    /// The scale of a product: the finer one; that of a constant counts up to the session's.
    fn product_scale(&self, other: &Self) -> u8 {
        let session = self.core.config.format.frac_bits;
        let (x, y) = (self.frac_bits(), other.frac_bits());
        match (self.is_public(), other.is_public()) {
            (false, false) => x.max(y),
            (false, true) => x.max(y.min(session)),
            (true, false) => y.max(x.min(session)),
            (true, true) => x.max(y).min(session),
        }
    }

    fn broadcast_with(&self, other: &Self, operation: &'static str) -> Result<Vec<usize>> {
        broadcast_shape(self.shape(), other.shape()).map_err(|_| {
            let reason = format!("{:?} and {:?} do not broadcast", self.shape(), other.shape());
            Error::misuse(operation, reason)
        })
    }
}

fn check_scale(operation: &'static str, product: u8, frac: u8) -> Result<()> {
    if frac > product || product > 60 {
        let reason = format!("a product with {product} fraction bits cannot be given {frac}");
        return Err(Error::misuse(operation, reason));
    }
    Ok(())
}
