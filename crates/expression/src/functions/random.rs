//! Random tensors: in private nobody knows them, in the clear they are ordinary random numbers.

use crate::arguments::Arguments;
use crate::chance::Chance;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::scope::Home;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    either("rand(*size: ints)", |call| {
        let size = call.counts("size")?;
        match call.home() {
            Home::Private(session) => Ok(session.engine.rand(&size)?.into()),
            Home::Clear(chance) => drawn(&size, Kind::Real, chance, Chance::uniform),
        }
    }),
    either("randn(*size: ints)", |call| {
        let size = call.counts("size")?;
        match call.home() {
            Home::Private(session) => Ok(session.engine.randn(&size)?.into()),
            Home::Clear(chance) => drawn(&size, Kind::Real, chance, Chance::normal),
        }
    }),
    either("randint(low: int, high: int, size: ints)", |call| {
        let (low, high) = (call.integer("low"), call.integer("high"));
        let size = call.counts("size")?;
        match call.home() {
            Home::Private(session) => Ok(session.engine.randint(low, high, &size)?.into()),
            Home::Clear(_) if low >= high => Err(Complaint::new(format!("from {low} to {high}"))),
            Home::Clear(chance) => {
                drawn(&size, Kind::Integer, chance, |chance| chance.integer(low, high) as f64)
            }
        }
    }),
    either("randperm(n: int)", |call| {
        let count = call.count("n")?;
        match call.home() {
            Home::Private(session) => Ok(session.engine.randperm(count)?.into()),
            Home::Clear(chance) => permutation(count, source(chance)?),
        }
    }),
    either("bernoulli(input: tensor)", |call| match call.home() {
        Home::Private(_) => Ok(call.real("input")?.bernoulli()?.into()),
        Home::Clear(chance) => {
            let (p, chance) = (call.public("input"), source(chance)?);
            let flips = p.elements().into_iter().map(|p| f64::from(chance.uniform() < p));
            Ok(Public::new(p.shape(), flips.collect(), Kind::Bit).into())
        }
    }),
    either("dropout(input: tensor, p: number = 0.5, training: bool = True)", |call| {
        let (x, p) = (call.tensor("input"), call.number("p"));
        if !call.flag("training") {
            return Ok(x.into());
        }
        match call.home() {
            Home::Private(_) => Ok(Tensor::Secret(call.real("input")?.dropout(p)?).into()),
            Home::Clear(chance) => dropped(call, p, source(chance)?),
        }
    }),
];

fn source(chance: Option<&Chance>) -> Result<&Chance, Complaint> {
    chance.ok_or_else(|| Complaint::new("there is no source of random values here"))
}

fn drawn(
    size: &[usize],
    kind: Kind,
    chance: Option<&Chance>,
    draw: impl Fn(&Chance) -> f64,
) -> Outcome {
    let (chance, count) = (source(chance)?, size.iter().product());
    Ok(Public::new(size, (0..count).map(|_| draw(chance)).collect(), kind).into())
}

/// Every element changes places with one that is not before it (Fisher and Yates, 1938).
fn permutation(count: usize, chance: &Chance) -> Outcome {
    let mut order: Vec<f64> = (0..count).map(|at| at as f64).collect();
    for at in 0..count {
        let rest = i64::try_from(count - at).unwrap_or(i64::MAX);
        let other = usize::try_from(chance.integer(0, rest)).unwrap_or(0);
        order.swap(at, at + other);
    }
    Ok(Public::new(&[count], order, Kind::Integer).into())
}

fn dropped(call: &Arguments<'_>, p: f64, chance: &Chance) -> Outcome {
    if !(0.0..=1.0).contains(&p) {
        return Err(Complaint::new(format!("a probability of {p}")));
    }
    let x = call.public("input");
    let kept = |x: f64| if chance.uniform() < p { 0.0 } else { x / (1.0 - p) };
    Ok(Public::numbers(x.shape(), x.elements().into_iter().map(kept).collect()).into())
}
