use std::sync::Arc;

use cryptab_correlation::{AndNode, KnownBits};
use cryptab_tensor::Bits;

use crate::bit::Bit;
use crate::bitwise::evaluate_nodes;
use crate::recorder::Recorder;

/// The AND of up to 9 bits of one shape, in one round.
///
/// Cost for k bits: k bits; `2^k - 1 - k` dealer bits, and one for every bit of which the dealer
/// knows a part. Source: multi-fan-in AND of ABY2.0 and Ohata-Nuida.
pub(crate) fn and(recorder: &Recorder<'_>, bits: &[&Bit]) -> Bit {
    let (len, shape) = (bits[0].len(), bits[0].shape.clone());
    let whole = |bit: &&Bit| match bit.known {
        Some(_) => bit.fully_shared(recorder),
        None => bit.shares.clone(),
    };
    let shares: Vec<_> = bits.iter().map(whole).collect();
    let variables =
        recorder.queue().gather(&shares, |planes| Bits::concat(&planes).expect("equal dimensions"));
    let (masks, mask_shares) = recorder.mask_bits(len, bits.len());
    let masked =
        recorder.queue().zip(&variables, &mask_shares, |v, m| v.xor(&m).expect("equal dimensions"));
    let opened = recorder.open_bits(&masked, len, bits.len());
    let fan_in = u8::try_from(bits.len()).expect("few bits");
    let nodes = vec![AndNode::Equal { fan_in }];
    let monomials = recorder.deal_bits(KnownBits::Monomials(Arc::new(masks), nodes.clone()));
    let leads = recorder.leads();
    let inputs = (opened.clone(), mask_shares.clone(), monomials.clone());
    let shares = recorder.queue().after(&[&opened, &mask_shares, &monomials], move || {
        let (opened, masks, monomials) = (inputs.0.get(), inputs.1.get(), inputs.2.get());
        evaluate_nodes(&nodes, &opened, &masks, &monomials, leads)
    });
    Bit { shares, known: None, shape }
}
