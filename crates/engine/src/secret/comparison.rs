use super::Secret;
use crate::bit::Bit;
use crate::constant;
use crate::op::{Compare, Op};
use crate::protocol::{adder, compare, convert, linear, select};
use crate::value::{Body, FULL_WIDTH};
use crate::{Error, Result};

/// Up to this width one level of ANDs is worth its dealer bits.
const ONE_LEVEL: u8 = 32;
/// How words are compared.
const WORDS: Compare = Compare { width: FULL_WIDTH, levels: 3 };
/// The narrowest range that is declared.
const SMALL: u8 = 8;

impl Secret {
    /// Declares `|v| < 2^(width-1)` in units of the last place: comparisons get cheaper.
    ///
    /// Outside this range comparisons are wrong, silently. Free.
    ///
    /// # Errors
    /// If `width` is not between 8 and 64, or the elements are bits.
    pub fn within(&self, width: u8) -> Result<Self> {
        const NAME: &str = "within";
        let x = self.numbers(NAME)?;
        if !(8..=FULL_WIDTH).contains(&width) {
            return Err(Error::misuse(NAME, format!("a width of {width} is not in 8..=64")));
        }
        let op = Op::Within(self.id(), width);
        Self::record(&self.core, op, self.shape(), width, |_| Body::Number(x.alias()))
    }

    /// `[self < other]`, a bit, with broadcasting. Exact.
    ///
    /// Cost at full width: 3 rounds, 112 bits (14 bytes), 304 dealer bits from bare shares; less
    /// for declared ranges ([`Secret::within`]) and for masked operands. Two words: 3 rounds, 166
    /// bits, 688 dealer bits, right for all 64 bits.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.lt(&y)), [1.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn lt(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "lt";
        if let Some((a, b)) = self.two_words(other, NAME)? {
            let (x, y, shape) = (a.words(NAME)?, b.words(NAME)?, a.shape());
            return Self::record_bit(
                &self.core,
                Op::Less(a.id(), b.id(), WORDS),
                shape,
                |recorder| adder::less(recorder, x, y, shape),
            );
        }
        let (a, b) = self.aligned(other, NAME)?;
        let how = Self::difference_range(&a, &b);
        let (x, y) = (a.numbers(NAME)?, b.numbers(NAME)?);
        let shape = a.shape();
        Self::record_bit(&self.core, Op::Less(a.id(), b.id(), how), shape, |recorder| {
            let view = compare::difference_view(recorder, x, y, shape, how.width);
            compare::is_negative(recorder, &view, shape, how.levels)
        })
    }

    /// `[self > other]`. As [`Secret::lt`].
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn gt(&self, other: &Self) -> Result<Self> {
        other.lt(self)
    }

    /// `[self <= other]`. As [`Secret::lt`].
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn le(&self, other: &Self) -> Result<Self> {
        other.lt(self)?.not()
    }

    /// `[self >= other]`. As [`Secret::lt`].
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn ge(&self, other: &Self) -> Result<Self> {
        self.lt(other)?.not()
    }

    /// `[self = other]`, a bit, with broadcasting. Exact.
    ///
    /// Cost at full width: 3 rounds, 90 bits, 251 dealer bits from bare shares. Two words: 3
    /// rounds, 84 bits, 231 dealer bits.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 3.0], [2.0, 3.0], |x, y| x.eq(&y)), [0.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn eq(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "eq";
        if let Some((a, b)) = self.two_words(other, NAME)? {
            let (x, y, shape) = (a.words(NAME)?, b.words(NAME)?, a.shape());
            return Self::record_bit(
                &self.core,
                Op::Equal(a.id(), b.id(), WORDS),
                shape,
                |recorder| adder::equal(recorder, x, y, shape),
            );
        }
        let (a, b) = self.aligned(other, NAME)?;
        let how = Compare { levels: 2, ..Self::difference_range(&a, &b) };
        let (x, y) = (a.numbers(NAME)?, b.numbers(NAME)?);
        let shape = a.shape();
        Self::record_bit(&self.core, Op::Equal(a.id(), b.id(), how), shape, |recorder| {
            let view = compare::difference_view(recorder, x, y, shape, how.width);
            compare::is_zero(recorder, &view, shape, how.levels)
        })
    }

    /// `[self /= other]`. As [`Secret::eq`].
    ///
    /// # Errors
    /// If the shapes do not broadcast.
    pub fn ne(&self, other: &Self) -> Result<Self> {
        self.eq(other)?.not()
    }

    /// -1, 0 or 1: `1 - [self < 0] - [self < 1]` in units of the last place, an integer. Exact.
    ///
    /// Cost at full width: 4 rounds, 64 + 2 * 49 bits, 2 * 64 dealer bits besides the comparison;
    /// one set of tables serves both cuts.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 0.0, 2.0], |x| x.sign()), [-1.0, 0.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are bits.
    pub fn sign(&self) -> Result<Self> {
        let x = self.numbers("sign")?;
        let how = Self::range(self.value().width);
        let op = Op::Sign(self.id(), how);
        Self::record(&self.core, op, self.shape(), SMALL, |recorder| {
            Body::Number(select::sign(recorder, x, self.shape(), how))
        })
    }

    /// Bits as the integers 0 and 1, words as the numbers of the same bits; numbers as they are.
    /// Exact.
    ///
    /// Cost: 1 round; bits: 1 bit, 64 dealer bits; words: 64 bits, 2304 dealer bits.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn to_number(&self) -> Result<Self> {
        let (op, shape) = (Op::ToNumber(self.id()), self.shape());
        match &self.value().body {
            Body::Number(_) => Ok(self.snapshot()),
            Body::Bit(bit) => {
                Self::record_number(&self.core, op, shape, |r| select::to_number(r, bit))
            }
            Body::Word(word) => {
                Self::record_number(&self.core, op, shape, |r| convert::to_number(r, word, shape))
            }
        }
    }

    /// `condition ? self : other`, with broadcasting. Exact.
    ///
    /// The condition is a bit, or a number that is 0 or 1 (secret, or known to all).
    /// Cost: a bit: its last opening and that of the difference, in one round (1 + 64 bits from
    /// bare shares), 128 dealer bits. A secret number: a product. A public one: free.
    /// Two words and a bit: 1 round, 66 bits, 64 dealer bits (65 if the bit comes from a comparison
    /// of numbers).
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// // The smaller of two: x where x < y, else y.
    /// let smaller = with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.where_(&x.lt(&y)?, &y));
    /// assert_eq!(smaller, [1.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If the shapes do not fit.
    pub fn where_(&self, condition: &Self, other: &Self) -> Result<Self> {
        const NAME: &str = "where";
        self.same_session(condition, NAME)?;
        if let Some((a, b)) = self.two_words(other, NAME)?.filter(|_| condition.is_bit()) {
            return condition.chosen_words(&a, &b);
        }
        let (a, b) = self.aligned(other, NAME)?;
        if !condition.is_bit() {
            let (a, b) = (a.in_finer_scale(&b)?, b.in_finer_scale(&a)?);
            let difference = a.sub(&b)?;
            return b.add(&difference.mul_scaled(condition, difference.frac_bits())?);
        }
        let shape = cryptab_tensor::broadcast_shape(condition.shape(), a.shape())
            .map_err(|error| Error::misuse(NAME, error.to_string()))?;
        let (a, b) = (a.in_shape(&shape)?, b.in_shape(&shape)?);
        let condition = condition.in_shape(&shape)?;
        let bit = condition.bits(NAME)?;
        let (x, y) = (a.numbers(NAME)?, b.numbers(NAME)?);
        let width = Self::difference_range(&a, &b).width;
        let op = Op::Where { condition: condition.id(), x: a.id(), y: b.id(), width };
        Self::record_number(&self.core, op, &shape, |recorder| {
            let difference = linear::combine(recorder, (x, &shape), u64::MAX, (y, &shape));
            let base = linear::rescaled(recorder, y, difference.frac);
            select::select(recorder, bit, &difference, &base, &shape, width)
        })
    }

    /// The same numbers, with `value` where `mask` holds. As [`Secret::where_`]. Exact.
    ///
    /// # Errors
    /// If the shapes do not fit, or the value is not a finite number in range.
    pub fn masked_fill(&self, mask: &Self, value: f64) -> Result<Self> {
        let (elements, frac) = constant::encode(&[value])?;
        Self::public(&self.core, &[], elements, frac)?.where_(mask, self)
    }

    /// max(self, 0). Exact.
    ///
    /// Cost at full width: 4 rounds, 113 bits (14.1 bytes), 432 dealer bits from bare shares.
    /// Source: sign by one-time truth tables; bit injection of ABY2.0.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 2.0], |x| x.relu()), [0.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are bits.
    pub fn relu(&self) -> Result<Self> {
        let x = self.numbers("relu")?;
        let how = Self::range(self.value().width);
        let shape = self.shape();
        Self::record(&self.core, Op::Relu(self.id(), how), shape, self.value().width, |recorder| {
            Body::Number(select::relu(recorder, x, shape, how))
        })
    }

    /// |self|. Exact. Cost: as [`Secret::relu`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([-1.5, 2.0], |x| x.abs()), [1.5, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are bits.
    pub fn abs(&self) -> Result<Self> {
        let x = self.numbers("abs")?;
        let how = Self::range(self.value().width);
        let shape = self.shape();
        Self::record(&self.core, Op::Abs(self.id(), how), shape, self.value().width, |recorder| {
            Body::Number(select::absolute(recorder, x, shape, how))
        })
    }

    /// The same numbers at a scale that is not coarser than the other's, if that is secret.
    fn in_finer_scale(&self, other: &Self) -> Result<Self> {
        match other.frac_bits() > self.frac_bits() && !other.is_public() {
            true => self.rescale(other.frac_bits()),
            false => Ok(self.snapshot()),
        }
    }

    pub(super) fn bits(&self, operation: &'static str) -> Result<&Bit> {
        match &self.value().body {
            Body::Bit(bit) => Ok(bit),
            _ => Err(Error::misuse(operation, "takes bits, not numbers")),
        }
    }

    /// Both as numbers of one shape.
    pub(super) fn aligned(&self, other: &Self, operation: &'static str) -> Result<(Self, Self)> {
        self.same_session(other, operation)?;
        let (a, b) = (self.as_number()?, other.as_number()?);
        let shape = cryptab_tensor::broadcast_shape(a.shape(), b.shape())
            .map_err(|error| Error::misuse(operation, error.to_string()))?;
        Ok((a.in_shape(&shape)?, b.in_shape(&shape)?))
    }

    pub(super) fn difference_range(a: &Self, b: &Self) -> Compare {
        let finer = a.frac_bits().max(b.frac_bits());
        let width = |x: &Self| x.value().width.saturating_add(finer - x.frac_bits());
        Self::range((width(a).max(width(b)).saturating_add(1)).min(FULL_WIDTH))
    }

    pub(super) const fn range(width: u8) -> Compare {
        Compare { width, levels: if width <= ONE_LEVEL { 1 } else { 2 } }
    }
}
