use cryptab_tensor::Tensor;

use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;
use crate::word::Word;

/// Enters a private tensor: the owner's share is the tensor, all others are 0. Free.
///
/// Where a masked form of it is needed, the owner alone sends, under a mask that it knows
/// (`masked_input` of the specification, without the dealer's bytes: the mask is expanded from
/// the seed that the owner and the dealer share).
///
/// Safe because shares never leave a party unmasked: openings add a fresh mask, and a reveal
/// re-randomises first. Source: folklore (`share_input` of the specification).
pub(crate) fn share(owner: u8, shape: &[usize], frac: u8, data: Option<Vec<u64>>) -> Number {
    let shape = shape.to_vec();
    let share = match data {
        Some(data) => Lazy::here(Tensor::from_vec(&shape, data).expect("its length was checked")),
        None => Lazy::thunk(move || Tensor::zeros(&shape)),
    };
    later(owner, frac, share)
}

/// As [`share`], with this party's share, which may come later.
pub(crate) fn later(owner: u8, frac: u8, share: Lazy<Tensor>) -> Number {
    Number::shared(frac, share).owned(Some(owner))
}

/// Shares that the parties hold already. Free.
pub(crate) fn own(shape: &[usize], frac: u8, shares: Vec<u64>) -> Number {
    let shares = Tensor::from_vec(shape, shares).expect("its length was checked");
    Number::shared(frac, Lazy::here(shares))
}

/// Xor shares of words that the parties hold already. Free.
pub(crate) fn own_words(shape: &[usize], frac: u8, shares: Vec<u64>) -> Word {
    let shares = Tensor::from_vec(shape, shares).expect("its length was checked");
    Word::shared(frac, Lazy::here(shares))
}

/// A tensor that all parties know. Free.
pub(crate) fn constant(recorder: &Recorder<'_>, frac: u8, tensor: Tensor) -> Number {
    Number::known(recorder, frac, Lazy::here(tensor))
}
