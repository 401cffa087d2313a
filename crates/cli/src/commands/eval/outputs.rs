use std::path::{Path, PathBuf};

use cryptab_expression::{Public, Value};
use ndarray::{ArrayD, IxDyn};
use serde_json::json;

use crate::failure::{Failure, Kind};
use crate::npy;

/// The results: one, or several of a tuple.
#[derive(Clone, Debug)]
pub(crate) struct Outputs {
    results: Vec<Public>,
    /// A tuple's results are numbered, even if there is only one.
    numbered: bool,
}

/// Results as they are told.
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) objects: Vec<serde_json::Value>,
}

impl Outputs {
    /// The results of a clear evaluation.
    pub(crate) fn of(value: &Value) -> Result<Self, Failure> {
        let results = leaves(value).into_iter().map(|leaf| {
            let no_array = || Failure::input(format!("the result {leaf:?} is no array"));
            leaf.public().ok_or_else(no_array)
        });
        let numbered = matches!(value, Value::Tuple(_));
        Ok(Self { results: results.collect::<Result<_, _>>()?, numbered })
    }

    /// The same shapes and kinds with other elements.
    pub(crate) fn with_elements(&self, elements: Vec<Vec<f64>>) -> Result<Self, Failure> {
        let fits = self.results.len() == elements.len()
            && self.results.iter().zip(&elements).all(|(a, b)| a.elements().len() == b.len());
        if !fits {
            return Err(Failure::new(Kind::Bug, "the private results have other shapes"));
        }
        let results = self.results.iter().zip(elements);
        let results =
            results.map(|(public, elements)| Public::new(public.shape(), elements, public.kind()));
        Ok(Self { results: results.collect(), numbered: self.numbered })
    }

    /// Writes the results to files; without a name for them, the text has them.
    pub(crate) fn deliver(&self, output: Option<&Path>) -> Result<Written, Failure> {
        let (mut lines, mut objects) = (Vec::new(), Vec::new());
        for (at, result) in self.results.iter().enumerate() {
            let kind = format!("{:?}", result.kind()).to_lowercase();
            let mut object = json!({ "shape": result.shape(), "kind": kind });
            match output {
                Some(output) => {
                    let file = if self.numbered { numbered(output, at) } else { output.into() };
                    npy::write(&file, result)?;
                    let file = file.display().to_string();
                    lines.push(format!("{file}: shape {:?}", result.shape()));
                    object["output"] = file.into();
                }
                None => {
                    let array = ArrayD::from_shape_vec(IxDyn(result.shape()), result.elements());
                    lines.extend(array.map(|array| format!("{array:.6}")));
                    object["elements"] = result.elements().into();
                }
            }
            objects.push(object);
        }
        Ok(Written { text: lines.join("\n"), objects })
    }
}

/// The largest difference of elements that are finite in the clear.
pub(crate) fn difference(found: &Outputs, wanted: &Outputs) -> f64 {
    let pairs = found.results.iter().zip(&wanted.results);
    let apart = pairs.flat_map(|(found, wanted)| {
        let pairs = found.elements().into_iter().zip(wanted.elements());
        pairs.filter(|(_, wanted)| wanted.is_finite()).map(|(found, wanted)| (found - wanted).abs())
    });
    apart.fold(0.0, f64::max)
}

/// All values that are no tuples.
pub(crate) fn leaves(value: &Value) -> Vec<&Value> {
    match value {
        Value::Tuple(parts) => parts.iter().flat_map(leaves).collect(),
        single => vec![single],
    }
}

/// `y.npy` as `y.0.npy`.
fn numbered(output: &Path, at: usize) -> PathBuf {
    match output.extension() {
        Some(extension) => output.with_extension(format!("{at}.{}", extension.to_string_lossy())),
        None => output.with_extension(at.to_string()),
    }
}
