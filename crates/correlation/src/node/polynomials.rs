//! Nodes with several outputs: each is a polynomial over GF(2) of the variables.
//!
//! A carry into a position is `lt` of everything below it, where a pair (lt, eq) says whether a
//! range generates a carry and whether it passes one on. 64 positions are four groups of four
//! blocks of four: the pairs of blocks make those of groups, and both make all the carries.

use super::{AndNode, Monomial};

/// A polynomial: the xor of products of variables.
pub type Polynomial = Vec<Monomial>;

/// Blocks of a group, and positions of a block.
const RADIX: usize = 4;
/// Groups of all positions.
pub(super) const GROUPS: u8 = 4;
/// Variables of a group's own, if there is none below: no block needs an eq, the lowest none.
pub(super) const ALONE: usize = (RADIX - 1) + (RADIX - 1) * (RADIX - 1);
/// Variables of a group's own, if there are others below.
pub(super) const TOGETHER: usize = 2 * (RADIX - 1) + RADIX * (RADIX - 1);

impl AndNode {
    /// The outputs of a node that is defined by polynomials; none of others.
    ///
    /// - [`AndNode::Prefix`]: variables `lt_0 .. lt_{r-2}, eq_1 .. eq_{r-1}`, then `eq_0` if
    ///   `with_eq`; outputs, for k = 2 .. r, `xor_{i<k-1} lt_i prod_{i<j<k} eq_j` and
    ///   `prod_{j<k} eq_j`.
    /// - [`AndNode::Carry`]: variables `lt_0 .. lt_{g-1}, eq_1 .. eq_{g-1}` of the groups below;
    ///   `lt` then (with groups below) `eq` of the first, the first two and the first three
    ///   blocks of this one; and of each block (with no group below but the lowest) `eq` of its
    ///   first, first two and first three positions. Outputs: for each position `eq` of those
    ///   below it in its block, times the carry into the block.
    /// - [`AndNode::Select`]: variables c, `v_1 .. v_n`; outputs `c v_i`.
    #[must_use]
    pub fn polynomials(self) -> Vec<Polynomial> {
        match self {
            Self::Prefix { fan_in, with_eq } => prefixes(usize::from(fan_in), with_eq),
            Self::Carry { below } => carries(usize::from(below)),
            Self::Select { count } => (1..=count).map(|v| vec![1 | 1 << v]).collect(),
            Self::Less { .. } | Self::Equal { .. } | Self::First { .. } => Vec::new(),
        }
    }
}

fn prefixes(fan_in: usize, with_eq: bool) -> Vec<Polynomial> {
    let eq = |j: usize| match j {
        0 if with_eq => 1 << (2 * (fan_in - 1)),
        0 => 0,
        _ => 1 << (fan_in - 2 + j),
    };
    let outputs = |k: usize| {
        let less = (0..k - 1).map(|i| 1 << i | (i + 1..k).map(eq).sum::<Monomial>()).collect();
        [less, vec![(0..k).map(eq).sum()]]
    };
    (2..=fan_in).flat_map(outputs).collect()
}

fn carries(below: usize) -> Vec<Polynomial> {
    let mut next = 0;
    let mut variable = || {
        next += 1;
        1 << (next - 1)
    };
    // What passes a carry on is of no interest where none can come.
    let group_less: Vec<Monomial> = (0..below).map(|_| variable()).collect();
    let group_equal: Vec<Monomial> = (1..below).map(|_| variable()).collect();
    let block_less: Vec<Monomial> = (1..RADIX).map(|_| variable()).collect();
    let block_equal: Vec<Monomial> =
        (1..RADIX).map(|_| if below > 0 { variable() } else { 0 }).collect();
    // Into the group: xor_i lt_i prod_{j>i} eq_j.
    let into_group: Polynomial =
        (0..below).map(|i| group_less[i] | group_equal[i..].iter().sum::<Monomial>()).collect();
    let times = |polynomial: &Polynomial, factor: Monomial| -> Polynomial {
        polynomial.iter().map(|product| product | factor).collect()
    };
    let mut all = Vec::with_capacity(RADIX * RADIX);
    for block in 0..RADIX {
        let into_block = match block.checked_sub(1) {
            None => into_group.clone(),
            Some(last) => [vec![block_less[last]], times(&into_group, block_equal[last])].concat(),
        };
        let passes = |_| if into_block.is_empty() { 0 } else { variable() };
        let inner: Vec<Monomial> = (1..RADIX).map(passes).collect();
        all.push(into_block.clone());
        all.extend(inner.into_iter().map(|eq| times(&into_block, eq)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_use_every_variable() {
        let nodes = (0..GROUPS).map(|below| AndNode::Carry { below }).chain([
            AndNode::Prefix { fan_in: 5, with_eq: false },
            AndNode::Prefix { fan_in: 4, with_eq: true },
            AndNode::Select { count: 32 },
        ]);
        for node in nodes {
            let used = node.polynomials().into_iter().flatten().fold(0, |all, set| all | set);
            let count = u32::try_from(node.variables()).unwrap();
            assert_eq!((used.count_ones(), used.trailing_ones()), (count, count), "{node:?}");
        }
    }

    #[test]
    fn carries_cost_what_is_documented() {
        let count = |node: AndNode| (node.variables(), node.monomial_count());
        assert_eq!(count(AndNode::Prefix { fan_in: 5, with_eq: false }), (8, 37));
        let carries = (0..GROUPS).map(|below| count(AndNode::Carry { below }));
        let (opened, dealt) = carries.fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        assert_eq!((opened, dealt), (75, 429));
    }
}
