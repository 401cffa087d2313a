use cryptab_correlation::{Deal, Permuted};
use cryptab_tensor::Tensor;

use super::extremum::Sizes;
use crate::exchange::Receivers;
use crate::lazy::{Input, Lazy};
use crate::recorder::Recorder;

/// The rows of shared numbers, in an order that nobody knows: every party permutes in turn.
///
/// The others send x_q + a_q (a_q from their streams) to the permuting party and keep b_q as new
/// shares; the dealer sends it delta = p(sum a_q) + sum b_q; its new share is
/// p(x + sum (x_q + a_q)) - delta. Its permutation comes from its own stream.
/// Cost: N rounds; 64 bits per element to each peer; 64 N dealer bits per element.
/// Source: permute-and-share, Chase, Ghosh, Poburinnaya (ePrint 2019/1340).
pub(crate) fn shuffle(
    recorder: &Recorder<'_>,
    shares: &Lazy<Tensor>,
    shape: &[usize],
    sizes: Sizes,
) -> Lazy<Tensor> {
    let permute = |shares, player| permute(recorder, &shares, shape, sizes, player);
    (0..recorder.parties()).fold(shares.clone(), permute)
}

fn permute(
    recorder: &Recorder<'_>,
    shares: &Lazy<Tensor>,
    shape: &[usize],
    sizes: Sizes,
    player: u8,
) -> Lazy<Tensor> {
    let Sizes { rows, columns } = sizes;
    let deal = Deal::Shuffle { player, rows: rows as u64, columns: columns as u64 };
    let part = recorder.deal(deal, |expander, request, correction| {
        expander.permuted(request, &correction).expect("it was checked when it came")
    });
    let own_shape = shape.to_vec();
    let round = shares.ready() + 1;
    let sent = recorder.queue().zip(shares, &part, {
        let shape = own_shape.clone();
        move |x, part| match part {
            Permuted::Player { .. } => x,
            Permuted::Other { hide, .. } => {
                let hide = Tensor::from_vec(&shape, hide).expect("as many as asked for");
                x.add(&hide).expect("equal shapes")
            }
        }
    });
    let received = recorder.exchange_ring(&sent, shape, 64, Receivers::One(player));
    let fresh = match received {
        None => recorder.queue().map(&part, move |part| match part {
            Permuted::Player { .. } => unreachable!("the permuting party receives"),
            Permuted::Other { keep, .. } => {
                Tensor::from_vec(&own_shape, keep).expect("as many as asked for")
            }
        }),
        Some(received) => recorder.queue().zip(&received, &part, move |x, part| match part {
            Permuted::Other { .. } => unreachable!("the permuting party alone receives"),
            Permuted::Player { order, delta } => {
                let mut fresh = Vec::with_capacity(delta.len());
                for &row in &order {
                    fresh.extend_from_slice(&x.as_slice()[row * columns..(row + 1) * columns]);
                }
                for (share, delta) in fresh.iter_mut().zip(&delta) {
                    *share = share.wrapping_sub(*delta);
                }
                Tensor::from_vec(&own_shape, fresh).expect("as many as before")
            }
        }),
    };
    fresh.after(round)
}
