//! Random tensors that nobody knows: no party alone, and not the dealer.
//!
//! Every party draws bits of its own; the random bit is their xor. A party that draws well is
//! enough, whatever the others do before they see each other's messages. The dealer sees no
//! share of them. `own` must be secret, fresh for this session, and not what the party shares
//! with the dealer: take it from the operating system. The same `own` in the same session and
//! program gives the same numbers again, which is for tests.

use cryptab_correlation::{Address, Seed, SessionId, Stream};
use cryptab_tensor::Bits;

use super::{Engine, wide};
use crate::bit::Bit;
use crate::dealt::byte;
use crate::lazy::Lazy;
use crate::op::Op;
use crate::{Error, Result, Secret};

/// The bias of integers from a range that is no power of two is below `2^-BIAS`.
const BIAS: u32 = 40;

impl Engine {
    /// Uniform bits. Free.
    ///
    /// # Errors
    /// If the session has ended.
    pub fn random_bits(&self, shape: &[usize], own: &Seed) -> Result<Secret> {
        let op = Op::RandomBits { shape: wide(shape) };
        Secret::record_bit(&self.core, op, shape, |recorder| {
            own_bits(recorder.address(), &self.core.config.session, shape, own)
        })
    }

    /// Uniform numbers from 0 on, below 1: multiples of a unit in the last place. Exact.
    ///
    /// Cost for f fraction bits: 1 round, f bits, 64 f dealer bits.
    ///
    /// ```
    /// # use cryptab_engine::Seed;
    /// # use cryptab_testkit::World;
    /// let results = World::new(2, 1).reveal(|engine| {
    ///     // For a test; else fresh, and from the operating system.
    ///     let own = Seed::from_bytes([engine.me(); 32]);
    ///     engine.rand(&[3], &own)
    /// });
    /// assert!(results[0].as_ref().is_ok_and(|x| x.iter().all(|x| (0.0..1.0).contains(x))));
    /// ```
    ///
    /// # Errors
    /// If the session has ended.
    pub fn rand(&self, shape: &[usize], own: &Seed) -> Result<Secret> {
        let frac = self.core.config.frac_bits;
        let weights: Vec<u64> = (0..frac).map(|i| 1 << i).collect();
        self.weighted(shape, &weights, frac, own)?.within((frac + 2).max(8))
    }

    /// Uniform integers from `low` on, below `high`. Exact.
    ///
    /// Cost for a range of 2^k: 1 round, k bits, 64 k dealer bits. Otherwise: 4 rounds, about 100
    /// bits; a bias below 2^-40.
    ///
    /// # Errors
    /// If there are no such integers, or more than 2^10 and their number is no power of two.
    pub fn randint(&self, low: i64, high: i64, shape: &[usize], own: &Seed) -> Result<Secret> {
        const NAME: &str = "randint";
        let range = high.checked_sub(low).filter(|range| (1..1 << 48).contains(range));
        let range = range.ok_or_else(|| Error::misuse(NAME, format!("from {low} to {high}")))?;
        let range = range.cast_unsigned();
        let bits = u64::BITS - (range - 1).leading_zeros();
        let least = Secret::public(&self.core, &[], vec![low.cast_unsigned()], 0)?;
        if range.is_power_of_two() {
            let weights: Vec<u64> = (0..bits).map(|i| 1 << i).collect();
            return self.weighted(shape, &weights, 0, own)?.add(&least);
        }
        if bits > 10 {
            let reason = format!("{range} values: up to 1024, or a power of two");
            return Err(Error::misuse(NAME, reason));
        }
        // floor(R n / 2^k) of k random bits R
        let scale = BIAS + bits;
        let weights: Vec<u64> = (0..scale).map(|i| range << i).collect();
        self.weighted(shape, &weights, byte(scale), own)?.floor()?.add(&least)
    }

    /// Numbers of mean 0 and deviation 1, normally distributed.
    ///
    /// The distribution function errs by less than 2^-12; no number is beyond 6.9.
    /// Cost: 6 rounds; 60 bits and 3840 dealer bits, besides a truncation, a square and two
    /// products.
    /// Source: a sum w of twelve uniform numbers, whose fourth cumulant k is taken out:
    /// `w - k (w^3 - 3 w) / 24`, Cornish and Fisher (1938).
    ///
    /// # Errors
    /// If the session has ended.
    pub fn randn(&self, shape: &[usize], own: &Seed) -> Result<Secret> {
        let frac = self.core.config.frac_bits;
        // Eleven numbers of 4 bits, and one of 16 that fills the gaps.
        let coarse = (0..44).map(|i| 2_f64.powi(i % 4 - 4));
        let sizes: Vec<f64> = coarse.chain((0..16).map(|i| 2_f64.powi(i - 16))).collect();
        let sum = |power: i32| sizes.iter().map(|size| size.powi(power)).sum::<f64>();
        let (mean, deviation) = (sum(1) / 2.0, (sum(2) / 4.0).sqrt());
        let cumulant = -sum(4) / 8.0 / deviation.powi(4);
        let fine = 2_f64.powi(FINE.into());
        #[expect(clippy::cast_possible_truncation, reason = "below 2^31")]
        let ring = |x: f64| ((x * fine).round_ties_even() as i64).cast_unsigned();
        let weights: Vec<u64> = sizes.iter().map(|size| ring(size / deviation)).collect();
        let centre = Secret::public(&self.core, &[], vec![ring(mean / deviation)], FINE)?;
        let w = self.weighted(shape, &weights, FINE, own)?.sub(&centre)?.rescale(frac)?;
        let third = -cumulant / 24.0;
        let square = w.square()?.mul(&self.constant(&[], &[third])?)?;
        square.add(&self.constant(&[], &[1.0 - 3.0 * third])?)?.mul(&w)?.within((frac + 4).max(8))
    }

    /// Bits that are 1 with these probabilities (secret or public, from 0 to 1).
    ///
    /// Cost: 4 rounds: [`Engine::rand`], and a comparison in a range of f + 2 bits.
    ///
    /// # Errors
    /// If the probabilities are no numbers.
    pub fn bernoulli(&self, probabilities: &Secret, own: &Seed) -> Result<Secret> {
        let frac = self.core.config.frac_bits;
        let probabilities = match probabilities.frac_bits() {
            own if own == frac => probabilities.clone(),
            _ => probabilities.rescale(frac)?,
        };
        let uniform = self.rand(probabilities.shape(), own)?;
        uniform.lt(&probabilities.within((frac + 2).max(8))?)
    }

    /// The tensor, where elements are 0 with probability `p`, and the others grow by 1 / (1 - p).
    ///
    /// Which ones nobody knows. Error: below 3 units in the last place. Cost: 5 rounds.
    ///
    /// # Errors
    /// If `p` is not from 0 to 1.
    pub fn dropout(&self, x: &Secret, p: f64, own: &Seed) -> Result<Secret> {
        const NAME: &str = "dropout";
        if !(0.0..=1.0).contains(&p) {
            return Err(Error::misuse(NAME, format!("a probability of {p}")));
        }
        let zero = self.constant(&[], &[0.0])?;
        if p == 1.0 {
            return x.mul(&zero);
        }
        if p == 0.0 {
            return Ok(x.clone());
        }
        let uniform = self.rand(x.shape(), own)?;
        let limit = self.constant_scaled(&[], &[p], self.core.config.frac_bits)?;
        let kept = uniform.ge(&limit.within((limit.frac_bits() + 2).max(8))?)?;
        x.mul(&self.constant(&[], &[1.0 / (1.0 - p)])?)?.where_(&kept, &zero)
    }

    /// Sums of random bits, each times its weight, in units of 2^-frac.
    fn weighted(&self, shape: &[usize], weights: &[u64], frac: u8, own: &Seed) -> Result<Secret> {
        let count: usize = shape.iter().product();
        if weights.is_empty() {
            return Secret::public(&self.core, shape, vec![0; count], frac);
        }
        let bits = self.random_bits(&[weights.len(), count], own)?.to_number()?;
        let weights = Secret::public(&self.core, &[weights.len()], weights.to_vec(), frac)?;
        weights.matmul_scaled(&bits, frac)?.reshape(shape)
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

/// Fraction bits of the weights of a normal number.
const FINE: u8 = 28;
