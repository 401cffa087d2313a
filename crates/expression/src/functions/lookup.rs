//! Tables at secret indices.

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::functions::comparison::truth;
use crate::indexing::positions;
use crate::tensor::{Kind, Public};

pub(super) const ENTRIES: &[Entry] = &[
    both("one_hot(input: tensor, num_classes: int)", clear_one_hot, |call| {
        Ok(call.secret("input")?.one_hot(classes(call)?)?.into())
    }),
    both("embedding(input: tensor, weight: tensor)", clear_rows, |call| {
        Ok(call.secret("input")?.embedding(&call.secret("weight")?)?.into())
    }),
];

fn classes(call: &Arguments<'_>) -> Result<usize, Complaint> {
    const MOST: usize = 4096;
    match call.count("num_classes")? {
        classes if (1..=MOST).contains(&classes) => Ok(classes),
        classes => Err(Complaint::new(format!("num_classes is {classes}, not from 1 to {MOST}"))),
    }
}

/// The indices, below `size`.
fn indices(call: &Arguments<'_>, size: usize) -> Result<(Vec<usize>, Vec<usize>), Complaint> {
    let input = call.public("input");
    if input.kind == Kind::Real || input.array.iter().any(|&at| at < 0.0) {
        return Err(Complaint::new("takes indices: integers from 0 on"));
    }
    let places = positions(&input, size, 0)
        .map_err(|_| Complaint::new(format!("an index is not below {size}")))?;
    Ok((places, input.shape().to_vec()))
}

fn clear_one_hot(call: &Arguments<'_>) -> Outcome {
    let classes = classes(call)?;
    let (places, mut shape) = indices(call, classes)?;
    shape.push(classes);
    let row = |place: usize| (0..classes).map(move |class| truth(class == place));
    let elements = places.into_iter().flat_map(row).collect();
    Ok(Public::new(&shape, elements, Kind::Integer).into())
}

fn clear_rows(call: &Arguments<'_>) -> Outcome {
    let table = call.public("weight");
    let Some((&rows, row_shape)) = table.shape().split_first() else {
        return Err(Complaint::new("the weight is a table: it has rows"));
    };
    let (places, shape) = indices(call, rows)?;
    let elements = table.elements();
    let size: usize = row_shape.iter().product();
    let taken = places.iter().flat_map(|&place| &elements[place * size..][..size]).copied();
    let shape = [&shape[..], row_shape].concat();
    Ok(Public::new(&shape, taken.collect(), table.kind).into())
}
