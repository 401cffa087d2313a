//! Secret words.

use cryptab_correlation::Structure;
use cryptab_tensor::{Bits, Tensor};

use crate::bit::Bit;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// A tensor of secret words of 64 bits: the xor of the shares. They stand for the numbers of the
/// same bits, `i64` with `frac` fraction bits.
#[derive(Clone)]
pub(crate) struct Word {
    pub(crate) frac: u8,
    pub(crate) shares: Lazy<Tensor>,
    /// The words themselves, where all parties know them.
    pub(crate) public: Option<Lazy<Tensor>>,
}

/// Bits of a word.
pub(crate) const WIDTH: usize = 64;

impl Word {
    pub(crate) const fn shared(frac: u8, shares: Lazy<Tensor>) -> Self {
        Self { frac, shares, public: None }
    }

    /// Words that all parties know: the leading party's share is the word.
    pub(crate) fn known(recorder: &Recorder<'_>, frac: u8, public: Lazy<Tensor>) -> Self {
        let leads = recorder.leads();
        let shares = recorder.queue().map(&public, move |words| match leads {
            true => words,
            false => Tensor::zeros(words.shape()),
        });
        Self { public: Some(public), ..Self::shared(frac, shares) }
    }

    /// Words of these planes, the lowest bit first.
    pub(crate) fn from_planes(
        recorder: &Recorder<'_>,
        frac: u8,
        planes: &Lazy<Bits>,
        shape: &[usize],
    ) -> Self {
        let shape = shape.to_vec();
        let join = move |planes: Bits| {
            Tensor::from_vec(&shape, planes.join_ring(0)).expect("a word per element")
        };
        Self::shared(frac, recorder.queue().map(planes, join))
    }

    /// Words of a bit each, 0 or 1. Free; a dealer bit if the dealer knows a part of the bit.
    pub(crate) fn from_bit(recorder: &Recorder<'_>, bit: &Bit) -> Self {
        Self::from_planes(recorder, 0, &bit.only_shared(recorder), &bit.shape)
    }

    /// Words of the bits of a tensor whose last axis has 64. Free, as [`Self::from_bit`].
    pub(crate) fn from_bits(recorder: &Recorder<'_>, bit: &Bit, shape: &[usize]) -> Self {
        let shape = shape.to_vec();
        let words = move |bits: Bits| {
            Tensor::from_vec(&shape, bits.into_words()).expect("a word for 64 bits")
        };
        Self::shared(0, recorder.queue().map(&bit.only_shared(recorder), words))
    }

    /// The words that `change`, linear in the bits, makes of these. Local.
    pub(crate) fn map(
        &self,
        recorder: &Recorder<'_>,
        change: impl Fn(Tensor) -> Tensor + Clone + 'static,
    ) -> Self {
        let apply = |words: &Lazy<Tensor>| recorder.queue().map(words, change.clone());
        let public = self.public.as_ref().map(apply);
        Self { frac: self.frac, shares: apply(&self.shares), public }
    }

    /// All bits negated. Local.
    pub(crate) fn flipped(&self, recorder: &Recorder<'_>) -> Self {
        let flip = |words: &Lazy<Tensor>| recorder.queue().map(words, |w| each(w, |word| !word));
        let shares = if recorder.leads() { flip(&self.shares) } else { self.shares.clone() };
        Self { frac: self.frac, shares, public: self.public.as_ref().map(flip) }
    }

    /// `self xor other` of one shape. Local.
    pub(crate) fn xor(&self, recorder: &Recorder<'_>, other: &Self) -> Self {
        let combine = |a: &_, b: &_| recorder.queue().zip(a, b, |a, b| pairs(a, &b, |a, b| a ^ b));
        let public = self.public.as_ref().zip(other.public.as_ref());
        Self {
            frac: self.frac,
            shares: combine(&self.shares, &other.shares),
            public: public.map(|(a, b)| combine(a, b)),
        }
    }

    /// `self and mask`, of words that all parties know and of one shape. Local.
    pub(crate) fn masked(&self, recorder: &Recorder<'_>, mask: &Lazy<Tensor>) -> Self {
        let combine = |a: &_| recorder.queue().zip(a, mask, |a, b| pairs(a, &b, |a, b| a & b));
        let public = self.public.as_ref().map(combine);
        Self { frac: self.frac, shares: combine(&self.shares), public }
    }

    /// The words in another arrangement; what is added are words 0. Local.
    pub(crate) fn arranged(&self, recorder: &Recorder<'_>, structure: &Structure) -> Self {
        let structure = structure.clone();
        self.map(recorder, move |words| {
            structure.apply(&words).expect("shapes were checked when recorded")
        })
    }

    /// Words joined along an axis. Local.
    pub(crate) fn concat(recorder: &Recorder<'_>, parts: &[&Self], axis: usize) -> Self {
        let join = |parts: Vec<Lazy<Tensor>>| {
            recorder.queue().gather(&parts, move |parts| {
                Tensor::concat(&parts, axis).expect("shapes were checked when recorded")
            })
        };
        let public: Option<Vec<_>> = parts.iter().map(|part| part.public.clone()).collect();
        Self {
            frac: parts[0].frac,
            shares: join(parts.iter().map(|part| part.shares.clone()).collect()),
            public: public.map(join),
        }
    }

    /// One bit of every word. Local.
    pub(crate) fn bit(&self, recorder: &Recorder<'_>, index: u32, shape: &[usize]) -> Bit {
        let pick = move |words: Tensor| Bits::slice_ring(words.as_slice(), index, 1);
        let shares = recorder.queue().map(&self.shares, pick);
        Bit { shares, known: None, shape: shape.to_vec() }
    }

    /// The bits of all words one after the other, as a single plane; `shape` has 64 bits a word.
    /// Local.
    pub(crate) fn bits(&self, recorder: &Recorder<'_>, shape: Vec<usize>) -> Bit {
        Bit { shares: in_one_plane(recorder, &self.shares), known: None, shape }
    }

    /// The bits, a plane for each position, the lowest first. Local.
    pub(crate) fn planes(&self, recorder: &Recorder<'_>) -> Lazy<Bits> {
        let slice = |words: Tensor| Bits::slice_ring(words.as_slice(), 0, 64);
        recorder.queue().map(&self.shares, slice)
    }
}

/// The bits of all words one after the other, as they lie.
pub(crate) fn in_one_plane(recorder: &Recorder<'_>, words: &Lazy<Tensor>) -> Lazy<Bits> {
    recorder.queue().map(words, |words: Tensor| {
        Bits::from_words(WIDTH * words.len(), 1, words.into_vec()).expect("a word is 64 bits")
    })
}

/// `change` of each word.
pub(crate) fn each(mut words: Tensor, change: impl Fn(u64) -> u64) -> Tensor {
    words.as_mut_slice().iter_mut().for_each(|word| *word = change(*word));
    words
}

fn pairs(mut words: Tensor, others: &Tensor, combine: impl Fn(u64, u64) -> u64) -> Tensor {
    let pairs = words.as_mut_slice().iter_mut().zip(others.as_slice());
    pairs.for_each(|(word, other)| *word = combine(*word, *other));
    words
}
