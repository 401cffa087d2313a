//! Integers modulo 2^64, as `i64` wraps: what is entered and revealed bit by bit.

use super::{Engine, wide};
use crate::op::Op;
use crate::protocol::input;
use crate::{Error, Result, Secret};

impl Engine {
    /// Enters a private tensor of integers of party `owner`, who alone passes `data`. Free.
    ///
    /// Sums and products wrap modulo 2^64. Comparisons are right for differences below 2^62.
    ///
    /// # Errors
    /// As [`Engine::input`].
    pub fn input_integers(
        &self,
        owner: u8,
        shape: &[usize],
        data: Option<&[i64]>,
    ) -> Result<Secret> {
        const NAME: &str = "input";
        if owner >= self.parties() {
            return Err(Error::misuse(NAME, format!("there is no party {owner}")));
        }
        let data = match (owner == self.me(), data) {
            (true, Some(data)) => Some(ring(NAME, shape, data)?),
            (true, None) if !self.plans => {
                return Err(Error::misuse(NAME, "the data of this party are missing"));
            }
            (_, None) => None,
            (false, Some(_)) => {
                return Err(Error::misuse(NAME, format!("the data belong to party {owner}")));
            }
        };
        self.core.enter(data.as_deref().unwrap_or_default());
        let op = Op::Input { owner, shape: wide(shape), frac: 0 };
        Secret::record_number(&self.core, op, shape, |_| input::share(owner, shape, 0, data))
    }

    /// Integers that all parties know. Free.
    ///
    /// # Errors
    /// If the data do not fit the shape.
    pub fn constant_integers(&self, shape: &[usize], data: &[i64]) -> Result<Secret> {
        self.public(shape, ring("constant", shape, data)?, 0)
    }

    /// A tensor of which every party holds a share already, in units of 2^-frac: the numbers are
    /// the sums of all shares modulo 2^64. Free.
    ///
    /// Exact. The shares never leave their parties as they are.
    ///
    /// # Errors
    /// If there are not as many shares as the shape has elements, or `frac` exceeds 24.
    pub fn from_shares(&self, shape: &[usize], shares: &[u64], frac: u8) -> Result<Secret> {
        const NAME: &str = "from_shares";
        let shares = held(NAME, shape, shares, frac)?;
        self.core.enter(&shares);
        let op = Op::FromShares { shape: wide(shape), frac };
        Secret::record_number(&self.core, op, shape, |_| input::own(shape, frac, shares))
    }

    /// Words of which every party holds a share already, in units of 2^-frac: the words are the
    /// xor of all shares. Free.
    ///
    /// Exact. The shares never leave their parties as they are.
    ///
    /// # Errors
    /// As [`Engine::from_shares`].
    pub fn from_binary_shares(&self, shape: &[usize], shares: &[u64], frac: u8) -> Result<Secret> {
        const NAME: &str = "from_binary_shares";
        let shares = held(NAME, shape, shares, frac)?;
        self.core.enter(&shares);
        let op = Op::FromBinaryShares { shape: wide(shape), frac };
        Secret::record_word(&self.core, op, shape, |_| input::own_words(shape, frac, shares))
    }
}

/// As many shares as the shape has elements.
fn held(operation: &'static str, shape: &[usize], shares: &[u64], frac: u8) -> Result<Vec<u64>> {
    if frac > 24 {
        return Err(Error::misuse(operation, format!("{frac} fraction bits are more than 24")));
    }
    let count: usize = shape.iter().product();
    if shares.len() != count {
        let reason = format!("{} shares for shape {shape:?}, of {count}", shares.len());
        return Err(Error::input(operation, reason));
    }
    Ok(shares.to_vec())
}

fn ring(operation: &'static str, shape: &[usize], data: &[i64]) -> Result<Vec<u64>> {
    let count: usize = shape.iter().product();
    if data.len() != count {
        let reason = format!("{} integers for shape {shape:?}, which has {count}", data.len());
        return Err(Error::input(operation, reason));
    }
    Ok(data.iter().map(|&integer| integer.cast_unsigned()).collect())
}
