//! Tensors by formula: elements are computed where they are read, a tile at a time, so that intermediates stay in the
//! nearest caches.

mod plan;

use std::{fmt, sync::Arc};

use crate::{
    Bits, Tensor,
    backend::{Arithmetic, TILE},
    pieces::in_pieces_with,
    shape::count,
};
use plan::{Plan, Room};

/// A tensor whose elements may be computed each time that they are read. Cheap to clone.
///
/// Its `Debug` form shows the shape only, because the elements may be somebody's share.
#[derive(Clone)]
pub struct Formula {
    shape: Arc<[usize]>,
    node: Arc<Node>,
}

/// Writes the elements from `start` on, all of them, whatever was there.
type Compute = dyn Fn(usize, &mut [u64]) + Send + Sync;

enum Node {
    Held(Tensor),
    Same(u64),
    Computed(Box<Compute>),
    /// An operation with a number that is the same for all elements.
    Changed(Formula, Arithmetic, u64),
    /// A sum of multiples.
    Weighted(Vec<(u64, Formula)>),
    /// A sum of products; an empty product is 1.
    Products(Vec<Vec<Formula>>),
}

impl Formula {
    /// `compute(start, elements)` writes the elements from `start` on: at most 512, from a multiple of 512 on.
    ///
    /// # Panics
    /// As all of these, when the shape has more elements than memory can address, like `vec!`.
    pub fn computed(
        shape: &[usize],
        compute: impl Fn(usize, &mut [u64]) + Send + Sync + 'static,
    ) -> Self {
        Self::new(shape, Node::Computed(Box::new(compute)))
    }

    /// Equal elements.
    pub fn same(shape: &[usize], value: u64) -> Self {
        Self::new(shape, Node::Same(value))
    }

    /// The bits of a plane as elements 0 and 1.
    ///
    /// # Panics
    /// When there are not as many bits as elements, or there is no such plane.
    pub fn of_bits(shape: &[usize], bits: Bits, plane: usize) -> Self {
        assert!(plane < bits.planes(), "no plane {plane}");
        let formula = Self::computed(shape, {
            let bits = bits.clone();
            move |start, elements| bits.spread(plane, start, elements)
        });
        assert_eq!(formula.len(), bits.len(), "a bit per element");
        formula
    }

    /// The sum of multiples of formulas of one shape.
    ///
    /// # Panics
    /// When the shapes differ, or there is no summand.
    pub fn weighted(summands: Vec<(u64, Self)>) -> Self {
        if let [(1, one)] = summands.as_slice() {
            return one.clone();
        }
        let shape = Arc::clone(&summands.first().expect("a sum has summands").1.shape);
        assert!(summands.iter().all(|(_, summand)| summand.shape == shape), "equal shapes");
        Self { shape, node: Arc::new(Node::Weighted(summands)) }
    }

    /// `sum over products of (product of its factors)`; an empty product is 1.
    ///
    /// # Panics
    /// When the shape of a factor differs.
    pub fn sum_of_products(shape: &[usize], products: Vec<Vec<Self>>) -> Self {
        let mut factors = products.iter().flatten();
        assert!(factors.all(|factor| *factor.shape == *shape), "equal shapes");
        Self::new(shape, Node::Products(products))
    }

    /// Every element plus `number`.
    #[must_use]
    pub fn plus(&self, number: u64) -> Self {
        if number == 0 { self.clone() } else { self.changed(Arithmetic::Add, number) }
    }

    /// Every element times `factor`.
    #[must_use]
    pub fn times(&self, factor: u64) -> Self {
        if factor == 1 { self.clone() } else { self.changed(Arithmetic::Multiply, factor) }
    }

    /// Every element shifted to the left; by 64 bits and more, 0.
    #[must_use]
    pub fn shl(&self, bits: u32) -> Self {
        self.shifted(Arithmetic::ShiftLeft, bits)
    }

    /// Every element shifted to the right; by 64 bits and more, 0.
    #[must_use]
    pub fn shr(&self, bits: u32) -> Self {
        self.shifted(Arithmetic::ShiftRight, bits)
    }

    /// The low `bits` of every element.
    #[must_use]
    pub fn low_bits(&self, bits: u32) -> Self {
        match bits {
            0..64 => self.changed(Arithmetic::And, (1 << bits) - 1),
            _ => self.clone(),
        }
    }

    /// The size of every axis.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The tensor.
    pub fn tensor(&self) -> Tensor {
        match &*self.node {
            Node::Held(tensor) => tensor.clone(),
            Node::Same(value) => Tensor::filled(&self.shape, *value),
            _ => {
                let plan = Plan::of(self);
                let tile = self.len().min(TILE);
                let elements = in_pieces_with(
                    self.len(),
                    || plan.room(tile),
                    |room, start, piece| plan.run(room, start, piece),
                );
                Tensor::assemble(&self.shape, elements)
            }
        }
    }

    /// Reads some of the elements, in row-major order.
    pub fn reader(&self) -> Reader<'_> {
        match &*self.node {
            Node::Held(tensor) => Reader(Reading::Held(tensor.as_slice())),
            _ => {
                let plan = Plan::of(self);
                let room = plan.room(self.len().min(TILE));
                Reader(Reading::Planned(plan, room))
            }
        }
    }

    fn shifted(&self, op: Arithmetic, bits: u32) -> Self {
        match bits {
            0 => self.clone(),
            1..64 => self.changed(op, bits.into()),
            _ => Self::same(&self.shape, 0),
        }
    }

    fn changed(&self, op: Arithmetic, number: u64) -> Self {
        let node = Arc::new(Node::Changed(self.clone(), op, number));
        Self { shape: Arc::clone(&self.shape), node }
    }

    fn new(shape: &[usize], node: Node) -> Self {
        count("formula", shape).expect("a shape that fits into memory");
        Self { shape: shape.into(), node: Arc::new(node) }
    }

    fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

/// What reads the elements of a formula.
pub struct Reader<'f>(Reading<'f>);

enum Reading<'f> {
    Held(&'f [u64]),
    Planned(Plan<'f>, Room),
}

impl Reader<'_> {
    /// Writes the elements from `start` on; whatever was there is overwritten.
    ///
    /// # Panics
    /// When `start` is no multiple of 512, or there are not as many elements.
    pub fn read(&mut self, start: usize, elements: &mut [u64]) {
        assert!(start.is_multiple_of(TILE), "elements are read from the start of a tile");
        match &mut self.0 {
            Reading::Held(all) => elements.copy_from_slice(&all[start..start + elements.len()]),
            Reading::Planned(plan, room) => plan.run(room, start, elements),
        }
    }
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader(..)")
    }
}

impl From<Tensor> for Formula {
    fn from(tensor: Tensor) -> Self {
        Self { shape: tensor.shape().into(), node: Arc::new(Node::Held(tensor)) }
    }
}

impl fmt::Debug for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Formula").field("shape", &self.shape).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: usize = 3 * TILE + 7;

    fn numbers(salt: u64) -> Vec<u64> {
        (0..LEN as u64).map(|i| (i + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect()
    }

    fn held(salt: u64) -> Formula {
        Tensor::from_vec(&[LEN], numbers(salt)).unwrap().into()
    }

    fn computed(salt: u64) -> Formula {
        let numbers = numbers(salt);
        Formula::computed(&[LEN], move |start, elements| {
            assert!(start.is_multiple_of(TILE) && elements.len() <= TILE);
            elements.copy_from_slice(&numbers[start..start + elements.len()]);
        })
    }

    fn check(formula: &Formula, expected: impl Fn(u64, u64) -> u64) {
        let found = formula.tensor();
        assert_eq!(found.shape(), [LEN]);
        let mut part = vec![7; TILE + 3];
        formula.reader().read(TILE, &mut part);
        assert_eq!(part, found.as_slice()[TILE..2 * TILE + 3]);
        let both = numbers(1).into_iter().zip(numbers(2));
        for (found, (a, b)) in found.as_slice().iter().zip(both) {
            assert_eq!(*found, expected(a, b));
        }
    }

    #[test]
    fn products_add_up_across_tiles() {
        for (a, b) in [(held(1), held(2)), (computed(1), held(2)), (computed(1), computed(2))] {
            let a2 = [a.clone(), b.clone(), a.clone()].to_vec();
            let products = vec![vec![a.clone()], vec![a, b], a2, vec![]];
            check(&Formula::sum_of_products(&[LEN], products), |a, b| {
                let ab = a.wrapping_mul(b);
                a.wrapping_add(ab).wrapping_add(ab.wrapping_mul(a)).wrapping_add(1)
            });
        }
    }

    #[test]
    fn operations_nest_and_share_what_they_have_in_common() {
        let (a, b) = (computed(1), held(2));
        let shifted = a.shr(3).plus(5).low_bits(40);
        let sum = Formula::weighted(vec![(3, shifted.clone()), (u64::MAX, b), (1, shifted)]);
        let all = Formula::sum_of_products(&[LEN], vec![vec![sum.clone(), sum.shl(2)], vec![sum]]);
        let all =
            Formula::weighted(vec![(1, all.clone()), (7, all), (2, Formula::same(&[LEN], 9))]);
        check(&all.times(11), |a, b| {
            let shifted = ((a >> 3) + 5) & ((1 << 40) - 1);
            let sum = shifted.wrapping_mul(4).wrapping_sub(b);
            let products = sum.wrapping_mul(sum << 2).wrapping_add(sum);
            products.wrapping_mul(8).wrapping_add(18).wrapping_mul(11)
        });
    }

    #[test]
    fn what_needs_no_computation_is_not_computed() {
        let tensor = Tensor::from_vec(&[2, 2], vec![1, 2, 3, 4]).unwrap();
        let formula = Formula::from(tensor.clone()).times(1).plus(0).shl(0).shr(0).low_bits(64);
        assert!(matches!(&*formula.node, Node::Held(_)));
        assert_eq!(formula.tensor(), tensor);
        assert_eq!(Formula::same(&[2], 7).tensor().as_slice(), [7, 7]);
        let sevens = Formula::same(&[1], 7);
        for (formula, expected) in [
            (sevens.shl(64), 0),
            (sevens.shr(100), 0),
            (sevens.low_bits(0), 0),
            (sevens.low_bits(65), 7),
        ] {
            assert_eq!(formula.tensor().as_slice(), [expected]);
        }
        assert!(Formula::sum_of_products(&[0, 3], vec![vec![]]).tensor().is_empty());
    }

    #[test]
    fn bits_are_read_as_elements() {
        let words: Vec<u64> = numbers(1);
        let bits = Bits::slice_ring(&words, 5, 2);
        check(&Formula::of_bits(&[LEN], bits, 1), |a, _| a >> 6 & 1);
    }

    #[test]
    #[should_panic(expected = "equal shapes")]
    fn shapes_must_be_equal() {
        let _ = Formula::sum_of_products(&[LEN + 1], vec![vec![held(1)]]);
    }
}
