//! What only the dealer can do: compute the value of an expression over masks.
//!
//! Element-wise expressions are computed tile by tile, so that no intermediate tensor is ever whole
//! in memory; the others (products of matrices, other arrangements) are computed whole, once a request.

mod numbers;
mod planes;

use cryptab_tensor::{Bits, Tensor};

use crate::sources::Sources;
use crate::{Known, KnownBits, Result};

pub(crate) use numbers::{formula, sum_of_streams};
pub(crate) use planes::{Planes, WINDOW};

/// The value of a tensor expression, given the streams of all parties.
pub(crate) fn ring(known: &Known, sources: &Sources<'_>) -> Result<Tensor> {
    Ok(formula(known, sources)?.tensor())
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
