//! What only the dealer knows, as parties handle it: expressions, and their shares on demand.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use cryptab_correlation::{Known, Structure};
use cryptab_tensor::{Formula, Tensor};

use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// A tensor that only the dealer knows; its shares are dealt at the first use.
///
/// `Known` of the specification's linear.py.
pub(crate) struct Dealt {
    /// The tensor, as an expression over masks.
    pub(crate) known: Known,
    pub(crate) shape: Vec<usize>,
    /// All elements are multiples of 2^shift: shares modulo 2^bits cost `bits - shift`.
    shift: u32,
    /// This party's shares are all zero, whatever the value.
    nothing_here: bool,
    source: Source,
    dealt: RefCell<Option<(u32, Lazy<Formula>)>>,
}

enum Source {
    /// Shares come from the dealer.
    Asked,
    /// A public combination of others: shares are computed.
    Combined(Vec<(u64, Rc<Dealt>)>),
    /// Another arrangement of another.
    Arranged(Structure, Rc<Dealt>),
    /// Several joined along an axis.
    Joined(Vec<Rc<Dealt>>, usize),
}

impl Dealt {
    /// Shares on demand, paid for with the dealer's bytes.
    pub(crate) fn asked(known: Known, shape: &[usize], shift: u32) -> Rc<Self> {
        Self::new(known, shape, shift, Source::Asked, None)
    }

    /// A uniform mask: its shares are expanded, free.
    pub(crate) fn mask(known: Known, shape: &[usize], shares: Lazy<Formula>) -> Rc<Self> {
        Self::new(known, shape, 0, Source::Asked, Some((64, shares)))
    }

    /// A uniform mask that one party knows: its share is the mask, all others are zero.
    pub(crate) fn own_mask(
        known: Known,
        shape: &[usize],
        shares: Lazy<Formula>,
        here: bool,
    ) -> Rc<Self> {
        let dealt = RefCell::new(Some((64, shares)));
        let (shape, source) = (shape.to_vec(), Source::Asked);
        Rc::new(Self { known, shape, shift: 0, nothing_here: !here, source, dealt })
    }

    /// The public combination `sum c * k` of tensors of one shape.
    pub(crate) fn combined(terms: Vec<(u64, Rc<Self>)>) -> Rc<Self> {
        let shift = terms.iter().map(|(c, k)| k.shift + twos(*c)).min().unwrap_or(64).min(64);
        let known = Known::Combine(terms.iter().map(|(c, k)| (*c, k.known.clone())).collect(), 0);
        let shape = terms.first().map(|(_, k)| k.shape.clone()).unwrap_or_default();
        Self::new(known, &shape, shift, Source::Combined(terms), None)
    }

    /// The combination, with a simpler expression for the same value.
    pub(crate) fn combined_as(known: Known, terms: Vec<(u64, Rc<Self>)>) -> Rc<Self> {
        let shape = terms.first().map(|(_, k)| k.shape.clone()).unwrap_or_default();
        Self::new(known, &shape, 0, Source::Combined(terms), None)
    }

    pub(crate) fn arranged(self: &Rc<Self>, structure: &Structure) -> Rc<Self> {
        let known = Known::Structure(structure.clone(), Arc::new(self.known.clone()));
        let shape = structure.shape(&self.shape).expect("shapes were checked when recorded");
        let source = Source::Arranged(structure.clone(), Rc::clone(self));
        Self::new(known, &shape, self.shift, source, None)
    }

    pub(crate) fn joined(parts: Vec<Rc<Self>>, axis: usize, shape: &[usize]) -> Rc<Self> {
        let axis_number = u32::try_from(axis).expect("an axis is a small number");
        let known = Known::Concat(parts.iter().map(|p| p.known.clone()).collect(), axis_number);
        let shift = parts.iter().map(|p| p.shift).min().unwrap_or(0);
        Self::new(known, shape, shift, Source::Joined(parts, axis), None)
    }

    fn new(
        known: Known,
        shape: &[usize],
        shift: u32,
        source: Source,
        dealt: Option<(u32, Lazy<Formula>)>,
    ) -> Rc<Self> {
        let nothing_here = match &source {
            Source::Asked => false,
            Source::Combined(terms) => terms.iter().all(|(_, part)| part.nothing_here),
            Source::Arranged(_, inner) => inner.nothing_here,
            Source::Joined(parts, _) => parts.iter().all(|part| part.nothing_here),
        };
        let (shape, dealt) = (shape.to_vec(), RefCell::new(dealt));
        Rc::new(Self { known, shape, shift, nothing_here, source, dealt })
    }

    /// Whether this party's shares are all zero, whatever the value: they need not be multiplied.
    pub(crate) const fn nothing_here(&self) -> bool {
        self.nothing_here
    }

    /// Shares that are there already, of the whole number.
    pub(crate) fn free_shares(&self) -> Option<Lazy<Formula>> {
        self.dealt
            .borrow()
            .clone()
            .filter(|(width, _)| *width == 64 && self.shift == 0)
            .map(|(_, s)| s)
    }

    /// Multiples of which power of two the elements are known to be.
    pub(crate) const fn shift(&self) -> u32 {
        self.shift
    }

    /// Shares modulo 2^bits (as 64-bit numbers whose higher bits mean nothing).
    pub(crate) fn shares(&self, recorder: &Recorder<'_>, bits: u32) -> Lazy<Formula> {
        if self.shift >= bits {
            let shape = self.shape.clone();
            return Lazy::thunk(move || Formula::same(&shape, 0));
        }
        let need = bits - self.shift;
        let kept = self.dealt.borrow().clone().filter(|(width, _)| *width >= need);
        let kept = kept.unwrap_or_else(|| {
            let shares = self.fresh_shares(recorder, bits, need);
            *self.dealt.borrow_mut() = Some(shares.clone());
            shares
        });
        self.scaled_up(recorder, kept.1)
    }

    /// Shares of value / 2^shift modulo 2^width, and that width.
    fn fresh_shares(&self, recorder: &Recorder<'_>, bits: u32, need: u32) -> (u32, Lazy<Formula>) {
        let queue = recorder.queue();
        match &self.source {
            Source::Asked => {
                let known = match self.shift {
                    0 => self.known.clone(),
                    shift => Known::Shift(Arc::new(self.known.clone()), byte(shift)),
                };
                (need, recorder.deal_ring(known, need))
            }
            Source::Combined(terms) => {
                // Factors 2 of a constant save the dealer's bytes.
                let terms = terms.iter().filter(|(c, _)| twos(*c) < bits);
                let (constants, shares): (Vec<u64>, Vec<_>) =
                    terms.map(|(c, k)| (*c, k.shares(recorder, bits - twos(*c)))).unzip();
                let (shape, shift) = (self.shape.clone(), self.shift);
                let total = queue.gather(&shares, move |shares| {
                    let terms: Vec<_> = constants.into_iter().zip(shares).collect();
                    // Computed at full scale.
                    match terms.is_empty() {
                        true => Formula::same(&shape, 0),
                        false => Formula::weighted(terms).shr(shift),
                    }
                });
                (need, total)
            }
            Source::Arranged(structure, inner) => {
                let structure = structure.clone();
                let shift = self.shift;
                let shares = queue.map(&inner.shares(recorder, bits), move |shares| {
                    let arranged = structure.apply(&shares.tensor()).expect("shapes were checked");
                    Formula::from(arranged).shr(shift)
                });
                (need, shares)
            }
            Source::Joined(parts, axis) => {
                let axis = *axis;
                let shift = self.shift;
                let parts: Vec<_> = parts.iter().map(|part| part.shares(recorder, bits)).collect();
                let shares = queue.gather(&parts, move |parts| {
                    let parts: Vec<Tensor> = parts.iter().map(Formula::tensor).collect();
                    let joined = Tensor::concat(&parts, axis).expect("shapes were checked");
                    Formula::from(joined).shr(shift)
                });
                (need, shares)
            }
        }
    }

    fn scaled_up(&self, recorder: &Recorder<'_>, shares: Lazy<Formula>) -> Lazy<Formula> {
        match self.shift {
            0 => shares,
            shift => recorder.queue().map(&shares, move |shares| shares.shl(shift)),
        }
    }
}

/// How often 2 divides a constant.
const fn twos(constant: u64) -> u32 {
    constant.trailing_zeros()
}

pub(crate) fn byte(bits: u32) -> u8 {
    u8::try_from(bits).expect("widths are at most 64")
}
