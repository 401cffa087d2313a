//! Tensor expressions, prepared to be computed piece by piece.

use cryptab_tensor::{Bits, PIECE, Tensor, conv2d, matmul};

use super::{bits, ring};
use crate::known::conv2d_parameters;
use crate::sources::Sources;
use crate::{Address, Coefficients, Error, Exponentials, Known, Moments, Result, Stream};

/// A tensor expression. Row-major positions number its elements.
pub(crate) enum Numbers<'a> {
    /// The sum of streams.
    Mask(&'a [Stream], Address),
    Zero,
    Low(Box<Self>, u8),
    Shift(Box<Self>, u8),
    /// `constant + sum c_i * k_i`, all of one shape.
    Combine(Vec<(u64, Self)>, u64),
    /// Element by element, of one shape.
    Product(Box<Self>, Box<Self>),
    /// A plane, as the numbers 0 and 1.
    Bit(Bits),
    Moments(Tensor, &'a Moments),
    Exponentials(Tensor, Exponentials),
    Coefficients(Tensor, Coefficients),
    /// Computed already.
    Whole(Tensor),
}

impl<'a> Numbers<'a> {
    /// Computes what cannot be computed piece by piece.
    pub(crate) fn prepare(known: &'a Known, sources: &Sources<'a>) -> Result<Self> {
        let inner = |known: &'a Known| Self::prepare(known, sources).map(Box::new);
        let whole = |known: &Known| ring(known, sources);
        Ok(match known {
            Known::Mask { address, .. } => Self::Mask(sources.streams, *address),
            Known::OwnMask { owner, address, .. } => {
                let owner = usize::from(*owner);
                let stream = sources.streams.get(owner..=owner);
                let stream = stream.ok_or(Error::Meaningless { reason: "a mask of no party" })?;
                Self::Mask(stream, *address)
            }
            Known::Zero { .. } => Self::Zero,
            Known::Low(known, bits) => Self::Low(inner(known)?, *bits),
            Known::Shift(known, bits) => Self::Shift(inner(known)?, *bits),
            Known::Combine(terms, constant) => {
                let shape = known.shape()?;
                let mut parts = Vec::with_capacity(terms.len());
                for (factor, term) in terms {
                    if term.shape()? != shape {
                        return combine(terms, *constant, sources).map(Self::Whole);
                    }
                    parts.push((*factor, Self::prepare(term, sources)?));
                }
                Self::Combine(parts, *constant)
            }
            Known::Product(a, b) if a.shape()? == b.shape()? => Self::Product(inner(a)?, inner(b)?),
            Known::Product(a, b) => Self::Whole(whole(a)?.mul(&whole(b)?)?),
            Known::Matmul(a, b) => {
                let compute = || Ok(matmul(&whole(a)?, &whole(b)?)?);
                Self::Whole(sources.products.get(known, compute)?)
            }
            Known::Conv2d(x, w, sizes, groups) => {
                let parameters = conv2d_parameters(sizes, *groups);
                let compute = || Ok(conv2d(&whole(x)?, &whole(w)?, &parameters)?);
                Self::Whole(sources.products.get(known, compute)?)
            }
            Known::Structure(structure, known) => Self::Whole(structure.apply(&whole(known)?)?),
            Known::Concat(parts, axis) => {
                let parts = parts.iter().map(whole).collect::<Result<Vec<_>>>()?;
                Self::Whole(Tensor::concat(&parts, *axis as usize)?)
            }
            Known::Bit(known, _) => Self::Bit(bits(known, sources)?),
            Known::Moments(angle, moments) => Self::Moments(whole(angle)?, moments),
            Known::Exponentials(position, table) => Self::Exponentials(whole(position)?, *table),
            Known::Coefficients(position, which) => Self::Coefficients(whole(position)?, *which),
            Known::RowProducts(rows, lists) => {
                let numbers = row_products(&whole(rows)?, lists);
                Self::Whole(Tensor::from_vec(&known.shape()?, numbers)?)
            }
            Known::Turned { table, index } => {
                let numbers = turned(&whole(table)?, whole(index)?.as_slice());
                Self::Whole(Tensor::from_vec(&known.shape()?, numbers)?)
            }
        })
    }

    /// The elements from `start` on, into a piece of zeros: at most [`PIECE`] elements, from a
    /// multiple of that on.
    pub(crate) fn fill(&self, start: usize, piece: &mut [u64]) {
        match self {
            Self::Mask(streams, address) => {
                let [first, rest @ ..] = *streams else { return };
                first.apply(*address, start, piece);
                let mut other = [0; PIECE];
                for stream in rest {
                    let other = &mut other[..piece.len()];
                    other.fill(0);
                    stream.apply(*address, start, other);
                    change(piece, other, u64::wrapping_add);
                }
            }
            Self::Zero => {}
            Self::Low(inner, bits) => {
                inner.fill(start, piece);
                if *bits < 64 {
                    let mask = (1 << bits) - 1;
                    piece.iter_mut().for_each(|number| *number &= mask);
                }
            }
            Self::Shift(inner, bits) => {
                inner.fill(start, piece);
                match bits {
                    0..64 => piece.iter_mut().for_each(|number| *number >>= bits),
                    _ => piece.fill(0),
                }
            }
            Self::Combine(terms, constant) => {
                for (i, (factor, term)) in terms.iter().enumerate() {
                    if i == 0 {
                        term.fill(start, piece);
                        if *factor != 1 {
                            piece.iter_mut().for_each(|x| *x = x.wrapping_mul(*factor));
                        }
                        continue;
                    }
                    let part = term.piece(start, piece.len());
                    match *factor {
                        1 => change(piece, &part, u64::wrapping_add),
                        u64::MAX => change(piece, &part, u64::wrapping_sub),
                        factor => {
                            change(piece, &part, |sum, x| sum.wrapping_add(x.wrapping_mul(factor)))
                        }
                    }
                }
                if *constant != 0 {
                    piece.iter_mut().for_each(|x| *x = x.wrapping_add(*constant));
                }
            }
            Self::Product(a, b) => {
                a.fill(start, piece);
                change(piece, &b.piece(start, piece.len()), u64::wrapping_mul);
            }
            Self::Bit(bits) => bits.spread(0, start, piece),
            Self::Moments(angles, moments) => {
                by_rows(angles.as_slice(), start, piece, |row, angles, part| {
                    moments.fill(row, angles, part);
                });
            }
            Self::Exponentials(positions, table) => {
                by_rows(positions.as_slice(), start, piece, |row, positions, part| {
                    table.fill(row, positions, part);
                });
            }
            Self::Coefficients(positions, which) => {
                by_rows(positions.as_slice(), start, piece, |row, positions, part| {
                    which.fill(row, positions, part);
                });
            }
            Self::Whole(tensor) => {
                piece.copy_from_slice(&tensor.as_slice()[start..start + piece.len()]);
            }
        }
    }

    fn piece(&self, start: usize, len: usize) -> Vec<u64> {
        let mut piece = vec![0; len];
        self.fill(start, &mut piece);
        piece
    }
}

fn change(piece: &mut [u64], by: &[u64], change: impl Fn(u64, u64) -> u64) {
    for (number, &by) in piece.iter_mut().zip(by) {
        *number = change(*number, by);
    }
}

/// A piece of a tensor of rows that are functions of one row `each`: its parts row by row.
fn by_rows(
    each: &[u64],
    start: usize,
    piece: &mut [u64],
    mut fill: impl FnMut(usize, &[u64], &mut [u64]),
) {
    let mut at = start;
    let mut rest = piece;
    while !rest.is_empty() {
        let (row, column) = (at / each.len(), at % each.len());
        let (part, after) = rest.split_at_mut(rest.len().min(each.len() - column));
        fill(row, &each[column..column + part.len()], part);
        at += part.len();
        rest = after;
    }
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
            change(&mut all[start..], row(*factor), u64::wrapping_mul);
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
