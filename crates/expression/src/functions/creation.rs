//! Public tensors out of nothing.

use crate::array::index;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    either("tensor(data: tensor)", |call| Ok(call.tensor("data").into())),
    either("zeros(*size: ints)", |call| filled(&call.counts("size")?, 0.0, Kind::Real)),
    either("ones(*size: ints)", |call| filled(&call.counts("size")?, 1.0, Kind::Real)),
    either("full(size: ints, fill_value: tensor)", |call| {
        let value = call.public("fill_value");
        let number = value.single().ok_or_else(|| Complaint::new("fill_value is one number"))?;
        filled(&call.counts("size")?, number, value.kind)
    }),
    either("zeros_like(input: tensor)", |call| {
        filled(call.tensor("input").shape(), 0.0, Kind::Real)
    }),
    either("ones_like(input: tensor)", |call| {
        filled(call.tensor("input").shape(), 1.0, Kind::Real)
    }),
    either("full_like(input: tensor, fill_value: number)", |call| {
        filled(call.tensor("input").shape(), call.number("fill_value"), Kind::Real)
    }),
    either("eye(n: int, m: int = None)", |call| {
        let rows = call.count("n")?;
        let columns = if call.is_none("m") { rows } else { call.count("m")? };
        let mut eye = small(&[rows, columns])?;
        (0..rows.min(columns)).for_each(|i| eye[i * columns + i] = 1.0);
        Ok(Public::numbers(&[rows, columns], eye).into())
    }),
    either("arange(end: number)", |call| {
        range(0.0, call.number("end"), 1.0, call.value("end").integer().is_some())
    }),
    either("arange(start: number, end: number, step: number = 1)", |call| {
        let whole = ["start", "end", "step"].iter().all(|n| call.value(n).integer().is_some());
        range(call.number("start"), call.number("end"), call.number("step"), whole)
    }),
    either("linspace(start: number, end: number, steps: int)", |call| {
        let (start, end, steps) = (call.number("start"), call.number("end"), call.count("steps")?);
        let step = if steps > 1 { (end - start) / index(steps - 1) } else { 0.0 };
        let places = small(&[steps])?;
        let points = (0..places.len()).map(|at| start + index(at) * step);
        Ok(Public::numbers(&[steps], points.collect()).into())
    }),
];

/// Zeros, if there are not too many.
fn small(shape: &[usize]) -> Result<Vec<f64>, Complaint> {
    const LARGEST: usize = 1 << 28;
    let count = shape.iter().try_fold(1_usize, |count, &size| count.checked_mul(size));
    match count.filter(|&count| count <= LARGEST) {
        Some(count) => Ok(vec![0.0; count]),
        None => Err(Complaint::new(format!("a tensor of shape {shape:?} is too large"))),
    }
}

fn filled(shape: &[usize], number: f64, kind: Kind) -> Outcome {
    let count = small(shape)?.len();
    Ok(Public::new(shape, vec![number; count], kind).into())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "beyond the largest shape it saturates, and is refused"
)]
fn range(start: f64, end: f64, step: f64, whole: bool) -> Outcome {
    let steps = (end - start) / step;
    if step == 0.0 || steps.is_nan() || steps < 0.0 {
        let reason = format!("{start} to {end} in steps of {step} is no range");
        return Err(Complaint::new(reason));
    }
    let count = small(&[steps.ceil() as usize])?.len();
    let points: Vec<f64> = (0..count).map(|at| start + index(at) * step).collect();
    let kind = if whole { Kind::Integer } else { Kind::Real };
    Ok(Public::new(&[count], points, kind).into())
}
