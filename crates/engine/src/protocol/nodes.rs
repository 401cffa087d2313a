//! Polynomials of shared bits, in one round.

use std::sync::Arc;

use cryptab_correlation::{AndNode, KnownBits};
use cryptab_tensor::Bits;

use crate::bitwise::evaluate_nodes;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// The outputs of nodes, one after the other; `planes` of `inputs`, each of `len` bits, are the
/// variables of all nodes in their order.
///
/// Cost: 1 round, a bit per variable, a dealer bit per monomial. Exact.
/// Source: multi-fan-in AND of ABY2.0 (ePrint 2020/1225) and Ohata-Nuida (FC 2020).
pub(crate) fn evaluate(
    recorder: &Recorder<'_>,
    nodes: Vec<AndNode>,
    inputs: &Lazy<Bits>,
    planes: Vec<usize>,
    len: usize,
) -> Lazy<Bits> {
    let count = planes.len();
    let (masks, mask_shares) = recorder.mask_bits(len, count);
    let masked = recorder.queue().zip(inputs, &mask_shares, move |inputs, masks| {
        picked(&inputs, &planes).xor(&masks).expect("equal dimensions")
    });
    let opened = recorder.open_bits(&masked, len, count);
    let monomials = recorder.deal_bits(KnownBits::Monomials(Arc::new(masks), nodes.clone()));
    let leads = recorder.leads();
    let inputs = (opened.clone(), mask_shares.clone(), monomials.clone());
    recorder.queue().after(&[&opened, &mask_shares, &monomials], move || {
        let (opened, masks, monomials) = (inputs.0.get(), inputs.1.get(), inputs.2.get());
        evaluate_nodes(&nodes, &opened, &masks, &monomials, leads)
    })
}

/// These planes, in this order.
pub(crate) fn picked(bits: &Bits, planes: &[usize]) -> Bits {
    let chosen: Vec<Bits> = planes.iter().map(|&plane| bits.select(plane..plane + 1)).collect();
    Bits::concat(&chosen).expect("planes of one length")
}
