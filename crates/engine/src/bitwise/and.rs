use cryptab_correlation::{AndNode, Monomial};
use cryptab_tensor::{Bits, lanes};

use super::tables::tail_mask;

/// Shares of the outputs of all nodes of one level, given the opened variables `v^ = v xor m`,
/// this party's shares of the masks `m`, and of the monomials of the masks.
///
/// Planes of the result: lt, eq of node 0; lt, eq of node 1; ... (only eq for nodes of equality;
/// of nodes defined by polynomials, these).
/// A product `prod (v^ xor m)` is evaluated by folding: with T\[S\] the share of the monomial S,
/// folding v gives T'\[S\] = T\[S + v\] xor v^ T\[S\]; the terms of lt are folded together.
/// Source: ABY2.0; Ohata-Nuida; TinyTable (ePrint 2016/695).
pub(crate) fn evaluate_nodes(
    nodes: &[AndNode],
    opened: &Bits,
    masks: &Bits,
    monomials: &Bits,
    leads: bool,
) -> Bits {
    let outputs: usize = nodes.iter().map(|&node| outputs(node)).sum();
    let mut result = Bits::zeros(opened.len(), outputs);
    let (mut first_variable, mut first_monomial, mut output) = (0, 0, 0);
    for &node in nodes {
        let sets = node.monomials();
        let variables = node.variables();
        let step = Step {
            opened: (0..variables).map(|v| opened.plane(first_variable + v)).collect(),
            masks: (0..variables).map(|v| masks.plane(first_variable + v)).collect(),
            one: if leads { u64::MAX } else { 0 },
            shares: (0..sets.len()).map(|m| monomials.plane(first_monomial + m)).collect(),
            index: &|set: Monomial| sets.binary_search(&set).expect("all products are dealt"),
        };
        let planes = step.evaluate(node, opened.words_per_plane(), tail_mask(opened.len()));
        for plane in planes {
            result.plane_mut(output).copy_from_slice(&plane);
            output += 1;
        }
        first_variable += variables;
        first_monomial += sets.len();
    }
    result
}

/// Output planes of a node: (lt, eq), or eq alone.
pub(crate) const fn outputs(node: AndNode) -> usize {
    match node {
        AndNode::Less { .. } => 2,
        AndNode::Equal { .. } => 1,
        AndNode::First { count } => (count as usize).saturating_sub(1),
        AndNode::Prefix { fan_in, .. } => 2 * (fan_in as usize).saturating_sub(1),
        AndNode::Carry { .. } => 16,
        AndNode::Select { count } => count as usize,
    }
}

/// One node: the planes of its variables, masks and monomials.
struct Step<'a> {
    opened: Vec<&'a [u64]>,
    masks: Vec<&'a [u64]>,
    one: u64,
    shares: Vec<&'a [u64]>,
    index: &'a dyn Fn(Monomial) -> usize,
}

/// A variable, or its negation.
struct Literal {
    variable: usize,
    /// All ones if negated.
    negated: u64,
}

fn plain(variables: impl Iterator<Item = usize>) -> Vec<Literal> {
    variables.map(|variable| Literal { variable, negated: 0 }).collect()
}

/// Where the share of a product of masks stands.
#[derive(Clone, Copy)]
enum Place {
    One,
    Mask(usize),
    Monomial(usize),
}

impl Step<'_> {
    fn evaluate(&self, node: AndNode, words: usize, tail: u64) -> Vec<Vec<u64>> {
        let mut planes = match node {
            AndNode::Less { fan_in, with_eq } => {
                let fan_in = usize::from(fan_in);
                let eq = |j| AndNode::eq_variable(fan_in, with_eq, j);
                let equal = if with_eq {
                    self.product(&plain((0..fan_in).map(eq)), words)
                } else {
                    vec![0; words]
                };
                vec![self.less(fan_in, &(1..fan_in).map(eq).collect::<Vec<_>>(), words), equal]
            }
            AndNode::Equal { fan_in } => {
                vec![self.product(&plain(0..usize::from(fan_in)), words)]
            }
            AndNode::First { count } => {
                let count = usize::from(count);
                let literal = |k: usize, other: usize| Literal {
                    variable: AndNode::pair(other.min(k), other.max(k)),
                    negated: if other > k { u64::MAX } else { 0 },
                };
                let literals = |k| -> Vec<Literal> {
                    (0..count).filter(|&i| i != k).map(|other| literal(k, other)).collect()
                };
                (0..count.saturating_sub(1)).map(|k| self.product(&literals(k), words)).collect()
            }
            AndNode::Prefix { .. } | AndNode::Carry { .. } | AndNode::Select { .. } => {
                node.polynomials().iter().map(|sum| self.polynomial(sum, words)).collect()
            }
        };
        for plane in &mut planes {
            if let Some(last) = plane.last_mut() {
                *last &= tail;
            }
        }
        planes
    }

    /// `xor_i lt_i * prod_{j>i} eq_j`: `eqs[j-1]` is the variable of `eq_j`.
    fn less(&self, fan_in: usize, eqs: &[usize], words: usize) -> Vec<u64> {
        // Tables over subsets of eq_{i+1}.., with lt_i absent and present.
        let tables: Vec<(Vec<Place>, Vec<Place>)> = (0..fan_in)
            .map(|i| (self.places(&eqs[i..], None), self.places(&eqs[i..], Some(i))))
            .collect();
        let mut sums = vec![[0; LANES]; 1 << eqs.len()];
        in_lanes(words, |word| {
            for i in 0..fan_in {
                let (without, with) = &tables[i];
                let lt: Lanes = lanes(self.opened[i], word);
                if i > 0 {
                    // Bit 0 of the subset index stands for eq_i, the next to be folded.
                    fold(&mut sums[..2 * with.len()], &lanes(self.opened[eqs[i - 1]], word));
                }
                for ((sum, &without), &with) in sums.iter_mut().zip(without).zip(with) {
                    let (without, with) = (self.share(without, word), self.share(with, word));
                    for lane in 0..LANES {
                        let term = with[lane] ^ lt[lane] & without[lane];
                        sum[lane] = if i == 0 { term } else { sum[lane] ^ term };
                    }
                }
            }
            sums[0]
        })
    }

    /// The xor of products.
    fn polynomial(&self, products: &[Monomial], words: usize) -> Vec<u64> {
        let mut total = vec![0; words];
        for &set in products {
            let members = (0..self.opened.len()).filter(|v| set >> v & 1 == 1);
            let product = self.product(&plain(members), words);
            total.iter_mut().zip(product).for_each(|(sum, word)| *sum ^= word);
        }
        total
    }

    fn product(&self, literals: &[Literal], words: usize) -> Vec<u64> {
        let variables: Vec<usize> = literals.iter().map(|literal| literal.variable).collect();
        let places = self.places(&variables, None);
        let mut table = vec![[0; LANES]; places.len()];
        in_lanes(words, |word| {
            for (entry, &place) in table.iter_mut().zip(&places) {
                *entry = self.share(place, word);
            }
            let mut rest = &mut table[..];
            for literal in literals {
                let opened: Lanes = lanes(self.opened[literal.variable], word);
                fold(rest, &opened.map(|word| word ^ literal.negated));
                let half = rest.len() / 2;
                rest = &mut rest[..half];
            }
            rest[0]
        })
    }

    /// The places of the products over all subsets of `variables` (bit i: the i-th), times
    /// `also`.
    fn places(&self, variables: &[usize], also: Option<usize>) -> Vec<Place> {
        let place = |subset: usize| {
            let chosen = variables.iter().enumerate().filter(|(i, _)| subset >> i & 1 == 1);
            let set = chosen.map(|(_, &v)| v).chain(also).fold(0, |set: Monomial, v| set | 1 << v);
            match set.count_ones() {
                0 => Place::One,
                1 => Place::Mask(set.trailing_zeros() as usize),
                _ => Place::Monomial((self.index)(set)),
            }
        };
        (0..1 << variables.len()).map(place).collect()
    }

    fn share(&self, place: Place, word: usize) -> Lanes {
        match place {
            Place::One => [self.one; LANES],
            Place::Mask(variable) => lanes(self.masks[variable], word),
            Place::Monomial(monomial) => lanes(self.shares[monomial], word),
        }
    }
}

/// Words that are worked on side by side.
const LANES: usize = 16;
type Lanes = [u64; LANES];

/// A plane that is computed some words at a time.
fn in_lanes(words: usize, mut compute: impl FnMut(usize) -> Lanes) -> Vec<u64> {
    let mut plane = vec![0; words];
    for (index, out) in plane.chunks_mut(LANES).enumerate() {
        out.copy_from_slice(&compute(index * LANES)[..out.len()]);
    }
    plane
}

/// A table over subsets that the variable of bit 0 is opened in: half of it is left.
fn fold(table: &mut [Lanes], opened: &Lanes) {
    for set in 0..table.len() / 2 {
        let (without, with) = (table[2 * set], table[2 * set + 1]);
        for lane in 0..LANES {
            table[set][lane] = with[lane] ^ opened[lane] & without[lane];
        }
    }
}
