/// A dense array of numbers, row by row: what expected results are computed with.
///
/// It says what it does by index, and is in no hurry.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Sizes of the axes.
    pub shape: Vec<usize>,
    /// The elements.
    pub data: Vec<f64>,
}

impl Array {
    /// An array of these elements.
    ///
    /// # Panics
    /// If there are not as many elements as the shape has.
    #[must_use]
    pub fn new(shape: &[usize], data: Vec<f64>) -> Self {
        assert_eq!(shape.iter().product::<usize>(), data.len(), "{shape:?}");
        Self { shape: shape.to_vec(), data }
    }

    /// A list.
    #[must_use]
    pub fn list(data: &[f64]) -> Self {
        Self::new(&[data.len()], data.to_vec())
    }

    /// A single number.
    #[must_use]
    pub fn scalar(value: f64) -> Self {
        Self::new(&[], vec![value])
    }

    /// `value` everywhere.
    #[must_use]
    pub fn filled(shape: &[usize], value: f64) -> Self {
        Self::new(shape, vec![value; shape.iter().product()])
    }

    /// An element for each number from 0 on.
    pub(crate) fn counted(shape: &[usize], each: impl Fn(u64) -> f64) -> Self {
        let count = shape.iter().product::<usize>() as u64;
        Self::new(shape, (0..count).map(each).collect())
    }

    /// An element for each index.
    pub fn from_fn(shape: &[usize], mut each: impl FnMut(&[usize]) -> f64) -> Self {
        let count: usize = shape.iter().product();
        let mut index = vec![0; shape.len()];
        let mut data = Vec::with_capacity(count);
        for _ in 0..count {
            data.push(each(&index));
            for axis in (0..shape.len()).rev() {
                index[axis] += 1;
                if index[axis] < shape[axis] {
                    break;
                }
                index[axis] = 0;
            }
        }
        Self::new(shape, data)
    }

    /// The number of elements.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The element at an index.
    #[must_use]
    pub fn at(&self, index: &[usize]) -> f64 {
        self.data[self.flat(index)]
    }

    /// Where the element at an index is.
    ///
    /// # Panics
    /// If there is no such element.
    #[must_use]
    pub fn flat(&self, index: &[usize]) -> usize {
        assert_eq!(index.len(), self.shape.len());
        index.iter().zip(&self.shape).fold(0, |flat, (&at, &size)| {
            assert!(at < size, "{index:?} in {:?}", self.shape);
            flat * size + at
        })
    }

    /// `change` of each element.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self::new(&self.shape, self.data.iter().map(|&x| change(x)).collect())
    }

    /// `combine` of each pair of elements, with broadcasting.
    pub fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        let rank = self.shape.len().max(other.shape.len());
        let size = |of: &Self, axis: usize| {
            (axis + of.shape.len()).checked_sub(rank).map_or(1, |own| of.shape[own])
        };
        let shape: Vec<usize> = (0..rank)
            .map(|axis| match (size(self, axis), size(other, axis)) {
                (1, b) => b,
                (a, _) => a,
            })
            .collect();
        let own = |of: &Self, index: &[usize]| {
            let tail = &index[rank - of.shape.len()..];
            let at: Vec<usize> =
                tail.iter().zip(&of.shape).map(|(&i, &n)| if n == 1 { 0 } else { i }).collect();
            of.at(&at)
        };
        Self::from_fn(&shape, |index| combine(own(self, index), own(other, index)))
    }

    /// The same elements in another shape.
    #[must_use]
    pub fn reshape(&self, shape: &[usize]) -> Self {
        Self::new(shape, self.data.clone())
    }

    /// The axes in another order.
    #[must_use]
    pub fn permute(&self, axes: &[usize]) -> Self {
        let shape: Vec<usize> = axes.iter().map(|&axis| self.shape[axis]).collect();
        Self::from_fn(&shape, |index| {
            let mut own = vec![0; axes.len()];
            axes.iter().zip(index).for_each(|(&axis, &at)| own[axis] = at);
            self.at(&own)
        })
    }

    /// These positions of an axis.
    #[must_use]
    pub fn select(&self, axis: usize, positions: &[usize]) -> Self {
        let mut shape = self.shape.clone();
        shape[axis] = positions.len();
        Self::from_fn(&shape, |index| {
            let mut own = index.to_vec();
            own[axis] = positions[index[axis]];
            self.at(&own)
        })
    }

    /// Joined along an axis.
    #[must_use]
    pub fn concat(parts: &[&Self], axis: usize) -> Self {
        let mut shape = parts[0].shape.clone();
        shape[axis] = parts.iter().map(|part| part.shape[axis]).sum();
        Self::from_fn(&shape, |index| {
            let mut own = index.to_vec();
            for part in parts {
                if own[axis] < part.shape[axis] {
                    return part.at(&own);
                }
                own[axis] -= part.shape[axis];
            }
            unreachable!("the sizes add up")
        })
    }

    /// The rows along `axes` (row by row of these), each replaced by `change` of it, which has
    /// the same length for all: that becomes the last axis.
    pub fn rows(&self, axes: &[usize], change: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let others: Vec<usize> = (0..self.shape.len()).filter(|i| !axes.contains(i)).collect();
        let order = [&others[..], axes].concat();
        let moved = self.permute(&order);
        let size: usize = axes.iter().map(|&axis| self.shape[axis]).product();
        let changed: Vec<Vec<f64>> = moved.data.chunks(size.max(1)).map(change).collect();
        let length = changed.first().map_or(0, Vec::len);
        let mut shape: Vec<usize> = others.iter().map(|&axis| self.shape[axis]).collect();
        shape.push(length);
        Self::new(&shape, changed.concat())
    }

    /// As [`Array::rows`] along one axis, where the rows stay.
    pub fn along(&self, axis: usize, change: impl Fn(&[f64]) -> Vec<f64>) -> Self {
        let rows = self.rows(&[axis], change);
        let last = rows.shape.len() - 1;
        let mut order: Vec<usize> = (0..last).collect();
        order.insert(axis, last);
        rows.permute(&order)
    }

    /// `fold` of the elements along `axes`, which disappear or stay with size 1.
    pub fn fold(&self, axes: &[usize], keep: bool, fold: impl Fn(&[f64]) -> f64) -> Self {
        let rows = self.rows(axes, |row| vec![fold(row)]);
        let kept = |axis: usize| match (axes.contains(&axis), keep) {
            (false, _) => Some(self.shape[axis]),
            (true, true) => Some(1),
            (true, false) => None,
        };
        let shape: Vec<usize> = (0..self.shape.len()).filter_map(kept).collect();
        rows.reshape(&shape)
    }
}
