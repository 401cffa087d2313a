//! What the other evaluator of smooth functions needs from the dealer: a function of a masked
//! position as polynomials on pieces of the public position.
//!
//! On the circle x^ = x + l. The public x^ is cut into pieces; on each of them f(x^ - l) is a
//! smooth function of the public place within the piece, because the dealer knows l: it shares the
//! coefficients of a polynomial for every piece, the parties pick the piece and multiply by powers
//! of the place. Both sides are here, so that they fit.
//!
//! Source: piecewise polynomials are folklore; dealer-known tables turned by the mask: Ishai et al.
//! (TCC 2013). Where we differ: no piece has a knot, each is interpolated anew as the mask lies.

mod elementary;
mod fit;
mod plan;
mod table;

use serde::{Deserialize, Serialize};

pub use fit::Fit;
pub use plan::Plan;

use crate::circle::{UNIT_BITS, rounded};
use crate::parallel::for_each_chunk;
use crate::{Error, Result};
use table::{START_BITS, Table, starts};

/// The coefficients of one power of the place within a piece, for all pieces.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Coefficients {
    /// Of which function.
    pub fit: Fit,
    /// Positions are numbers modulo 2^bits, a turn being 2^bits.
    pub bits: u8,
    /// Which power.
    pub power: u8,
}

/// Elements that are worked on at a time: their sums stay in the nearest cache.
const BLOCK: usize = 2048;

impl Coefficients {
    /// The coefficients that a party needs for a function: of all powers, from the zeroth on.
    pub fn all(fit: Fit, bits: u8) -> impl Iterator<Item = Self> {
        (0..).zip(fit.plan().powers).map(move |(power, _)| Self { fit, bits, power })
    }

    /// Bits of the shares.
    #[must_use]
    pub fn share_bits(&self) -> u32 {
        self.fit.plan().share_bits(usize::from(self.power))
    }

    pub(crate) fn rows(&self) -> Result<usize> {
        let plan = self.fit.plan();
        let least = u32::from(plan.piece_bits) + START_BITS;
        let served = (least..=64).contains(&u32::from(self.bits))
            && usize::from(self.power) <= plan.degree();
        meaningful(served, "coefficients: of a power that there is, on a circle that can be cut")?;
        Ok(1 << plan.piece_bits)
    }

    /// Some of row `row`: the coefficients of that piece, given the masks.
    pub(crate) fn fill(&self, row: usize, masks: &[u64], coefficients: &mut [u64]) {
        let table = Table::of(self.fit).power(usize::from(self.power));
        let starts = starts(self.fit.plan()) as usize;
        let terms = table.len() / starts;
        let first = row << START_BITS;
        for (coefficient, &mask) in coefficients.iter_mut().zip(masks) {
            let moved = self.moved(mask);
            let start = (first + moved.starts as usize) & (starts - 1);
            let terms = &table[start * terms..][..terms];
            let value = terms.iter().rev().fold(0.0, |sum, &term| sum * moved.rest + term);
            *coefficient = nearest(value);
        }
    }

    /// Adds a party's shares of this power's part of f(public - mask) to `total`, given its shares
    /// of the rows.
    ///
    /// # Errors
    /// If there are not as many shares as pieces of the public numbers.
    pub fn add_to(&self, total: &mut [u64], public: &[u64], shares: &[u64]) -> Result<()> {
        let (plan, len) = (self.fit.plan(), public.len());
        let fits = shares.len() == self.rows()? * len && total.len() == len;
        meaningful(fits, "a row of shares for each piece")?;
        let power = usize::from(self.power);
        let drop = UNIT_BITS - u32::from(plan.powers[power]);
        let up = plan.up(power);
        for_each_chunk(total, BLOCK, |index, total| {
            let start = index * BLOCK;
            for (i, (sum, &hat)) in total.iter_mut().zip(&public[start..]).enumerate() {
                let (piece, place) = self.place(hat);
                let one = 1 << UNIT_BITS;
                let factor = (0..power).fold(one, |f, _| rounded(f * place, UNIT_BITS));
                let factor = rounded(factor, drop).cast_unsigned() << up;
                *sum = sum.wrapping_add(shares[piece * len + start + i].wrapping_mul(factor));
            }
        });
        Ok(())
    }

    /// How a mask moves the pieces.
    #[inline]
    fn moved(&self, mask: u64) -> Moved {
        let position = mask.wrapping_neg() << (64 - u32::from(self.bits));
        let start_bits = u32::from(self.fit.plan().piece_bits) + START_BITS;
        #[expect(clippy::cast_possible_truncation, reason = "few bits are left")]
        let starts = (position >> (64 - start_bits)) as u32;
        // 53 bits of what is left; a piece is 2 wide.
        let rest = ((position << start_bits) >> 11).cast_signed() as f64;
        Moved { starts, rest: rest / (1_u64 << (52 + START_BITS)) as f64 }
    }

    /// The piece that a public position is in, and its place there from -1 to 1, scaled by 2^30.
    #[inline]
    fn place(&self, hat: u64) -> (usize, i64) {
        let piece_bits = u32::from(self.fit.plan().piece_bits);
        let position = hat << (64 - u32::from(self.bits));
        #[expect(clippy::cast_possible_truncation, reason = "few bits are left")]
        let piece = (position >> (64 - piece_bits)) as usize;
        let within = (position << piece_bits) >> (63 - UNIT_BITS);
        (piece, within.cast_signed() - (1 << UNIT_BITS))
    }
}

/// By how many starts a mask moves the pieces, and by what part of a start besides.
#[derive(Clone, Copy)]
struct Moved {
    starts: u32,
    rest: f64,
}

/// The nearest integer, for |value| < 2^51.
///
/// In this sum the last place is 1; unlike a cast, it takes one instruction everywhere.
#[inline]
fn nearest(value: f64) -> u64 {
    const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;
    (value + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits())
}

fn meaningful(holds: bool, reason: &'static str) -> Result<()> {
    holds.then_some(()).ok_or(Error::Meaningless { reason })
}

#[cfg(test)]
mod tests;
