//! Masked forms of a value: a public number minus something that the dealer knows.

mod shifted;

use std::rc::Rc;
use std::sync::Arc;

use cryptab_correlation::{Address, Known, Structure};
use cryptab_tensor::{Formula, Tensor};

pub(crate) use shifted::{coarsened, turns};

use crate::affine::{Affine, Partial, arranged};
use crate::dealt::{Dealt, byte};
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// A masked value modulo 2^bits, that can be used in `Z_2^64` as well if `exact`.
///
/// value = hat - mask + carry * top * 2^bits, with `mask` in `[0, 2^bits)`, `top` a bit that
/// the dealer knows and `carry` a public bit. With 64 bits the last term vanishes and the mask's
/// shares are free. Modulo 2^bits the equation holds for every value, in `Z_2^64` for
/// `|value| < 2^(bits-2)`; `exact` says that this is guaranteed.
#[derive(Clone)]
pub(crate) struct Form {
    pub(crate) bits: u32,
    pub(crate) exact: bool,
    hat: Lazy<Formula>,
    mask: Rc<Dealt>,
    carry: Option<Carry>,
}

#[derive(Clone)]
struct Carry {
    opened: Address,
    carry: Lazy<Formula>,
    top: Rc<Dealt>,
}

/// A masked value modulo 2^bits only: value = hat - mask. Enough for comparisons, all free.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) hat: Lazy<Formula>,
    pub(crate) mask: Known,
    pub(crate) bits: u32,
}

/// Larger expressions are forgotten: the value is opened again where it is needed.
const MAX_KNOWN: usize = 48;

impl Form {
    /// x is opened under a fresh mask, with `bits` bits: one round.
    pub(crate) fn opened(recorder: &Recorder<'_>, x: &Partial, shape: &[usize], bits: u32) -> Self {
        match bits {
            64 => Self::modulo(recorder, x, shape, bits),
            _ => Self::lift_with_low(recorder, x, shape, bits, 0).0,
        }
    }

    /// Opens shares of z modulo 2^bits; a masked form of z / 2^drop.
    ///
    /// Opens z^ = z + 2^(bits-2) + R. With u the top bit of R, for |z| < 2^(bits-2)
    ///   z = z^ - 2^(bits-2) - R + (1 - top bit of z^) * u * 2^bits     exactly,
    /// because 0 <= z + 2^(bits-2) < 2^(bits-1) can wrap only if u = 1, and then has wrapped if
    /// and only if the top bit of z^ is 0. Shifting every term right by `drop` errs by the carry
    /// of the low bits alone (0 or 1): the public dither.
    /// Cost: 1 round, `bits` bits; used in `Z_2^64`: 128 - bits + drop dealer bits, or
    /// 128 - 2 * bits when drop = 0.
    /// Source: edaBits, ePrint 2020/338 sec. 5.1, with the opening fused.
    pub(crate) fn lift(
        recorder: &Recorder<'_>,
        shares: &Lazy<Formula>,
        shape: &[usize],
        bits: u32,
        drop: u32,
    ) -> Self {
        let whole = Partial::whole(shares.clone());
        Self::lift_with_low(recorder, &whole, shape, bits, drop).0
    }

    /// As [`Self::lift`]; also the low `drop` bits of what was opened, and of the mask: their
    /// comparison is the dither.
    pub(crate) fn lift_with_low(
        recorder: &Recorder<'_>,
        z: &Partial,
        shape: &[usize],
        bits: u32,
        drop: u32,
    ) -> (Self, View) {
        let address = recorder.address();
        let (wide, opened) = recorder.open_masked(z, shape, bits, 1 << (bits - 2));
        let view = View { hat: opened.clone(), mask: wide.known.clone(), bits: drop };
        let minus_offset = (1_u64 << (bits - 2 - drop)).wrapping_neg();
        let hat = recorder.queue().map(&opened, move |z| z.shr(drop).plus(minus_offset));
        let low = match bits {
            64 => wide.known.clone(),
            _ => Known::Low(Arc::new(wide.known.clone()), byte(bits)),
        };
        let mask = if drop > 0 {
            Dealt::asked(Known::Shift(Arc::new(low.clone()), byte(drop)), shape, 0)
        } else {
            // R = wide mask minus its high bits
            let high = Known::Combine(vec![(1, wide.known.clone()), (u64::MAX, low.clone())], 0);
            let high = Dealt::asked(high, shape, bits);
            Dealt::combined_as(low.clone(), vec![(1, wide), (u64::MAX, high)])
        };
        let top = Dealt::asked(Known::Shift(Arc::new(low), byte(bits - 1)), shape, 0);
        let carry = recorder.queue().map(&opened, move |z| z.shr(bits - 1).times(u64::MAX).plus(1));
        let carry = Some(Carry { opened: address, carry, top });
        (Self { bits: bits - drop, exact: true, hat, mask, carry }, view)
    }

    /// The form, with the caller's word on whether it is valid in `Z_2^64`.
    pub(crate) fn with_exact(mut self, exact: bool) -> Self {
        self.exact = exact;
        self
    }

    /// Full width: a public tensor minus a mask, no carry.
    pub(crate) fn full(&self) -> Option<(&Lazy<Formula>, &Rc<Dealt>)> {
        (self.bits == 64 && self.carry.is_none()).then_some((&self.hat, &self.mask))
    }

    /// Opens x modulo 2^bits: value = hat - mask modulo 2^bits, and no more.
    ///
    /// Cost: 1 round, `bits` bits.
    pub(crate) fn modulo(recorder: &Recorder<'_>, x: &Partial, shape: &[usize], bits: u32) -> Self {
        let (mask, hat) = recorder.open_masked(x, shape, bits, 0);
        Self { bits, exact: bits == 64, hat, mask, carry: None }
    }

    /// The public tensor, and the mask.
    pub(crate) const fn parts(&self) -> (&Lazy<Formula>, &Rc<Dealt>) {
        (&self.hat, &self.mask)
    }

    /// Carry and top, where a narrow form is used in `Z_2^64`.
    pub(crate) fn carry(&self) -> Option<(&Lazy<Formula>, &Rc<Dealt>)> {
        let carry = self.carry.as_ref().filter(|_| self.bits < 64);
        carry.map(|carry| (&carry.carry, &carry.top))
    }

    /// The public tensor and this party's shares of its mask, where these cost nothing.
    pub(crate) fn uniform_parts(&self) -> Option<(Lazy<Formula>, Lazy<Formula>)> {
        let (hat, mask) = self.full()?;
        Some((hat.clone(), mask.free_shares()?))
    }

    pub(crate) fn view(&self, bits: u32) -> View {
        View { hat: self.hat.clone(), mask: self.mask.known.clone(), bits: bits.min(self.bits) }
    }

    /// As an affine form in `Z_2^64`; price: shares of mask and top, once.
    pub(crate) fn affine(&self) -> Affine {
        let minus_mask = Dealt::combined(vec![(u64::MAX, Rc::clone(&self.mask))]);
        let affine = Affine::constant(self.hat.clone(), &self.mask.shape).plus_known(minus_mask);
        match &self.carry {
            Some(Carry { opened, carry, top }) if self.bits < 64 => {
                let wrap = Dealt::combined(vec![(1 << self.bits, Rc::clone(top))]);
                affine.plus_opened(*opened, carry.clone(), wrap)
            }
            _ => affine,
        }
    }

    /// The form of `scale * x + offset`, `x` in full width.
    pub(crate) fn scaled(&self, recorder: &Recorder<'_>, scale: u64) -> Option<Self> {
        let (hat, mask) = self.full()?;
        let hat = recorder.queue().map(hat, move |hat| held(&hat.times(scale)));
        Self::of_full(hat, Dealt::combined(vec![(scale, Rc::clone(mask))]))
    }

    /// The form of `a * x + b * y` of one shape, both in full width.
    pub(crate) fn combined(recorder: &Recorder<'_>, x: &Self, b: u64, y: &Self) -> Option<Self> {
        let ((x_hat, x_mask), (y_hat, y_mask)) = (x.full()?, y.full()?);
        let hat = recorder
            .queue()
            .zip(x_hat, y_hat, move |x, y| held(&Formula::weighted(vec![(1, x), (b, y)])));
        Self::of_full(hat, Dealt::combined(vec![(1, Rc::clone(x_mask)), (b, Rc::clone(y_mask))]))
    }

    /// The form of `x + scale * public`, `x` in full width and of the public tensor's shape.
    pub(crate) fn shifted(
        &self,
        recorder: &Recorder<'_>,
        public: &Lazy<Tensor>,
        scale: u64,
    ) -> Self {
        let hat = recorder.queue().zip(&self.hat, public, move |hat, public| {
            held(&Formula::weighted(vec![(1, hat), (scale, public.into())]))
        });
        Self { hat, ..self.clone() }
    }

    /// The form of several values joined, all in full width.
    pub(crate) fn joined(
        recorder: &Recorder<'_>,
        parts: &[Self],
        axis: usize,
        shape: &[usize],
    ) -> Option<Self> {
        let parts: Option<Vec<_>> = parts.iter().map(Self::full).collect();
        let (hats, masks): (Vec<_>, Vec<_>) =
            parts?.into_iter().map(|(hat, mask)| (hat.clone(), Rc::clone(mask))).unzip();
        let hat = recorder.queue().gather(&hats, move |hats: Vec<Formula>| {
            let hats: Vec<Tensor> = hats.iter().map(Formula::tensor).collect();
            Tensor::concat(&hats, axis).expect("shapes were checked").into()
        });
        Self::of_full(hat, Dealt::joined(masks, axis, shape))
    }

    fn of_full(hat: Lazy<Formula>, mask: Rc<Dealt>) -> Option<Self> {
        let small = mask.known.size() <= MAX_KNOWN;
        small.then_some(Self { bits: 64, exact: true, hat, mask, carry: None })
    }

    /// The form of the same values in another arrangement (sums: full width only).
    pub(crate) fn arranged(&self, recorder: &Recorder<'_>, structure: &Structure) -> Option<Self> {
        let mask = self.mask.arranged(structure);
        let too_large = mask.known.size() > MAX_KNOWN;
        if too_large || (!structure.only_copies() && self.full().is_none()) {
            return None;
        }
        let apply = |numbers: &Lazy<Formula>| arranged(recorder, numbers, structure);
        Some(Self {
            bits: self.bits,
            exact: self.exact,
            hat: apply(&self.hat),
            mask,
            carry: self.carry.as_ref().map(|carry| Carry {
                opened: carry.opened,
                carry: apply(&carry.carry),
                top: carry.top.arranged(structure),
            }),
        })
    }
}

impl View {
    /// The view of the same values in another arrangement.
    pub(crate) fn arranged(&self, recorder: &Recorder<'_>, structure: &Structure) -> Self {
        let mask = Known::Structure(structure.clone(), Arc::new(self.mask.clone()));
        Self { hat: arranged(recorder, &self.hat, structure), mask, bits: self.bits }
    }

    /// The view of `value - cut`.
    pub(crate) fn minus(&self, recorder: &Recorder<'_>, cut: u64) -> Self {
        let hat = match cut {
            0 => self.hat.clone(),
            _ => recorder.queue().map(&self.hat, move |hat| hat.plus(cut.wrapping_neg())),
        };
        Self { hat, ..self.clone() }
    }

    /// The view of the difference of two values of one shape: masks subtract for free.
    pub(crate) fn minus_view(&self, recorder: &Recorder<'_>, other: &Self) -> Self {
        let hat = recorder
            .queue()
            .zip(&self.hat, &other.hat, |x, y| Formula::weighted(vec![(1, x), (u64::MAX, y)]));
        let mask = Known::Combine(vec![(1, self.mask.clone()), (u64::MAX, other.mask.clone())], 0);
        Self { hat, mask, bits: self.bits.min(other.bits) }
    }
}

/// The numbers themselves: what they are computed from need not be kept.
fn held(numbers: &Formula) -> Formula {
    numbers.tensor().into()
}
