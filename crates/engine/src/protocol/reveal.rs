//! The only exit: shares are opened here and nowhere else, after the reveal policy has agreed.
//!
//! Shares are re-randomised with fresh shares of zero first, so that they show the value and
//! nothing else. A reveal that fails half-way still counts as revealed.
//!
//! Three or more parties compare first what they saw opened: if one of them has sent different
//! shares to different peers, no honest party sends its share of a result. That is the round and
//! the 32 bytes "to agree" below ([`Recorder::agreed`]); reveals of one moment share them, and what
//! depends on no opening is revealed without.

use cryptab_correlation::{Known, KnownBits};
use cryptab_tensor::{Bits, Formula, Tensor};

use crate::bit::Bit;
use crate::exchange::Receivers;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;
use crate::word::{WIDTH, Word, in_one_plane};

/// Opens numbers to `receivers`; the tensor at those who receive it.
///
/// Cost: 1 round, 64 bits, 64 dealer bits; declared ranges save bits of both. Of three or more
/// parties: 1 round and 32 bytes to agree. Exact.
pub(crate) fn reveal_number(
    recorder: &Recorder<'_>,
    x: &Number,
    shape: &[usize],
    width: u8,
    receivers: Receivers,
) -> Option<Lazy<Tensor>> {
    if let Some(public) = &x.public {
        return receivers.include(recorder.me()).then(|| public.clone());
    }
    let shares = recorder.agreed(&x.shares);
    let shape_of_zero = shape.iter().map(|&size| size as u64).collect();
    let bits = u32::from(width);
    let zero = recorder.deal_ring(Known::Zero { shape: shape_of_zero }, bits);
    let shares = recorder
        .queue()
        .zip(&shares, &zero, |x, zero| Formula::weighted(vec![(1, x.into()), (1, zero)]).tensor());
    let opened = recorder.exchange_ring(&shares, shape, bits, receivers)?;
    Some(recorder.queue().map(&opened, move |tensor| signed(&tensor, bits)))
}

/// From modulo 2^bits to `Z_2^64`: the representative of the least absolute value.
fn signed(tensor: &Tensor, bits: u32) -> Tensor {
    match bits {
        64 => tensor.clone(),
        _ => {
            let half = 1_u64 << (bits - 1);
            tensor.add_scalar(half).low_bits(bits).add_scalar(half.wrapping_neg())
        }
    }
}

/// Opens words to `receivers`. Cost: 1 round, 64 bits, 64 dealer bits; to agree, as
/// [`reveal_number`]. Exact.
pub(crate) fn reveal_word(
    recorder: &Recorder<'_>,
    x: &Word,
    shape: &[usize],
    receivers: Receivers,
) -> Option<Lazy<Tensor>> {
    if let Some(public) = &x.public {
        return receivers.include(recorder.me()).then(|| public.clone());
    }
    let shares = recorder.agreed(&x.shares);
    let len = shape.iter().product::<usize>() * WIDTH;
    let zero = recorder.deal_bits(KnownBits::Zero { len: len as u64, planes: 1 });
    let shares = recorder.queue().zip(&in_one_plane(recorder, &shares), &zero, |x, zero| {
        x.xor(&zero).expect("equal dimensions")
    });
    let opened = recorder.exchange_bits(&shares, len, 1, receivers)?;
    let shape = shape.to_vec();
    Some(recorder.queue().map(&opened, move |bits: Bits| {
        Tensor::from_vec(&shape, bits.into_words()).expect("a word for 64 bits")
    }))
}

/// Opens bits to `receivers`. Cost: 1 round, 1 bit, 1 dealer bit; to agree, as [`reveal_number`].
/// Exact.
pub(crate) fn reveal_bit(
    recorder: &Recorder<'_>,
    bit: &Bit,
    receivers: Receivers,
) -> Option<Lazy<Bits>> {
    let agreed = Bit { shares: recorder.agreed(&bit.shares), ..bit.clone() };
    let shares = agreed.fully_shared(recorder);
    recorder.exchange_bits(&shares, bit.len(), 1, receivers)
}

/// Opens bits that are no result, and tell nothing about one: which of two shuffled keys is the
/// smaller. Cost: 1 round, 1 bit, 1 dealer bit. Exact.
pub(crate) fn open_shuffled(recorder: &Recorder<'_>, bit: &Bit) -> Lazy<Bits> {
    recorder.open_bits(&bit.fully_shared(recorder), bit.len(), 1)
}
