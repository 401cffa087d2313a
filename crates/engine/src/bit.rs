//! Secret bits, and bits opened under a mask of the dealer.

use std::sync::Arc;

use cryptab_correlation::{Known, KnownBits};
use cryptab_tensor::{Bits, Tensor};

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
        let (mask, shares) = recorder.mask_bits(self.len(), 1);
        let masked = recorder
            .queue()
            .zip(&self.shares, &shares, |b, m| b.xor(&m).expect("equal dimensions"));
        let address = recorder.address();
        let opened = recorder.open_bits(&masked, self.len(), 1);
        let shape = self.shape.clone();
        let public = recorder.queue().map(&opened, move |bits| {
            Tensor::from_vec(&shape, bits.to_ring(0)).expect("a bit per element")
        });
        // 1 - 2 b^
        let factor =
            recorder.queue().map(&public, |bit| bit.mul_scalar(2_u64.wrapping_neg()).add_scalar(1));
        let beta = match &self.known {
            None => mask,
            Some(known) => KnownBits::Xor(Arc::new(mask), Arc::clone(known)),
        };
        let shape: Vec<u64> = self.shape.iter().map(|&size| size as u64).collect();
        let beta = Dealt::asked(Known::Bit(Arc::new(beta), shape), &self.shape, 0);
        Affine::constant(public, &self.shape).plus_opened(address, factor, beta)
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
