use cryptab_correlation::AndNode;
use cryptab_tensor::Bits;

use super::nodes;
use crate::bit::Bit;
use crate::recorder::Recorder;

/// The AND of up to 9 bits of one shape, in one round.
///
/// Cost for k bits: k bits; `2^k - 1 - k` dealer bits, and one for every bit of which the dealer
/// knows a part. Source: multi-fan-in AND of ABY2.0 and Ohata-Nuida.
pub(crate) fn and(recorder: &Recorder<'_>, bits: &[&Bit]) -> Bit {
    let shares: Vec<_> = bits.iter().map(|bit| bit.only_shared(recorder)).collect();
    let variables =
        recorder.queue().gather(&shares, |planes| Bits::concat(&planes).expect("equal dimensions"));
    let fan_in = u8::try_from(bits.len()).expect("few bits");
    let planes = (0..bits.len()).collect();
    let node = vec![AndNode::Equal { fan_in }];
    let shares = nodes::evaluate(recorder, node, &variables, planes, bits[0].len());
    Bit { shares, known: None, shape: bits[0].shape.clone() }
}
