//! `x[...]`, with `NumPy`'s rules.

use cryptab_engine::Slice;

use crate::arguments::axis;
use crate::error::Complaint;
use crate::tensor::{Kind, Public, Tensor};
use crate::value::Value;

/// A part of an index, its numbers known.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Ellipsis,
    NewAxis,
    At(i64),
    Range {
        start: Option<i64>,
        end: Option<i64>,
        step: Option<i64>,
    },
    /// Positions, in a shape of their own.
    List(Public),
    /// The positions where it holds.
    Mask(Public),
}

impl Part {
    pub(crate) fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::None => Some(Self::NewAxis),
            Value::Integer(at) => Some(Self::At(*at)),
            Value::Tensor(_) | Value::Tuple(_) => {
                if value.is_secret() {
                    return None;
                }
                let public = value.public()?;
                match public.kind() {
                    Kind::Bit => Some(Self::Mask(public)),
                    Kind::Integer => Some(Self::List(public)),
                    Kind::Real => None,
                }
            }
            _ => None,
        }
    }

    /// How many axes of the tensor it takes.
    fn takes(&self) -> usize {
        match self {
            Self::Ellipsis | Self::NewAxis => 0,
            Self::At(_) | Self::Range { .. } | Self::List(_) => 1,
            Self::Mask(mask) => mask.shape().len(),
        }
    }
}

/// The part of the tensor that an index names.
pub(crate) fn index(tensor: &Tensor, parts: &[Part]) -> Result<Tensor, Complaint> {
    let rank = tensor.rank();
    let taken: usize = parts.iter().map(Part::takes).sum();
    let ellipses = parts.iter().filter(|part| matches!(part, Part::Ellipsis)).count();
    let lists = parts.iter().filter(|part| matches!(part, Part::List(_) | Part::Mask(_))).count();
    if taken > rank {
        let reason = format!("{taken} indices for a tensor of shape {:?}", tensor.shape());
        return Err(Complaint::new(reason));
    }
    if ellipses > 1 || lists > 1 {
        let what = if ellipses > 1 { "`...`" } else { "list or mask" };
        return Err(Complaint::new(format!("takes one {what} at most")));
    }
    // All axes that no part takes stand where the ellipsis is, or at the end.
    let whole = || std::iter::repeat_n(&WHOLE, rank - taken);
    let mut all: Vec<&Part> = Vec::new();
    for part in parts {
        match part {
            Part::Ellipsis => all.extend(whole()),
            part => all.push(part),
        }
    }
    if ellipses == 0 {
        all.extend(whole());
    }
    let mut result = tensor.clone();
    let mut at = 0;
    for part in all {
        at = apply(&mut result, part, at)?;
    }
    Ok(result)
}

const WHOLE: Part = Part::Range { start: None, end: None, step: None };

/// Applies a part at axis `at` of the result; the axis that the next part is for.
fn apply(result: &mut Tensor, part: &Part, at: usize) -> Result<usize, Complaint> {
    let mut shape = result.shape().to_vec();
    match part {
        Part::Ellipsis => {}
        Part::NewAxis => {
            shape.insert(at, 1);
            *result = result.reshape(&shape)?;
            return Ok(at + 1);
        }
        Part::At(number) => {
            let position = position(*number, shape[at], at)?;
            *result = result.part(at, Slice::range(position, position + 1))?;
            shape.remove(at);
            *result = result.reshape(&shape)?;
            return Ok(at);
        }
        Part::Range { start: None, end: None, step: None } => {}
        Part::Range { start, end, step } => {
            *result = result.part(at, range(*start, *end, *step, shape[at])?)?;
        }
        Part::List(list) => {
            let numbers = Value::from(list.clone());
            let flat = Public::new(&[list.array.len()], list.elements(), Kind::Integer);
            let index = positions(&flat, shape[at], at)?;
            *result = result.select(at, &index)?;
            shape.splice(at..=at, list.shape().iter().copied());
            *result = result.reshape(&shape)?;
            return Ok(at + numbers.tensor().map_or(0, |list| list.rank()));
        }
        Part::Mask(mask) => {
            let end = at + mask.shape().len();
            if shape.get(at..end) != Some(mask.shape()) {
                let reason = format!("a mask of shape {:?} on a tensor of {shape:?}", mask.shape());
                return Err(Complaint::new(reason));
            }
            let kept = mask.array.iter().enumerate().filter(|(_, bit)| **bit != 0.0);
            let index: Vec<usize> = kept.map(|(at, _)| at).collect();
            shape.splice(at..end, [mask.array.len()]);
            *result = result.reshape(&shape)?.select(at, &index)?;
        }
    }
    Ok(at + 1)
}

/// The positions that a tensor of integers names, along an axis of `size`.
#[expect(clippy::cast_possible_truncation, reason = "integers of this kind came from i64")]
pub(crate) fn positions(list: &Public, size: usize, at: usize) -> Result<Vec<usize>, Complaint> {
    list.array.iter().map(|&number| position(number as i64, size, at)).collect()
}

fn position(number: i64, size: usize, at: usize) -> Result<usize, Complaint> {
    let refused = |_| Complaint::new(format!("there is no {number} on axis {at}, of size {size}"));
    axis(number, size).map_err(refused)
}

/// A slice, with Python's rules.
fn range(
    start: Option<i64>,
    end: Option<i64>,
    step: Option<i64>,
    size: usize,
) -> Result<Slice, Complaint> {
    let length = i64::try_from(size).unwrap_or(i64::MAX);
    let step = step.unwrap_or(1);
    let from_end = |at: i64| if at < 0 { at.saturating_add(length) } else { at };
    let (first, last) = match step {
        0 => return Err(Complaint::new("a slice's step must not be 0")),
        1.. => {
            let at = |bound: Option<i64>, else_at| {
                bound.map_or(else_at, |b| from_end(b).clamp(0, length))
            };
            (at(start, 0), at(end, length))
        }
        // from `start` downwards to just before `end`
        _ => {
            let at = |bound: Option<i64>, else_at| {
                bound.map_or(else_at, |b| from_end(b).clamp(-1, length - 1))
            };
            (at(end, -1) + 1, at(start, length - 1) + 1)
        }
    };
    let whole = |number: i64| usize::try_from(number).unwrap_or(0);
    let (start, end) = (whole(first), whole(last.max(first)));
    Ok(Slice { start, end, step: isize::try_from(step).unwrap_or(isize::MAX) })
}
