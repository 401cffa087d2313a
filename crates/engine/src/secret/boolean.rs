use super::Secret;
use crate::bit::Bit;
use crate::op::Op;
use crate::protocol::{binary, boolean};
use crate::value::Body;
use crate::{Error, Result};

/// So many bits are combined in one round.
const FAN_IN: usize = 5;

impl Secret {
    /// `1 - self` of bits; all bits of words negated, which is `-1 - self`. Exact, free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([5], |x| x.to_binary()?.not()), [-6.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are numbers.
    pub fn not(&self) -> Result<Self> {
        if let Body::Word(word) = &self.value().body {
            let op = Op::Not(self.id());
            return Self::record_word(&self.core, op, self.shape(), |r| word.flipped(r));
        }
        let bit = self.bits("not")?;
        Self::record_bit(&self.core, Op::Not(self.id()), self.shape(), |r| bit.flipped(r))
    }

    /// `self xor other` of bits, or of words bit by bit, with broadcasting. Exact, free.
    ///
    /// Words combine with words of their scale, with bits, and with numbers that all know.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let odd = with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.lt(&y)?.xor(&y.lt(&x)?));
    /// assert_eq!(odd, [1.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are secret numbers, or the shapes do not broadcast.
    pub fn xor(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "xor";
        if let Some((a, b)) = self.two_patterns(other, NAME)? {
            let (x, y) = (a.words(NAME)?, b.words(NAME)?);
            let op = Op::Xor(a.id(), b.id());
            return Self::record_word(&self.core, op, a.shape(), |recorder| x.xor(recorder, y));
        }
        let parts = aligned_bits(NAME, &[self.snapshot(), other.clone()])?;
        let [a, b] = &parts[..] else { unreachable!("as many as given") };
        let (x, y) = (a.bits(NAME)?, b.bits(NAME)?);
        Self::record_bit(&self.core, Op::Xor(a.id(), b.id()), a.shape(), |recorder| {
            x.xor(recorder, y)
        })
    }

    /// `self and other` of bits, or of words bit by bit, with broadcasting. Exact. Cost: 1 round, 2
    /// bits, 3 dealer bits; words: 128 bits, 64 dealer bits, or nothing if all know one of them.
    /// Source: ABY2.0. What combines: as [`Secret::xor`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let both = with_secrets([0b1100], [0b1010], |x, y| x.to_binary()?.and(&y.to_binary()?));
    /// assert_eq!(both, [8.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are secret numbers, or the shapes do not broadcast.
    pub fn and(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "and";
        if let Some((a, b)) = self.two_patterns(other, NAME)? {
            let (x, y, shape) = (a.words(NAME)?, b.words(NAME)?, a.shape());
            let op = Op::And(vec![a.id(), b.id()]);
            return Self::record_word(&self.core, op, shape, |r| binary::and(r, x, y, shape));
        }
        Self::all_of(&[self.snapshot(), other.clone()])
    }

    /// `self or other` of bits, or of words bit by bit, with broadcasting. As [`Secret::and`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let either = with_secrets([0b1100], [0b1010], |x, y| x.to_binary()?.or(&y.to_binary()?));
    /// assert_eq!(either, [14.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are secret numbers, or the shapes do not broadcast.
    pub fn or(&self, other: &Self) -> Result<Self> {
        if let Some((a, b)) = self.two_patterns(other, "or")? {
            return a.not()?.and(&b.not()?)?.not();
        }
        Self::any_of(&[self.snapshot(), other.clone()])
    }

    /// Whether all of several bits hold, with broadcasting. Exact.
    ///
    /// Cost for k bits: 1 round for k <= 5 (else a tree of such nodes); k bits, `2^k - 1 - k`
    /// dealer bits, and one for every bit that comes from a comparison.
    /// Source: multi-fan-in AND, ABY2.0, Ohata-Nuida (FC 2020). If some are words, all are combined
    /// two by two, as [`Secret::and`].
    ///
    /// # Errors
    /// If there are none, the elements are numbers, or the shapes do not broadcast.
    pub fn all_of(parts: &[Self]) -> Result<Self> {
        const NAME: &str = "and";
        if parts.iter().any(Self::is_binary) {
            return Self::two_by_two(parts, Self::and);
        }
        let mut parts = aligned_bits(NAME, parts)?;
        while parts.len() > 1 {
            parts = parts.chunks(FAN_IN).map(Self::and_node).collect::<Result<_>>()?;
        }
        Ok(parts.remove(0))
    }

    /// Whether any of several bits holds, with broadcasting. As [`Secret::all_of`].
    ///
    /// # Errors
    /// As [`Secret::all_of`].
    pub fn any_of(parts: &[Self]) -> Result<Self> {
        if parts.iter().any(Self::is_binary) {
            return Self::two_by_two(parts, Self::or);
        }
        let flipped = parts.iter().map(Self::not).collect::<Result<Vec<_>>>()?;
        Self::all_of(&flipped)?.not()
    }

    /// Whether all bits along an axis hold (true for none). As [`Secret::all_of`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.lt(&y)?.all(0, false)), [0.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are numbers, or there is no such axis.
    pub fn all(&self, axis: usize, keep: bool) -> Result<Self> {
        const NAME: &str = "all";
        let _bits = self.bits(NAME)?;
        let mut shape = self.shape().to_vec();
        if axis >= shape.len() {
            return Err(Error::misuse(NAME, format!("no axis {axis} in {shape:?}")));
        }
        let count = shape[axis];
        match keep {
            true => shape[axis] = 1,
            false => _ = shape.remove(axis),
        }
        if count == 0 {
            let one = Self::public(&self.core, &shape, vec![1; shape.iter().product()], 0)?;
            return one.ge(&one);
        }
        let parts = (0..count).map(|i| self.narrow(axis, i, 1)?.reshape(&shape));
        Self::all_of(&parts.collect::<Result<Vec<_>>>()?)
    }

    /// Whether any bit along an axis holds (false for none). As [`Secret::all_of`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// assert_eq!(with_secrets([1.0, 5.0], [2.0, 3.0], |x, y| x.lt(&y)?.any(0, false)), [1.0]);
    /// ```
    ///
    /// # Errors
    /// If the elements are numbers, or there is no such axis.
    pub fn any(&self, axis: usize, keep: bool) -> Result<Self> {
        self.not()?.all(axis, keep)?.not()
    }

    /// Words, and what joins them, combined in a tree.
    fn two_by_two(parts: &[Self], combine: fn(&Self, &Self) -> Result<Self>) -> Result<Self> {
        let words = parts.iter().map(|part| part.pattern("and"));
        let mut words = words.collect::<Result<Vec<_>>>()?;
        while words.len() > 1 {
            let pair = |pair: &[Self]| match pair {
                [a, b] => combine(a, b),
                rest => Ok(rest[0].snapshot()),
            };
            words = words.chunks(2).map(pair).collect::<Result<_>>()?;
        }
        Ok(words.remove(0))
    }

    fn and_node(parts: &[Self]) -> Result<Self> {
        let [first, rest @ ..] = parts else { return Err(Error::misuse("and", "nothing to join")) };
        if rest.is_empty() {
            return Ok(first.clone());
        }
        let bits: Vec<&Bit> = parts.iter().map(|part| part.bits("and")).collect::<Result<_>>()?;
        let op = Op::And(parts.iter().map(|part| part.id()).collect());
        Self::record_bit(&first.core, op, first.shape(), |recorder| boolean::and(recorder, &bits))
    }
}

/// Bits of one session, in one shape.
fn aligned_bits(operation: &'static str, parts: &[Secret]) -> Result<Vec<Secret>> {
    let [first, rest @ ..] = parts else {
        return Err(Error::misuse(operation, "no bits are given"));
    };
    let mut shape = first.shape().to_vec();
    for part in rest {
        first.same_session(part, operation)?;
        shape = cryptab_tensor::broadcast_shape(&shape, part.shape())
            .map_err(|error| Error::misuse(operation, error.to_string()))?;
    }
    let aligned = |part: &Secret| part.bits(operation).and_then(|_| part.in_shape(&shape));
    parts.iter().map(aligned).collect()
}
