//! The first of several candidates: the largest or the smallest, ties to the lowest position.
//!
//! All pairs of a group are compared at once; candidate k wins if it comes before all others:
//! `win_k = prod_{j>k} [x_k >= x_j] * prod_{i<k} [x_k > x_i]`; the masks of the pairs subtract
//! for free. `max = x_last + sum_k win_k (x_k - x_last)`.
//!
//! Up to 4 candidates: *fused*, the product of bits and difference is one product of opened
//! bits and masked numbers: 2 + L rounds. Up to 10: win_k is first a bit (multi-fan-in AND), one
//! round more, fewer dealer bits. Beyond: a tournament of groups of 3 and 4; its first stage is
//! compared in the levels asked for, the (fewer) others in one: L - 1 + 3 ceil(log4 m) rounds.
//!
//! Exact for differences below 2^(width-1).
//! Source: all-pairs maximum with multi-fan-in products, Ohata-Nuida (FC 2020); ABY2.0.

mod class;
mod places;

use std::sync::Arc;

use cryptab_correlation::{AndNode, KnownBits, Structure};
use cryptab_tensor::{Bits, Tensor};

use super::{compare, linear};
use crate::bit::Bit;
use crate::bitwise::evaluate_nodes;
use crate::form::Form;
use crate::gate::{Gates, Literal};
use crate::lazy::Lazy;
use crate::op::{Compare, Extremum};
use crate::recorder::Recorder;
use crate::value::Number;
use class::classes;
use places::{MaskedPlaces, last_row};

/// So many candidates are compared all with all.
pub(crate) const ONE_GROUP: usize = 10;
/// So many are compared all with all in a tournament, and chosen among in one product.
const GROUP: usize = 4;
/// Candidates that are compared at once, at most.
const AT_ONCE: usize = 1 << 20;
/// Room that a masked form takes beyond its value.
const ROOM: u32 = 2;

/// What comes first, and how it is found.
#[derive(Clone, Copy)]
pub(crate) struct Search {
    pub(crate) extremum: Extremum,
    pub(crate) compare: Compare,
}

/// Candidates in `rows`, a choice to make in each of `columns`.
#[derive(Clone, Copy)]
pub(crate) struct Sizes {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
}

/// What is asked of a choice.
#[derive(Clone)]
pub(crate) struct Wanted {
    pub(crate) value: bool,
    pub(crate) place: Option<Places>,
}

/// Where the candidates stand, `[rows, columns]`: what is told of the one that is chosen.
#[derive(Clone)]
pub(crate) struct Places {
    pub(crate) positions: Lazy<Tensor>,
    /// Positions are below 2^bits.
    pub(crate) bits: u32,
    /// The chosen one is shared modulo 2^out (64, or at least `bits`).
    pub(crate) out: u32,
}

/// Shares of what was chosen, per column.
pub(crate) struct Chosen {
    pub(crate) value: Option<Lazy<Tensor>>,
    pub(crate) place: Option<Lazy<Tensor>>,
}

/// Positions on their way through a tournament.
enum Standing {
    Unwanted,
    Public(Lazy<Tensor>),
    /// Shares modulo 2^bits.
    Secret(Lazy<Tensor>, u32),
}

impl Sizes {
    fn shape(self) -> [usize; 2] {
        [self.rows, self.columns]
    }

    pub(crate) const fn pairs(self) -> usize {
        self.rows * (self.rows - 1) / 2
    }
}

/// The first candidate of every column of `x` `[rows, columns]`, of which there is at least one.
pub(crate) fn first(
    recorder: &Recorder<'_>,
    x: Number,
    sizes: Sizes,
    search: Search,
    wanted: &Wanted,
) -> Chosen {
    let most = (AT_ONCE / sizes.rows).max(1);
    if sizes.columns <= most {
        return first_of_some(recorder, x, sizes, search, wanted);
    }
    // Requests to the dealer must not get too large; rounds are shared all the same.
    let parts = (0..sizes.columns).step_by(most).map(|start| {
        let columns = most.min(sizes.columns - start);
        let all_rows = (0, sizes.rows as u64, 1);
        let range = (start as u64, (start + columns) as u64, 1);
        let slice = Structure::Slice(vec![all_rows, range]);
        let place = wanted.place.as_ref().map(|places| {
            let slice = slice.clone();
            let apply = move |t: Tensor| slice.apply(&t).expect("columns of the whole");
            Places { positions: recorder.queue().map(&places.positions, apply), ..places.clone() }
        });
        let part = linear::arrange(recorder, &x, &slice);
        let sizes = Sizes { columns, ..sizes };
        first_of_some(recorder, part, sizes, search, &Wanted { place, ..wanted.clone() })
    });
    let parts: Vec<Chosen> = parts.collect();
    let join = |of: fn(&Chosen) -> Option<Lazy<Tensor>>| {
        let parts: Option<Vec<_>> = parts.iter().map(of).collect();
        let concat = |parts: Vec<Tensor>| Tensor::concat(&parts, 0).expect("lists");
        parts.map(|parts| recorder.queue().gather(&parts, concat))
    };
    Chosen { value: join(|part| part.value.clone()), place: join(|part| part.place.clone()) }
}

fn first_of_some(
    recorder: &Recorder<'_>,
    x: Number,
    sizes: Sizes,
    search: Search,
    wanted: &Wanted,
) -> Chosen {
    let queue = recorder.queue();
    let (mut x, mut sizes, mut search) = (x, sizes, search);
    let mut standing = match &wanted.place {
        Some(places) => Standing::Public(places.positions.clone()),
        None => Standing::Unwanted,
    };
    let mut group = if sizes.rows <= ONE_GROUP { ONE_GROUP } else { GROUP };
    while sizes.rows > 1 {
        let classes = classes(sizes.rows, group);
        let last = sizes.rows <= group;
        let width = u32::from(search.compare.width);
        let _opened = x.in_ring(recorder, &sizes.shape(), width);
        let narrow = wanted.place.as_ref().map_or((0, 64), |places| match last {
            true => (places.bits + ROOM, places.out),
            false => (places.bits + ROOM, places.bits + ROOM),
        });
        let masked = MaskedPlaces::of(recorder, &standing, sizes, narrow);
        let (mut values, mut places) = (Vec::new(), Vec::new());
        for class in &classes {
            let grouped = class.group(recorder, &x, sizes);
            let own = Sizes { rows: class.size, columns: class.groups * sizes.columns };
            let form = grouped.in_ring(recorder, &own.shape(), width);
            let gates = wins(recorder, &form, own, search);
            let back = [class.groups, sizes.columns];
            if wanted.value || !last {
                let change = gates.choose(recorder, &form, 64);
                values.push(queue.zip(&grouped.shares, &change, move |x, change| {
                    let base = last_row(&x, own.rows);
                    base.add(&change).and_then(|sum| sum.reshape(&back)).expect("equal shapes")
                }));
            }
            if let Some(masked) = &masked {
                let place = masked.choose(recorder, &gates, class, sizes);
                places.push(queue.map(&place, move |place| place.reshape(&back).expect("as many")));
            }
        }
        let join = |parts: &[Lazy<Tensor>]| {
            queue.gather(parts, |parts| Tensor::concat(&parts, 0).expect("equal shapes"))
        };
        if !places.is_empty() {
            standing = Standing::Secret(join(&places), masked.map_or(64, |masked| masked.bits));
        }
        if values.is_empty() {
            return Chosen { value: None, place: finished(recorder, &standing) };
        }
        x = Number::shared(x.frac, join(&values));
        sizes.rows = classes.iter().map(|class| class.groups).sum();
        search.compare.levels = 1;
        group = GROUP;
    }
    let value = queue.map(&x.shares, move |x| x.reshape(&[sizes.columns]).expect("as many"));
    Chosen { value: wanted.value.then_some(value), place: finished(recorder, &standing) }
}

/// Shares of the positions of the only row.
fn finished(recorder: &Recorder<'_>, standing: &Standing) -> Option<Lazy<Tensor>> {
    let flat = |t: Tensor| t.reshape(&[t.len()]).expect("as many");
    match standing {
        Standing::Unwanted => None,
        Standing::Secret(shares, _) => Some(recorder.queue().map(shares, flat)),
        Standing::Public(positions) => {
            let positions = recorder.queue().map(positions, flat);
            Some(Number::known(recorder, 0, positions).shares)
        }
    }
}

/// Shares in `Z_2^64` of the indicators of the first candidate, `[rows, columns]`: one group.
pub(crate) fn indicators(
    recorder: &Recorder<'_>,
    x: &Number,
    sizes: Sizes,
    search: Search,
) -> Lazy<Tensor> {
    let one = u64::from(recorder.leads());
    if sizes.rows == 1 {
        return Lazy::here(Tensor::filled(&sizes.shape(), one));
    }
    let form = x.in_ring(recorder, &sizes.shape(), u32::from(search.compare.width));
    let gates = wins(recorder, &form, sizes, search);
    recorder.queue().map(gates.values(), move |wins| {
        let mut flags = wins.as_slice().to_vec();
        flags.resize(sizes.rows * sizes.columns, one);
        let (wins, rest) = flags.split_at_mut(wins.len());
        for win in wins.chunks_exact(sizes.columns.max(1)) {
            for (rest, win) in rest.iter_mut().zip(win) {
                *rest = rest.wrapping_sub(*win);
            }
        }
        Tensor::from_vec(&sizes.shape(), flags).expect("a flag per candidate")
    })
}

/// For every pair i < j of rows, in the order of [`AndNode::pair`]: whether j comes before i.
///
/// Cost: L rounds, `C(width, L)` bits and `D(width, L)` dealer bits per pair.
pub(crate) fn precedence(
    recorder: &Recorder<'_>,
    form: &Form,
    sizes: Sizes,
    search: Search,
) -> Bit {
    let pairs = || (0..sizes.rows).flat_map(|j| (0..j).map(move |i| (i, j)));
    let (left, right): (Vec<usize>, Vec<usize>) = pairs().unzip();
    let view = form.view(u32::from(search.compare.width));
    let rows = |positions| view.arranged(recorder, &Structure::take(0, positions));
    let (left, right) = (rows(&left), rows(&right));
    // j comes before i: x_i < x_j for the largest, x_j < x_i for the smallest.
    let difference = match search.extremum {
        Extremum::Max => left.minus_view(recorder, &right),
        Extremum::Min => right.minus_view(recorder, &left),
    };
    let shape = [sizes.pairs(), sizes.columns];
    compare::is_negative(recorder, &difference, &shape, search.compare.levels)
}

/// Gates that say of all rows but the last whether they come first.
fn wins(recorder: &Recorder<'_>, form: &Form, sizes: Sizes, search: Search) -> Gates {
    let before = precedence(recorder, form, sizes, search);
    if sizes.rows <= GROUP {
        let literal = |k: usize, other: usize| Literal {
            bit: AndNode::pair(k.min(other), k.max(other)),
            negated: other > k,
        };
        let literals = |k| (0..sizes.rows).filter(|&i| i != k).map(|i| literal(k, i)).collect();
        return Gates::open(recorder, &before, (0..sizes.rows - 1).map(literals).collect());
    }
    let wins = winners(recorder, &before, sizes);
    let alone = |bit| vec![Literal { bit, negated: false }];
    Gates::open(recorder, &wins, (0..sizes.rows - 1).map(alone).collect())
}

/// Bits that say of all rows but the last whether they come first: 1 round.
fn winners(recorder: &Recorder<'_>, before: &Bit, sizes: Sizes) -> Bit {
    let Sizes { rows, columns } = sizes;
    let pairs = sizes.pairs();
    let shares = before.fully_shared(recorder);
    let (masks, mask_shares) = recorder.mask_bits(columns, pairs);
    let masked = recorder.queue().zip(&shares, &mask_shares, move |bits, masks| {
        bits.split(pairs).and_then(|bits| bits.xor(&masks)).expect("equal dimensions")
    });
    let opened = recorder.open_bits(&masked, columns, pairs);
    let nodes = vec![AndNode::First { count: u8::try_from(rows).expect("at most 10 rows") }];
    let monomials = recorder.deal_bits(KnownBits::Monomials(Arc::new(masks), nodes.clone()));
    let leads = recorder.leads();
    let (opened_in, masks_in, monomials_in) =
        (opened.clone(), mask_shares.clone(), monomials.clone());
    let shares = recorder.queue().after(&[&opened, &mask_shares, &monomials], move || {
        let (opened, masks) = (opened_in.get(), masks_in.get());
        let wins: Bits = evaluate_nodes(&nodes, &opened, &masks, &monomials_in.get(), leads);
        wins.joined()
    });
    Bit { shares, known: None, shape: vec![rows - 1, columns] }
}
