//! Expressions of bits, prepared to be computed window by window.

use std::borrow::Cow;
use std::ops::Range;

use cryptab_tensor::{Bits, Formula, PIECE};

use super::formula;
use crate::expand::{mask_bits, plane_stride};
use crate::node::Monomial;
use crate::sources::Sources;
use crate::{Address, AndNode, KnownBits, Result, Stream};

/// Elements of a window: a hundred planes of one fit the second cache.
pub(crate) const WINDOW: usize = 4 * PIECE;

/// Planes of bits.
pub(crate) enum Planes<'a> {
    /// The xor of streams; planes, and words from one to the next.
    Mask {
        streams: &'a [Stream],
        address: Address,
        planes: usize,
        stride: usize,
    },
    Zero {
        planes: usize,
    },
    OfRing(Formula, u8, u8),
    OneHot(Formula, &'a [u8]),
    Monomials(Box<Self>, &'a [AndNode]),
    Xor(Box<Self>, Box<Self>),
}

impl<'a> Planes<'a> {
    /// Computes what cannot be computed window by window.
    pub(crate) fn prepare(known: &'a KnownBits, sources: &Sources<'a>) -> Result<Self> {
        let numbers = |known| formula(known, sources);
        let inner = |known| Self::prepare(known, sources).map(Box::new);
        let (len, planes) = known.dimensions()?;
        Ok(match known {
            KnownBits::Mask { address, .. } => {
                let (streams, stride) = (sources.streams, plane_stride(len));
                Self::Mask { streams, address: *address, planes, stride }
            }
            KnownBits::Zero { .. } => Self::Zero { planes },
            KnownBits::OfRing(known, low, count) => Self::OfRing(numbers(known)?, *low, *count),
            KnownBits::OneHot(known, blocks) => Self::OneHot(numbers(known)?, blocks),
            KnownBits::Monomials(variables, nodes) => Self::Monomials(inner(variables)?, nodes),
            KnownBits::Xor(a, b) => Self::Xor(inner(a)?, inner(b)?),
        })
    }

    /// The bits of at most [`WINDOW`] elements, from a multiple of [`PIECE`] on.
    pub(crate) fn window(&self, range: Range<usize>) -> Result<Bits> {
        Ok(match self {
            Self::Mask { streams, address, planes, stride } => {
                let mut total = Bits::zeros(range.len(), *planes);
                for stream in *streams {
                    let share = mask_bits(stream, *address, range.clone(), *planes, *stride);
                    total.xor_assign(&share)?;
                }
                total
            }
            Self::Zero { planes } => Bits::zeros(range.len(), *planes),
            Self::OfRing(numbers, low, count) => {
                let digits = elements(numbers, range);
                Bits::slice_ring(&digits, u32::from(*low), u32::from(*count))
            }
            Self::OneHot(numbers, blocks) => {
                let width = blocks.iter().map(|&width| u32::from(width)).sum();
                one_hot(&Bits::slice_ring(&elements(numbers, range), 0, width), blocks)
            }
            Self::Monomials(variables, nodes) => monomials(&variables.window(range)?, nodes),
            Self::Xor(a, b) => {
                let mut bits = a.window(range.clone())?;
                bits.xor_assign(&b.window(range)?)?;
                bits
            }
        })
    }
}

fn elements(numbers: &Formula, range: Range<usize>) -> Vec<u64> {
    let mut elements = vec![0; range.len()];
    numbers.reader().read(range.start, &mut elements);
    elements
}

/// One-hot words of the blocks, without their last positions.
fn one_hot(digits: &Bits, blocks: &[u8]) -> Bits {
    let len = digits.words_per_plane();
    let planes: usize = blocks.iter().map(|&width| (1_usize << width) - 1).sum();
    let mut words = Vec::with_capacity((planes + 1) * len);
    let mut first = 0;
    for &width in blocks {
        let start = words.len();
        words.resize(start + (len << width), 0);
        minterms(digits, first, usize::from(width), &mut words[start..]);
        words.truncate(words.len() - len);
        first += usize::from(width);
    }
    Bits::from_words(digits.len(), planes, words).expect("a word per 64 bits of every plane")
}

/// For every value of `width` digits, the plane that is 1 where the digits have that value.
fn minterms(digits: &Bits, first: usize, width: usize, planes: &mut [u64]) {
    let len = digits.words_per_plane();
    planes[..len].fill(u64::MAX);
    for i in 0..width {
        let digit = digits.plane(first + i);
        let (zeros, ones) = planes[..len << (i + 1)].split_at_mut(len << i);
        for (zero, one) in zeros.chunks_exact_mut(len).zip(ones.chunks_exact_mut(len)) {
            for ((zero, one), &digit) in zero.iter_mut().zip(one).zip(digit) {
                *one = *zero & digit;
                *zero &= !digit;
            }
        }
    }
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
