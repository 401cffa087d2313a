//! Comparisons, without garbled circuits or function secret sharing.
//!
//! Given x^ = x + r (public) with r known to the dealer, the sign of x is
//! `msb(x) = msb(x^) xor msb(r) xor [low bits of x^ < low bits of r]`: everything reduces to
//! "public number < number known to the dealer".
//!
//! Level 0 (no communication): the dealer xor-shares the one-hot word of every block of r;
//! shares of `[a < block]` and `[a = block]` are linear in it. Levels 1, 2, .. (one round each):
//! combine the (lt, eq) pairs of neighbouring blocks by multi-fan-in AND.
//!
//! Cost for width k with L levels, after x^ is opened: L rounds, C(k, L) bits, D(k, L) dealer
//! bits; k = 64: 17 and 1892 (L = 1), 48 and 304 (L = 2); k = 32: 11 and 301, 28 and 107.
//! Exact for `|x| < 2^(k-1)`; outside, the answer is wrong, silently.
//! Sources: ABY2.0 (ePrint 2020/1225), Ohata-Nuida (FC 2020); one-time truth tables: Ishai et
//! al. (TCC 2013).

use std::sync::Arc;

use cryptab_correlation::{AndNode, KnownBits};
use cryptab_tensor::Bits;

use super::{linear, nodes};
use crate::bit::Bit;
use crate::bitwise::{look_up, outputs};
use crate::form::View;
use crate::layout::{Layout, Purpose};
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// Shares of the one-hot words of the blocks of a mask; they serve any number of public cuts.
#[derive(Clone)]
pub(crate) struct Tables {
    layout: Layout,
    words: Lazy<Bits>,
    /// The plane where the tables of the lowest block start.
    first: usize,
}

/// `[x < 0]`.
pub(crate) fn is_negative(
    recorder: &Recorder<'_>,
    view: &View,
    shape: &[usize],
    levels: u8,
) -> Bit {
    let tables = mask_tables(recorder, view, levels);
    negative(recorder, view, shape, &tables)
}

/// The tables for sign tests of this view, and of this view minus any cut.
pub(crate) fn mask_tables(recorder: &Recorder<'_>, view: &View, levels: u8) -> Tables {
    let layout = Layout::plan(view.bits as usize - 1, usize::from(levels), Purpose::Less)
        .expect("levels were checked when recorded");
    let words = one_hot(recorder, view, &layout);
    Tables { layout, words, first: 0 }
}

/// The tables of a mask cut into these blocks, least significant first; one level combines all.
pub(crate) fn block_tables(recorder: &Recorder<'_>, view: &View, blocks: &[u8]) -> Tables {
    let layout = one_group(blocks);
    let words = one_hot(recorder, view, &layout);
    Tables { layout, words, first: 0 }
}

impl Tables {
    /// The tables of the mask without its `count` lowest blocks.
    pub(crate) fn above(&self, count: usize) -> Self {
        if count == 0 {
            return self.clone();
        }
        let (below, rest) = self.layout.blocks.split_at(count);
        let planes: usize = below.iter().map(|&width| (1 << width) - 1).sum();
        let first = self.first + planes;
        Self { layout: one_group(rest), words: self.words.clone(), first }
    }
}

/// The sign bit of a masked value, given the tables of its mask.
pub(crate) fn negative(
    recorder: &Recorder<'_>,
    view: &View,
    shape: &[usize],
    tables: &Tables,
) -> Bit {
    let top = view.bits - 1;
    let digits = digits(recorder, view, view.bits);
    let mut pairs = block_pairs(recorder, &digits, tables);
    for sizes in &tables.layout.groups {
        pairs = combine(recorder, &pairs, shape, sizes);
    }
    let leads = recorder.leads();
    let shares = recorder.queue().zip(&pairs, &digits, move |pairs, digits| {
        let below = pairs.select(0..1);
        match leads {
            true => below.xor(&digits.select(top as usize..top as usize + 1)).expect("one plane"),
            false => below,
        }
    });
    let top = u8::try_from(top).expect("widths are at most 64");
    let known = KnownBits::OfRing(Arc::new(view.mask.clone()), top, 1);
    Bit { shares, known: Some(Arc::new(known)), shape: shape.to_vec() }
}

/// `[x = 0]` for `|x| < 2^(bits-1)`: x^ equals r in every block.
pub(crate) fn is_zero(recorder: &Recorder<'_>, view: &View, shape: &[usize], levels: u8) -> Bit {
    let layout = Layout::plan(view.bits as usize, usize::from(levels), Purpose::Equal)
        .expect("levels were checked when recorded");
    let words = one_hot(recorder, view, &layout);
    let digits = digits(recorder, view, view.bits);
    let pairs = block_pairs(recorder, &digits, &Tables { layout: layout.clone(), words, first: 0 });
    let blocks = layout.blocks.len();
    let equal = recorder.queue().map(&pairs, move |pairs| {
        nodes::picked(&pairs, &(0..blocks).map(|block| 2 * block + 1).collect::<Vec<_>>())
    });
    Bit { shares: all(recorder, equal, shape, &layout.groups), known: None, shape: shape.to_vec() }
}

/// Whether the bits of all planes hold: a tree of groups of these sizes, a round a level.
pub(crate) fn all(
    recorder: &Recorder<'_>,
    planes: Lazy<Bits>,
    shape: &[usize],
    levels: &[Vec<u8>],
) -> Lazy<Bits> {
    levels.iter().fold(planes, |planes, sizes| {
        let nodes = Layout::nodes(sizes, Purpose::Equal);
        level(recorder, nodes, &planes, shape, |position, node| {
            (position..position + fan_in(node)).collect()
        })
    })
}

/// A view of x of `width` bits: cached, else one opening of `width` bits.
pub(crate) fn view(recorder: &Recorder<'_>, x: &Number, shape: &[usize], width: u8) -> View {
    x.masked(recorder, shape, u32::from(width), false).view(u32::from(width))
}

/// A view of x - y: masks subtract where both are masked, else the difference is opened.
pub(crate) fn difference_view(
    recorder: &Recorder<'_>,
    x: &Number,
    y: &Number,
    shape: &[usize],
    width: u8,
) -> View {
    let bits = u32::from(width);
    let wide = |number: &Number| number.widest(false).filter(|form| form.bits >= bits);
    match (wide(x), wide(y)) {
        (Some(a), Some(b)) if x.frac == y.frac => a.view(bits).minus_view(recorder, &b.view(bits)),
        _ => {
            let difference = linear::combine(recorder, (x, shape), u64::MAX, (y, shape));
            view(recorder, &difference, shape, width)
        }
    }
}

/// Whether `compare` can be laid out.
pub(crate) fn is_possible(compare: Compare, purpose: Purpose) -> bool {
    let bits = match purpose {
        Purpose::Less => usize::from(compare.width) - 1,
        Purpose::Equal => usize::from(compare.width),
    };
    Layout::plan(bits, usize::from(compare.levels), purpose).is_some()
}

/// The low `bits` digits of the public number, a plane each.
fn digits(recorder: &Recorder<'_>, view: &View, bits: u32) -> Lazy<Bits> {
    recorder.queue().map(&view.hat, move |hat| Bits::slice_ring(hat.tensor().as_slice(), 0, bits))
}

fn one_group(blocks: &[u8]) -> Layout {
    let count = u8::try_from(blocks.len()).expect("few blocks");
    let groups = if count > 1 { vec![vec![count]] } else { Vec::new() };
    Layout { dealer: 0, online: 0, blocks: blocks.to_vec(), groups }
}

fn one_hot(recorder: &Recorder<'_>, view: &View, layout: &Layout) -> Lazy<Bits> {
    recorder.deal_bits(KnownBits::OneHot(Arc::new(view.mask.clone()), layout.blocks.clone()))
}

/// (lt, eq) of every block.
fn block_pairs(recorder: &Recorder<'_>, digits: &Lazy<Bits>, tables: &Tables) -> Lazy<Bits> {
    let (blocks, first, leads) = (tables.layout.blocks.clone(), tables.first, recorder.leads());
    recorder.queue().zip(digits, &tables.words, move |digits, words| {
        look_up(&digits, (&words, first), &blocks, leads)
    })
}

/// One level of a comparison: (lt, eq) of neighbouring pairs become those of groups.
pub(crate) fn combine(
    recorder: &Recorder<'_>,
    pairs: &Lazy<Bits>,
    shape: &[usize],
    sizes: &[u8],
) -> Lazy<Bits> {
    let nodes = Layout::nodes(sizes, Purpose::Less);
    level(recorder, nodes, pairs, shape, |position, node| {
        let range = position..position + fan_in(node);
        let passes = node.variables() == 0;
        let least = matches!(node, AndNode::Less { with_eq: false, .. });
        let first_eq = if least && !passes { position + 1 } else { position };
        let less = range.clone().map(|pair| 2 * pair);
        less.chain((first_eq..range.end).map(|pair| 2 * pair + 1)).collect()
    })
}

/// Inputs that a node combines.
fn fan_in(node: AndNode) -> usize {
    match node {
        AndNode::Less { fan_in, .. } | AndNode::Equal { fan_in } => usize::from(fan_in),
        _ => node.variables(),
    }
}

/// Multi-fan-in ANDs of one level: 1 round, a bit per variable, a dealer bit per monomial.
///
/// `variables(position, node)`: the planes that are the node's variables (or, for a node of one,
/// the planes that pass through), `position` counting the inputs before it.
fn level(
    recorder: &Recorder<'_>,
    nodes: Vec<AndNode>,
    inputs: &Lazy<Bits>,
    shape: &[usize],
    variables: impl Fn(usize, AndNode) -> Vec<usize>,
) -> Lazy<Bits> {
    let len = shape.iter().product();
    let mut position = 0;
    let mut planes = Vec::with_capacity(nodes.len());
    for &node in &nodes {
        planes.push(variables(position, node));
        position += fan_in(node);
    }
    let working = |node: &AndNode| node.variables() > 0;
    let active: Vec<AndNode> = nodes.iter().copied().filter(working).collect();
    let opened_planes: Vec<usize> = nodes
        .iter()
        .zip(&planes)
        .filter(|(node, _)| working(node))
        .flat_map(|(_, planes)| planes.clone())
        .collect();
    let evaluated = nodes::evaluate(recorder, active, inputs, opened_planes, len);
    recorder.queue().zip(inputs, &evaluated, move |inputs, evaluated| {
        let mut next = 0;
        let mut all = Vec::with_capacity(nodes.len());
        for (node, planes) in nodes.iter().zip(&planes) {
            if node.variables() == 0 {
                all.extend(planes.iter().map(|&plane| inputs.select(plane..plane + 1)));
            } else {
                let count = outputs(*node);
                all.push(evaluated.select(next..next + count));
                next += count;
            }
        }
        Bits::concat(&all).expect("equal lengths")
    })
}
