use cryptab_correlation::Structure;
use cryptab_tensor::{PadMode, Slice};

use super::Secret;
use crate::bit::Bit;
use crate::engine::wide;
use crate::op::Op;
use crate::protocol::{linear, mean};
use crate::value::{Body, FULL_WIDTH};
use crate::word::Word;
use crate::{Error, Result};

impl Secret {
    /// The same elements in another shape. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let y = with_secret([[1.0, 2.0], [3.0, 4.0]], |x| x.reshape(&[4]));
    /// assert_eq!(y, [1.0, 2.0, 3.0, 4.0]);
    /// ```
    ///
    /// # Errors
    /// If the number of elements differs.
    pub fn reshape(&self, shape: &[usize]) -> Result<Self> {
        self.arrange(Structure::Reshape(wide(shape)))
    }

    /// The axes in another order. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let x = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    /// assert_eq!(with_secret(x, |x| x.permute(&[1, 0])), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    /// ```
    ///
    /// # Errors
    /// If `axes` does not name every axis once.
    pub fn permute(&self, axes: &[usize]) -> Result<Self> {
        self.arrange(Structure::Permute(axes.iter().map(|&axis| narrow(axis)).collect()))
    }

    /// A range of every axis; negative steps walk backwards. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// # use cryptab_engine::Slice;
    /// let backwards = Slice { start: 0, end: 3, step: -1 };
    /// assert_eq!(with_secret([1.0, 2.0, 3.0], |x| x.slice(&[backwards])), [3.0, 2.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// If the ranges do not lie within the axes.
    pub fn slice(&self, ranges: &[Slice]) -> Result<Self> {
        let range = |slice: &Slice| (slice.start as u64, slice.end as u64, slice.step as i64);
        self.arrange(Structure::Slice(ranges.iter().map(range).collect()))
    }

    /// Elements added before and after every axis: zeros, or the nearest element. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// # use cryptab_engine::PadMode;
    /// assert_eq!(with_secret([1.0, 2.0], |x| x.pad(&[(1, 0)], PadMode::Zero)), [0.0, 1.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If there is not a pair of widths for every axis.
    pub fn pad(&self, widths: &[(usize, usize)], mode: PadMode) -> Result<Self> {
        let widths = widths.iter().map(|&(before, after)| (before as u64, after as u64)).collect();
        self.arrange(Structure::Pad { widths, edge: mode == PadMode::Edge })
    }

    /// Repeated along axes of size 1 and new leading axes. Free.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([1.0, 2.0], |x| x.broadcast_to(&[2, 2])), [1.0, 2.0, 1.0, 2.0]);
    /// ```
    ///
    /// # Errors
    /// If the shape does not broadcast to `shape`.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Self> {
        self.arrange(Structure::Broadcast(wide(shape)))
    }

    /// The sum over `axes`, which disappear (or stay with size 1 if `keep`), modulo 2^64. Exact,
    /// free; bits and words become numbers first (1 round).
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([[1.0, 2.0], [3.0, 4.0]], |x| x.sum(&[0], false)), [4.0, 6.0]);
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist.
    pub fn sum(&self, axes: &[usize], keep: bool) -> Result<Self> {
        let axes = axes.iter().map(|&axis| narrow(axis)).collect();
        self.as_number()?.arrange(Structure::Sum { axes, keep })
    }

    /// The mean over `axes` (of integers and bits: at the session's scale), which disappear (or stay with size 1 if `keep`).
    ///
    /// Error: below 2 units in the last place, plus 2^-28 of the result if the count is no power
    /// of two. Cost: 1 round (count a power of two) or 2, 64 bits each.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([[1.0, 2.0], [3.0, 4.0]], |x| x.mean(&[0], false));
    /// assert_close(y, [2.0, 3.0], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist, or nothing is averaged.
    pub fn mean(&self, axes: &[usize], keep: bool) -> Result<Self> {
        const NAME: &str = "mean";
        let a = self.as_number()?.at_session_scale()?;
        let axes: Vec<u32> = axes.iter().map(|&axis| narrow(axis)).collect();
        let structure = Structure::Sum { axes: axes.clone(), keep };
        let shape = checked(&structure, a.shape(), NAME)?;
        let count: usize = axes.iter().map(|&axis| a.shape()[axis as usize]).product();
        if count == 0 {
            return Err(Error::misuse(NAME, format!("no elements in shape {:?}", a.shape())));
        }
        let x = a.numbers(NAME)?;
        let op = Op::Mean { a: a.id(), axes, keep };
        Self::record_number(&self.core, op, &shape, |recorder| {
            mean::mean(recorder, x, &structure, &shape, count)
        })
    }

    /// Joined along an axis; scales are aligned to the finest. Free. Bits and words stay what they
    /// are if all parts are alike.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// # use cryptab_engine::Secret;
    /// let joined = with_secrets([1.0, 2.0], [3.0], |x, y| Secret::concat(&[x, y], 0));
    /// assert_eq!(joined, [1.0, 2.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If there is nothing to join, or other axes differ.
    pub fn concat(parts: &[Self], axis: usize) -> Result<Self> {
        const NAME: &str = "concat";
        let first = parts.first().ok_or_else(|| Error::misuse(NAME, "nothing to join"))?;
        let all_bits = parts.iter().all(Self::is_bit);
        let alike = |part: &Self| part.is_binary() && part.frac_bits() == first.frac_bits();
        let all_words = parts.iter().all(alike);
        let kept = all_bits || all_words;
        let as_joined = |part: &Self| if kept { Ok(part.clone()) } else { part.as_number() };
        let parts = parts.iter().map(as_joined).collect::<Result<Vec<_>>>()?;
        let mut shape = first.shape().to_vec();
        for part in &parts[1..] {
            first.same_session(part, NAME)?;
            let fits = part.shape().len() == shape.len()
                && (0..shape.len()).all(|i| i == axis || part.shape()[i] == shape[i]);
            if !fits || axis >= shape.len() {
                let reason = format!("{:?} and {:?} on axis {axis}", first.shape(), part.shape());
                return Err(Error::misuse(NAME, reason));
            }
            shape[axis] += part.shape()[axis];
        }
        if axis >= shape.len() {
            return Err(Error::misuse(NAME, format!("no axis {axis} in {shape:?}")));
        }
        let op = Op::Concat(parts.iter().map(|part| part.id()).collect(), narrow(axis));
        if all_bits {
            let bits = parts.iter().map(|part| part.bits(NAME)).collect::<Result<Vec<_>>>()?;
            return Self::record_bit(&first.core, op, &shape, |recorder| {
                Bit::concat(recorder, &bits, axis, &shape)
            });
        }
        if all_words {
            let words = parts.iter().map(|part| part.words(NAME)).collect::<Result<Vec<_>>>()?;
            return Self::record_word(&first.core, op, &shape, |recorder| {
                Word::concat(recorder, &words, axis)
            });
        }
        let numbers = parts.iter().map(|part| part.numbers(NAME)).collect::<Result<Vec<_>>>()?;
        let width = parts.iter().map(|part| part.value().width).max();
        let one_scale = parts.iter().all(|part| part.frac_bits() == first.frac_bits());
        let width = width.filter(|_| one_scale).unwrap_or(FULL_WIDTH);
        Self::record(&first.core, op, &shape, width, |recorder| {
            Body::Number(linear::concat(recorder, &numbers, axis, &shape))
        })
    }

    pub(super) fn arrange(&self, structure: Structure) -> Result<Self> {
        let name = Op::Structure(structure.clone(), 0).name();
        let shape = checked(&structure, self.shape(), name)?;
        let op = Op::Structure(structure.clone(), self.id());
        match &self.value().body {
            Body::Number(x) => {
                Self::record(&self.core, op, &shape, self.width_after(&structure), |recorder| {
                    Body::Number(linear::arrange(recorder, x, &structure))
                })
            }
            Body::Bit(_) | Body::Word(_) if matches!(structure, Structure::Sum { .. }) => {
                self.to_number()?.arrange(structure)
            }
            Body::Word(word) => Self::record_word(&self.core, op, &shape, |recorder| {
                word.arranged(recorder, &structure)
            }),
            Body::Bit(bit) => Self::record_bit(&self.core, op, &shape, |recorder| {
                bit.arranged(recorder, &structure)
            }),
        }
    }

    /// Moving elements keeps their declared range, adding them does not.
    fn width_after(&self, structure: &Structure) -> u8 {
        match structure {
            Structure::Sum { .. } => FULL_WIDTH,
            _ => self.value().width,
        }
    }
}

fn checked(structure: &Structure, shape: &[usize], name: &'static str) -> Result<Vec<usize>> {
    structure
        .shape(shape)
        .map_err(|error| Error::misuse(name, format!("{error} (shape {shape:?})")))
}

/// Axes beyond 2^32 do not exist; they are refused as such.
pub(super) fn narrow(axis: usize) -> u32 {
    u32::try_from(axis).unwrap_or(u32::MAX)
}
