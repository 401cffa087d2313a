//! What clear evaluations share: element by element, by groups, and along an axis.

use ndarray::{ArrayD, Axis, IxDyn, Zip};

use crate::error::Complaint;

/// `combine` of every pair of elements, with broadcasting.
pub(crate) fn zip(
    a: &ArrayD<f64>,
    b: &ArrayD<f64>,
    combine: impl Fn(f64, f64) -> f64,
) -> Result<ArrayD<f64>, Complaint> {
    let shape = common_shape(a.shape(), b.shape())?;
    let (a, b) = (spread(a, &shape), spread(b, &shape));
    Ok(Zip::from(&a).and(&b).map_collect(|&a, &b| combine(a, b)))
}

/// The shape that both broadcast to.
pub(crate) fn common_shape(a: &[usize], b: &[usize]) -> Result<Vec<usize>, Complaint> {
    let refused = |_| Complaint::new(format!("shapes {a:?} and {b:?} do not broadcast"));
    cryptab_tensor::broadcast_shape(a, b).map_err(refused)
}

/// Repeated to a shape that the array's own broadcasts to.
pub(crate) fn spread(a: &ArrayD<f64>, shape: &[usize]) -> ArrayD<f64> {
    a.broadcast(IxDyn(shape)).expect("the shape is a common one").to_owned()
}

/// `fold` of the elements that differ in `axes` only; these disappear or stay with size 1.
pub(crate) fn fold(
    a: &ArrayD<f64>,
    axes: &[usize],
    keep: bool,
    fold: impl Fn(&[f64]) -> f64,
) -> ArrayD<f64> {
    let others: Vec<usize> = (0..a.ndim()).filter(|axis| !axes.contains(axis)).collect();
    let order: Vec<usize> = others.iter().chain(axes).copied().collect();
    let moved = a.view().permuted_axes(IxDyn(&order));
    let elements: Vec<f64> = moved.iter().copied().collect();
    let size: usize = axes.iter().map(|&axis| a.shape()[axis]).product();
    let count: usize = others.iter().map(|&axis| a.shape()[axis]).product();
    let folded = (0..count).map(|group| fold(&elements[group * size..][..size])).collect();
    let kept = |(axis, &size): (usize, &usize)| match (axes.contains(&axis), keep) {
        (false, _) => Some(size),
        (true, true) => Some(1),
        (true, false) => None,
    };
    let shape: Vec<usize> = a.shape().iter().enumerate().filter_map(kept).collect();
    ArrayD::from_shape_vec(IxDyn(&shape), folded).expect("an element for each group")
}

/// Every row along `axis` replaced by `change` of it; all get the same new length.
pub(crate) fn rows(
    a: &ArrayD<f64>,
    axis: usize,
    change: impl Fn(&[f64]) -> Vec<f64>,
) -> ArrayD<f64> {
    let changed: Vec<Vec<f64>> =
        a.lanes(Axis(axis)).into_iter().map(|lane| change(&lane.to_vec())).collect();
    let mut shape = a.shape().to_vec();
    shape[axis] = changed.first().map_or(0, Vec::len);
    let mut result = ArrayD::zeros(IxDyn(&shape));
    for (mut lane, changed) in result.lanes_mut(Axis(axis)).into_iter().zip(changed) {
        lane.iter_mut().zip(changed).for_each(|(place, element)| *place = element);
    }
    result
}

/// The indices of a row in ascending (or descending) order; equal elements keep their order.
pub(crate) fn order(row: &[f64], descending: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..row.len()).collect();
    order.sort_by(|&i, &j| match descending {
        false => row[i].total_cmp(&row[j]),
        true => row[j].total_cmp(&row[i]),
    });
    order
}

/// Indices as elements.
#[expect(clippy::cast_precision_loss, reason = "sizes are below 2^53")]
pub(crate) fn index(at: usize) -> f64 {
    at as f64
}
