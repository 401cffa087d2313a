use super::Secret;
use crate::bit::Bit;
use crate::op::Op;
use crate::protocol::boolean;
use crate::{Error, Result};

/// So many bits are combined in one round.
const FAN_IN: usize = 5;

impl Secret {
    /// `1 - self` of bits. Exact, free.
    ///
    /// # Errors
    /// If the elements are numbers.
    pub fn not(&self) -> Result<Self> {
        let bit = self.bits("not")?;
        Self::record_bit(&self.core, Op::Not(self.id), self.shape(), |r| bit.flipped(r))
    }

    /// `self xor other` of bits, with broadcasting. Exact, free.
    ///
    /// # Errors
    /// If the elements are numbers, or the shapes do not broadcast.
    pub fn xor(&self, other: &Self) -> Result<Self> {
        const NAME: &str = "xor";
        let parts = aligned_bits(NAME, &[self.clone(), other.clone()])?;
        let [a, b] = &parts[..] else { unreachable!("as many as given") };
        let (x, y) = (a.bits(NAME)?, b.bits(NAME)?);
        Self::record_bit(&self.core, Op::Xor(a.id, b.id), a.shape(), |recorder| x.xor(recorder, y))
    }

    /// `self and other` of bits, with broadcasting. Exact. Cost: 1 round, 2 bits, 3 dealer bits.
    /// Source: ABY2.0.
    ///
    /// # Errors
    /// If the elements are numbers, or the shapes do not broadcast.
    pub fn and(&self, other: &Self) -> Result<Self> {
        Self::all_of(&[self.clone(), other.clone()])
    }

    /// `self or other` of bits, with broadcasting. As [`Secret::and`].
    ///
    /// # Errors
    /// If the elements are numbers, or the shapes do not broadcast.
    pub fn or(&self, other: &Self) -> Result<Self> {
        Self::any_of(&[self.clone(), other.clone()])
    }

    /// Whether all of several bits hold, with broadcasting. Exact.
    ///
    /// Cost for k bits: 1 round for k <= 5 (else a tree of such nodes); k bits, `2^k - 1 - k`
    /// dealer bits, and one for every bit that comes from a comparison.
    /// Source: multi-fan-in AND, ABY2.0, Ohata-Nuida (FC 2020).
    ///
    /// # Errors
    /// If there are none, the elements are numbers, or the shapes do not broadcast.
    pub fn all_of(parts: &[Self]) -> Result<Self> {
        const NAME: &str = "and";
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
        let flipped = parts.iter().map(Self::not).collect::<Result<Vec<_>>>()?;
        Self::all_of(&flipped)?.not()
    }

    /// Whether all bits along an axis hold (true for none). As [`Secret::all_of`].
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
    /// # Errors
    /// If the elements are numbers, or there is no such axis.
    pub fn any(&self, axis: usize, keep: bool) -> Result<Self> {
        self.not()?.all(axis, keep)?.not()
    }

    fn and_node(parts: &[Self]) -> Result<Self> {
        let [first, rest @ ..] = parts else { return Err(Error::misuse("and", "nothing to join")) };
        if rest.is_empty() {
            return Ok(first.clone());
        }
        let bits: Vec<&Bit> = parts.iter().map(|part| part.bits("and")).collect::<Result<_>>()?;
        let op = Op::And(parts.iter().map(|part| part.id).collect());
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
