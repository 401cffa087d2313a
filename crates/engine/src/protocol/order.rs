//! Sorting: every element's rank is a sum of comparisons, and elements move to their ranks.
//!
//! The rank of i is `sum_{j>i} [j before i] + sum_{k<i} (1 - [i before k])`: all pairs are
//! compared, equal elements keep their order. A rank is opened under a mask modulo 2^t; the
//! dealer has shared the one-hot vector of that mask, alone and times the mask of the element,
//! so that *turned* by what was opened they place the element: no order is ever opened.
//!
//! Rounds: L + 3, for any number of parties. Cost of n elements: n (n - 1) / 2 comparisons, a bit
//! and t dealer bits more each; per element t bits and 2 (2^t) 64 dealer bits, t = ceil(log2 n).
//!
//! Source: ranks by comparing all pairs, folklore; one-time truth tables, Ishai et al. (TCC 2013).

use std::sync::Arc;

use cryptab_correlation::{Known, Structure};
use cryptab_tensor::Tensor;

use super::extremum::{Chosen, Search, Sizes, precedence};
use super::index::{Turn, place};
use crate::form::Form;
use crate::lazy::{Input, Lazy};
use crate::recorder::Recorder;
use crate::value::Number;

/// What is asked of an order: the elements at these ranks, and where they were.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) ranks: Vec<usize>,
    pub(crate) value: bool,
    pub(crate) index: bool,
}

/// The elements of every column of `x` `[rows, columns]`, in order, at the ranks that are wanted:
/// `[ranks, columns]`. There are at least two rows, fewer than 2^bits.
pub(crate) fn ordered(
    recorder: &Recorder<'_>,
    x: &Number,
    sizes: Sizes,
    search: Search,
    wanted: &Wanted,
    bits: u32,
) -> Chosen {
    let Sizes { rows, columns } = sizes;
    let form = x.in_ring(recorder, &[rows, columns], u32::from(search.compare.width));
    let ranks = ranks(recorder, &form, sizes, search, bits);
    let turn = Turn::open(recorder, &ranks, rows * columns, bits);
    let hot = turn.hot_shares(recorder, 64);
    let size = 1 << bits;
    let index = wanted.index.then(|| {
        let ranks = wanted.ranks.clone();
        recorder.queue().zip(turn.opened(), &hot, move |opened, hot| {
            let mut out = vec![0_u64; ranks.len() * columns];
            scatter(&mut out, &ranks, columns, opened.as_slice(), |element| {
                let (row, hot) = (element / columns, &hot.as_slice()[element * size..]);
                move |at| hot[at].wrapping_mul(row as u64)
            });
            Tensor::from_vec(&[ranks.len(), columns], out).expect("an index per rank")
        })
    });
    let value = wanted.value.then(|| values(recorder, &form, &turn, &hot, sizes, wanted));
    Chosen { value, place: index }
}

/// Shares modulo 2^bits of how many elements come before each, `[rows * columns]`.
fn ranks(
    recorder: &Recorder<'_>,
    form: &Form,
    sizes: Sizes,
    search: Search,
    bits: u32,
) -> Lazy<Tensor> {
    let Sizes { rows, columns } = sizes;
    let before = precedence(recorder, form, sizes, search).opened(recorder);
    let leads = recorder.leads();
    recorder.queue().map(&before.shares(recorder, bits), move |before| {
        let mut ranks = vec![0_u64; rows * columns];
        let mut pairs = before.as_slice().chunks_exact(columns.max(1));
        for j in 0..rows {
            let (earlier, rest) = ranks.split_at_mut(j * columns);
            let own = &mut rest[..columns];
            // All j elements before it, but those that it precedes.
            own.fill(if leads { j as u64 } else { 0 });
            for other in earlier.chunks_exact_mut(columns.max(1)) {
                let Some(pair) = pairs.next() else { break };
                for ((own, other), &precedes) in own.iter_mut().zip(other).zip(pair) {
                    *own = own.wrapping_sub(precedes);
                    *other = other.wrapping_add(precedes);
                }
            }
        }
        Tensor::from_vec(&[rows * columns], ranks).expect("a rank per element")
    })
}

/// Shares in `Z_2^64` of the elements at the wanted ranks.
///
/// With E the one-hot vector of a rank's mask and x = x^ - l + c u 2^k:
/// `sum_i x^_i E_i - (l_i E_i) + c_i 2^k (u_i E_i)`, each turned to the rank.
fn values(
    recorder: &Recorder<'_>,
    form: &Form,
    turn: &Turn,
    hot: &Lazy<Tensor>,
    sizes: Sizes,
    wanted: &Wanted,
) -> Lazy<Tensor> {
    let Sizes { rows, columns } = sizes;
    let count = rows * columns;
    let times = |number: &Known, bits: u32| {
        let column = Structure::Reshape(vec![count as u64, 1]);
        let column = Known::Structure(column, Arc::new(number.clone()));
        recorder.deal_tensor(Known::Product(Arc::new(turn.hot()), Arc::new(column)), bits)
    };
    let (hat, mask) = form.parts();
    let hat = recorder.computed(hat);
    let masks = times(&mask.known, 64);
    let shift = form.bits;
    let carry =
        form.carry().map(|(carry, top)| (recorder.computed(carry), times(&top.known, 64 - shift)));
    let mut inputs: Vec<&dyn Input> = vec![&hat, turn.opened(), hot, &masks];
    if let Some((carry, tops)) = &carry {
        inputs.extend([carry as &dyn Input, tops]);
    }
    let (hat_in, opened_in, hot_in) = (hat.clone(), turn.opened().clone(), hot.clone());
    let (masks_in, carry_in) = (masks.clone(), carry.clone());
    let (ranks, size) = (wanted.ranks.clone(), turn.size());
    recorder.queue().after(&inputs, move || {
        let (hat, opened, hot) = (hat_in.get(), opened_in.get(), hot_in.get());
        let masks = masks_in.get();
        let mut out = vec![0_u64; ranks.len() * columns];
        scatter(&mut out, &ranks, columns, opened.as_slice(), |element| {
            let hat = hat.as_slice()[element];
            let hot = &hot.as_slice()[element * size..];
            let masks = &masks.as_slice()[element * size..];
            move |at| hot[at].wrapping_mul(hat).wrapping_sub(masks[at])
        });
        if let Some((carry, tops)) = carry_in {
            let (carry, tops) = (carry.get(), tops.get());
            scatter(&mut out, &ranks, columns, opened.as_slice(), |element| {
                let carry = carry.as_slice()[element];
                let tops = &tops.as_slice()[element * size..];
                move |at| tops[at].wrapping_mul(carry) << shift
            });
        }
        Tensor::from_vec(&[ranks.len(), columns], out).expect("an element per rank")
    })
}

/// Adds, at every wanted rank, what every element of its column contributes there.
fn scatter<F: Fn(usize) -> u64>(
    out: &mut [u64],
    ranks: &[usize],
    columns: usize,
    opened: &[u64],
    contribution: impl Fn(usize) -> F,
) {
    let size = (opened.len() / columns.max(1)).next_power_of_two();
    for (element, &opened) in opened.iter().enumerate() {
        let (column, contribution) = (element % columns, contribution(element));
        for (wanted, &rank) in ranks.iter().enumerate() {
            // [rank = r] = [rank - r^ + rho = 0]
            let share = contribution(place(rank, opened, size));
            let sum = &mut out[wanted * columns + column];
            *sum = sum.wrapping_add(share);
        }
    }
}
