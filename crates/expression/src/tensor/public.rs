use cryptab_engine::{PadMode, Slice};
use ndarray::{ArrayD, Axis, IxDyn};

use crate::value::Value;

/// What the elements are. Together, they are the most general of their kinds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// 0 or 1: truth values.
    Bit,
    /// Integers.
    Integer,
    /// Real numbers.
    Real,
}

/// A tensor that everybody knows: `f64`, and what its elements are.
#[derive(Clone, Debug, PartialEq)]
pub struct Public {
    pub(crate) array: ArrayD<f64>,
    pub(crate) kind: Kind,
}

impl Public {
    /// A tensor of these elements, row by row.
    ///
    /// # Panics
    /// If there are not as many elements as the shape has.
    #[must_use]
    pub fn new(shape: &[usize], elements: Vec<f64>, kind: Kind) -> Self {
        let array = ArrayD::from_shape_vec(IxDyn(shape), elements);
        Self { array: array.expect("as many elements as the shape has"), kind }
    }

    /// A tensor of real numbers, row by row.
    ///
    /// # Panics
    /// If there are not as many elements as the shape has.
    #[must_use]
    pub fn numbers(shape: &[usize], elements: Vec<f64>) -> Self {
        Self::new(shape, elements, Kind::Real)
    }

    /// Sizes of the axes.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        self.array.shape()
    }

    /// What the elements are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The elements, row by row.
    #[must_use]
    pub fn elements(&self) -> Vec<f64> {
        self.array.iter().copied().collect()
    }

    /// A number, or nested lists of numbers and single-element tensors.
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        let kind = match value {
            Value::Integer(_) => Kind::Integer,
            Value::Real(_) => Kind::Real,
            Value::Bool(_) => Kind::Bit,
            Value::Tensor(super::Tensor::Public(public)) => return Some(public.clone()),
            Value::Tuple(parts) => {
                let parts = parts.iter().map(Self::from_value).collect::<Option<Vec<_>>>()?;
                let kind = parts.iter().map(|part| part.kind).max()?;
                let same = parts.iter().all(|part| part.shape() == parts[0].shape());
                let views: Vec<_> = parts.iter().map(|part| part.array.view()).collect();
                let array = same.then(|| ndarray::stack(Axis(0), &views).ok()).flatten()?;
                return Some(Self { array, kind });
            }
            _ => return None,
        };
        Some(Self { array: ArrayD::from_elem(IxDyn(&[]), value.number()?), kind })
    }

    pub(crate) fn single(&self) -> Option<f64> {
        self.array.first().copied().filter(|_| self.array.len() == 1)
    }

    #[expect(clippy::cast_possible_truncation, reason = "integers of this kind came from i64")]
    pub(crate) fn single_integer(&self) -> Option<i64> {
        self.single().filter(|_| self.kind == Kind::Integer).map(|number| number as i64)
    }

    pub(super) fn reshape(&self, shape: &[usize]) -> Self {
        Self::new(shape, self.elements(), self.kind)
    }

    pub(super) fn permute(&self, axes: &[usize]) -> Self {
        let array = self.array.clone().permuted_axes(IxDyn(axes));
        Self { array: array.as_standard_layout().into_owned(), kind: self.kind }
    }

    pub(super) fn slice(&self, ranges: &[Slice]) -> Self {
        let mut array = self.array.clone();
        for (axis, range) in ranges.iter().enumerate() {
            let positions = range.start..range.end;
            let step = range.step.unsigned_abs();
            let kept: Vec<usize> = if range.step > 0 {
                positions.step_by(step).collect()
            } else {
                positions.rev().step_by(step).collect()
            };
            array = array.select(Axis(axis), &kept);
        }
        Self { array, kind: self.kind }
    }

    pub(super) fn broadcast_to(&self, shape: &[usize]) -> Self {
        let view = self.array.broadcast(IxDyn(shape));
        Self { array: view.expect("shapes were compared before").to_owned(), kind: self.kind }
    }

    pub(super) fn pad(&self, widths: &[(usize, usize)], mode: PadMode) -> Self {
        let mut array = self.array.clone();
        for (axis, &(before, after)) in widths.iter().enumerate() {
            let size = array.shape()[axis];
            let nearest = |at: usize| at.saturating_sub(before).min(size.saturating_sub(1));
            let index: Vec<usize> = (0..before + size + after).map(nearest).collect();
            if size == 0 || mode == PadMode::Zero {
                let mut shape = array.shape().to_vec();
                shape[axis] = index.len();
                let mut padded = ArrayD::zeros(IxDyn(&shape));
                let inner = ndarray::Slice::from(before..before + size);
                padded.slice_axis_mut(Axis(axis), inner).assign(&array);
                array = padded;
            } else {
                array = array.select(Axis(axis), &index);
            }
        }
        Self { array, kind: self.kind }
    }

    pub(super) fn concat(parts: &[&Self], axis: usize) -> Self {
        let views: Vec<_> = parts.iter().map(|part| part.array.view()).collect();
        let array = ndarray::concatenate(Axis(axis), &views).expect("shapes were compared before");
        let kind = parts.iter().map(|part| part.kind).max().unwrap_or(Kind::Real);
        Self { array, kind }
    }
}
