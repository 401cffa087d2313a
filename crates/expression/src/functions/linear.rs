//! Matrix products.

use cryptab_tensor::matmul_shape;
use ndarray::{ArrayD, Ix2, IxDyn};

use crate::arguments::Arguments;
use crate::array::spread;
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::compose;
use crate::tensor::{Kind, Public, Tensor};

pub(super) const ENTRIES: &[Entry] = &[
    either("matmul(input: tensor, other: tensor)", |call| {
        Ok(product(call, &call.tensor("input"), &call.tensor("other"))?.into())
    }),
    either("mm(input: tensor, mat2: tensor)", |call| ranked(call, "mat2", [2, 2])),
    either("bmm(input: tensor, mat2: tensor)", |call| ranked(call, "mat2", [3, 3])),
    either("mv(input: tensor, vec: tensor)", |call| ranked(call, "vec", [2, 1])),
    either("dot(input: tensor, tensor: tensor)", |call| ranked(call, "tensor", [1, 1])),
    either("outer(input: tensor, vec2: tensor)", |call| {
        let (x, y) = (call.tensor("input"), call.tensor("vec2"));
        check_ranks(&x, &y, [1, 1])?;
        let (column, row) = (x.reshape(&[x.len(), 1])?, y.reshape(&[1, y.len()])?);
        Ok(compose::mul(call, &column, &row)?.into())
    }),
    either("linear(input: tensor, weight: tensor, bias: tensor = None)", |call| {
        let weight = call.tensor("weight");
        let weight = if weight.rank() == 2 { weight.permute(&[1, 0])? } else { weight };
        let result = product(call, &call.tensor("input"), &weight)?;
        plus(call, &result, "bias")
    }),
    either(
        "addmm(input: tensor, mat1: tensor, mat2: tensor, beta: number = 1, alpha: number = 1)",
        |call| added(call, "mat1", "mat2"),
    ),
    either(
        "baddbmm(input: tensor, batch1: tensor, batch2: tensor, beta: number = 1, \
         alpha: number = 1)",
        |call| added(call, "batch1", "batch2"),
    ),
];

/// `beta input + alpha (first @ second)`.
fn added(call: &Arguments<'_>, first: &str, second: &str) -> Outcome {
    let scaled = |tensor: Tensor, by: f64| match by == 1.0 {
        true => Ok(tensor),
        false => compose::mul(call, &tensor, &compose::scalar(by)),
    };
    let result = product(call, &call.tensor(first), &call.tensor(second))?;
    let result = scaled(result, call.number("alpha"))?;
    let input = scaled(call.tensor("input"), call.number("beta"))?;
    Ok(compose::add(call, &result, &input)?.into())
}

fn ranked(call: &Arguments<'_>, other: &str, ranks: [usize; 2]) -> Outcome {
    let (x, y) = (call.tensor("input"), call.tensor(other));
    check_ranks(&x, &y, ranks)?;
    Ok(product(call, &x, &y)?.into())
}

fn check_ranks(x: &Tensor, y: &Tensor, ranks: [usize; 2]) -> Result<(), Complaint> {
    if [x.rank(), y.rank()] == ranks {
        return Ok(());
    }
    let [a, b] = ranks;
    let (x, y) = (x.shape(), y.shape());
    Err(Complaint::new(format!("takes tensors of {a} and {b} axes, not of shapes {x:?} and {y:?}")))
}

/// The result, and the tensor `addend` if it is given.
pub(super) fn plus(call: &Arguments<'_>, result: &Tensor, addend: &str) -> Outcome {
    Ok(match call.is_none(addend) {
        true => result.clone().into(),
        false => compose::add(call, result, &call.tensor(addend))?.into(),
    })
}

/// The matrix product, with `PyTorch`'s rules for ranks and batches.
pub(super) fn product(call: &Arguments<'_>, x: &Tensor, y: &Tensor) -> Result<Tensor, Complaint> {
    let shape = matmul_shape(x.shape(), y.shape())?;
    if let (Tensor::Public(x), Tensor::Public(y)) = (x, y) {
        let kind = x.kind.max(y.kind).max(Kind::Integer);
        return Ok(Tensor::Public(Public { array: clear(&x.array, &y.array, &shape), kind }));
    }
    Ok(Tensor::Secret(call.shared(x)?.matmul(&call.shared(y)?)?))
}

fn clear(x: &ArrayD<f64>, y: &ArrayD<f64>, shape: &[usize]) -> ArrayD<f64> {
    let row = x.ndim() == 1;
    let column = y.ndim() == 1;
    let x = if row { x.clone().insert_axis(ndarray::Axis(0)) } else { x.clone() };
    let y = if column { y.clone().insert_axis(ndarray::Axis(1)) } else { y.clone() };
    let (rows, inner) = (x.shape()[x.ndim() - 2], x.shape()[x.ndim() - 1]);
    let columns = y.shape()[y.ndim() - 1];
    let batches = &shape[..shape.len() + usize::from(row) + usize::from(column) - 2];
    let x = spread(&x, &[batches, &[rows, inner]].concat());
    let y = spread(&y, &[batches, &[inner, columns]].concat());
    let count: usize = batches.iter().product();
    let stacked = |array: ArrayD<f64>, a: usize, b: usize| {
        let elements: Vec<f64> = array.iter().copied().collect();
        ArrayD::from_shape_vec(IxDyn(&[count, a, b]), elements).expect("as many elements")
    };
    let (x, y) = (stacked(x, rows, inner), stacked(y, inner, columns));
    let mut result = Vec::with_capacity(count * rows * columns);
    for (x, y) in x.outer_iter().zip(y.outer_iter()) {
        let x = x.into_dimensionality::<Ix2>().expect("two axes are left");
        let y = y.into_dimensionality::<Ix2>().expect("two axes are left");
        result.extend(x.dot(&y).iter());
    }
    ArrayD::from_shape_vec(IxDyn(shape), result).expect("as many elements as the shape has")
}
