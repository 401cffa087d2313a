//! Statistics of tables, similarity and polynomials.

use crate::arguments::Arguments;
use crate::array::{self, index};
use crate::error::Complaint;
use crate::function::{Entry, Outcome, both};
use crate::tensor::{Kind, Public, Tensor};
use crate::value::Value;

pub(super) const ENTRIES: &[Entry] = &[
    both(
        "cov(input: tensor, correction: int = 1)",
        |call| {
            let x = table(call)?;
            let count = index(x.shape()[1]) - index(call.count("correction")?);
            Ok(square(&x, |a, b| deviations(a, b) / count).into())
        },
        |call| Ok(call.real("input")?.covariance(call.count("correction")?)?.into()),
    ),
    both(
        "corrcoef(input: tensor)",
        |call| {
            let correlation = |a: &[f64], b: &[f64]| {
                deviations(a, b) / (deviations(a, a) * deviations(b, b)).sqrt()
            };
            Ok(square(&table(call)?, correlation).into())
        },
        |call| Ok(call.real("input")?.correlation()?.into()),
    ),
    both("histogram(input: tensor, bins: tensor)", clear_histogram, |call| {
        let edges = edges(call)?;
        let counts = call.secret("input")?.histogram(&edges.elements())?;
        Ok(Value::Tuple(vec![counts.into(), edges.into()]))
    }),
    both(
        "cosine_similarity(x1: tensor, x2: tensor, dim: int = 1)",
        |call| {
            let (x, y) = (call.public("x1"), call.public("x2"));
            let axis = call.axis("dim", x.array.ndim())?;
            let sum = |combine: fn(f64, f64) -> f64| {
                let both = array::zip(&x.array, &y.array, combine)?;
                Ok::<_, Complaint>(array::fold(&both, &[axis], false, |row| row.iter().sum()))
            };
            let norms =
                array::zip(&sum(|a, _| a * a)?, &sum(|_, b| b * b)?, |a, b| (a * b).sqrt())?;
            let array = array::zip(&sum(|a, b| a * b)?, &norms, |dot, norm| dot / norm)?;
            Ok(Public { array, kind: Kind::Real }.into())
        },
        |call| {
            let (x, y) = (call.real("x1")?, call.real("x2")?);
            Ok(x.cosine_similarity(&y, call.axis("dim", x.shape().len())?)?.into())
        },
    ),
    both(
        "polynomial(input: tensor, coeffs: tensor)",
        |call| {
            let coefficients = call.public("coeffs").elements();
            let value = |x: f64| coefficients.iter().rev().fold(0.0, |sum, c| (sum + c) * x);
            Ok(Public { array: call.public("input").array.mapv(value), kind: Kind::Real }.into())
        },
        |call| Ok(call.real("input")?.polynomial(&call.secret("coeffs")?)?.into()),
    ),
];

fn table(call: &Arguments<'_>) -> Result<Public, Complaint> {
    let x = call.public("input");
    match x.shape() {
        [_, _] => Ok(x),
        shape => Err(Complaint::new(format!("takes a matrix, not {shape:?}"))),
    }
}

fn deviations(a: &[f64], b: &[f64]) -> f64 {
    let mean = |x: &[f64]| x.iter().sum::<f64>() / index(x.len());
    let (of_a, of_b) = (mean(a), mean(b));
    a.iter().zip(b).map(|(a, b)| (a - of_a) * (b - of_b)).sum()
}

/// A number for each pair of rows.
fn square(x: &Public, each: impl Fn(&[f64], &[f64]) -> f64) -> Public {
    let (count, elements) = (x.shape()[0], x.elements());
    let row = |i: usize| &elements[i * x.shape()[1]..][..x.shape()[1]];
    let pairs = (0..count).flat_map(|i| (0..count).map(move |j| (i, j)));
    let numbers = pairs.map(|(i, j)| each(row(i), row(j))).collect();
    Public::new(&[count, count], numbers, Kind::Real)
}

fn edges(call: &Arguments<'_>) -> Result<Public, Complaint> {
    match call.tensor("bins") {
        Tensor::Public(edges) if edges.shape().len() == 1 => Ok(edges),
        _ => Err(Complaint::new("the edges are a public list")),
    }
}

fn clear_histogram(call: &Arguments<'_>) -> Outcome {
    let (x, edges) = (call.public("input"), edges(call)?);
    let cuts = edges.elements();
    if cuts.len() < 2 || cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err(Complaint::new("the edges are not two or more, ascending"));
    }
    let last = cuts.len() - 2;
    let count = |bin: usize| {
        let inside = |&&x: &&f64| {
            cuts[bin] <= x && (x < cuts[bin + 1] || (bin == last && x == cuts[bin + 1]))
        };
        index(x.array.iter().filter(inside).count())
    };
    let counts = Public::new(&[last + 1], (0..=last).map(count).collect(), Kind::Integer);
    Ok(Value::Tuple(vec![counts.into(), edges.into()]))
}
