//! Random tensors that nobody knows. They exist in private only.

use cryptab_engine::Seed;

use crate::arguments::Arguments;
use crate::error::Complaint;
use crate::function::{Entry, either};
use crate::tensor::Tensor;

pub(super) const ENTRIES: &[Entry] = &[
    either("rand(*size: ints)", |call| {
        Ok(call.drawing()?.rand(&call.counts("size")?, own(call)?)?.into())
    }),
    either("randn(*size: ints)", |call| {
        Ok(call.drawing()?.randn(&call.counts("size")?, own(call)?)?.into())
    }),
    either("randint(low: int, high: int, size: ints)", |call| {
        let (low, high) = (call.integer("low"), call.integer("high"));
        Ok(call.drawing()?.randint(low, high, &call.counts("size")?, own(call)?)?.into())
    }),
    either("bernoulli(input: tensor)", |call| {
        let engine = call.drawing()?;
        Ok(engine.bernoulli(&call.real("input")?, own(call)?)?.into())
    }),
    either("dropout(input: tensor, p: number = 0.5, training: bool = True)", |call| {
        let x = call.tensor("input");
        if !call.flag("training") {
            return Ok(x.into());
        }
        let engine = call.drawing()?;
        let x = call.fixed(&call.shared(&x)?)?;
        Ok(Tensor::Secret(engine.dropout(&x, call.number("p"), own(call)?)?).into())
    }),
];

/// What this party draws from.
fn own<'a>(call: &Arguments<'a>) -> Result<&'a Seed, Complaint> {
    call.own().ok_or_else(|| Complaint::new("the session has no source of random values"))
}
