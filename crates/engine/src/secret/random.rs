//! Random bits that nobody knows, and what is drawn with them element by element.
//!
//! Every party draws bits of its own; the random bit is their xor. A party that draws well is
//! enough, whatever the others do before they see each other's messages. The dealer sees no
//! share of them. The source is [`crate::EngineConfig::own`]: the same one in the same session and
//! program gives the same numbers again, which is for tests.

use std::rc::Rc;

use cryptab_correlation::{Address, Seed, SessionId, Stream};
use cryptab_tensor::Bits;

use super::Secret;
use crate::bit::Bit;
use crate::core::Core;
use crate::engine::wide;
use crate::lazy::Lazy;
use crate::op::Op;
use crate::{Error, Result};

impl Secret {
    /// Bits that are 1 with the probabilities that the elements are: secret or public, from 0 to 1.
    ///
    /// The probabilities are taken at the session's scale (1 round more if they have another one).
    /// Cost: 3 rounds: uniform numbers ([`crate::Engine::rand`]), and a comparison in a range of
    /// f + 2 bits.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn bernoulli(&self) -> Result<Self> {
        let probabilities = self.as_number()?;
        let frac = self.core.config.format.frac_bits;
        let probabilities = match probabilities.frac_bits() {
            own if own == frac => probabilities,
            _ => probabilities.rescale(frac)?,
        };
        let uniform = Self::uniform(&self.core, probabilities.shape())?;
        uniform.lt(&probabilities.within(Self::fraction_width(frac))?)
    }

    /// The tensor, where elements are 0 with probability `p`, and the others grow by 1 / (1 - p).
    ///
    /// Which ones nobody knows. Error: below 3 units in the last place. Cost: 4 rounds.
    ///
    /// # Errors
    /// If `p` is not from 0 to 1.
    pub fn dropout(&self, p: f64) -> Result<Self> {
        const NAME: &str = "dropout";
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::misuse(NAME, format!("a probability of {p}")));
        }
        let factor = |factor: f64| {
            let (raw, frac) = crate::constant::encode(&[factor])?;
            Self::public(&self.core, &[], raw, frac)
        };
        let zero = factor(0.0)?;
        if p == 1.0 {
            return self.mul(&zero);
        }
        if p == 0.0 {
            return Ok(self.clone());
        }
        let frac = self.core.config.format.frac_bits;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2^24")]
        let limit = (p * f64::from(frac).exp2()).round_ties_even() as u64;
        let limit = Self::public(&self.core, &[], vec![limit], frac)?;
        let uniform = Self::uniform(&self.core, self.shape())?;
        let kept = uniform.ge(&limit.within(Self::fraction_width(frac))?)?;
        self.mul(&factor(1.0 / (1.0 - p))?)?.where_(&kept, &zero)
    }

    /// Uniform bits. Free.
    pub(crate) fn random_bits(core: &Rc<Core>, shape: &[usize]) -> Result<Self> {
        let op = Op::RandomBits { shape: wide(shape) };
        let (own, session) = (&core.config.own, &core.config.session);
        Self::record_bit(core, op, shape, |recorder| {
            own_bits(recorder.address(), session, shape, own)
        })
    }

    /// Uniform multiples of a unit in the last place, from 0 on, below 1.
    ///
    /// Cost for f fraction bits: 1 round, f bits, 64 f dealer bits.
    pub(crate) fn uniform(core: &Rc<Core>, shape: &[usize]) -> Result<Self> {
        let frac = core.config.format.frac_bits;
        let weights: Vec<u64> = (0..frac).map(|i| 1 << i).collect();
        Self::weighted(core, shape, &weights, frac)?.within(Self::fraction_width(frac))
    }

    /// Sums of random bits, each times its weight, in units of 2^-frac.
    pub(crate) fn weighted(
        core: &Rc<Core>,
        shape: &[usize],
        weights: &[u64],
        frac: u8,
    ) -> Result<Self> {
        Self::random_numbers(core, shape, weights.len())?.weighing(weights, frac)?.reshape(shape)
    }

    /// `bits` random numbers 0 or 1 for every element, `[bits, elements]`.
    ///
    /// Cost: 1 round; a bit and 64 dealer bits each.
    pub(crate) fn random_numbers(core: &Rc<Core>, shape: &[usize], bits: usize) -> Result<Self> {
        Self::random_bits(core, &[bits, shape.iter().product()])?.to_number()
    }

    /// The sum over the first axis of `[weights, elements]`, in units of 2^-frac. Free.
    pub(crate) fn weighing(&self, weights: &[u64], frac: u8) -> Result<Self> {
        if weights.is_empty() {
            return Self::public(&self.core, &self.shape()[1..], vec![0; self.shape()[1]], frac);
        }
        let weights = Self::public(&self.core, &[weights.len()], weights.to_vec(), frac)?;
        weights.matmul_scaled(self, frac)
    }

    /// The declared range of numbers from 0 to 1, and of their differences.
    fn fraction_width(frac: u8) -> u8 {
        (frac + 2).max(8)
    }
}

/// This party's share of random bits.
fn own_bits(at: Address, session: &SessionId, shape: &[usize], own: &Seed) -> Bit {
    let len: usize = shape.iter().product();
    // Not a stream of the seed itself, should it ever be used for something else.
    let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 party: random values");
    hasher.update(own.expose());
    let own = Seed::from_bytes(*hasher.finalize().as_bytes());
    let words = Stream::new(&own, session).words(at, len.div_ceil(64));
    let bits = Bits::from_words(len, 1, words).expect("as many words as needed");
    Bit { shares: Lazy::here(bits), known: None, shape: shape.to_vec() }
}
