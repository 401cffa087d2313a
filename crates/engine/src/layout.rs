//! How to compare: widths of the blocks and sizes of the groups, with the fewest dealer bits.
//!
//! `plan` and `plan_equality` of the specification's compare.py.

use std::collections::HashMap;

use cryptab_correlation::AndNode;

/// How to compare some bits: block widths and group sizes per level, least significant first.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Layout {
    /// Dealer bits an element, tables and monomials.
    pub(crate) dealer: usize,
    /// Bits opened an element.
    pub(crate) online: usize,
    pub(crate) blocks: Vec<u8>,
    pub(crate) groups: Vec<Vec<u8>>,
}

const MAX_BLOCK: usize = 8;
const MAX_FAN_IN: usize = 9;

/// What a layout is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Purpose {
    /// `[public < known]`.
    Less,
    /// `[public = known]`.
    Equal,
}

impl Layout {
    /// The layout with the fewest dealer bits for comparing `bits` bits in at most `levels`
    /// rounds; a signed comparison of width k needs k - 1 bits. `None`: too many bits.
    pub(crate) fn plan(bits: usize, levels: usize, purpose: Purpose) -> Option<Self> {
        let mut search = Search { purpose, found: HashMap::new() };
        let plans = (1..=bits).filter_map(|count| {
            let blocks = even(bits, count);
            let tree = search.tree(count, levels)?;
            (blocks[0] <= MAX_BLOCK).then(|| Self {
                dealer: blocks.iter().map(|width| (1 << width) - 1).sum::<usize>() + tree.dealer,
                online: tree.online,
                blocks: bytes(&blocks),
                groups: tree.groups,
            })
        });
        plans.min()
    }

    /// The nodes of one level.
    pub(crate) fn nodes(sizes: &[u8], purpose: Purpose) -> Vec<AndNode> {
        let node = |(i, &fan_in): (usize, &u8)| match purpose {
            Purpose::Less => AndNode::Less { fan_in, with_eq: i > 0 },
            Purpose::Equal => AndNode::Equal { fan_in },
        };
        sizes.iter().enumerate().map(node).collect()
    }
}

/// A way to combine pairs.
#[derive(Clone, Eq, Ord, PartialEq, PartialOrd)]
struct Tree {
    dealer: usize,
    online: usize,
    groups: Vec<Vec<u8>>,
}

struct Search {
    purpose: Purpose,
    found: HashMap<(usize, usize), Option<Tree>>,
}

impl Search {
    /// The cheapest way to combine `pairs` pairs in at most `levels` rounds.
    fn tree(&mut self, pairs: usize, levels: usize) -> Option<Tree> {
        if pairs == 1 {
            return Some(Tree { dealer: 0, online: 0, groups: Vec::new() });
        }
        if let Some(known) = self.found.get(&(pairs, levels)) {
            return known.clone();
        }
        let mut options = Vec::new();
        if levels >= 1 && pairs <= MAX_FAN_IN {
            let groups = vec![bytes(&[pairs])];
            let (dealer, online) = self.level_cost(&[pairs]);
            options.push(Tree { dealer, online, groups });
        }
        for count in if levels >= 2 { 2..pairs } else { 0..0 } {
            let Some(above) = self.tree(count, levels - 1) else { continue };
            for sizes in self.splits(pairs, count) {
                if sizes.iter().any(|&size| size > MAX_FAN_IN) {
                    continue;
                }
                let (dealer, online) = self.level_cost(&sizes);
                let groups = [vec![bytes(&sizes)], above.groups.clone()].concat();
                options.push(Tree {
                    dealer: dealer + above.dealer,
                    online: online + above.online,
                    groups,
                });
            }
        }
        let best = options.into_iter().min();
        self.found.insert((pairs, levels), best.clone());
        best
    }

    /// Group sizes to try: even, but for the lowest group of a comparison, which needs no eq.
    fn splits(&self, pairs: usize, count: usize) -> Vec<Vec<usize>> {
        match self.purpose {
            Purpose::Equal => vec![even(pairs, count)],
            Purpose::Less => (1..=MAX_FAN_IN.min(pairs - count + 1))
                .map(|first| [vec![first], even(pairs - first, count - 1)].concat())
                .collect(),
        }
    }

    fn level_cost(&self, sizes: &[usize]) -> (usize, usize) {
        let nodes = Layout::nodes(&bytes(sizes), self.purpose);
        let dealer = nodes.iter().map(|node| node.monomial_count()).sum();
        (dealer, nodes.iter().map(|node| node.variables()).sum())
    }
}

/// Splits into near-equal parts, the larger first (costs are convex in the part sizes).
fn even(total: usize, parts: usize) -> Vec<usize> {
    (0..parts).map(|i| total / parts + usize::from(i < total % parts)).collect()
}

fn bytes(sizes: &[usize]) -> Vec<u8> {
    sizes.iter().map(|&size| u8::try_from(size).unwrap_or(u8::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of the specification: width, then dealer / online bits for 1, 2 and 3 levels.
    #[test]
    fn layouts_cost_what_the_specification_says() {
        let less = [
            (8, [(18, 5), (14, 10), (13, 9)]),
            (16, [(67, 7), (39, 18), (33, 25)]),
            (24, [(160, 9), (72, 20), (55, 39)]),
            (32, [(301, 11), (107, 28), (80, 47)]),
            (40, [(522, 13), (145, 32), (108, 59)]),
            (48, [(839, 15), (192, 40), (136, 73)]),
            (64, [(1892, 17), (304, 48), (198, 79)]),
        ];
        for (width, costs) in less {
            for (levels, cost) in costs.into_iter().enumerate() {
                let layout = Layout::plan(width - 1, levels + 1, Purpose::Less).unwrap();
                assert_eq!((layout.dealer, layout.online), cost, "{width} {levels}");
                assert_eq!(layout.blocks.iter().map(|&w| usize::from(w)).sum::<usize>(), width - 1);
            }
        }
        let equal = [(8, (21, 3), (15, 6)), (32, (289, 7), (95, 16)), (64, (1773, 9), (251, 26))];
        for (width, one, two) in equal {
            for (levels, cost) in [(1, one), (2, two)] {
                let layout = Layout::plan(width, levels, Purpose::Equal).unwrap();
                assert_eq!((layout.dealer, layout.online), cost, "{width} {levels}");
            }
        }
        assert!(Layout::plan(63, 0, Purpose::Less).is_none());
    }
}
