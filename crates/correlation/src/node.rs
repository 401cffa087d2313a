mod polynomials;

use serde::{Deserialize, Serialize};

pub use polynomials::Polynomial;

/// A set of variables of an [`AndNode`], bit `v` standing for variable `v`.
pub type Monomial = u64;

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
    /// Which of some candidates comes before all others; not of the last, which is the rest.
    ///
    /// Variable [`AndNode::pair`] (i, j), i < j, says that j comes before i:
    /// `first_k = prod_{i<k} v_ik * prod_{j>k} (1 - v_kj)`.
    First {
        /// Candidates compared, all with all.
        count: u8,
    },
    /// (lt, eq) of the lowest two pairs, of the lowest three, up to all of them; without the lt
    /// of the highest pair, which is added locally.
    Prefix {
        /// Pairs combined.
        fan_in: u8,
        /// Whether the lowest pair's eq is one of the factors of eq.
        with_eq: bool,
    },
    /// The carries into 16 positions, four blocks of four, from the pairs of blocks and groups.
    Carry {
        /// Groups of 16 positions below this one.
        below: u8,
    },
    /// One bit times each of several.
    Select {
        /// How many.
        count: u8,
    },
}

/// The most candidates of [`AndNode::First`].
pub(crate) const MAX_CANDIDATES: u8 = 10;

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
            Self::First { count } => count as usize * (count as usize).saturating_sub(1) / 2,
            Self::Prefix { fan_in, with_eq } => {
                2 * (fan_in as usize).saturating_sub(1) + with_eq as usize
            }
            Self::Carry { below: 0 } => polynomials::ALONE,
            Self::Carry { below } => polynomials::TOGETHER + 2 * below as usize - 1,
            Self::Select { count } => count as usize + 1,
        }
    }

    /// The variable of the pair (i, j) of candidates, i < j.
    #[must_use]
    pub const fn pair(i: usize, j: usize) -> usize {
        j * (j - 1) / 2 + i
    }

    /// How many products [`AndNode::monomials`] lists.
    #[must_use]
    pub fn monomial_count(self) -> usize {
        const fn products(variables: usize) -> usize {
            (1 << variables) - 1 - variables
        }
        match self {
            Self::Less { fan_in, .. } | Self::Equal { fan_in } if fan_in <= 1 => 0,
            Self::Less { fan_in, with_eq } => {
                let eqs = if with_eq { fan_in as usize } else { fan_in as usize - 1 };
                products(eqs) + products(fan_in as usize)
            }
            Self::Equal { fan_in } => products(fan_in as usize),
            Self::First { count } if count <= 2 => 0,
            Self::First { count } => (count as usize - 1) * products(count as usize - 1),
            Self::Select { count } => count as usize,
            Self::Prefix { .. } | Self::Carry { .. } => self.monomials().len(),
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
            Self::First { count } => {
                let count = usize::from(count);
                let pairs = |k| {
                    let others = (0..count).filter(move |&other| other != k);
                    others.map(move |other: usize| 1 << Self::pair(other.min(k), other.max(k)))
                };
                (0..count.saturating_sub(1)).flat_map(|k| subsets(pairs(k).sum())).collect()
            }
            Self::Prefix { .. } | Self::Carry { .. } | Self::Select { .. } => {
                self.polynomials().into_iter().flatten().flat_map(subsets).collect()
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
            Self::First { count } => count <= MAX_CANDIDATES,
            Self::Prefix { fan_in, .. } => fan_in >= 2 && fan_in <= MAX_FAN_IN,
            Self::Carry { below } => below < polynomials::GROUPS,
            Self::Select { count } => (count as u32) < Monomial::BITS,
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

    #[test]
    fn counted_monomials_are_those_that_are_dealt() {
        for count in 0..=MAX_CANDIDATES {
            let nodes = [
                AndNode::Less { fan_in: count.min(MAX_FAN_IN), with_eq: true },
                AndNode::Less { fan_in: count.min(MAX_FAN_IN), with_eq: false },
                AndNode::Equal { fan_in: count.min(MAX_FAN_IN) },
                AndNode::First { count },
                AndNode::Prefix { fan_in: count.clamp(2, MAX_FAN_IN), with_eq: true },
                AndNode::Prefix { fan_in: count.clamp(2, MAX_FAN_IN), with_eq: false },
                AndNode::Select { count },
                AndNode::Carry { below: count.min(polynomials::GROUPS - 1) },
            ];
            for node in nodes {
                assert_eq!(node.monomials().len(), node.monomial_count(), "{node:?}");
            }
        }
    }
}
