//! Writing to positions.

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::compose;
use crate::functions::join::places;
use crate::indexing::positions;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    either("scatter(input: tensor, dim: int, index: tensor, src: tensor)", |call| {
        scattered(call, false)
    }),
    either("scatter_add(input: tensor, dim: int, index: tensor, src: tensor)", |call| {
        scattered(call, true)
    }),
    either("index_add(input: tensor, dim: int, index: tensor, source: tensor)", |call| {
        along(call, true)
    }),
    either("index_copy(input: tensor, dim: int, index: tensor, source: tensor)", |call| {
        along(call, false)
    }),
    either("index_fill(input: tensor, dim: int, index: tensor, value: tensor)", |call| {
        let (x, index) = (call.tensor("input"), known(call)?);
        let axis = call.axis("dim", x.rank())?;
        let mut shape = x.shape().to_vec();
        shape[axis] = index.shape().iter().product();
        let value = call.tensor("value").reshape(&[])?.broadcast_to(&shape)?;
        written(call, &x, &slices(&x, axis, &index)?, &value, false)
    }),
    either("put(input: tensor, index: tensor, source: tensor, accumulate: bool = False)", |call| {
        let (x, index, source) = (call.tensor("input"), known(call)?, call.tensor("source"));
        let at = positions(&index, x.len(), 0)?;
        written(call, &x, &at, &source, call.flag("accumulate"))
    }),
];

fn known(call: &Arguments<'_>) -> Result<Public, Complaint> {
    match call.tensor("index") {
        Tensor::Public(index) if index.kind() != Kind::Real => Ok(index),
        Tensor::Public(_) => Err(Complaint::new("the index has integers")),
        Tensor::Secret(_) => {
            Err(Complaint::new("the index must be public; index_add takes secret ones"))
        }
    }
}

fn scattered(call: &Arguments<'_>, adds: bool) -> Outcome {
    let (x, index, source) = (call.tensor("input"), known(call)?, call.tensor("src"));
    let at = places(&x, call.axis("dim", x.rank())?, &index)?;
    let source = match source.rank() {
        0 => source.broadcast_to(index.shape())?,
        _ => source,
    };
    if source.shape() != index.shape() {
        let (source, index) = (source.shape(), index.shape());
        return Err(Complaint::new(format!("a source of shape {source:?} for {index:?}")));
    }
    written(call, &x, &at, &source, adds)
}

fn along(call: &Arguments<'_>, adds: bool) -> Outcome {
    let (x, source) = (call.tensor("input"), call.tensor("source"));
    let axis = call.axis("dim", x.rank())?;
    if let (Tensor::Secret(index), true) = (call.tensor("index"), adds) {
        let (x, source) = (call.shared(&x)?, call.shared(&source)?);
        return Ok(x.index_add_secret(axis, &index, &source)?.into());
    }
    let index = known(call)?;
    let mut shape = x.shape().to_vec();
    shape[axis] = index.shape().iter().product();
    if source.shape() != shape {
        return Err(Complaint::new(format!(
            "a source of shape {:?} for {shape:?}",
            source.shape()
        )));
    }
    written(call, &x, &slices(&x, axis, &index)?, &source, adds)
}

/// The flat positions of slices of an axis.
fn slices(x: &Tensor, axis: usize, index: &Public) -> Result<Vec<usize>, Complaint> {
    let at = positions(index, x.shape()[axis], axis)?;
    let after: usize = x.shape()[axis + 1..].iter().product();
    let before: usize = x.shape()[..axis].iter().product();
    let size = x.shape()[axis];
    let flat =
        |b: usize| at.iter().flat_map(move |i| (0..after).map(move |a| (b * size + i) * after + a));
    Ok((0..before).flat_map(flat).collect())
}

/// The values put to flat positions, or added there.
fn written(call: &Arguments<'_>, x: &Tensor, at: &[usize], values: &Tensor, adds: bool) -> Outcome {
    if values.len() != at.len() {
        return Err(Complaint::new(format!("{} values for {} places", values.len(), at.len())));
    }
    if let (Tensor::Public(x), Tensor::Public(values)) = (x, values) {
        let mut elements = x.elements();
        for (&place, value) in at.iter().zip(values.elements()) {
            elements[place] = if adds { elements[place] + value } else { value };
        }
        let kind = x.kind().max(values.kind()).max(if adds { Kind::Integer } else { Kind::Bit });
        return Ok(Public::new(x.shape(), elements, kind).into());
    }
    let (x, values) = (call.shared(x)?, call.shared(values)?);
    // Constants may be finer than any number of the session.
    let values = call.shared(&compose::coarse(call, &Tensor::Secret(values))?)?;
    let x = call.shared(&compose::coarse(call, &Tensor::Secret(x))?)?;
    Ok(if adds { x.put_add(at, &values)? } else { x.put(at, &values)? }.into())
}
