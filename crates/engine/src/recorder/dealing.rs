//! What is asked of the dealer, and where formulas and tensors meet.

use std::sync::Arc;

use bytes::Bytes;
use cryptab_correlation::{Deal, Expander, Known, KnownBits, Request, RingShares};
use cryptab_tensor::{Bits, Formula, Tensor};

use super::Recorder;
use crate::dealings::Ask;
use crate::dealt::byte;
use crate::lazy::Lazy;

impl Recorder<'_> {
    /// Shares modulo 2^bits of a tensor that the dealer computes: `bits` dealer bits an element.
    pub(crate) fn deal_ring(&self, known: Known, bits: u32) -> Lazy<Formula> {
        let shape = known.shape().expect("shapes were checked when recorded");
        self.queue().map(&self.deal_shares(known, bits), move |shares| {
            Formula::computed(&shape, move |start, elements| shares.read(start, elements))
        })
    }

    /// As [`Self::deal_ring`], as they came.
    pub(crate) fn deal_shares(&self, known: Known, bits: u32) -> Lazy<Arc<RingShares<Bytes>>> {
        let deal = Deal::Ring { known, bits: byte(bits) };
        self.deal(deal, move |expander, request, correction| {
            let shares = expander.ring_shares(request, correction);
            Arc::new(shares.expect("it was checked when it came"))
        })
    }

    /// As [`Self::deal_ring`], for what is read out of order.
    pub(crate) fn deal_tensor(&self, known: Known, bits: u32) -> Lazy<Tensor> {
        self.computed(&self.deal_ring(known, bits))
    }

    /// The elements, where a formula is wanted.
    pub(crate) fn formula(&self, numbers: &Lazy<Tensor>) -> Lazy<Formula> {
        self.queue().map(numbers, Formula::from)
    }

    /// The elements themselves.
    pub(crate) fn computed(&self, numbers: &Lazy<Formula>) -> Lazy<Tensor> {
        self.queue().map(numbers, |numbers| numbers.tensor())
    }

    /// Xor shares of planes that the dealer computes: a dealer bit each.
    pub(crate) fn deal_bits(&self, known: KnownBits) -> Lazy<Bits> {
        self.deal(Deal::Bits(known), |expander, request, correction| {
            expander.bits(request, &correction).expect("it was checked when it came")
        })
    }

    /// This party's part of what the dealer computes.
    pub(crate) fn deal<T: Clone + 'static>(
        &self,
        deal: Deal,
        expand: impl FnOnce(&Expander, &Request, Bytes) -> T + 'static,
    ) -> Lazy<T> {
        let request = Request { address: self.address(), deal };
        let session = &self.core.config.session;
        let bytes = request
            .correction_bytes(session, self.core.config.parties)
            .expect("requests of recorded operations fit together");
        self.dealer_bytes.set(self.dealer_bytes.get() + bytes.iter().sum::<usize>() as u64);
        let expander = self.core.expander.clone();
        match bytes[usize::from(self.core.config.me)] {
            0 => Lazy::thunk(move || expand(&expander, &request, Bytes::new())),
            due => {
                let shares = Lazy::from_dealer();
                let arrives = shares.clone();
                let message = request.to_bytes();
                let address = request.address;
                let (checker, checked) = (expander.clone(), request.clone());
                self.core.dealings.borrow_mut().ask(Ask {
                    address,
                    request: message,
                    bytes: due,
                    accepts: Box::new(move |correction| checker.accepts(&checked, correction)),
                    arrive: Box::new(move |correction| {
                        arrives.set_thunk(move || expand(&expander, &request, correction));
                    }),
                });
                shares
            }
        }
    }
}
