//! In which order the parts of a formula are computed, and where they are kept meanwhile.

use std::{collections::HashMap, sync::Arc};

use super::{Compute, Formula, Node};
use crate::backend::{Arithmetic, Backend, Operand, TILE};

/// The steps that compute a tile of a formula. What is used several times is computed once a tile; room is used
/// again as soon as nothing will be read from it.
pub(super) struct Plan<'f> {
    steps: Vec<Step<'f>>,
    slots: usize,
}

/// Room for the intermediates of a tile.
pub(super) type Room = Vec<Vec<u64>>;

struct Step<'f> {
    work: Work<'f>,
    /// Where the result goes; `None`: to the elements of the formula itself.
    target: Option<usize>,
    reads: Vec<Place<'f>>,
}

#[derive(Clone, Copy)]
enum Work<'f> {
    Fill(u64),
    Compute(&'f Compute),
    Change(Arithmetic, u64),
    Copy,
    Combine(Arithmetic),
    /// Adds the multiple to what is there.
    AddMultiple(u64),
    /// Adds the product to what is there.
    AddProduct,
}

#[derive(Clone, Copy)]
enum Place<'f> {
    Held(&'f [u64]),
    Slot(usize),
}

impl<'f> Plan<'f> {
    pub(super) fn of(formula: &'f Formula) -> Self {
        let mut planner = Planner::default();
        planner.count(formula);
        planner.compute(&formula.node, None);
        Self { steps: planner.steps, slots: planner.slots }
    }

    pub(super) fn room(&self, tile: usize) -> Room {
        vec![vec![0; tile]; self.slots]
    }

    /// Computes the elements from `start` on, a multiple of the tile.
    pub(super) fn run(&self, room: &mut Room, start: usize, elements: &mut [u64]) {
        for (index, tile) in elements.chunks_mut(TILE).enumerate() {
            self.run_tile(room, start + index * TILE, tile);
        }
    }

    fn run_tile(&self, room: &mut Room, start: usize, out: &mut [u64]) {
        let backend = Backend::detect();
        let len = out.len();
        for step in &self.steps {
            let mut kept = step.target.map(|slot| std::mem::take(&mut room[slot]));
            let target = match &mut kept {
                Some(slot) => &mut slot[..len],
                None => &mut *out,
            };
            let read = |place: &Place<'f>| match *place {
                Place::Held(elements) => &elements[start..start + len],
                Place::Slot(slot) => &room[slot][..len],
            };
            match step.work {
                Work::Fill(value) => target.fill(value),
                Work::Compute(compute) => compute(start, target),
                Work::Change(op, number) => {
                    let left = Operand::Slice(read(&step.reads[0]));
                    backend.arithmetic(op, target, left, Operand::Value(number));
                }
                Work::Copy => target.copy_from_slice(read(&step.reads[0])),
                Work::Combine(op) => {
                    let [a, b] = [0, 1].map(|i| Operand::Slice(read(&step.reads[i])));
                    backend.arithmetic(op, target, a, b);
                }
                Work::AddMultiple(1) => backend.add_product(target, &[read(&step.reads[0])]),
                Work::AddMultiple(weight) => {
                    backend.weighted_sum(target, &[read(&step.reads[0])], &[weight]);
                }
                Work::AddProduct => match step.reads.as_slice() {
                    [a] => backend.add_product(target, &[read(a)]),
                    [a, b] => backend.add_product(target, &[read(a), read(b)]),
                    all => backend.add_product(target, &all.iter().map(read).collect::<Vec<_>>()),
                },
            }
            if let (Some(slot), Some(kept)) = (step.target, kept) {
                room[slot] = kept;
            }
        }
    }
}

#[derive(Default)]
struct Planner<'f> {
    steps: Vec<Step<'f>>,
    slots: usize,
    free: Vec<usize>,
    /// How often each node is still to be read.
    uses: HashMap<*const Node, usize>,
    places: HashMap<*const Node, usize>,
}

impl<'f> Planner<'f> {
    fn count(&mut self, formula: &'f Formula) {
        let uses = self.uses.entry(Arc::as_ptr(&formula.node)).or_default();
        *uses += 1;
        if *uses == 1 {
            match &*formula.node {
                Node::Held(_) | Node::Same(_) | Node::Computed(_) => {}
                Node::Changed(inner, ..) => self.count(inner),
                Node::Weighted(summands) => summands.iter().for_each(|(_, one)| self.count(one)),
                Node::Products(products) => {
                    products.iter().flatten().for_each(|one| self.count(one))
                }
            }
        }
    }

    /// Where the formula is when the steps so far have run.
    fn place(&mut self, formula: &'f Formula) -> Place<'f> {
        if let Node::Held(tensor) = &*formula.node {
            return Place::Held(tensor.as_slice());
        }
        let name = Arc::as_ptr(&formula.node);
        if let Some(&slot) = self.places.get(&name) {
            return Place::Slot(slot);
        }
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        self.compute(&formula.node, Some(slot));
        self.places.insert(name, slot);
        Place::Slot(slot)
    }

    /// The steps that compute a node into its place.
    fn compute(&mut self, node: &'f Node, target: Option<usize>) {
        match node {
            Node::Held(_) => unreachable!("what is held is read where it is"),
            Node::Same(value) => self.step(Work::Fill(*value), target, &[]),
            Node::Computed(compute) => self.step(Work::Compute(&**compute), target, &[]),
            Node::Changed(inner, op, number) => {
                self.step(Work::Change(*op, *number), target, &[inner])
            }
            Node::Weighted(summands) => {
                let rest = match summands.as_slice() {
                    [(1, a), (1, b), rest @ ..] => {
                        self.step(Work::Combine(Arithmetic::Add), target, &[a, b]);
                        rest
                    }
                    [(1, a), (u64::MAX, b), rest @ ..] => {
                        self.step(Work::Combine(Arithmetic::Subtract), target, &[a, b]);
                        rest
                    }
                    [(weight, a), rest @ ..] => {
                        self.step(Work::Change(Arithmetic::Multiply, *weight), target, &[a]);
                        rest
                    }
                    [] => unreachable!("a sum has summands"),
                };
                for (weight, summand) in rest {
                    self.step(Work::AddMultiple(*weight), target, &[summand]);
                }
            }
            Node::Products(products) => {
                // What can be written at once goes first, instead of zeros.
                let direct = products.iter().position(|factors| matches!(factors.len(), 1 | 2));
                match direct.map(|at| products[at].as_slice()) {
                    Some([a, b]) => self.step(Work::Combine(Arithmetic::Multiply), target, &[a, b]),
                    Some([a]) => self.step(Work::Copy, target, &[a]),
                    _ => self.step(Work::Fill(0), target, &[]),
                }
                for (at, factors) in products.iter().enumerate() {
                    if direct != Some(at) {
                        self.step(Work::AddProduct, target, &factors.iter().collect::<Vec<_>>());
                    }
                }
            }
        }
    }

    fn step(&mut self, work: Work<'f>, target: Option<usize>, inputs: &[&'f Formula]) {
        let reads = inputs.iter().map(|input| self.place(input)).collect();
        self.steps.push(Step { work, target, reads });
        for input in inputs {
            let name = Arc::as_ptr(&input.node);
            let uses = self.uses.get_mut(&name).expect("all were counted");
            *uses -= 1;
            if *uses == 0
                && let Some(slot) = self.places.remove(&name)
            {
                self.free.push(slot);
            }
        }
    }
}
