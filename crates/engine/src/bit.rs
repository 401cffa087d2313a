//! Secret bits, and bits opened under a mask of the dealer.

use std::sync::Arc;

use cryptab_correlation::{Known, KnownBits, Structure};
use cryptab_tensor::{Bits, Formula, Tensor};

use crate::affine::Affine;
use crate::dealt::Dealt;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// A tensor of secret bits: the xor of the shares, and of `known`, a plane of the dealer.
///
/// `known` costs nothing when the bit is opened with a mask: the dealer counts it into the mask.
#[derive(Clone)]
pub(crate) struct Bit {
    pub(crate) shares: Lazy<Bits>,
    pub(crate) known: Option<Arc<KnownBits>>,
    pub(crate) shape: Vec<usize>,
}

/// Larger expressions are replaced by shares.
const MAX_KNOWN: usize = 64;

impl Bit {
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// The negation. Local.
    pub(crate) fn flipped(&self, recorder: &Recorder<'_>) -> Self {
        let shares = match recorder.leads() {
            true => recorder.queue().map(&self.shares, |bits| bits.not()),
            false => self.shares.clone(),
        };
        Self { shares, ..self.clone() }
    }

    /// Opens b xor beta; then b = b^ + (1 - 2 b^) * beta is an affine form.
    ///
    /// Cost: 1 round, 1 bit. As a number (B2A): 64 dealer bits more, at the first use.
    /// Source: ABY2.0 (bit injection), Turbospeedz.
    pub(crate) fn opened(&self, recorder: &Recorder<'_>) -> Affine {
        let address = recorder.address();
        let (public, beta) = self.masked(recorder);
        // 1 - 2 b^
        let factor = recorder.queue().map(&public, |bit| bit.times(2_u64.wrapping_neg()).plus(1));
        let beta = Dealt::asked(beta, &self.shape, 0);
        Affine::constant(public, &self.shape).plus_opened(address, factor, beta)
    }

    /// Opens b^ = b xor beta, as numbers 0 and 1; also beta. Cost: 1 round, 1 bit.
    pub(crate) fn masked(&self, recorder: &Recorder<'_>) -> (Lazy<Formula>, Known) {
        let (mask, shares) = recorder.mask_bits(self.len(), 1);
        let masked = recorder
            .queue()
            .zip(&self.shares, &shares, |b, m| b.xor(&m).expect("equal dimensions"));
        let opened = recorder.open_bits(&masked, self.len(), 1);
        let beta = match &self.known {
            None => mask,
            Some(known) => KnownBits::Xor(Arc::new(mask), Arc::clone(known)),
        };
        let shape = self.shape.clone();
        let public = recorder.queue().map(&opened, move |bits| Formula::of_bits(&shape, bits, 0));
        (public, self.as_known(beta))
    }

    /// The bits in another arrangement; what is added are bits 0. Local.
    pub(crate) fn arranged(&self, recorder: &Recorder<'_>, structure: &Structure) -> Self {
        let shape = structure.shape(&self.shape).expect("shapes were checked when recorded");
        if matches!(structure, Structure::Reshape(_)) {
            return Self { shape, ..self.clone() };
        }
        let moved = |bits: &Self| {
            bits.known.as_ref().map(|known| {
                let bits = Arc::new(self.as_known(known.as_ref().clone()));
                Known::Structure(structure.clone(), bits)
            })
        };
        let small = match moved(self).is_some_and(|known| known.size() > MAX_KNOWN) {
            true => self.whole(recorder),
            false => self.clone(),
        };
        let (own, moves) = (self.shape.clone(), structure.clone());
        let shares = recorder.queue().map(&small.shares, move |bits| {
            let bits = Tensor::from_vec(&own, bits.to_ring(0)).expect("a bit per element");
            let moved = moves.apply(&bits).expect("shapes were checked when recorded");
            Bits::slice_ring(moved.as_slice(), 0, 1)
        });
        let known = moved(&small).map(|known| Arc::new(KnownBits::OfRing(Arc::new(known), 0, 1)));
        Self { shares, known, shape }
    }

    /// Bits joined along an axis. Local.
    pub(crate) fn concat(
        recorder: &Recorder<'_>,
        parts: &[&Self],
        axis: usize,
        shape: &[usize],
    ) -> Self {
        let parts: Vec<Self> = parts.iter().map(|part| part.concise(recorder)).collect();
        let shapes: Vec<Vec<usize>> = parts.iter().map(|part| part.shape.clone()).collect();
        let shares: Vec<_> = parts.iter().map(|part| part.shares.clone()).collect();
        let shares = recorder.queue().gather(&shares, move |parts| {
            let tensor = |(bits, shape): (&Bits, &Vec<usize>)| {
                Tensor::from_vec(shape, bits.to_ring(0)).expect("a bit per element")
            };
            let parts: Vec<Tensor> = parts.iter().zip(&shapes).map(tensor).collect();
            let joined = Tensor::concat(&parts, axis).expect("shapes were checked when recorded");
            Bits::slice_ring(joined.as_slice(), 0, 1)
        });
        let known = parts.iter().any(|part| part.known.is_some()).then(|| {
            let known = |part: &Self| match &part.known {
                Some(known) => part.as_known(known.as_ref().clone()),
                None => Known::Zero { shape: part.shape.iter().map(|&s| s as u64).collect() },
            };
            let axis = u32::try_from(axis).expect("an axis is a small number");
            let joined = Known::Concat(parts.iter().map(known).collect(), axis);
            Arc::new(KnownBits::OfRing(Arc::new(joined), 0, 1))
        });
        Self { shares, known, shape: shape.to_vec() }
    }

    /// `self xor other` of one shape. Local.
    pub(crate) fn xor(&self, recorder: &Recorder<'_>, other: &Self) -> Self {
        let (a, b) = (self.concise(recorder), other.concise(recorder));
        let shares =
            recorder.queue().zip(&a.shares, &b.shares, |a, b| a.xor(&b).expect("equal dimensions"));
        let known = match (a.known, b.known) {
            (Some(a), Some(b)) => Some(Arc::new(KnownBits::Xor(a, b))),
            (a, b) => a.or(b),
        };
        Self { shares, known, shape: self.shape.clone() }
    }

    /// The bits with a small expression for what the dealer knows, if need be none: 1 dealer bit.
    fn concise(&self, recorder: &Recorder<'_>) -> Self {
        match &self.known {
            Some(known) if known.size() > MAX_KNOWN => self.whole(recorder),
            _ => self.clone(),
        }
    }

    /// The bits without a part that only the dealer knows.
    fn whole(&self, recorder: &Recorder<'_>) -> Self {
        Self { shares: self.fully_shared(recorder), known: None, shape: self.shape.clone() }
    }

    /// A plane of the dealer, as numbers 0 and 1 of this shape.
    fn as_known(&self, plane: KnownBits) -> Known {
        let shape = self.shape.iter().map(|&size| size as u64).collect();
        Known::Bit(Arc::new(plane), shape)
    }

    /// Shares of the whole bit: a dealer bit each if the dealer knows a part, else free.
    pub(crate) fn only_shared(&self, recorder: &Recorder<'_>) -> Lazy<Bits> {
        match self.known {
            Some(_) => self.fully_shared(recorder),
            None => self.shares.clone(),
        }
    }

    /// Shares of the whole bit, fresh ones: a dealer bit each.
    pub(crate) fn fully_shared(&self, recorder: &Recorder<'_>) -> Lazy<Bits> {
        let known = match &self.known {
            Some(known) => known.as_ref().clone(),
            None => KnownBits::Zero { len: self.len() as u64, planes: 1 },
        };
        let shares = recorder.deal_bits(known);
        recorder.queue().zip(&self.shares, &shares, |b, s| b.xor(&s).expect("equal dimensions"))
    }
}
