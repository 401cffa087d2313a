//! Words of 64 bits, shared by xor: what computes on the bits of numbers.
//!
//! A word stands for the number of the same bits, `i64` with fraction bits, as a number does. Two
//! words stay words when they are added, compared or chosen; a number that all know joins them. A
//! word that meets a secret number, and every function that is not named here or in the boolean
//! ones, takes it as a number, which costs a round ([`Secret::to_number`]).

use super::Secret;
use crate::op::{Op, Shift};
use crate::protocol::{adder, binary, convert};
use crate::value::Body;
use crate::word::{WIDTH, Word, each};
use crate::{Error, Result};

impl Secret {
    /// Numbers as words of the same bits; bits as words 0 and 1; words as they are. Exact, for the
    /// whole range of 64 bits.
    ///
    /// `x = (x + r) - r` with `x + r` opened and the borrows computed from shared comparisons of
    /// its digits with those of r.
    ///
    /// Cost: 3 rounds, 164 bits, 736 dealer bits from bare shares; 2 rounds and 100 bits if the
    /// number is masked in full width already. An input of one party, and a number that all know:
    /// free. Bits: free, a dealer bit if they come from a comparison of numbers.
    /// Source: one-time truth tables (Ishai et al., TCC 2013), multi-fan-in AND (ABY2.0).
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let z = with_secrets([0b1100], [0b1010], |x, y| x.to_binary()?.xor(&y.to_binary()?));
    /// assert_eq!(z, [6.0]);
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn to_binary(&self) -> Result<Self> {
        let shape = self.shape();
        match &self.value().body {
            Body::Word(_) => Ok(self.snapshot()),
            Body::Bit(bit) => {
                let op = Op::ToBinary(self.id());
                Self::record_word(&self.core, op, shape, |recorder| Word::from_bit(recorder, bit))
            }
            Body::Number(_) => {
                let a = self.as_number()?;
                let x = a.numbers("to_binary")?;
                Self::record_word(&a.core, Op::ToBinary(a.id()), shape, |recorder| {
                    convert::to_word(recorder, x, shape)
                })
            }
        }
    }

    /// Words as numbers with `frac` fraction bits: rounded down where there are fewer. Exact.
    ///
    /// Range: the result fits 64 bits. Cost: 1 round, 64 bits, 2304 dealer bits. Numbers and bits
    /// become words first, where they get fewer fraction bits.
    /// Source: daBits (Rotaru-Wood, ePrint 2019/207), bit injection of ABY2.0.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([1.5, -2.0], |x| x.to_binary()?.to_arithmetic(16)), [1.5, -2.0]);
    /// ```
    ///
    /// # Errors
    /// If `frac` exceeds 48.
    pub fn to_arithmetic(&self, frac: u8) -> Result<Self> {
        match !self.is_binary() && frac >= self.frac_bits() {
            true => self.rescale(frac),
            false => self.to_binary()?.rescale(frac)?.to_number(),
        }
    }

    /// The bits moved towards the highest by a public number of places: `self * 2^by` modulo 2^64.
    ///
    /// Exact, free. Numbers and bits become words first.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([5, -3], |x| x.shift_left(2)), [20.0, -12.0]);
    /// ```
    ///
    /// # Errors
    /// If `by` is 64 or more.
    pub fn shift_left(&self, by: u8) -> Result<Self> {
        self.shifted(Shift::Left, by)
    }

    /// The bits moved towards the lowest, copies of the sign coming in: `self / 2^by`, rounded
    /// down. As [`Secret::shift_left`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([5, -3], |x| x.shift_right(1)), [2.0, -2.0]);
    /// ```
    ///
    /// # Errors
    /// If `by` is 64 or more.
    pub fn shift_right(&self, by: u8) -> Result<Self> {
        self.shifted(Shift::Right, by)
    }

    /// The bits moved towards the lowest, zeros coming in. As [`Secret::shift_left`].
    ///
    /// # Errors
    /// If `by` is 64 or more.
    pub fn shift_right_logical(&self, by: u8) -> Result<Self> {
        self.shifted(Shift::RightLogical, by)
    }

    /// The bits moved towards the highest, those that leave coming in again. As
    /// [`Secret::shift_left`].
    ///
    /// # Errors
    /// If `by` is 64 or more.
    pub fn rotate_left(&self, by: u8) -> Result<Self> {
        self.shifted(Shift::Rotate, by)
    }

    /// One bit of every word, the lowest is 0. Exact, free. Numbers become words first.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([4, 6], |x| x.bit(1)), [0.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If `index` is 64 or more.
    pub fn bit(&self, index: u8) -> Result<Self> {
        const NAME: &str = "bit";
        let a = self.to_binary()?;
        let word = a.words(NAME)?;
        if usize::from(index) >= WIDTH {
            return Err(Error::misuse(NAME, format!("there is no bit {index} of 64")));
        }
        Self::record_bit(&a.core, Op::BitOf(a.id(), index), a.shape(), |recorder| {
            word.bit(recorder, u32::from(index), a.shape())
        })
    }

    /// All bits of every word along a new last axis of 64, the lowest first. Exact, free. Numbers
    /// become words first.
    ///
    /// # Errors
    /// If there are too many of them.
    pub fn to_bits(&self) -> Result<Self> {
        let a = self.to_binary()?;
        let word = a.words("to_bits")?;
        let shape = [a.shape(), &[WIDTH]].concat();
        let op = Op::ToBits(a.id());
        Self::record_bit(&a.core, op, &shape, |recorder| word.bits(recorder, shape.clone()))
    }

    /// Words of the bits along the last axis, which has 64, the lowest first. Exact, free (a dealer
    /// bit each if they come from a comparison of numbers).
    ///
    /// # Errors
    /// If the elements are no bits, or the last axis has another size.
    pub fn from_bits(&self) -> Result<Self> {
        const NAME: &str = "from_bits";
        let bit = self.bits(NAME)?;
        let [shape @ .., WIDTH] = self.shape() else {
            let reason = format!("the last axis of {:?} has not 64 bits", self.shape());
            return Err(Error::misuse(NAME, reason));
        };
        Self::record_word(&self.core, Op::FromBits(self.id()), shape, |recorder| {
            Word::from_bits(recorder, bit, shape)
        })
    }

    fn shifted(&self, shift: Shift, by: u8) -> Result<Self> {
        let a = self.to_binary()?;
        let op = Op::Shift(shift, a.id(), by);
        if usize::from(by) >= WIDTH {
            return Err(Error::misuse(op.name(), format!("{by} places of 64")));
        }
        let word = a.words(op.name())?;
        Self::record_word(&a.core, op, a.shape(), |recorder| {
            word.map(recorder, move |words| each(words, |word| shift.apply(word, by)))
        })
    }

    /// The words of the same numbers with `frac` fraction bits, rounded down.
    pub(super) fn rescaled_words(&self, frac: u8) -> Result<Self> {
        const NAME: &str = "rescale";
        let word = self.words(NAME)?;
        let op = Op::Rescale { a: self.id(), frac };
        let (shift, by) = match word.frac.checked_sub(frac) {
            Some(fewer) => (Shift::Right, fewer),
            None => (Shift::Left, frac - word.frac),
        };
        Self::record_word(&self.core, op, self.shape(), |recorder| {
            let moved = move |words| each(words, |word| shift.apply(word, by));
            Word { frac, ..word.map(recorder, moved) }
        })
    }

    pub(super) fn words(&self, operation: &'static str) -> Result<&Word> {
        match &self.value().body {
            Body::Word(word) => Ok(word),
            _ => Err(Error::misuse(operation, "takes words (to_binary() converts)")),
        }
    }

    /// `self + other` of two words of one shape and scale.
    pub(super) fn plus_word(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "add";
        let (x, y, shape) = (self.words(NAME)?, other.words(NAME)?, self.shape());
        Self::record_word(&self.core, Op::Add(self.id(), other.id()), shape, |recorder| {
            adder::add(recorder, x, y, shape)
        })
    }

    /// `self ? x : y` of a bit and two words of one shape and scale.
    pub(super) fn chosen_words(&self, x: &Self, y: &Self) -> Result<Self> {
        const NAME: &str = "where";
        let shape = broadcast(NAME, self.shape(), x.shape())?;
        let (condition, x, y) = (self.in_shape(&shape)?, x.in_shape(&shape)?, y.in_shape(&shape)?);
        let (bit, left, right) = (condition.bits(NAME)?, x.words(NAME)?, y.words(NAME)?);
        let width = crate::value::FULL_WIDTH;
        let op = Op::Where { condition: condition.id(), x: x.id(), y: y.id(), width };
        Self::record_word(&self.core, op, &shape, |recorder| {
            binary::select(recorder, bit, left, right, &shape)
        })
    }

    /// Both as words of one shape and scale, if one is a word and the other as well, or public
    /// and not finer.
    pub(super) fn two_words(
        &self,
        other: &Self,
        operation: &'static str,
    ) -> Result<Option<(Self, Self)>> {
        let joins = |x: &Self, word: &Self| {
            x.is_binary() || x.is_public() && x.frac_bits() <= word.frac_bits()
        };
        let any = self.is_binary() || other.is_binary();
        if !any || !joins(self, other) || !joins(other, self) {
            return Ok(None);
        }
        self.same_session(other, operation)?;
        let frac = self.frac_bits().max(other.frac_bits());
        let shape = broadcast(operation, self.shape(), other.shape())?;
        let fitting = |x: &Self| x.to_binary()?.with_scale(frac)?.in_shape(&shape);
        Ok(Some((fitting(self)?, fitting(other)?)))
    }

    /// Both as words of one shape, if one is a word: the other is one of the same scale, or bits,
    /// or public.
    pub(super) fn two_patterns(
        &self,
        other: &Self,
        operation: &'static str,
    ) -> Result<Option<(Self, Self)>> {
        if !self.is_binary() && !other.is_binary() {
            return Ok(None);
        }
        self.same_session(other, operation)?;
        // Integers that all know are patterns of bits, whatever the scale of the word.
        let plain = |x: &Self| x.is_bit() || x.is_public() && x.frac_bits() == 0;
        if self.frac_bits() != other.frac_bits() && !plain(self) && !plain(other) {
            let reason = format!("{} and {} fraction bits", self.frac_bits(), other.frac_bits());
            return Err(Error::misuse(operation, reason));
        }
        let frac = self.frac_bits().max(other.frac_bits());
        let shape = broadcast(operation, self.shape(), other.shape())?;
        let fitting = |x: &Self| x.pattern(operation)?.in_shape(&shape);
        let (a, b) = (fitting(self)?, fitting(other)?);
        // The first operand's scale is the result's.
        if a.frac_bits() == frac { Ok(Some((a, b))) } else { Ok(Some((b, a))) }
    }

    /// The bits of words, of bits, and of numbers that all know, as words.
    pub(super) fn pattern(&self, operation: &'static str) -> Result<Self> {
        match self.is_bit() || self.is_public() {
            true => self.to_binary(),
            false => self.words(operation).map(|_| self.snapshot()),
        }
    }

    fn with_scale(&self, frac: u8) -> Result<Self> {
        if self.frac_bits() == frac { Ok(self.snapshot()) } else { self.rescale(frac) }
    }
}

fn broadcast(operation: &'static str, a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    cryptab_tensor::broadcast_shape(a, b)
        .map_err(|error| Error::misuse(operation, error.to_string()))
}
