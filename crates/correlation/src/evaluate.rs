//! What only the dealer can do: compute the value of an expression over masks.
//!
//! Element-wise expressions are computed piece by piece, so that no intermediate tensor is ever whole
//! in memory; the others (products of matrices, other arrangements) are computed whole, once a request.

mod numbers;
mod planes;

use cryptab_tensor::{Bits, Tensor, in_pieces};

use crate::sources::Sources;
use crate::{Known, KnownBits, Result};

pub(crate) use numbers::Numbers;
pub(crate) use planes::{Planes, WINDOW};

/// The value of a tensor expression, given the streams of all parties.
pub(crate) fn ring(known: &Known, sources: &Sources<'_>) -> Result<Tensor> {
    let shape = known.shape()?;
    match Numbers::prepare(known, sources)? {
        Numbers::Whole(tensor) => Ok(tensor),
        numbers => {
            let fill = |start, piece: &mut [u64]| numbers.fill(start, piece);
            Ok(Tensor::from_vec(&shape, in_pieces(shape.iter().product(), fill))?)
        }
    }
}

/// The value of an expression of bits, given the streams of all parties.
pub(crate) fn bits(known: &KnownBits, sources: &Sources<'_>) -> Result<Bits> {
    let (len, planes) = known.dimensions()?;
    let prepared = Planes::prepare(known, sources)?;
    let mut all = Bits::zeros(len, planes);
    for start in (0..len).step_by(WINDOW) {
        let window = prepared.window(start..len.min(start + WINDOW))?;
        for plane in 0..planes {
            let words = window.plane(plane);
            all.plane_mut(plane)[start / 64..][..words.len()].copy_from_slice(words);
        }
    }
    Ok(all)
}
