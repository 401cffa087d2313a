//! Before a reveal: whether all parties saw the same.

use std::rc::Rc;

use cryptab_tensor::Bits;

use super::Recorder;
use crate::Error;
use crate::core::Core;
use crate::exchange::{Format, Opening, Payload, Receivers, Share};
use crate::lazy::Lazy;
use crate::views::{Opened, View, digest, view};

/// A digest as it travels.
const DIGEST: Format = Format::Bits { len: 8 * size_of::<View>(), planes: 1 };

impl Recorder<'_> {
    /// Shares of a result, from the moment on when they may leave: everything opened to all in the
    /// rounds that they come from looks the same to every party.
    ///
    /// Cost: two parties: free. Three or more: 1 round and 32 bytes to each peer, once for
    /// everything that is opened up to the same round.
    pub(crate) fn agreed<T: Clone + 'static>(&self, shares: &Lazy<T>) -> Lazy<T> {
        let agreed = self.agreement(shares.ready);
        match agreed.ready {
            0 => shares.clone(),
            _ => self.queue().zip(shares, &agreed, |shares, ()| shares),
        }
    }

    /// Completes when the views of what is opened in round `last` or before are equal.
    fn agreement(&self, last: u32) -> Lazy<()> {
        let views = self.core.views.borrow_mut().take(last);
        let before = self.core.views.borrow().agreed().clone();
        if views.is_empty() {
            return before;
        }
        let own = self.queue().gather(&views, |views| {
            let digest = digest(&views);
            Bits::from_bytes(8 * digest.len(), 1, &digest).expect("as many bits as bytes hold")
        });
        let agreed = self.queue().zip(&before, &self.compared(&own), |(), ()| ());
        self.core.views.borrow_mut().agree(&agreed);
        agreed
    }

    /// Completes when every peer has sent what this party has; the computation fails otherwise.
    fn compared(&self, own: &Lazy<Bits>) -> Lazy<()> {
        let address = self.address();
        let round = own.ready + 1;
        self.charge(DIGEST, round, None, Receivers::All);
        self.core.exchange.borrow_mut().expect(address, DIGEST);
        let equal = Lazy::from_peers(round);
        let (core, output) = (Rc::downgrade(self.core), equal.clone());
        let _sent = self.queue().map_eagerly(own, move |own: Bits| {
            let Some(core) = core.upgrade() else { return };
            let sent = own.clone();
            let payload =
                Payload { bytes: DIGEST.bytes(), write: Box::new(move |out| sent.bytes_onto(out)) };
            let complete = Box::new({
                let core = Rc::downgrade(&core);
                move |theirs: Vec<Share>| {
                    let Some(core) = core.upgrade() else { return };
                    match first_other(&core, &own, theirs) {
                        Some(peer) => core.fail(Error::equivocation(peer)),
                        None => output.set(()),
                    }
                }
            });
            let receivers = Receivers::All;
            let opening = Opening { address, receivers, payload, complete: Some(complete) };
            core.exchange.borrow_mut().open(opening);
        });
        equal
    }

    /// Of what is opened in `round`, the place of this party's view of it, if it matters.
    pub(super) fn viewed(&self, round: u32, receivers: Receivers) -> Option<Lazy<View>> {
        let matters = self.parties() > 2 && receivers == Receivers::All;
        matters.then(|| {
            let view = Lazy::from_peers(round);
            self.core.views.borrow_mut().add(view.clone());
            view
        })
    }
}

/// The first peer that sent another digest.
fn first_other(core: &Core, own: &Bits, theirs: Vec<Share>) -> Option<u8> {
    let peers = (0..core.config.parties).filter(|&peer| peer != core.config.me);
    let mut sent = peers.zip(theirs.into_iter().map(Share::bits));
    sent.find(|(_, digest)| digest != own).map(|(peer, _)| peer)
}

/// Takes note of what was opened.
pub(super) fn note(place: Option<&Lazy<View>>, opened: &impl Opened) {
    if let Some(place) = place {
        place.set(view(opened));
    }
}
