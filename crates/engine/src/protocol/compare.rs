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
use crate::bitwise::{Comparison, look_up, outputs};
use crate::dealt::byte;
use crate::form::View;
use crate::layout::{Layout, Purpose};
use crate::lazy::Lazy;
use crate::op::Compare;
use crate::recorder::Recorder;
use crate::value::Number;

/// A masked value with shares of the one-hot words of the blocks of its mask; they serve any number
/// of public cuts.
#[derive(Clone)]
pub(crate) struct Tables {
    view: View,
    /// Of the public number, a plane each.
    digits: Lazy<Bits>,
    layout: Layout,
    words: Lazy<Bits>,
}

/// `[x < 0]`.
pub(crate) fn is_negative(
    recorder: &Recorder<'_>,
    view: &View,
    shape: &[usize],
    levels: u8,
) -> Bit {
    Tables::of(recorder, view, levels).below(recorder, shape, 0)
}

impl Tables {
    /// Comparisons with `levels` levels of ANDs.
    pub(crate) fn of(recorder: &Recorder<'_>, view: &View, levels: u8) -> Self {
        let layout = Layout::plan(view.bits as usize - 1, usize::from(levels), Purpose::Less);
        Self::laid_out(recorder, view, layout.expect("levels were checked when recorded"))
    }

    /// The mask is cut into these blocks, least significant first; one level combines all.
    pub(crate) fn of_blocks(recorder: &Recorder<'_>, view: &View, blocks: &[u8]) -> Self {
        Self::laid_out(recorder, view, one_group(blocks))
    }

    fn laid_out(recorder: &Recorder<'_>, view: &View, layout: Layout) -> Self {
        let known = KnownBits::OneHot(Arc::new(view.mask.clone()), layout.blocks.clone());
        let words = recorder.deal_bits(known);
        let bits = view.bits;
        let digits = recorder
            .queue()
            .map(&view.hat, move |hat| Bits::slice_ring(hat.tensor().as_slice(), 0, bits));
        Self { view: view.clone(), digits, layout, words }
    }

    /// `[x < cut]` for |x - cut| < 2^(bits-1).
    pub(crate) fn below(&self, recorder: &Recorder<'_>, shape: &[usize], cut: u64) -> Bit {
        let bits = self.all_below(recorder, shape, &[(0, cut)]);
        bits.into_iter().next().expect("a bit per cut")
    }

    /// For every `(blocks, cut)`: `[x' < cut]`, where x' is x without so many of the lowest blocks.
    pub(crate) fn all_below(
        &self,
        recorder: &Recorder<'_>,
        shape: &[usize],
        cuts: &[(usize, u64)],
    ) -> Vec<Bit> {
        let (queue, leads) = (recorder.queue(), recorder.leads());
        let all: Vec<Comparison> =
            cuts.iter().map(|&(blocks, number)| self.cut(blocks, number)).collect();
        let wanted = all.clone();
        let found = queue.zip(&self.digits, &self.words, move |digits, words| {
            look_up(&digits, &words, &wanted, leads)
        });
        let bit = |(at, cut): (usize, &Comparison)| {
            let found = queue.map(&found, move |found: Vec<Bits>| found[at].clone());
            let groups = match cut.first_digit {
                0 => self.layout.groups.clone(),
                _ => one_group(&cut.blocks).groups,
            };
            let above = 2 * cut.blocks.len();
            let pairs = queue.map(&found, move |found| found.select(0..above));
            let below =
                groups.iter().fold(pairs, |pairs, sizes| combine(recorder, &pairs, shape, sizes));
            let shares = queue.zip(&below, &found, move |below, found| {
                let below = below.select(0..1);
                match leads {
                    true => below.xor(&found.select(above..above + 1)).expect("one plane"),
                    false => below,
                }
            });
            let first = u32::try_from(cut.first_digit).expect("widths are at most 64");
            let top = byte(self.view.bits - first - 1);
            let known = KnownBits::OfRing(Arc::new(self.view.mask_without(first)), top, 1);
            Bit { shares, known: Some(Arc::new(known)), shape: shape.to_vec() }
        };
        all.iter().enumerate().map(bit).collect()
    }

    fn cut(&self, without: usize, number: u64) -> Comparison {
        let (below, blocks) = self.layout.blocks.split_at(without);
        let first_digit = below.iter().map(|&width| usize::from(width)).sum();
        let first_table = below.iter().map(|&width| (1 << width) - 1).sum();
        Comparison { first_digit, first_table, blocks: blocks.to_vec(), above: true, number }
    }
}

/// `[x = 0]` for `|x| < 2^(bits-1)`: x^ equals r in every block.
pub(crate) fn is_zero(recorder: &Recorder<'_>, view: &View, shape: &[usize], levels: u8) -> Bit {
    let layout = Layout::plan(view.bits as usize, usize::from(levels), Purpose::Equal);
    let tables =
        Tables::laid_out(recorder, view, layout.expect("levels were checked when recorded"));
    let Layout { blocks, groups, .. } = &tables.layout;
    let equal: Vec<usize> = (0..blocks.len()).map(|block| 2 * block + 1).collect();
    let (whole, leads) = (Comparison { above: false, ..tables.cut(0, 0) }, recorder.leads());
    let equal = recorder.queue().zip(&tables.digits, &tables.words, move |digits, words| {
        nodes::picked(&look_up(&digits, &words, &[whole], leads)[0], &equal)
    });
    Bit { shares: all(recorder, equal, shape, groups), known: None, shape: shape.to_vec() }
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

fn one_group(blocks: &[u8]) -> Layout {
    let count = u8::try_from(blocks.len()).expect("few blocks");
    let groups = if count > 1 { vec![vec![count]] } else { Vec::new() };
    Layout { dealer: 0, online: 0, blocks: blocks.to_vec(), groups }
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
