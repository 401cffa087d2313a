//! The face of the library: handles to secret tensors.

mod arithmetic;
mod binary;
mod boolean;
mod bounds;
mod comparison;
mod diagonal;
mod extremum;
mod in_place;
mod index;
mod inverse;
mod order;
mod padding;
mod pooling;
mod powers;
mod random;
mod ranks;
mod rearrange;
mod reduce;
mod reveal;
mod rounding;
mod scatter;
mod smooth;
mod softmax;
mod statistics;
mod structure;
mod version;

use std::fmt;
use std::rc::Rc;

use cryptab_tensor::Tensor;
pub use order::{Interpolation, Order};
pub use padding::Border;
pub use pooling::Divisor;
pub use reveal::Pending;

use self::version::Version;
use crate::bit::Bit;
use crate::core::Core;
use crate::engine::wide;
use crate::op::Op;
use crate::protocol::input;
use crate::recorder::Recorder;
use crate::value::{Body, FULL_WIDTH, Number, Value};
use crate::word::Word;
use crate::{Error, Result};

/// A tensor whose values are shared among the parties; this is one party's handle to it.
///
/// Elements are numbers, fixed point with [`Secret::frac_bits`] fraction bits; or bits, the results
/// of comparisons; or words of 64 bits ([`Secret::to_binary`]). Operations check shapes at once, are recorded on the session's tape, and wait
/// for nothing. It never prints a share or a value. Functions whose names end in `_` change what
/// the handle and its clones stand for.
#[derive(Clone)]
pub struct Secret {
    core: Rc<Core>,
    /// What it stood for when the handle was made: in-place functions add versions.
    first: Rc<Version>,
}

impl Secret {
    /// Sizes of the axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.value().shape
    }

    /// The number of elements.
    #[must_use]
    pub fn numel(&self) -> usize {
        self.value().shape.iter().product()
    }

    /// Fraction bits (0 for integers and for bits).
    #[must_use]
    pub fn frac_bits(&self) -> u8 {
        match &self.value().body {
            Body::Number(number) => number.frac,
            Body::Word(word) => word.frac,
            Body::Bit(_) => 0,
        }
    }

    /// Whether the elements are bits.
    #[must_use]
    pub fn is_bit(&self) -> bool {
        matches!(self.value().body, Body::Bit(_))
    }

    /// Whether the elements are words of 64 bits.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        matches!(self.value().body, Body::Word(_))
    }

    /// Whether all parties know the values.
    #[must_use]
    pub fn is_public(&self) -> bool {
        match &self.value().body {
            Body::Number(number) => number.public.is_some(),
            Body::Word(word) => word.public.is_some(),
            Body::Bit(_) => false,
        }
    }

    /// Number of the operation that made it.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.first.latest().id
    }

    fn value(&self) -> &Value {
        &self.first.latest().value
    }

    pub(crate) fn record_number(
        core: &Rc<Core>,
        op: Op,
        shape: &[usize],
        steps: impl FnOnce(&Recorder<'_>) -> Number,
    ) -> Result<Self> {
        Self::record(core, op, shape, FULL_WIDTH, |recorder| Body::Number(steps(recorder)))
    }

    pub(crate) fn record_bit(
        core: &Rc<Core>,
        op: Op,
        shape: &[usize],
        steps: impl FnOnce(&Recorder<'_>) -> Bit,
    ) -> Result<Self> {
        Self::record(core, op, shape, FULL_WIDTH, |recorder| Body::Bit(steps(recorder)))
    }

    pub(crate) fn record_word(
        core: &Rc<Core>,
        op: Op,
        shape: &[usize],
        steps: impl FnOnce(&Recorder<'_>) -> Word,
    ) -> Result<Self> {
        Self::record(core, op, shape, FULL_WIDTH, |recorder| Body::Word(steps(recorder)))
    }

    fn record(
        core: &Rc<Core>,
        op: Op,
        shape: &[usize],
        width: u8,
        steps: impl FnOnce(&Recorder<'_>) -> Body,
    ) -> Result<Self> {
        const LARGEST: usize = 1 << 28;
        let elements = shape.iter().try_fold(1_usize, |n, &size| n.checked_mul(size));
        if elements.is_none_or(|n| n > LARGEST) {
            let reason = format!("a result of shape {shape:?} has more than 2^28 elements");
            return Err(Error::misuse(op.name(), reason));
        }
        let (id, body) = core.record(op, shape, steps)?;
        let value = Value { shape: shape.to_vec(), width, body };
        Ok(Self { core: Rc::clone(core), first: Version::new(id, Rc::new(value)) })
    }

    /// The numbers, or an error that names the operation.
    fn numbers(&self, operation: &'static str) -> Result<&Number> {
        let number = self.value().number().ok_or_else(|| {
            Error::misuse(operation, "takes numbers, not bits or words (to_number() converts)")
        })?;
        match number.ring {
            64 => Ok(number),
            _ => Err(Error::misuse(operation, "takes no quantized numbers (widen() converts)")),
        }
    }

    /// Handles of two sessions do not mix.
    fn same_session(&self, other: &Self, operation: &'static str) -> Result<()> {
        match Rc::ptr_eq(&self.core, &other.core) {
            true => Ok(()),
            false => Err(Error::misuse(operation, "the tensors belong to different sessions")),
        }
    }

    /// The handle, as numbers in the whole ring: bits, words and quantized numbers are converted.
    fn as_number(&self) -> Result<Self> {
        self.to_number()?.widen()
    }

    /// A tensor that all parties know.
    pub(crate) fn public(
        core: &Rc<Core>,
        shape: &[usize],
        elements: Vec<u64>,
        frac: u8,
    ) -> Result<Self> {
        let mut hasher = blake3::Hasher::new();
        elements.iter().for_each(|element| {
            hasher.update(&element.to_le_bytes());
        });
        let digest = *hasher.finalize().as_bytes();
        let op = Op::Constant { shape: wide(shape), frac, digest };
        let tensor = Tensor::from_vec(shape, elements)
            .map_err(|error| Error::input(op.name(), error.to_string()))?;
        Self::record_number(core, op, shape, |recorder| input::constant(recorder, frac, tensor))
    }

    /// The handle in another shape by repetition; itself where the shape is the same.
    fn in_shape(&self, shape: &[usize]) -> Result<Self> {
        if self.shape() == shape { Ok(self.snapshot()) } else { self.broadcast_to(shape) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("shape", &self.shape()).finish_non_exhaustive()
    }
}
