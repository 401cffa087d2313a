//! What a party permutes with, and what the others hide and keep: the correlation of a shuffle.

use crate::known::elements;
use crate::prg::BLOCK;
use crate::{Error, Request, Result, Stream};

/// One party's part of a permutation by one of them.
#[derive(Clone)]
pub enum Permuted {
    /// The permuting party's: row i of the result is row `order[i]`; `delta` is taken off.
    Player {
        /// Where the rows come from.
        order: Vec<usize>,
        /// What the others hide, permuted, and what they keep.
        delta: Vec<u64>,
    },
    /// Another party's.
    Other {
        /// Added to what is sent to the permuting party.
        hide: Vec<u64>,
        /// The new share.
        keep: Vec<u64>,
    },
}

impl std::fmt::Debug for Permuted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Permuted(..)")
    }
}

/// The number of elements of a shuffle, if it is one that is served.
pub(crate) fn count(rows: u64, columns: u64) -> Result<usize> {
    let narrow = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let (rows, columns) = (narrow(rows), narrow(columns));
    elements(&[rows])?;
    elements(&[rows, columns])
}

/// The order of the permuting party: a uniform one, by sorting random keys.
pub(crate) fn order(stream: &Stream, request: &Request, rows: usize) -> Vec<usize> {
    let keys = stream.dealing(request).words(request.address, 2 * rows);
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by_key(|&row| (keys[2 * row], keys[2 * row + 1], row));
    order
}

/// What another party hides, and what it keeps.
pub(crate) fn hide_and_keep(
    stream: &Stream,
    request: &Request,
    count: usize,
) -> (Vec<u64>, Vec<u64>) {
    let kept_from = count.next_multiple_of(BLOCK);
    let mut hide = stream.dealing(request).words(request.address, kept_from + count);
    let keep = hide.split_off(kept_from);
    hide.truncate(count);
    (hide, keep)
}

/// What the dealer sends to the permuting party: what the others hide, permuted, and what they
/// keep.
pub(crate) fn delta(
    streams: &[Stream],
    request: &Request,
    player: u8,
    [rows, columns]: [usize; 2],
) -> Result<Vec<u64>> {
    let player = usize::from(player);
    let own = streams.get(player).ok_or(Error::Meaningless { reason: "no such party" })?;
    let order = order(own, request, rows);
    let mut total = vec![0_u64; rows * columns];
    for (_, stream) in streams.iter().enumerate().filter(|(party, _)| *party != player) {
        let (hide, keep) = hide_and_keep(stream, request, rows * columns);
        for (to, &from) in order.iter().enumerate() {
            for column in 0..columns {
                let sum = &mut total[to * columns + column];
                *sum = sum
                    .wrapping_add(hide[from * columns + column])
                    .wrapping_add(keep[to * columns + column]);
            }
        }
    }
    Ok(total)
}
