//! The same elements, arranged otherwise; sums and means.

use cryptab_engine::{PadMode, Secret, Slice};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::{Tensor, wide};
use crate::failure::Failure;

#[wasm_bindgen]
impl Tensor {
    /// The same elements in another shape.
    ///
    /// # Errors
    /// See `Secret::reshape`.
    pub fn reshape(&self, shape: Vec<u32>) -> Result<Self, JsValue> {
        self.next(self.secret.reshape(&wide(&shape)))
    }

    /// The axes in another order.
    ///
    /// # Errors
    /// See `Secret::permute`.
    pub fn permute(&self, axes: Vec<u32>) -> Result<Self, JsValue> {
        self.next(self.secret.permute(&wide(&axes)))
    }

    /// Repeated along axes of size 1 and new leading axes.
    ///
    /// # Errors
    /// See `Secret::broadcast_to`.
    #[wasm_bindgen(js_name = broadcastTo)]
    pub fn broadcast_to(&self, shape: Vec<u32>) -> Result<Self, JsValue> {
        self.next(self.secret.broadcast_to(&wide(&shape)))
    }

    /// A range of every axis: start, end and step of each in turn.
    ///
    /// # Errors
    /// See `Secret::slice`.
    pub fn slice(&self, ranges: &[i32]) -> Result<Self, JsValue> {
        let bound = |bound: i32| usize::try_from(bound).unwrap_or(usize::MAX);
        let (threes, rest) = ranges.as_chunks();
        if !rest.is_empty() {
            return Err(Failure::misuse("a range has a start, an end and a step").into());
        }
        let range = |&[start, end, step]: &[i32; 3]| Slice {
            start: bound(start),
            end: bound(end),
            step: step as isize,
        };
        self.next(self.secret.slice(&threes.iter().map(range).collect::<Vec<_>>()))
    }

    /// Elements added before and after every axis: zeros, or the nearest element if `edge`.
    ///
    /// # Errors
    /// See `Secret::pad`.
    pub fn pad(&self, widths: &[u32], edge: bool) -> Result<Self, JsValue> {
        let (pairs, rest) = widths.as_chunks();
        if !rest.is_empty() {
            return Err(Failure::misuse("every axis has a width before and one after").into());
        }
        let pair = |&[before, after]: &[u32; 2]| (before as usize, after as usize);
        let mode = if edge { PadMode::Edge } else { PadMode::Zero };
        self.next(self.secret.pad(&pairs.iter().map(pair).collect::<Vec<_>>(), mode))
    }

    /// The sum over axes, which stay with size 1 if `keep`.
    ///
    /// # Errors
    /// See `Secret::sum`.
    pub fn sum(&self, axes: Vec<u32>, keep: bool) -> Result<Self, JsValue> {
        self.next(self.secret.sum(&wide(&axes), keep))
    }

    /// The mean over axes, which stay with size 1 if `keep`.
    ///
    /// # Errors
    /// See `Secret::mean`.
    pub fn mean(&self, axes: Vec<u32>, keep: bool) -> Result<Self, JsValue> {
        self.next(self.secret.mean(&wide(&axes), keep))
    }

    /// Joined along an axis. The handles are used up.
    ///
    /// # Errors
    /// See `Secret::concat`.
    pub fn concat(parts: Vec<Self>, axis: u32) -> Result<Self, JsValue> {
        let secrets: Vec<_> = parts.iter().map(|part| part.secret.clone()).collect();
        match parts.first() {
            Some(first) => first.next(Secret::concat(&secrets, axis as usize)),
            None => Err(Failure::misuse("concat: nothing to join").into()),
        }
    }
}
