//! Diagonals and triangles of matrices.

use cryptab_tensor::PadMode;

use super::Secret;
use crate::value::FULL_WIDTH;
use crate::{Error, Result};

impl Secret {
    /// The diagonal of the plane of two axes, as a new last axis; `offset` counts to the right. Free.
    ///
    /// # Errors
    /// If there are no two such axes.
    pub fn diagonal(&self, offset: isize, a: usize, b: usize) -> Result<Self> {
        let (rows, columns) = (self.size("diagonal", a)?, self.size("diagonal", b)?);
        if a == b {
            return Err(Error::misuse("diagonal", "one axis has no diagonal"));
        }
        let axes = self.shape().len();
        let others = (0..axes).filter(|&axis| axis != a && axis != b);
        let order: Vec<usize> = others.chain([a, b]).collect();
        let plane = self.permute(&order)?.flatten(axes - 2, axes - 1)?;
        let (below, right) = ((-offset).max(0).unsigned_abs(), offset.max(0).unsigned_abs());
        let length = rows.saturating_sub(below).min(columns.saturating_sub(right));
        let positions: Vec<usize> =
            (0..length).map(|i| (below + i) * columns + right + i).collect();
        plane.index_select(axes - 2, &positions)
    }

    /// The sum of the diagonal of a matrix. Free.
    ///
    /// # Errors
    /// If it is no matrix.
    pub fn trace(&self) -> Result<Self> {
        self.matrix("trace")?.diagonal(0, 0, 1)?.sum(&[0], false)
    }

    /// The diagonal of a matrix, or a square matrix with this diagonal. Free.
    ///
    /// # Errors
    /// If it is neither matrix nor vector.
    pub fn diag(&self, offset: isize) -> Result<Self> {
        let [length] = *self.shape() else {
            return self.matrix("diag")?.diagonal(offset, 0, 1);
        };
        let side = length + offset.unsigned_abs();
        let before = if offset < 0 { offset.unsigned_abs() * side } else { offset.unsigned_abs() };
        // Rows of side + 1 elements, read as rows of `side`, move by one to the right each.
        let flat = self
            .reshape(&[length, 1])?
            .pad(&[(0, 0), (0, side)], PadMode::Zero)?
            .reshape(&[length * (side + 1)])?;
        let total = before + length * (side + 1);
        let after = (side * side).saturating_sub(total);
        let flat = flat.pad(&[(before, after)], PadMode::Zero)?;
        flat.narrow(0, 0, side * side)?.reshape(&[side, side])
    }

    /// The lower triangle of the last two axes, zeros elsewhere. Free.
    ///
    /// # Errors
    /// If there are fewer than two axes.
    pub fn tril(&self, offset: isize) -> Result<Self> {
        self.triangle("tril", |row, column| column.cast_signed() <= row.cast_signed() + offset)
    }

    /// The upper triangle of the last two axes, zeros elsewhere. Free.
    ///
    /// # Errors
    /// If there are fewer than two axes.
    pub fn triu(&self, offset: isize) -> Result<Self> {
        self.triangle("triu", |row, column| column.cast_signed() >= row.cast_signed() + offset)
    }

    fn triangle(&self, name: &'static str, keeps: impl Fn(usize, usize) -> bool) -> Result<Self> {
        let x = self.as_number()?;
        let &[.., rows, columns] = x.shape() else {
            return Err(Error::misuse(name, format!("no matrix in shape {:?}", x.shape())));
        };
        let keeps = &keeps;
        let mask = (0..rows).flat_map(|r| (0..columns).map(move |c| u64::from(keeps(r, c))));
        let mask = Self::public(&self.core, &[rows, columns], mask.collect(), 0)?;
        let kept = x.mul_scaled(&mask, x.frac_bits())?;
        if x.value().width < FULL_WIDTH { kept.within(x.value().width) } else { Ok(kept) }
    }

    fn matrix(&self, name: &'static str) -> Result<&Self> {
        match self.shape() {
            [_, _] => Ok(self),
            shape => Err(Error::misuse(name, format!("{shape:?} is no matrix"))),
        }
    }
}
