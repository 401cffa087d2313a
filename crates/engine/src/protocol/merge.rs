//! Sorting long lines: shuffled, then merged by comparisons that are opened.
//!
//! Every party permutes the line in turn, so that nobody knows where an element has got to; ties
//! are made unique by the index in the low bits of a key, `x 2^t + i`. The order of the shuffled
//! keys then is a uniformly random one, whatever the elements are: comparisons of them are
//! opened, and say nothing else. What is compared next follows from what was opened; how much is
//! compared, and in which round, does not.
//!
//! 1. Groups of g single elements, g <= 63, are sorted by comparing all pairs; then four lists at a
//!    time become one, until one is left. g is as small as the number of merges allows.
//! 2. To merge lists, every element finds its rank in each later list of its group, in steps of two
//!    bits: three comparisons at once, with elements a quarter apart. The ranks in the earlier
//!    lists follow. An element's place is the sum of its ranks.
//!
//! Rounds: N for the shuffle, and L + 2 for the groups and for every step: finding a rank in a list
//! of m takes ceil(log4(m + 1)) steps.
//! Cost for n elements: N shuffles of pairs; n (g - 1) / 2 comparisons for the groups, and up to
//! 9/2 n in every step of a merge, each with an opening of the key's difference, and of the bit.
//! At full width: 10,000 elements take N + 76 rounds, and per element 95 comparisons, 1.4 KB to
//! each peer and 3.7 KB from the dealer; 100,000 take N + 136 rounds, 143, 2.1 KB and 5.5 KB.
//! Range: |x| < 2^(62-t) units.
//!
//! Sources: a random order may be opened: Hamada, Kikuchi, Ikarashi, Chida, Takahashi (ICISC 2012);
//! merging by ranks: Valiant (SIAM J. Comput. 1975).

use std::ops::Range;
use std::rc::Rc;

use cryptab_tensor::{Bits, Tensor};

use super::compare::{is_negative, view};
use super::extremum::{Search, Sizes};
use super::reveal::open_shuffled;
use super::shuffle::shuffle;
use crate::lazy::Lazy;
use crate::op::{Compare, Extremum};
use crate::recorder::Recorder;
use crate::value::Number;

/// So many lists become one.
const FAN: usize = 4;
/// The largest groups that are sorted by comparing all pairs: a rank takes three steps.
const MOST_AT_FIRST: usize = 63;
/// Comparisons of one request to the dealer, at most.
const AT_ONCE: usize = 1 << 20;

/// The rows of `[count, 2]`: the elements of a line in order, and where they were.
///
/// `bits`: 2^bits is not below `count`; `search.compare` is for differences of keys.
pub(crate) fn sorted(
    recorder: &Recorder<'_>,
    line: &Lazy<Tensor>,
    count: usize,
    search: Search,
    bits: u32,
) -> Lazy<Tensor> {
    let leads = recorder.leads();
    let pairs = recorder.queue().map(line, move |line| {
        let index = |at: usize| if leads { at as u64 } else { 0 };
        let pairs = line.as_slice().iter().enumerate().flat_map(|(at, &x)| [x, index(at)]);
        Tensor::from_vec(&[count, 2], pairs.collect()).expect("two numbers per element")
    });
    let pairs = shuffle(recorder, &pairs, &[count, 2], Sizes { rows: count, columns: 2 });
    let keys = recorder.queue().map(&pairs, move |pairs| {
        let key = |pair: &[u64]| match search.extremum {
            Extremum::Min => (pair[0] << bits).wrapping_add(pair[1]),
            Extremum::Max => pair[1].wrapping_sub(pair[0] << bits),
        };
        Tensor::from_vec(&[count], pairs.as_slice().chunks_exact(2).map(key).collect())
            .expect("a key per pair")
    });
    let mut order = Lazy::here(Rc::new((0..count).collect::<Vec<usize>>()));
    for merge in Merge::all(count) {
        order = merge.run(recorder, &keys, &order, search.compare);
    }
    recorder.queue().zip(&pairs, &order, move |pairs, order| {
        let pairs = pairs.as_slice();
        let rows = order.iter().flat_map(|&at| [pairs[2 * at], pairs[2 * at + 1]]);
        Tensor::from_vec(&[count, 2], rows.collect()).expect("as many as before")
    })
}

/// Groups of `fan` neighbouring lists of `size` become one list each.
#[derive(Clone, Copy)]
struct Merge {
    count: usize,
    size: usize,
    fan: usize,
}

/// An element of one list looks for its rank in another list of its group.
#[derive(Clone)]
struct Query {
    element: usize,
    list: Range<usize>,
}

impl Merge {
    fn all(count: usize) -> Vec<Self> {
        let mut merges = 0;
        while count.div_ceil(FAN.pow(merges)) > MOST_AT_FIRST {
            merges += 1;
        }
        let first = count.div_ceil(FAN.pow(merges));
        let later = (0..merges).map(|i| Self { count, size: first * FAN.pow(i), fan: FAN });
        [Self { count, size: 1, fan: first }].into_iter().chain(later).collect()
    }

    /// The new order. `order`: the positions of keys, list by list.
    fn run(
        self,
        recorder: &Recorder<'_>,
        keys: &Lazy<Tensor>,
        order: &Lazy<Rc<Vec<usize>>>,
        compare: Compare,
    ) -> Lazy<Rc<Vec<usize>>> {
        let queries = Rc::new(self.queries());
        let mut ranks = Lazy::here(Rc::new(vec![0_usize; queries.len()]));
        let mut stride = 1;
        while stride * FAN <= self.size {
            stride *= FAN;
        }
        while stride > 0 {
            ranks = step(recorder, (keys, order), &queries, &ranks, stride, compare);
            stride /= FAN;
        }
        recorder.queue().zip(order, &ranks, move |order, ranks| {
            let mut merged = vec![0; order.len()];
            for (place, &key) in self.places(&ranks).into_iter().zip(order.iter()) {
                merged[place] = key;
            }
            Rc::new(merged)
        })
    }

    /// The pairs of lists of the same group, the earlier one first.
    fn list_pairs(self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let list = move |start: usize| start..(start + self.size).min(self.count);
        let group = self.size * self.fan;
        (0..self.count).step_by(self.size).flat_map(move |start| {
            let end = (start / group * group + group).min(self.count);
            (start + self.size..end).step_by(self.size).map(move |other| (list(start), list(other)))
        })
    }

    fn queries(self) -> Vec<Query> {
        let of_pair = |(one, list): (Range<usize>, Range<usize>)| {
            one.map(move |element| Query { element, list: list.clone() })
        };
        self.list_pairs().flat_map(of_pair).collect()
    }

    /// Where every element goes, given the ranks that the queries found.
    fn places(self, ranks: &[usize]) -> Vec<usize> {
        let group = self.size * self.fan;
        let first = |at: usize| at / group * group + at % self.size;
        let mut places: Vec<usize> = (0..self.count).map(first).collect();
        let mut rest = ranks;
        for (one, other) in self.list_pairs() {
            let (ranks, later) = rest.split_at(one.len());
            rest = later;
            one.zip(ranks).for_each(|(element, rank)| places[element] += rank);
            // Before the k-th of the other list are those with at most k of it before them.
            let mut before = 0;
            for (k, element) in other.enumerate() {
                while ranks.get(before).is_some_and(|&rank| rank <= k) {
                    before += 1;
                }
                places[element] += before;
            }
        }
        places
    }
}

/// Adds to every rank the multiple of `stride`, below four, that is not too large.
fn step(
    recorder: &Recorder<'_>,
    (keys, order): (&Lazy<Tensor>, &Lazy<Rc<Vec<usize>>>),
    queries: &Rc<Vec<Query>>,
    ranks: &Lazy<Rc<Vec<usize>>>,
    stride: usize,
    compare: Compare,
) -> Lazy<Rc<Vec<usize>>> {
    let count = probes(queries, stride).count();
    let chunks = (0..count).step_by(AT_ONCE).map(|start| {
        let size = AT_ONCE.min(count - start);
        let queries = Rc::clone(queries);
        let pairs = recorder.queue().zip(ranks, order, move |ranks, order| {
            let chunk = probes(&queries, stride).skip(start).take(size);
            let pair = |(at, ahead): (usize, usize)| {
                let Query { element, list } = &queries[at];
                let probe = (list.start + ranks[at] + ahead).min(list.end - 1);
                (order[probe], order[*element])
            };
            chunk.map(pair).collect::<Vec<_>>()
        });
        let differences = recorder.queue().zip(keys, &pairs, |keys, pairs| {
            let keys = keys.as_slice();
            let differences = pairs.iter().map(|&(a, b)| keys[a].wrapping_sub(keys[b])).collect();
            Tensor::from_vec(&[pairs.len()], differences).expect("as many as compared")
        });
        before(recorder, differences, size, compare)
    });
    let chunks: Vec<Lazy<Bits>> = chunks.collect();
    let bits = recorder.queue().gather(&chunks, |chunks| {
        Rc::new(chunks.iter().flat_map(|bits| bits.to_ring(0)).collect::<Vec<u64>>())
    });
    let queries = Rc::clone(queries);
    recorder.queue().zip(ranks, &bits, move |ranks, bits| {
        let mut next = ranks.as_ref().clone();
        for ((at, ahead), &bit) in probes(&queries, stride).zip(bits.iter()) {
            if bit == 1 && ranks[at] + ahead < queries[at].list.len() {
                next[at] += stride;
            }
        }
        Rc::new(next)
    })
}

/// What a step compares: the number of a query, and how far ahead of its rank. What is beyond its
/// list, whatever the rank, needs no comparison.
fn probes(queries: &[Query], stride: usize) -> impl Iterator<Item = (usize, usize)> {
    queries.iter().enumerate().flat_map(move |(at, query)| {
        let times = (1..FAN).take_while(move |times| times * stride <= query.list.len());
        times.map(move |times| (at, times * stride - 1))
    })
}

/// Opens which differences of keys are negative.
fn before(
    recorder: &Recorder<'_>,
    differences: Lazy<Tensor>,
    count: usize,
    compare: Compare,
) -> Lazy<Bits> {
    let shape = [count];
    let view = view(recorder, &Number::shared(0, differences), &shape, compare.width);
    let bit = is_negative(recorder, &view, &shape, compare.levels);
    open_shuffled(recorder, &bit)
}

#[cfg(test)]
mod tests {
    use super::Merge;

    /// What the queries of a merge must find.
    fn ranks(merge: Merge, keys: &[u64]) -> Vec<usize> {
        let rank = |query: super::Query| {
            keys[query.list].iter().filter(|&&key| key < keys[query.element]).count()
        };
        merge.queries().into_iter().map(rank).collect()
    }

    #[test]
    fn merges_sort_any_number_of_keys() {
        for count in [1, 2, 5, 63, 64, 65, 253, 1000, 4097] {
            let mut keys: Vec<u64> = (0..count as u64).map(|i| i * 7919 % 4099).collect();
            for merge in Merge::all(count) {
                let mut next = vec![0; count];
                for (place, key) in merge.places(&ranks(merge, &keys)).into_iter().zip(&keys) {
                    next[place] = *key;
                }
                keys = next;
            }
            assert!(keys.is_sorted(), "{count}");
        }
    }
}
