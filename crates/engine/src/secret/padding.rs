//! Padding beyond zeros and repeated edges.

use cryptab_tensor::PadMode;

use super::Secret;
use crate::value::FULL_WIDTH;
use crate::{Error, Result, constant};

/// How the border of a padded tensor continues it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Border {
    /// Mirrored at the first and the last element, which are not repeated.
    Reflect,
    /// From the other end.
    Circular,
}

impl Secret {
    /// Elements added before and after every axis (negative: removed), equal to `value`. Free.
    ///
    /// # Errors
    /// If there is not a pair of widths for every axis, or more is removed than there is.
    pub fn pad_constant(&self, widths: &[(isize, isize)], value: f64) -> Result<Self> {
        const NAME: &str = "pad";
        if widths.len() != self.shape().len() {
            let reason = format!("{} widths for shape {:?}", widths.len(), self.shape());
            return Err(Error::misuse(NAME, reason));
        }
        let mut x = self.as_number()?;
        for (axis, &(before, after)) in widths.iter().enumerate() {
            let removed = |width: isize| width.min(0).unsigned_abs();
            let size = x.shape()[axis];
            let kept =
                size.checked_sub(removed(before)).and_then(|n| n.checked_sub(removed(after)));
            let Some(kept) = kept else {
                return Err(Error::misuse(NAME, format!("{widths:?} of shape {:?}", self.shape())));
            };
            if kept < size {
                x = x.narrow(axis, removed(before), kept)?;
            }
        }
        let added = |width: isize| width.max(0).unsigned_abs();
        let widths: Vec<(usize, usize)> =
            widths.iter().map(|&(before, after)| (added(before), added(after))).collect();
        let width = x.value().width;
        let inside = x.shape().to_vec();
        let padded = x.pad(&widths, PadMode::Zero)?;
        if value == 0.0 {
            return Ok(padded);
        }
        let (raw, frac) = constant::encode(&[value])?;
        let outside = |flat: usize| {
            let mut rest = flat;
            (0..inside.len()).rev().any(|axis| {
                let size = padded.shape()[axis];
                let at = rest % size;
                rest /= size;
                at < widths[axis].0 || at >= widths[axis].0 + inside[axis]
            })
        };
        let border = (0..padded.numel()).map(|flat| if outside(flat) { raw[0] } else { 0 });
        let border = Self::public(&self.core, padded.shape(), border.collect(), frac)?;
        let filled = padded.add(&border)?;
        let largest = value.abs() * 2_f64.powi(i32::from(filled.frac_bits()));
        let fits = width < FULL_WIDTH
            && filled.frac_bits() == self.frac_bits()
            && largest < 2_f64.powi(i32::from(width) - 1);
        if fits { filled.within(width) } else { Ok(filled) }
    }

    /// Elements added before and after every axis, from the tensor itself. Free.
    ///
    /// # Errors
    /// If there is not a pair of widths for every axis, or an axis is too short.
    pub fn pad_border(&self, widths: &[(usize, usize)], border: Border) -> Result<Self> {
        const NAME: &str = "pad";
        if widths.len() != self.shape().len() {
            let reason = format!("{} widths for shape {:?}", widths.len(), self.shape());
            return Err(Error::misuse(NAME, reason));
        }
        let mut x = self.snapshot();
        for (axis, &(before, after)) in widths.iter().enumerate() {
            let size = self.shape()[axis];
            let most = match border {
                Border::Reflect => size.saturating_sub(1),
                Border::Circular => size,
            };
            if before > most || after > most {
                let reason = format!("{before} and {after} elements around an axis of {size}");
                return Err(Error::misuse(NAME, reason));
            }
            if (before, after) == (0, 0) {
                continue;
            }
            let positions: Vec<usize> = match border {
                Border::Reflect => {
                    let mirrored = (size - 1 - after..size - 1).rev();
                    (1..=before).rev().chain(0..size).chain(mirrored).collect()
                }
                Border::Circular => (size - before..size).chain(0..size).chain(0..after).collect(),
            };
            x = x.index_select(axis, &positions)?;
        }
        Ok(x)
    }
}
