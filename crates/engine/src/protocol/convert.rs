//! Between numbers and words.

use std::sync::Arc;

use cryptab_correlation::{Known, KnownBits};
use cryptab_tensor::{Bits, Formula, Tensor};

use super::carry;
use crate::bitwise::{BLOCK, differences};
use crate::lazy::{Input, Lazy};
use crate::recorder::Recorder;
use crate::value::Number;
use crate::word::{WIDTH, Word};

/// A number modulo 2^64 as a word of the same bits (A2B).
///
/// With x^ = x + r opened, `x = x^ - r`: the dealer shares the one-hot words of all blocks of 4
/// bits of r, in which the comparisons of the lowest digits of blocks of x^ and r, and x^ xor r,
/// are linear; what is left are the borrows.
///
/// Cost: 3 rounds, 64 + 100 bits, 240 + 496 dealer bits; 2 rounds if x is masked in full width
/// already. Numbers that all know, and those of one party, are words as they are: free. Exact.
/// Source: one-time truth tables (Ishai et al., TCC 2013), multi-fan-in AND (ABY2.0).
pub(crate) fn to_word(recorder: &Recorder<'_>, x: &Number, shape: &[usize]) -> Word {
    if let Some(public) = &x.public {
        return Word::known(recorder, x.frac, public.clone());
    }
    if x.owner.is_some() {
        return Word::shared(x.frac, x.shares.clone());
    }
    let len = shape.iter().product();
    let view = x.masked(recorder, shape, 64, false).view(64);
    let blocks = vec![u8::try_from(BLOCK).expect("small"); WIDTH / BLOCK];
    let tables = recorder.deal_bits(KnownBits::OneHot(Arc::new(view.mask.clone()), blocks));
    let leads = recorder.leads();
    let local = recorder.queue().zip(&view.hat, &tables, move |hat: Formula, tables| {
        let hat = hat.tensor();
        differences(&Bits::slice_ring(hat.as_slice(), 0, 64), &tables, leads)
    });
    let pairs = recorder.queue().map(&local, |planes| planes.select(0..2 * WIDTH));
    let borrows = carry::carries(recorder, &pairs, len);
    let bits = recorder.queue().zip(&local, &borrows, |planes, borrows| {
        planes.select(2 * WIDTH..3 * WIDTH).xor(&borrows).expect("64 planes each")
    });
    Word::from_planes(recorder, x.frac, &bits, shape)
}

/// A word as the number modulo 2^64 of the same bits (B2A).
///
/// With x^ = x xor m opened, `x = x^ + sum_i (1 - 2 x^_i) 2^i m_i`; the bits of every byte of m are
/// shared modulo what is left of 2^64 above them.
///
/// Cost: 1 round, 64 bits, 2304 dealer bits. Exact.
/// Source: daBits (Rotaru-Wood, ePrint 2019/207), bit injection of ABY2.0.
pub(crate) fn to_number(recorder: &Recorder<'_>, x: &Word, shape: &[usize]) -> Number {
    if let Some(public) = &x.public {
        return Number::known(recorder, x.frac, public.clone());
    }
    let bytes: Vec<Lazy<Tensor>> =
        (0..8).map(|at| byte_as_number(recorder, x, at, shape)).collect();
    let shares = recorder.queue().gather(&bytes, |bytes| {
        let sum = bytes.into_iter().reduce(|a, b| a.add(&b).expect("equal shapes"));
        sum.expect("a word has bytes")
    });
    Number::shared(x.frac, shares)
}

/// Shares of the part that one byte has in a number.
fn byte_as_number(recorder: &Recorder<'_>, x: &Word, at: u32, shape: &[usize]) -> Lazy<Tensor> {
    let (len, shift) = (shape.iter().product::<usize>(), 8 * at);
    let (mask, mask_shares) = recorder.mask_bits(8 * len, 1);
    let masked = recorder.queue().zip(&x.shares, &mask_shares, move |words: Tensor, mask| {
        let bytes: Vec<u8> =
            words.as_slice().iter().map(|word| word.to_le_bytes()[at as usize]).collect();
        let byte = Bits::from_bytes(8 * bytes.len(), 1, &bytes).expect("a byte has 8 bits");
        byte.xor(&mask).expect("equal dimensions")
    });
    let opened = recorder.open_bits(&masked, 8 * len, 1);
    let bits = Known::Bit(Arc::new(mask), vec![len as u64, 8]);
    let shares = recorder.deal_tensor(bits, 64 - shift);
    let (leads, shape) = (recorder.leads(), shape.to_vec());
    let inputs = (opened.clone(), shares.clone());
    recorder.queue().after(&[&opened as &dyn Input, &shares], move || {
        let (opened, shares) = (inputs.0.get().to_bytes(), inputs.1.get());
        let number = |(&byte, shares): (&u8, &[u64])| {
            let own = if leads { u64::from(byte) } else { 0 };
            let bits = shares.iter().enumerate();
            let masks = bits.fold(0_u64, |sum, (bit, share)| match byte >> bit & 1 {
                0 => sum.wrapping_add(share << bit),
                _ => sum.wrapping_sub(share << bit),
            });
            own.wrapping_add(masks) << shift
        };
        let numbers = opened.iter().zip(shares.as_slice().chunks_exact(8)).map(number).collect();
        Tensor::from_vec(&shape, numbers).expect("a byte of every word")
    })
}
