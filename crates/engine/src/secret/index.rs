use super::Secret;
use crate::lazy::Lazy;
use crate::op::Op;
use crate::protocol::index;
use crate::value::Number;
use crate::{Error, Result};

/// Numbers that the dealer shares at once, at most.
const MOST: usize = 1 << 26;
/// Rows of a table at most.
const MOST_ROWS: usize = 1 << 20;

impl Secret {
    /// The indicators of secret indices below `classes`, on a new last axis: integers 0 and 1.
    ///
    /// An index outside gives a wrong result, silently. Exact.
    /// Cost for t = ceil(log2 classes): 1 round, t bits, (2^t - 1) 64 dealer bits per index.
    /// Source: one-time truth tables, Ishai et al. (TCC 2013).
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([2, 0], |x| x.one_hot(3)), [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If the indices are not integers, or there are too many classes.
    pub fn one_hot(&self, classes: usize) -> Result<Self> {
        const NAME: &str = "one_hot";
        let index = self.as_index(NAME, classes)?;
        let bits = width_of(classes);
        let shape = [index.shape(), &[classes]].concat();
        let count = index.numel();
        check(NAME, count, 1 << bits)?;
        if bits == 0 {
            return Self::public(&self.core, &shape, vec![1; count], 0);
        }
        let x = index.numbers(NAME)?;
        let number = u32::try_from(classes).unwrap_or(u32::MAX);
        let op = Op::OneHot { a: index.id(), classes: number };
        Self::record_number(&self.core, op, &shape, |recorder| {
            let flat = flattened(recorder, &x.shares);
            let flags = index::one_hot(recorder, &flat, count, classes, bits);
            Number::shared(0, in_shape(recorder, &flags, &shape))
        })
    }

    /// As [`Secret::one_hot`], the indicators on axis `axis` of the result.
    pub(super) fn one_hot_along(&self, axis: usize, classes: usize) -> Result<Self> {
        let flags = self.one_hot(classes)?;
        let last = flags.shape().len() - 1;
        flags.movedim(last, axis)
    }

    /// The rows of a table at secret indices: `[index shape.., row shape..]`, at the table's
    /// scale. Exact. An index outside gives a wrong result, silently.
    ///
    /// Cost for a table of n rows of d numbers, t = ceil(log2 n): 1 round, t bits per index.
    /// A table that all know: (2^t - 1) 64 dealer bits per index. A secret table: it is opened
    /// under a mask, once; `(2^t (1 + d) - 1)` 64 dealer bits per index.
    /// Source: one-time truth tables, Ishai et al. (TCC 2013).
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let table = [[0.5, 1.0], [1.5, 2.0], [2.5, 3.0]];
    /// assert_eq!(with_secrets(table, [2], |x, index| index.embedding(&x)), [2.5, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If the indices are not integers, or the table has no rows or too many.
    pub fn embedding(&self, table: &Self) -> Result<Self> {
        const NAME: &str = "embedding";
        self.same_session(table, NAME)?;
        let table = table.as_number()?;
        let finest = self.core.config.format.frac_bits;
        let table = match table.is_public() && table.frac_bits() > finest {
            true => table.rescale(finest)?,
            false => table,
        };
        let rows = table.size(NAME, 0)?;
        let row_shape = table.shape()[1..].to_vec();
        let columns: usize = row_shape.iter().product();
        let index = self.as_index(NAME, rows)?;
        let (count, bits) = (index.numel(), width_of(rows));
        let shape = [index.shape(), &row_shape].concat();
        let width = table.value().width;
        let matrix = table.reshape(&[rows, columns])?;
        if bits == 0 {
            return table
                .broadcast_to(&[index.shape(), &[1], &row_shape].concat())?
                .reshape(&shape);
        }
        if table.is_public() {
            let flags = index.reshape(&[count])?.one_hot(rows)?;
            let found = flags.matmul_scaled(&matrix, matrix.frac_bits())?.reshape(&shape)?;
            return if width < 64 { found.within(width) } else { Ok(found) };
        }
        check(NAME, count, (columns + 1).saturating_mul(1 << bits))?;
        let (x, y) = (index.numbers(NAME)?, matrix.numbers(NAME)?);
        let op = Op::Lookup { index: index.id(), table: matrix.id() };
        Self::record(&self.core, op, &shape, width, |recorder| {
            let flat = flattened(recorder, &x.shares);
            let found = index::gather(recorder, &flat, count, (y, [rows, columns]), bits);
            crate::value::Body::Number(Number::shared(y.frac, in_shape(recorder, &found, &shape)))
        })
    }

    /// The elements of an axis at secret indices, of which there is a list. As
    /// [`Secret::embedding`].
    ///
    /// # Errors
    /// If `index` is no list of integers, or there is no such axis.
    pub fn index_select_secret(&self, axis: usize, index: &Self) -> Result<Self> {
        const NAME: &str = "index_select";
        let _size = self.size(NAME, axis)?;
        if index.shape().len() != 1 {
            return Err(Error::misuse(NAME, format!("indices of shape {:?}", index.shape())));
        }
        index.embedding(&self.movedim(axis, 0)?)?.movedim(0, axis)
    }

    /// `out[.., i, ..] = self[.., index[.., i, ..], ..]` along an axis, the other axes being equal:
    /// `PyTorch`'s gather. As [`Secret::embedding`] for every line along the axis, with one column.
    ///
    /// ```
    /// # use cryptab_testkit::with_secrets;
    /// let z = with_secrets([[1.0, 2.0], [3.0, 4.0]], [[1], [0]], |x, y| x.gather(1, &y));
    /// assert_eq!(z, [2.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If the indices are not integers, other axes differ, or there are more than 4096 lines.
    pub fn gather(&self, axis: usize, index: &Self) -> Result<Self> {
        const NAME: &str = "gather";
        const MOST_LINES: usize = 4096;
        let (rows, _) = (self.size(NAME, axis)?, index.size(NAME, axis)?);
        let (table, index) = (self.movedim(axis, 0)?, index.movedim(axis, 0)?);
        let lines: usize = table.shape()[1..].iter().product();
        if table.shape()[1..] != index.shape()[1..] || lines > MOST_LINES {
            let reason = format!("indices {:?} into {:?}", index.shape(), table.shape());
            return Err(Error::misuse(NAME, reason));
        }
        let shape = index.shape().to_vec();
        if lines == 0 {
            return index.movedim(0, axis);
        }
        let (table, index) = (table.reshape(&[rows, lines])?, index.reshape(&[shape[0], lines])?);
        let line = |c| index.select(1, c)?.embedding(&table.select(1, c)?);
        let found = (0..lines).map(line).collect::<Result<Vec<_>>>()?;
        Self::stack(&found, 1)?.reshape(&shape)?.movedim(0, axis)
    }

    /// Elements of the flattened tensor at secret indices. As [`Secret::embedding`].
    ///
    /// # Errors
    /// If the indices are not integers.
    pub fn take_secret(&self, index: &Self) -> Result<Self> {
        index.embedding(&self.reshape(&[self.numel()])?)
    }

    fn as_index(&self, name: &'static str, rows: usize) -> Result<Self> {
        let index = self.as_number()?;
        if index.frac_bits() != 0 {
            let reason = format!("indices with {} fraction bits", index.frac_bits());
            return Err(Error::misuse(name, reason));
        }
        if rows == 0 || rows > MOST_ROWS {
            return Err(Error::misuse(name, format!("{rows} rows are not in 1..={MOST_ROWS}")));
        }
        Ok(index)
    }
}

/// Bits of an index below `rows`.
pub(super) const fn width_of(rows: usize) -> u32 {
    usize::BITS - (rows - 1).leading_zeros()
}

pub(super) fn check(name: &'static str, count: usize, each: usize) -> Result<()> {
    if count.saturating_mul(each) > MOST {
        let reason = format!("{count} indices of {each} numbers each are too many");
        return Err(Error::misuse(name, reason));
    }
    Ok(())
}

fn flattened(
    recorder: &crate::recorder::Recorder<'_>,
    shares: &Lazy<cryptab_tensor::Tensor>,
) -> Lazy<cryptab_tensor::Tensor> {
    recorder.queue().map(shares, |t| t.reshape(&[t.len()]).expect("as many"))
}

fn in_shape(
    recorder: &crate::recorder::Recorder<'_>,
    shares: &Lazy<cryptab_tensor::Tensor>,
    shape: &[usize],
) -> Lazy<cryptab_tensor::Tensor> {
    let shape = shape.to_vec();
    recorder.queue().map(shares, move |t| t.reshape(&shape).expect("as many"))
}
