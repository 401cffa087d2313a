//! Sums over named axes of one or two tensors.

use std::collections::BTreeMap;

use crate::arguments::{Arguments, axis};
use crate::error::Complaint;
use crate::function::{Entry, Outcome, either};
use crate::functions::compose;
use crate::functions::join::diagonal;
use crate::functions::linear::product;
use crate::tensor::Tensor;

pub(super) const ENTRIES: &[Entry] = &[
    either("einsum(equation: str, *operands: tensors)", |call| {
        contract(call, call.text("equation"), call.tensors("operands")?)
    }),
    either("einsum(equation: str, first: tensor)", |call| {
        contract(call, call.text("equation"), vec![call.tensor("first")])
    }),
    either("einsum(equation: str, first: tensor, second: tensor)", |call| {
        contract(call, call.text("equation"), vec![call.tensor("first"), call.tensor("second")])
    }),
    either("tensordot(a: tensor, b: tensor, dims: int = 2)", |call| {
        let (a, b, count) = (call.tensor("a"), call.tensor("b"), call.count("dims")?);
        let Some(first) = a.rank().checked_sub(count).filter(|_| count <= b.rank()) else {
            return Err(Complaint::new(format!("{count} axes of {:?}", [a.rank(), b.rank()])));
        };
        let (of_a, of_b): (Vec<usize>, Vec<usize>) = (0..count).map(|i| (first + i, i)).unzip();
        dotted(call, &a, &b, &of_a, &of_b)
    }),
    either("tensordot(a: tensor, b: tensor, dims: tensor)", |call| {
        let (a, b) = (call.tensor("a"), call.tensor("b"));
        let Tensor::Public(dims) = call.tensor("dims") else {
            return Err(Complaint::new("the axes are public"));
        };
        let &[2, count] = dims.shape() else {
            return Err(Complaint::new("dims is a number, or two lists of axes"));
        };
        #[expect(clippy::cast_possible_truncation, reason = "axes are small integers")]
        let all: Vec<i64> = dims.elements().into_iter().map(|number| number as i64).collect();
        let axes = |numbers: &[i64], rank: usize| {
            numbers.iter().map(|&number| axis(number, rank)).collect::<Result<Vec<_>, _>>()
        };
        let (of_a, of_b) = (axes(&all[..count], a.rank())?, axes(&all[count..], b.rank())?);
        dotted(call, &a, &b, &of_a, &of_b)
    }),
];

/// A tensor whose axes have names, each once.
struct Named {
    tensor: Tensor,
    axes: Vec<char>,
}

fn contract(call: &Arguments<'_>, equation: &str, operands: Vec<Tensor>) -> Outcome {
    let equation: String = equation.chars().filter(|sign| !sign.is_whitespace()).collect();
    let (inputs, output) = match equation.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (equation.as_str(), None),
    };
    let inputs: Vec<&str> = inputs.split(',').collect();
    if inputs.len() != operands.len() || !(1..=2).contains(&inputs.len()) {
        let (terms, given) = (inputs.len(), operands.len());
        return Err(Complaint::new(format!("{terms} terms for {given} tensors: one or two")));
    }
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    inputs.concat().chars().for_each(|name| *counts.entry(name).or_default() += 1);
    if let Some(name) = counts.keys().find(|name| !name.is_ascii_alphabetic()) {
        return Err(Complaint::new(format!("axes are letters, not `{name}`")));
    }
    let output: Vec<char> = match output {
        Some(output) => output.chars().collect(),
        None => counts.iter().filter(|&(_, &count)| count == 1).map(|(&name, _)| name).collect(),
    };
    let unknown = |name: &&char| !counts.contains_key(name);
    let twice = |(at, name): (usize, &char)| output[..at].contains(name);
    if output.iter().find(unknown).is_some() || output.iter().enumerate().any(twice) {
        return Err(Complaint::new("the result names each axis once, and only given ones"));
    }
    let mut named = Vec::new();
    for (names, tensor) in inputs.iter().zip(operands) {
        named.push(Named::new(names, tensor)?);
    }
    let second = named.pop();
    let result = match (named.pop(), second) {
        (Some(first), Some(second)) => {
            let first = first.without(|name| output.contains(&name) || second.has(name))?;
            let second = second.without(|name| output.contains(&name) || first.has(name))?;
            first.times(call, &second, &output)?
        }
        (None, Some(only)) => only.without(|name| output.contains(&name))?,
        _ => unreachable!("there are one or two"),
    };
    Ok(result.ordered(&output)?.into())
}

impl Named {
    fn new(names: &str, mut tensor: Tensor) -> Result<Self, Complaint> {
        let mut axes: Vec<char> = names.chars().collect();
        if axes.len() != tensor.rank() {
            let reason = format!("`{names}` for a tensor of shape {:?}", tensor.shape());
            return Err(Complaint::new(reason));
        }
        // Of an axis named twice only the diagonal counts; it comes last.
        while let Some((second, first)) = (0..axes.len())
            .find_map(|at| axes[..at].iter().position(|name| *name == axes[at]).map(|i| (at, i)))
        {
            if tensor.shape()[first] != tensor.shape()[second] {
                return Err(Complaint::new(format!("`{}` has two sizes", axes[first])));
            }
            tensor = diagonal(&tensor, 0, [first, second])?;
            let name = axes.remove(second);
            axes.remove(first);
            axes.push(name);
        }
        Ok(Self { tensor, axes })
    }

    fn has(&self, name: char) -> bool {
        self.axes.contains(&name)
    }

    /// Summed over the axes that `keeps` does not keep.
    fn without(mut self, keeps: impl Fn(char) -> bool) -> Result<Self, Complaint> {
        while let Some(at) = self.axes.iter().position(|&name| !keeps(name)) {
            let mut shape = self.tensor.shape().to_vec();
            shape.remove(at);
            self.tensor = compose::sum(&self.tensor, at)?.reshape(&shape)?;
            self.axes.remove(at);
        }
        Ok(self)
    }

    /// The axes in this order.
    fn ordered(&self, order: &[char]) -> Result<Tensor, Complaint> {
        let at = |name: &char| self.axes.iter().position(|own| own == name).unwrap_or(0);
        self.tensor.permute(&order.iter().map(at).collect::<Vec<_>>())
    }

    fn sizes(&self, names: &[char]) -> Vec<usize> {
        let size = |name: &char| {
            self.axes.iter().position(|own| own == name).map_or(1, |at| self.tensor.shape()[at])
        };
        names.iter().map(size).collect()
    }

    /// The product over all axes, summed over those that are not in `output`: a batch of matrix
    /// products.
    fn times(
        &self,
        call: &Arguments<'_>,
        other: &Self,
        output: &[char],
    ) -> Result<Self, Complaint> {
        let common: Vec<char> = self.axes.iter().copied().filter(|&n| other.has(n)).collect();
        if self.sizes(&common) != other.sizes(&common) {
            let (a, b) = (self.tensor.shape(), other.tensor.shape());
            return Err(Complaint::new(format!("axes of one name differ in {a:?} and {b:?}")));
        }
        let (batch, inner): (Vec<char>, Vec<char>) =
            common.into_iter().partition(|name| output.contains(name));
        let own = |of: &Self, them: &Self| -> Vec<char> {
            of.axes.iter().copied().filter(|&name| !them.has(name)).collect()
        };
        let (rows, columns) = (own(self, other), own(other, self));
        let count = |of: &Self, names: &[char]| of.sizes(names).into_iter().product::<usize>();
        let (b, k) = (count(self, &batch), count(self, &inner));
        let (m, n) = (count(self, &rows), count(other, &columns));
        let join = |parts: [&[char]; 3]| parts.concat();
        let x = self.ordered(&join([&batch, &rows, &inner]))?.reshape(&[b, m, k])?;
        let y = other.ordered(&join([&batch, &inner, &columns]))?.reshape(&[b, k, n])?;
        let axes = join([&batch, &rows, &columns]);
        let shape = [self.sizes(&batch), self.sizes(&rows), other.sizes(&columns)].concat();
        Ok(Self { tensor: product(call, &x, &y)?.reshape(&shape)?, axes })
    }
}

/// The product summed over pairs of axes.
fn dotted(call: &Arguments<'_>, a: &Tensor, b: &Tensor, of_a: &[usize], of_b: &[usize]) -> Outcome {
    let names: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let twice = |axes: &[usize]| (1..axes.len()).any(|at| axes[..at].contains(&axes[at]));
    if twice(of_a) || twice(of_b) {
        return Err(Complaint::new("an axis is named twice"));
    }
    if a.rank() + b.rank() > names.len() || of_a.len() != of_b.len() {
        return Err(Complaint::new("there are too many axes, or they make no pairs"));
    }
    let first = names[..a.rank()].to_vec();
    let mut second = names[a.rank()..a.rank() + b.rank()].to_vec();
    of_a.iter().zip(of_b).for_each(|(&i, &j)| second[j] = first[i]);
    let kept = |own: &[char], of: &[usize]| -> Vec<char> {
        (0..own.len()).filter(|at| !of.contains(at)).map(|at| own[at]).collect()
    };
    let output = [kept(&first, of_a), kept(&second, of_b)].concat();
    let (x, y) =
        (Named { tensor: a.clone(), axes: first }, Named { tensor: b.clone(), axes: second });
    Ok(x.times(call, &y, &output)?.tensor.into())
}
