//! Gates: products of opened bits, and of these with numbers. Many columns at once, no rounds.
//!
//! With b^ = b xor beta opened, a literal is `h + (1 - 2 h) beta` for h = b^ or its negation. A
//! product of literals and a number y is folded, literal by literal: with T\[S\] the share of y
//! times the betas of the set S, folding b gives `T'[S] = h ? T[S] - T[S + b] : T[S + b]`.
//! The dealer shares every product once, however many numbers a gate opens to.
//!
//! Source: products of affine forms, Ohata-Nuida (FC 2020) and ABY2.0 (ePrint 2020/1225).

use std::rc::Rc;
use std::sync::Arc;

use cryptab_correlation::{Known, Structure};
use cryptab_tensor::Tensor;

use crate::bit::Bit;
use crate::form::Form;
use crate::lazy::{Input, Lazy};
use crate::recorder::Recorder;

/// One of the opened bits, or its negation.
#[derive(Clone, Copy)]
pub(crate) struct Literal {
    pub(crate) bit: usize,
    pub(crate) negated: bool,
}

/// Opened bits `[bits, columns]`, and gates: the products of some of them, column by column.
pub(crate) struct Gates {
    literals: Rc<Vec<Vec<Literal>>>,
    /// b^, as 0 and 1.
    hats: Lazy<Tensor>,
    betas: Known,
    /// Shares in `Z_2^64` of the gates, `[gates, columns]`.
    values: Lazy<Tensor>,
    bits: usize,
    columns: usize,
}

/// Elements that are folded together.
const TILE: usize = 512;

impl Gates {
    /// Opens the bits. Cost: 1 round, 1 bit each; 64 dealer bits for every bit, and for every
    /// product of two or more bits of a gate. All bits must belong to some gate.
    pub(crate) fn open(recorder: &Recorder<'_>, bit: &Bit, literals: Vec<Vec<Literal>>) -> Self {
        let [bits, columns] = bit.shape[..] else { unreachable!("bits come in rows and columns") };
        let (hats, betas) = bit.masked(recorder);
        let hats = recorder.computed(&hats);
        let mut lists: Vec<Vec<u16>> = (0..bits).map(|bit| vec![row(bit)]).collect();
        // Where the product of every subset of every gate stands.
        let mut places: Vec<Vec<usize>> = Vec::with_capacity(literals.len());
        for gate in &literals {
            let place = |set: usize| match *members(gate, set).collect::<Vec<_>>() {
                [] => usize::MAX,
                [one] => one,
                ref several => {
                    lists.push(several.iter().map(|&bit| row(bit)).collect());
                    lists.len() - 1
                }
            };
            places.push((0..1 << gate.len()).map(place).collect());
        }
        let products = Known::RowProducts(Arc::new(betas.clone()), lists);
        let products = recorder.deal_tensor(products, 64);
        let literals = Rc::new(literals);
        let one = u64::from(recorder.leads());
        let gates = Rc::clone(&literals);
        let values = recorder.queue().zip(&hats, &products, move |hats, products| {
            let products = products.as_slice();
            let mut values = Vec::with_capacity(gates.len() * columns);
            for (gate, places) in gates.iter().zip(&places) {
                let entry = |&place: &usize| match place {
                    usize::MAX => Entry::Constant(one),
                    place => Entry::Row(&products[place * columns..(place + 1) * columns]),
                };
                let entries: Vec<Entry<'_>> = places.iter().map(entry).collect();
                values.extend(fold(gate, hats.as_slice(), &entries, columns));
            }
            Tensor::from_vec(&[gates.len(), columns], values).expect("a row per gate")
        });
        Self { literals, hats, betas, values, bits, columns }
    }

    /// Shares in `Z_2^64` of the gates themselves, `[gates, columns]`.
    pub(crate) const fn values(&self) -> &Lazy<Tensor> {
        &self.values
    }

    /// Shares modulo 2^bits of `sum_g gate_g * (x_g - x_last)`, for masked numbers of one row
    /// more than there are gates.
    ///
    /// Cost: no round; per gate of q literals (2^q - 1) products of `bits` dealer bits, and
    /// 2 (2^q - 1) of the missing bits of a narrow form.
    pub(crate) fn choose(&self, recorder: &Recorder<'_>, form: &Form, bits: u32) -> Lazy<Tensor> {
        let gates = self.literals.len();
        let (hat, mask) = form.parts();
        let hat = recorder.computed(hat);
        let mask_rows = |positions: &[usize]| {
            let structure = Structure::take(0, positions);
            Known::Structure(structure, Arc::new(mask.known.clone()))
        };
        let own: Vec<usize> = (0..gates).collect();
        let terms = vec![(u64::MAX, mask_rows(&own)), (1, mask_rows(&vec![gates; gates]))];
        let products = self.products(recorder, Known::Combine(terms, 0), bits, |g| vec![g]);
        let masks = recorder.computed(&mask.shares(recorder, bits));
        let carries = form.carry().map(|(carry, top)| {
            let missing = 64 - form.bits;
            let products = self.products(recorder, top.known.clone(), missing, |g| vec![g, gates]);
            (recorder.computed(carry), recorder.computed(&top.shares(recorder, missing)), products)
        });
        let mut inputs: Vec<&dyn Input> = vec![&self.hats, &self.values, &hat, &masks, &products];
        if let Some((carry, tops, products)) = &carries {
            inputs.extend([carry as &dyn Input, tops, products]);
        }
        let columns = self.columns;
        let literals = Rc::clone(&self.literals);
        let (hats, values, hat) = (self.hats.clone(), self.values.clone(), hat.clone());
        let (masks_in, products_in, carries_in) =
            (masks.clone(), products.clone(), carries.clone());
        let shift = form.bits;
        recorder.queue().after(&inputs, move || {
            let (hats, values, hat) = (hats.get(), values.get(), hat.get());
            let (masks, products) = (masks_in.get(), products_in.get());
            let carries = carries_in.map(|(carry, tops, products)| Carries {
                carry: carry.get(),
                tops: tops.get(),
                products: products.get(),
                shift,
            });
            let mut total = vec![0_u64; columns];
            let last = gates;
            let mut next = 0;
            for (g, gate) in literals.iter().enumerate() {
                let products_of_gate = (1 << gate.len()) - 1;
                let (x, x_last) = (row_of(&hat, g, columns), row_of(&hat, last, columns));
                let minus_mask: Vec<u64> = row_of(&masks, last, columns)
                    .iter()
                    .zip(row_of(&masks, g, columns))
                    .map(|(last, own)| last.wrapping_sub(*own))
                    .collect();
                let entries = entries(&minus_mask, &products, next, products_of_gate, columns);
                let masked = fold(gate, hats.as_slice(), &entries, columns);
                let value = row_of(&values, g, columns);
                for (i, sum) in total.iter_mut().enumerate() {
                    let public = x[i].wrapping_sub(x_last[i]).wrapping_mul(value[i]);
                    *sum = sum.wrapping_add(public).wrapping_add(masked[i]);
                }
                if let Some(carries) = &carries {
                    carries.add_to(&mut total, gate, hats.as_slice(), g, last, next);
                }
                next += products_of_gate;
            }
            Tensor::from_vec(&[columns], total).expect("a number per column")
        })
    }

    /// Shares of the products of every non-empty set of betas of every gate with some rows of
    /// `numbers`: gate by gate, row by row, set by set.
    fn products(
        &self,
        recorder: &Recorder<'_>,
        numbers: Known,
        bits: u32,
        rows: impl Fn(usize) -> Vec<usize>,
    ) -> Lazy<Tensor> {
        let mut lists = Vec::new();
        for (g, gate) in self.literals.iter().enumerate() {
            for number in rows(g) {
                lists.extend((1..1 << gate.len()).map(|set| {
                    let betas = members(gate, set).map(row);
                    betas.chain([row(self.bits + number)]).collect::<Vec<u16>>()
                }));
            }
        }
        let rows = Known::Concat(vec![self.betas.clone(), numbers], 0);
        recorder.deal_tensor(Known::RowProducts(Arc::new(rows), lists), bits)
    }
}

/// What narrow forms need besides: `carry_g top_g - carry_last top_last`, times the gate.
struct Carries {
    carry: Tensor,
    tops: Tensor,
    /// Per gate: its own top, then the last, times every non-empty set of betas.
    products: Tensor,
    shift: u32,
}

impl Carries {
    fn add_to(
        &self,
        total: &mut [u64],
        gate: &[Literal],
        hats: &[u64],
        g: usize,
        last: usize,
        products_before: usize,
    ) {
        let columns = total.len();
        let sets = (1 << gate.len()) - 1;
        let folded = |number: usize, first: usize| {
            let top = row_of(&self.tops, number, columns);
            let entries = entries(top, &self.products, first, sets, columns);
            fold(gate, hats, &entries, columns)
        };
        let own = folded(g, 2 * products_before);
        let other = folded(last, 2 * products_before + sets);
        let (carry, last_carry) =
            (row_of(&self.carry, g, columns), row_of(&self.carry, last, columns));
        for (i, sum) in total.iter_mut().enumerate() {
            let difference =
                own[i].wrapping_mul(carry[i]).wrapping_sub(other[i].wrapping_mul(last_carry[i]));
            *sum = sum.wrapping_add(difference << self.shift);
        }
    }
}

fn row_of(tensor: &Tensor, row: usize, columns: usize) -> &[u64] {
    &tensor.as_slice()[row * columns..(row + 1) * columns]
}

/// A row of a table that is folded.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Constant(u64),
    Row(&'a [u64]),
}

/// The number itself, then its products with every non-empty set of betas.
fn entries<'a>(
    number: &'a [u64],
    products: &'a Tensor,
    first: usize,
    count: usize,
    columns: usize,
) -> Vec<Entry<'a>> {
    let products = (first..first + count).map(|i| row_of(products, i, columns));
    std::iter::once(number).chain(products).map(Entry::Row).collect()
}

/// Folds a table over the subsets of a gate's literals into the shares of the product.
fn fold(gate: &[Literal], hats: &[u64], entries: &[Entry<'_>], columns: usize) -> Vec<u64> {
    let mut out = vec![0; columns];
    let (mut table, mut next) = (vec![0; entries.len() * TILE], vec![0; entries.len() * TILE]);
    for (tile, out) in out.chunks_mut(TILE).enumerate() {
        let (start, len) = (tile * TILE, out.len());
        for (row, entry) in table.chunks_exact_mut(TILE).zip(entries) {
            match *entry {
                Entry::Constant(value) => row[..len].fill(value),
                Entry::Row(values) => row[..len].copy_from_slice(&values[start..start + len]),
            }
        }
        let mut size = entries.len();
        for literal in gate {
            size /= 2;
            let hats = &hats[literal.bit * columns + start..][..len];
            let flip = u64::from(literal.negated);
            let pairs = table.chunks_exact(2 * TILE).zip(next.chunks_exact_mut(TILE));
            for (pair, out) in pairs.take(size) {
                let (without, with) = pair.split_at(TILE);
                for (((out, &low), &high), &hat) in out.iter_mut().zip(without).zip(with).zip(hats)
                {
                    let chosen = (hat ^ flip).wrapping_neg();
                    let change = low.wrapping_sub(high).wrapping_sub(high);
                    *out = high.wrapping_add(chosen & change);
                }
            }
            std::mem::swap(&mut table, &mut next);
        }
        out.copy_from_slice(&table[..len]);
    }
    out
}

/// The bits of a subset of a gate's literals.
fn members(gate: &[Literal], set: usize) -> impl Iterator<Item = usize> {
    gate.iter().enumerate().filter(move |(i, _)| set >> i & 1 == 1).map(|(_, literal)| literal.bit)
}

fn row(index: usize) -> u16 {
    u16::try_from(index).expect("gates have few rows")
}
