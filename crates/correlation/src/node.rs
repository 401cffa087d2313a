use serde::{Deserialize, Serialize};

/// A set of variables of an [`AndNode`], bit `v` standing for variable `v`.
pub type Monomial = u32;

/// One node of a comparison tree: combines `fan_in` pairs (lt, eq), least significant first.
///
/// `lt = xor_i lt_i * prod_{j>i} eq_j`, and `eq = prod_j eq_j` if `with_eq`.
/// Variables are numbered `lt_0 .. lt_{r-1}`, then the eq bits that are needed: all of them
/// with `with_eq`, else all but the lowest. A node of equality only (`fan_in` eq bits, their
/// product) is [`AndNode::Equal`].
///
/// Source: multi-fan-in AND of ABY2.0 and Ohata-Nuida (FC 2020).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum AndNode {
    /// lt of a group; eq as well if asked for.
    Less {
        /// Pairs combined.
        fan_in: u8,
        /// Whether the equality of the group is needed above.
        with_eq: bool,
    },
    /// eq of a group.
    Equal {
        /// Bits combined.
        fan_in: u8,
    },
}

/// The most pairs one node may combine: its tables grow as 2^`fan_in`.
pub(crate) const MAX_FAN_IN: u8 = 9;

impl AndNode {
    /// Variables that are opened, and masked by the dealer.
    #[must_use]
    pub const fn variables(self) -> usize {
        match self {
            Self::Less { fan_in, .. } | Self::Equal { fan_in } if fan_in <= 1 => 0,
            Self::Less { fan_in, with_eq: true } => 2 * fan_in as usize,
            Self::Less { fan_in, with_eq: false } => 2 * fan_in as usize - 1,
            Self::Equal { fan_in } => fan_in as usize,
        }
    }

    /// The variable that holds `eq_j` in a node of comparisons.
    #[must_use]
    pub const fn eq_variable(fan_in: usize, with_eq: bool, j: usize) -> usize {
        if with_eq { fan_in + j } else { fan_in + j - 1 }
    }

    /// The products of two or more masks that the dealer shares, in their order on the wire.
    #[must_use]
    pub fn monomials(self) -> Vec<Monomial> {
        if self.variables() == 0 {
            return Vec::new();
        }
        let mut all: Vec<Monomial> = match self {
            Self::Equal { fan_in } => subsets((1 << fan_in) - 1).collect(),
            Self::Less { fan_in, with_eq } => {
                let fan_in = usize::from(fan_in);
                let eq = |j| 1 << Self::eq_variable(fan_in, with_eq, j);
                let less = (0..fan_in).flat_map(|i| {
                    let above: Monomial = (i + 1..fan_in).map(eq).sum();
                    subsets(above | 1 << i)
                });
                let equal = if with_eq { (0..fan_in).map(eq).sum() } else { 0 };
                less.chain(subsets(equal)).collect()
            }
        };
        all.retain(|set| set.count_ones() >= 2);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether the node is one that a dealer is willing to serve.
    pub(crate) const fn is_served(self) -> bool {
        match self {
            Self::Less { fan_in, .. } | Self::Equal { fan_in } => fan_in <= MAX_FAN_IN,
        }
    }
}

/// All subsets of a set of variables, the empty one included.
fn subsets(set: Monomial) -> impl Iterator<Item = Monomial> {
    let mut next = Some(set);
    std::iter::from_fn(move || {
        let current = next?;
        next = (current != 0).then(|| (current - 1) & set);
        Some(current)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The oracle's `node_cost`.
    #[test]
    fn monomials_are_as_many_as_the_specification_counts() {
        for fan_in in 2..=MAX_FAN_IN {
            for with_eq in [false, true] {
                let r = u32::from(fan_in);
                let eqs = if with_eq { r } else { r - 1 };
                let expected =
                    2_usize.pow(eqs) - 1 - eqs as usize + 2_usize.pow(r) - 1 - r as usize;
                let node = AndNode::Less { fan_in, with_eq };
                assert_eq!(node.monomials().len(), expected);
                assert_eq!(node.variables(), (r + eqs) as usize);
            }
            let r = u32::from(fan_in);
            let equal = AndNode::Equal { fan_in }.monomials().len();
            assert_eq!(equal, 2_usize.pow(r) - 1 - r as usize);
        }
    }
}
