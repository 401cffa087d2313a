//! Writing to positions: those that all know are arrangements and sums, free and exact.

use super::Secret;
use crate::{Error, Result};

impl Secret {
    /// The elements of an axis at positions that all know, each in a place of its own:
    /// `out[.., i, ..] = self[.., index[.., i, ..], ..]`, `PyTorch`'s gather. Free.
    ///
    /// # Errors
    /// If there are not as many positions as `shape` has, or it exceeds other axes, or a
    /// position lies beyond the axis.
    pub fn gather_known(&self, axis: usize, shape: &[usize], index: &[usize]) -> Result<Self> {
        let places = self.places("gather", axis, shape, index)?;
        self.take(&places)?.reshape(shape)
    }

    /// The tensor, where `self[.., index[.., i, ..], ..] = values[.., i, ..]`; of several values
    /// for one place the last stays. Free.
    ///
    /// # Errors
    /// As [`Secret::gather_known`].
    pub fn scatter(&self, axis: usize, index: &[usize], values: &Self) -> Result<Self> {
        let places = self.places("scatter", axis, values.shape(), index)?;
        self.put(&places, values)
    }

    /// As [`Secret::scatter`], where values are added to what is there. Free.
    ///
    /// # Errors
    /// As [`Secret::gather_known`].
    pub fn scatter_add(&self, axis: usize, index: &[usize], values: &Self) -> Result<Self> {
        let places = self.places("scatter_add", axis, values.shape(), index)?;
        self.put_add(&places, values)
    }

    /// The tensor, where `values[.., i, ..]` is added to `self[.., positions[i], ..]`. Free.
    ///
    /// # Errors
    /// If the shapes do not fit, or a position lies beyond the axis.
    pub fn index_add(&self, axis: usize, positions: &[usize], values: &Self) -> Result<Self> {
        const NAME: &str = "index_add";
        let size = self.size(NAME, axis)?;
        self.fits_along(NAME, axis, values, positions.len())?;
        check_positions(NAME, positions, size)?;
        let rows = values.as_number()?.movedim(axis, 0)?;
        self.add(&rows.sums_at(positions, size)?.movedim(0, axis)?)
    }

    /// As [`Secret::index_add`] at secret positions, of which there is a list. Exact.
    ///
    /// Cost: [`Secret::one_hot`], and an exact product of it and the values: 2 rounds.
    ///
    /// # Errors
    /// If the shapes do not fit, or the positions are no integers.
    pub fn index_add_secret(&self, axis: usize, positions: &Self, values: &Self) -> Result<Self> {
        const NAME: &str = "index_add";
        let size = self.size(NAME, axis)?;
        let &[count] = positions.shape() else {
            return Err(Error::misuse(NAME, format!("positions {:?}", positions.shape())));
        };
        self.fits_along(NAME, axis, values, count)?;
        let rows = values.as_number()?.movedim(axis, 0)?;
        let row_shape = rows.shape()[1..].to_vec();
        let rows = rows.reshape(&[count, row_shape.iter().product()])?;
        let flags = positions.one_hot(size)?.transpose(0, 1)?;
        let sums = flags.matmul_scaled(&rows, rows.frac_bits())?;
        self.add(&sums.reshape(&[&[size], &row_shape[..]].concat())?.movedim(0, axis)?)
    }

    /// The tensor, where the elements of the flattened tensor at these positions are `values`,
    /// one after the other; the last value for a place stays. Free.
    ///
    /// # Errors
    /// If there are not as many values, or a position lies beyond the elements.
    pub fn put(&self, positions: &[usize], values: &Self) -> Result<Self> {
        const NAME: &str = "put";
        let count = self.numel();
        check_positions(NAME, positions, count)?;
        if values.numel() != positions.len() {
            return Err(Error::misuse(NAME, format!("{} positions", positions.len())));
        }
        let mut sources: Vec<usize> = (0..count).collect();
        positions.iter().enumerate().for_each(|(i, &place)| sources[place] = count + i);
        let all = [self.reshape(&[count])?, values.reshape(&[positions.len()])?];
        Self::concat(&all, 0)?.index_select(0, &sources)?.reshape(self.shape())
    }

    /// As [`Secret::put`], where values are added to what is there. Free.
    ///
    /// # Errors
    /// As [`Secret::put`].
    pub fn put_add(&self, positions: &[usize], values: &Self) -> Result<Self> {
        const NAME: &str = "put_add";
        let count = self.numel();
        check_positions(NAME, positions, count)?;
        if values.numel() != positions.len() {
            return Err(Error::misuse(NAME, format!("{} positions", positions.len())));
        }
        let rows = values.as_number()?.reshape(&[positions.len()])?;
        self.add(&rows.sums_at(positions, count)?.reshape(self.shape())?)
    }

    /// For each of `size` places the sum of the slices of the first axis that go there: pairs of
    /// slices for one place are added, then pairs of pairs.
    fn sums_at(&self, positions: &[usize], size: usize) -> Result<Self> {
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); size];
        positions.iter().enumerate().for_each(|(i, &place)| groups[place].push(i));
        let mut rows = self.snapshot();
        loop {
            // One slice of zeros, for places without a partner.
            let nothing = rows.shape()[0];
            let mut widths = vec![(0, 0); rows.shape().len()];
            widths[0] = (0, 1);
            rows = rows.pad(&widths, cryptab_tensor::PadMode::Zero)?;
            if groups.iter().all(|group| group.len() < 2) {
                let single = |group: &Vec<usize>| group.first().copied().unwrap_or(nothing);
                return rows.index_select(0, &groups.iter().map(single).collect::<Vec<_>>());
            }
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for group in &mut groups {
                let start = left.len();
                for pair in group.chunks(2) {
                    left.push(pair[0]);
                    right.push(pair.get(1).copied().unwrap_or(nothing));
                }
                *group = (start..left.len()).collect();
            }
            rows = rows.index_select(0, &left)?.add(&rows.index_select(0, &right)?)?;
        }
    }

    /// Flat positions of an index along an axis, which may be smaller than other axes.
    fn places(
        &self,
        name: &'static str,
        axis: usize,
        shape: &[usize],
        index: &[usize],
    ) -> Result<Vec<usize>> {
        let size = self.size(name, axis)?;
        let own = self.shape();
        let fits = shape.len() == own.len()
            && shape.iter().product::<usize>() == index.len()
            && (0..own.len()).all(|i| i == axis || shape[i] <= own[i]);
        if !fits {
            let reason = format!("an index of shape {shape:?} along axis {axis} of {own:?}");
            return Err(Error::misuse(name, reason));
        }
        check_positions(name, index, size)?;
        let flat = |(mut rest, &place): (usize, &usize)| {
            let (mut stride, mut flat) = (1, 0);
            for i in (0..own.len()).rev() {
                flat += stride * if i == axis { place } else { rest % shape[i] };
                rest /= shape[i];
                stride *= own[i];
            }
            flat
        };
        Ok(index.iter().enumerate().map(flat).collect())
    }

    /// Whether `values` has this shape, but `count` elements along the axis.
    fn fits_along(
        &self,
        name: &'static str,
        axis: usize,
        values: &Self,
        count: usize,
    ) -> Result<()> {
        let mut shape = self.shape().to_vec();
        shape[axis] = count;
        match values.shape() == shape {
            true => Ok(()),
            false => Err(Error::misuse(name, format!("{:?} for {shape:?}", values.shape()))),
        }
    }
}

fn check_positions(name: &'static str, positions: &[usize], size: usize) -> Result<()> {
    match positions.iter().find(|&&place| place >= size) {
        Some(place) => Err(Error::misuse(name, format!("position {place} of {size}"))),
        None => Ok(()),
    }
}
