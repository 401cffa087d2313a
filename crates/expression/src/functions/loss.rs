//! Losses of regression.

use crate::arguments::Arguments;
use crate::array::index;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::functions::compose;
use crate::tensor::{Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "mse_loss(input: tensor, target: tensor, reduction: str = 'mean')",
        |call| clear(call, |d| d * d),
        |call| private(call, |difference| Ok(difference.square()?)),
    ),
    both(
        "l1_loss(input: tensor, target: tensor, reduction: str = 'mean')",
        |call| clear(call, f64::abs),
        |call| private(call, |difference| Ok(difference.abs()?)),
    ),
];

type Secret = cryptab_engine::Secret;

fn clear(call: &Arguments<'_>, loss: fn(f64) -> f64) -> Outcome {
    let difference = compose::sub(call, &call.tensor("input"), &call.tensor("target"))?;
    let Tensor::Public(difference) = difference else { unreachable!("both are public") };
    let losses: Vec<f64> = difference.array.iter().map(|&d| loss(d)).collect();
    let (sum, count) = (losses.iter().sum::<f64>(), index(losses.len()));
    Ok(match call.text("reduction") {
        "none" => Public::numbers(difference.shape(), losses).into(),
        "sum" => Public::numbers(&[], vec![sum]).into(),
        "mean" => Public::numbers(&[], vec![sum / count]).into(),
        other => return Err(reductions(other)),
    })
}

fn private(call: &Arguments<'_>, loss: fn(&Secret) -> Result<Secret, Complaint>) -> Outcome {
    let losses = loss(&call.real("input")?.sub(&call.real("target")?)?)?;
    let axes: Vec<usize> = (0..losses.shape().len()).collect();
    Ok(match call.text("reduction") {
        "none" => losses.into(),
        "sum" => losses.sum(&axes, false)?.into(),
        "mean" => losses.mean(&axes, false)?.into(),
        other => return Err(reductions(other)),
    })
}

fn reductions(found: &str) -> Complaint {
    Complaint::new(format!("reduction is 'mean', 'sum' or 'none', not '{found}'"))
}
