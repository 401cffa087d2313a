//! What only the dealer can do: compute the value of an expression over masks.

use std::borrow::Cow;

use cryptab_tensor::{Bits, Tensor, conv2d, matmul};

use crate::expand::{mask_bits, mask_words};
use crate::known::conv2d_parameters;
use crate::node::Monomial;
use crate::sources::Sources;
use crate::{AndNode, Error, Known, KnownBits, Result};

/// The value of a tensor expression, given the streams of all parties.
pub(crate) fn ring(known: &Known, streams: &Sources<'_>) -> Result<Tensor> {
    Ok(match known {
        Known::Mask { address, .. } => {
            let shape = known.shape()?;
            let count = shape.iter().product();
            let [first, rest @ ..] = streams.streams else { return Ok(Tensor::zeros(&shape)) };
            let mut total = mask_words(first, *address, count);
            for stream in rest {
                add_into(&mut total, &mask_words(stream, *address, count));
            }
            Tensor::from_vec(&shape, total)?
        }
        Known::OwnMask { owner, address, .. } => {
            let shape = known.shape()?;
            let stream = streams.get(usize::from(*owner));
            let stream = stream.ok_or(Error::Meaningless { reason: "a mask of no party" })?;
            Tensor::from_vec(&shape, mask_words(stream, *address, shape.iter().product()))?
        }
        Known::Zero { .. } => Tensor::zeros(&known.shape()?),
        Known::Low(inner, bits) => ring(inner, streams)?.low_bits(u32::from(*bits)),
        Known::Shift(inner, bits) => ring(inner, streams)?.shr(u32::from(*bits)),
        Known::Combine(terms, constant) => {
            let mut total: Option<Tensor> = None;
            for (factor, term) in terms {
                let value = ring(term, streams)?;
                let scaled = if *factor == 1 { value } else { value.mul_scalar(*factor) };
                total = Some(match total {
                    Some(sum) => sum.add(&scaled)?,
                    None => scaled,
                });
            }
            let total = total.unwrap_or_else(|| Tensor::scalar(0));
            if *constant == 0 { total } else { total.add_scalar(*constant) }
        }
        Known::Product(a, b) => ring(a, streams)?.mul(&ring(b, streams)?)?,
        Known::Matmul(a, b) => {
            streams.products.get(known, || Ok(matmul(&ring(a, streams)?, &ring(b, streams)?)?))?
        }
        Known::Conv2d(x, w, sizes, groups) => {
            let parameters = conv2d_parameters(sizes, *groups);
            let compute = || Ok(conv2d(&ring(x, streams)?, &ring(w, streams)?, &parameters)?);
            streams.products.get(known, compute)?
        }
        Known::Structure(structure, inner) => structure.apply(&ring(inner, streams)?)?,
        Known::Concat(parts, axis) => {
            let parts = parts.iter().map(|part| ring(part, streams)).collect::<Result<Vec<_>>>()?;
            Tensor::concat(&parts, *axis as usize)?
        }
        Known::Bit(inner, _) => {
            Tensor::from_vec(&known.shape()?, bits(inner, streams)?.to_ring(0))?
        }
        Known::Moments(angle, moments) => {
            Tensor::from_vec(&known.shape()?, moments.of(ring(angle, streams)?.as_slice()))?
        }
        Known::Exponentials(position, table) => {
            Tensor::from_vec(&known.shape()?, table.of(ring(position, streams)?.as_slice()))?
        }
        Known::Coefficients(position, which) => {
            Tensor::from_vec(&known.shape()?, which.of(ring(position, streams)?.as_slice()))?
        }
        Known::RowProducts(rows, lists) => {
            let shape = known.shape()?;
            Tensor::from_vec(&shape, row_products(&ring(rows, streams)?, lists))?
        }
        Known::Turned { table, index } => {
            let shape = known.shape()?;
            let (table, index) = (ring(table, streams)?, ring(index, streams)?);
            Tensor::from_vec(&shape, turned(&table, index.as_slice()))?
        }
    })
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
            for (product, &factor) in all[start..].iter_mut().zip(row(*factor)) {
                *product = product.wrapping_mul(factor);
            }
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

/// The value of an expression of bits, given the streams of all parties.
pub(crate) fn bits(known: &KnownBits, streams: &Sources<'_>) -> Result<Bits> {
    let (len, planes) = known.dimensions()?;
    Ok(match known {
        KnownBits::Mask { address, .. } => {
            let mut total = Bits::zeros(len, planes);
            for stream in streams.iter() {
                total = total.xor(&mask_bits(stream, *address, len, planes))?;
            }
            total
        }
        KnownBits::Zero { .. } => Bits::zeros(len, planes),
        KnownBits::OfRing(inner, low, count) => {
            Bits::slice_ring(ring(inner, streams)?.as_slice(), u32::from(*low), u32::from(*count))
        }
        KnownBits::OneHot(inner, blocks) => {
            let width = blocks.iter().map(|&width| u32::from(width)).sum();
            one_hot(&Bits::slice_ring(ring(inner, streams)?.as_slice(), 0, width), blocks)
        }
        KnownBits::Monomials(variables, nodes) => monomials(&bits(variables, streams)?, nodes),
        KnownBits::Xor(a, b) => bits(a, streams)?.xor(&bits(b, streams)?)?,
    })
}

/// One-hot words of the blocks, without their last positions.
fn one_hot(digits: &Bits, blocks: &[u8]) -> Bits {
    let planes = blocks.iter().map(|&width| (1_usize << width) - 1).sum();
    let mut words = Vec::with_capacity(planes * digits.len().div_ceil(64));
    let mut first = 0;
    for &width in blocks {
        let all = minterms(digits, first, usize::from(width));
        for plane in &all[..all.len() - 1] {
            words.extend_from_slice(plane);
        }
        first += usize::from(width);
    }
    Bits::from_words(digits.len(), planes, words).expect("a word per 64 bits of every plane")
}

/// For every value of `width` digits, the plane that is 1 where the digits have that value.
fn minterms(digits: &Bits, first: usize, width: usize) -> Vec<Vec<u64>> {
    let mut all = vec![vec![u64::MAX; digits.len().div_ceil(64)]];
    for digit in (first..first + width).rev() {
        let digit = digits.plane(digit);
        let mut next = Vec::with_capacity(2 * all.len());
        for plane in all {
            let zero = plane.iter().zip(digit).map(|(&p, &d)| p & !d).collect();
            let one = plane.iter().zip(digit).map(|(&p, &d)| p & d).collect();
            next.extend([zero, one]);
        }
        all = next;
    }
    all
}

fn monomials(variables: &Bits, nodes: &[AndNode]) -> Bits {
    let mut planes = 0;
    let mut words = Vec::new();
    let mut first = 0;
    for node in nodes {
        for monomial in node.monomials() {
            words.extend_from_slice(&product(variables, first, monomial));
            planes += 1;
        }
        first += node.variables();
    }
    Bits::from_words(variables.len(), planes, words).expect("a word per 64 bits of every plane")
}

fn product(variables: &Bits, first: usize, monomial: Monomial) -> Cow<'_, [u64]> {
    let mut factors = (0..Monomial::BITS).filter(|v| monomial >> v & 1 == 1);
    let plane = |v: u32| variables.plane(first + v as usize);
    let Some(lead) = factors.next() else { return Cow::Owned(Vec::new()) };
    factors.fold(Cow::Borrowed(plane(lead)), |total, v| {
        Cow::Owned(total.iter().zip(plane(v)).map(|(&a, &b)| a & b).collect())
    })
}

fn add_into(total: &mut [u64], part: &[u64]) {
    for (sum, &word) in total.iter_mut().zip(part) {
        *sum = sum.wrapping_add(word);
    }
}
