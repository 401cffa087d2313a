//! Tensor expressions as formulas, which are computed tile by tile.

use std::collections::HashMap;

use cryptab_tensor::{Formula, Tensor, conv2d, matmul};

use super::{bits, ring};
use crate::known::{conv2d_parameters, elements};
use crate::sources::Sources;
use crate::{Address, Error, Known, Result, Stream};

/// The formula of an expression; what cannot be computed tile by tile is computed now.
pub(crate) fn formula(known: &Known, sources: &Sources<'_>) -> Result<Formula> {
    Formulas { sources, masks: HashMap::new() }.of(known)
}

struct Formulas<'a> {
    sources: &'a Sources<'a>,
    /// Masks so far, of all parties or of one: each is expanded once a tile. All that one formula
    /// consists of has one shape.
    masks: HashMap<(Option<u8>, Address), Formula>,
}

impl Formulas<'_> {
    fn of(&mut self, known: &Known) -> Result<Formula> {
        let sources = self.sources;
        let shape = known.shape()?;
        elements(&shape)?;
        let whole = |known: &Known| ring(known, sources);
        Ok(match known {
            Known::Mask { address, .. } => self.mask(&shape, None, *address)?,
            Known::OwnMask { owner, address, .. } => self.mask(&shape, Some(*owner), *address)?,
            Known::Zero { .. } => Formula::same(&shape, 0),
            Known::Low(known, bits) => self.of(known)?.low_bits(u32::from(*bits)),
            Known::Shift(known, bits) => self.of(known)?.shr(u32::from(*bits)),
            Known::Combine(terms, constant) => {
                // Before anything is computed: it would be twice, and so at every level.
                for (_, term) in terms {
                    if term.shape()? != shape {
                        return combine(terms, *constant, sources).map(Formula::from);
                    }
                }
                let mut parts = Vec::with_capacity(terms.len());
                for (factor, term) in terms {
                    parts.push((*factor, self.of(term)?));
                }
                match parts.is_empty() {
                    true => Formula::same(&shape, *constant),
                    false => Formula::weighted(parts).plus(*constant),
                }
            }
            Known::Product(a, b) if a.shape()? == b.shape()? => {
                let factors = vec![self.of(a)?, self.of(b)?];
                Formula::sum_of_products(&shape, vec![factors])
            }
            Known::Product(a, b) => whole(a)?.mul(&whole(b)?)?.into(),
            Known::Matmul(a, b) => {
                let compute = || Ok(matmul(&whole(a)?, &whole(b)?)?);
                sources.products.get(known, compute)?.into()
            }
            Known::Conv2d(x, w, sizes, groups) => {
                let parameters = conv2d_parameters(sizes, *groups);
                let compute = || Ok(conv2d(&whole(x)?, &whole(w)?, &parameters)?);
                sources.products.get(known, compute)?.into()
            }
            Known::Structure(structure, known) => structure.apply(&whole(known)?)?.into(),
            Known::Concat(parts, axis) => {
                let parts = parts.iter().map(whole).collect::<Result<Vec<_>>>()?;
                Tensor::concat(&parts, *axis as usize)?.into()
            }
            Known::Bit(plane, _) => Formula::of_bits(&shape, bits(plane, sources)?, 0),
            Known::Moments(angle, moments) => {
                let moments = moments.clone();
                let fill = move |row, angles: &_, part: &mut _| moments.fill(row, angles, part);
                by_rows(&shape, whole(angle)?, fill)
            }
            Known::Exponentials(position, table) => {
                let table = *table;
                let fill = move |row, positions: &_, part: &mut _| table.fill(row, positions, part);
                by_rows(&shape, whole(position)?, fill)
            }
            Known::Coefficients(position, which) => {
                let which = *which;
                let fill = move |row, positions: &_, part: &mut _| which.fill(row, positions, part);
                by_rows(&shape, whole(position)?, fill)
            }
            Known::RowProducts(rows, lists) => {
                let numbers = row_products(&whole(rows)?, lists);
                Tensor::from_vec(&shape, numbers)?.into()
            }
            Known::Turned { table, index } => {
                let numbers = turned(&whole(table)?, whole(index)?.as_slice());
                Tensor::from_vec(&shape, numbers)?.into()
            }
        })
    }

    fn mask(&mut self, shape: &[usize], owner: Option<u8>, address: Address) -> Result<Formula> {
        if let Some(mask) = self.masks.get(&(owner, address)) {
            return Ok(mask.clone());
        }
        let streams = match owner {
            None => self.sources.streams,
            Some(owner) => {
                let owner = usize::from(owner);
                let stream = self.sources.streams.get(owner..=owner);
                stream.ok_or(Error::Meaningless { reason: "a mask of no party" })?
            }
        };
        let mask = sum_of_streams(shape, streams, address);
        self.masks.insert((owner, address), mask.clone());
        Ok(mask)
    }
}

/// The sum of what streams hold at an address.
pub(crate) fn sum_of_streams<'s>(
    shape: &[usize],
    streams: impl IntoIterator<Item = &'s Stream>,
    address: Address,
) -> Formula {
    let one = |stream: &Stream| {
        let stream = stream.clone();
        let words = Formula::computed(shape, move |start, words| {
            words.fill(0);
            stream.apply(address, start, words);
        });
        (1, words)
    };
    let all: Vec<(u64, Formula)> = streams.into_iter().map(one).collect();
    if all.is_empty() { Formula::same(shape, 0) } else { Formula::weighted(all) }
}

/// A tensor of rows that are functions of one row `each`.
fn by_rows(
    shape: &[usize],
    each: Tensor,
    fill: impl Fn(usize, &[u64], &mut [u64]) + Send + Sync + 'static,
) -> Formula {
    Formula::computed(shape, move |start, elements| {
        let each = each.as_slice();
        let mut at = start;
        let mut rest = elements;
        while !rest.is_empty() {
            let (row, column) = (at / each.len(), at % each.len());
            let (part, after) = rest.split_at_mut(rest.len().min(each.len() - column));
            fill(row, &each[column..column + part.len()], part);
            at += part.len();
            rest = after;
        }
    })
}

/// A public combination with broadcasting.
fn combine(terms: &[(u64, Known)], constant: u64, sources: &Sources<'_>) -> Result<Tensor> {
    let mut total: Option<Tensor> = None;
    for (factor, term) in terms {
        let value = ring(term, sources)?;
        let scaled = if *factor == 1 { value } else { value.mul_scalar(*factor) };
        total = Some(match total {
            Some(sum) => sum.add(&scaled)?,
            None => scaled,
        });
    }
    let total = total.unwrap_or_else(|| Tensor::scalar(0));
    Ok(if constant == 0 { total } else { total.add_scalar(constant) })
}

/// For every list, the product of its rows.
fn row_products(rows: &Tensor, lists: &[Vec<u16>]) -> Vec<u64> {
    let len = rows.len() / rows.shape()[0].max(1);
    let row = |row: u16| &rows.as_slice()[usize::from(row) * len..][..len];
    let mut all = Vec::with_capacity(lists.len() * len);
    for list in lists {
        let start = all.len();
        let [first, rest @ ..] = list.as_slice() else { continue };
        all.extend_from_slice(row(*first));
        for factor in rest {
            let products = all[start..].iter_mut().zip(row(*factor));
            products.for_each(|(product, factor)| *product = product.wrapping_mul(*factor));
        }
    }
    all
}

/// The rows of the table from row `index` on, round the end, for every index.
fn turned(table: &Tensor, index: &[u64]) -> Vec<u64> {
    let rows = table.shape()[0];
    let len = table.len() / rows;
    let mut all = Vec::with_capacity(index.len() * table.len());
    for &by in index {
        let by = usize::try_from(by % rows as u64).expect("below the number of rows");
        let (before, after) = table.as_slice().split_at(by * len);
        all.extend_from_slice(after);
        all.extend_from_slice(before);
    }
    all
}
