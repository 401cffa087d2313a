//! Handles to secret tensors.

mod structure;

use std::fmt;
use std::rc::Rc;

use cryptab_engine::{Conv2d, Result as EngineResult, Secret};
use js_sys::{Float64Array, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::driver::Driver;
use crate::failure::Failure;

/// A handle to a secret tensor; see `Secret` for what each method computes and costs.
#[wasm_bindgen]
pub struct Tensor {
    secret: Secret,
    driver: Rc<Driver>,
}

impl Tensor {
    pub(crate) const fn new(secret: Secret, driver: Rc<Driver>) -> Self {
        Self { secret, driver }
    }

    fn next(&self, secret: EngineResult<Secret>) -> Result<Self, JsValue> {
        match secret {
            Ok(secret) => Ok(Self::new(secret, Rc::clone(&self.driver))),
            Err(error) => Err(self.driver.explain(error).into()),
        }
    }
}

#[wasm_bindgen]
impl Tensor {
    /// Sizes of the axes.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn shape(&self) -> Vec<u32> {
        let narrow = |&size: &usize| u32::try_from(size).unwrap_or(u32::MAX);
        self.secret.shape().iter().map(narrow).collect()
    }

    /// Another handle to the same tensor.
    #[must_use]
    pub fn share(&self) -> Self {
        Self::new(self.secret.clone(), Rc::clone(&self.driver))
    }

    /// An operation on this tensor alone, by its name.
    ///
    /// # Errors
    /// If there is no such operation, or the engine refuses it.
    pub fn unary(&self, name: &str) -> Result<Self, JsValue> {
        let a = &self.secret;
        self.next(match name {
            "neg" => a.neg(),
            "square" => a.square(),
            "relu" => a.relu(),
            "abs" => a.abs(),
            "round" => a.round(),
            "not" => a.not(),
            "toNumber" => a.to_number(),
            _ => return Err(unknown(name).into()),
        })
    }

    /// An operation on two tensors, by its name.
    ///
    /// # Errors
    /// If there is no such operation, or the engine refuses it.
    pub fn binary(&self, name: &str, other: &Self) -> Result<Self, JsValue> {
        let (a, b) = (&self.secret, &other.secret);
        self.next(match name {
            "add" => a.add(b),
            "sub" => a.sub(b),
            "mul" => a.mul(b),
            "matmul" => a.matmul(b),
            "lt" => a.lt(b),
            "gt" => a.gt(b),
            "le" => a.le(b),
            "ge" => a.ge(b),
            "eq" => a.eq(b),
            _ => return Err(unknown(name).into()),
        })
    }

    /// This tensor where `condition` holds, `other` elsewhere.
    ///
    /// # Errors
    /// See `Secret::where_`.
    pub fn choose(&self, condition: &Self, other: &Self) -> Result<Self, JsValue> {
        self.next(self.secret.where_(&condition.secret, &other.secret))
    }

    /// min(max(self, low), high); either bound may be missing.
    ///
    /// # Errors
    /// See `Secret::clamp`.
    pub fn clamp(&self, low: Option<f64>, high: Option<f64>) -> Result<Self, JsValue> {
        self.next(match (low, high) {
            (Some(low), Some(high)) => self.secret.clamp(low, high),
            (Some(low), None) => self.secret.clamp_min(low),
            (None, Some(high)) => self.secret.clamp_max(high),
            (None, None) => return Ok(self.share()),
        })
    }

    /// The convolution with a kernel; `parameters` are stride, padding and dilation, two of each, and
    /// groups.
    ///
    /// # Errors
    /// See `Secret::conv2d`.
    pub fn conv2d(&self, kernel: &Self, parameters: &[u32]) -> Result<Self, JsValue> {
        let [s, t, p, q, d, e, groups] = wide(parameters)[..] else {
            return Err(Failure::misuse("conv2d takes seven parameters").into());
        };
        let parameters = Conv2d { stride: [s, t], padding: [p, q], dilation: [d, e], groups };
        self.next(self.secret.conv2d(&kernel.secret, &parameters))
    }

    /// Declares that values are below 2^(width-1) units in the last place.
    ///
    /// # Errors
    /// See `Secret::within`.
    pub fn within(&self, width: u8) -> Result<Self, JsValue> {
        self.next(self.secret.within(width))
    }

    /// Opens the tensor to all, a `Promise<Float64Array>`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float64Array<ArrayBuffer>>")]
    pub fn reveal(&self) -> Promise {
        let (pending, driver) = (self.secret.reveal(), Rc::clone(&self.driver));
        future_to_promise(async move {
            match settled(pending).await {
                Ok(values) => Ok(Float64Array::from(&values[..]).into()),
                Err(error) => Err(driver.explain(error).into()),
            }
        })
    }

    /// Opens the tensor to the party in slot `receiver`, a `Promise<Float64Array | undefined>`.
    #[wasm_bindgen(
        js_name = revealTo,
        unchecked_return_type = "Promise<Float64Array<ArrayBuffer> | undefined>"
    )]
    pub fn reveal_to(&self, receiver: u8) -> Promise {
        let (pending, driver) = (self.secret.reveal_to(receiver), Rc::clone(&self.driver));
        future_to_promise(async move {
            match settled(pending).await {
                Ok(values) => Ok(values.as_deref().map(Float64Array::from).into()),
                Err(error) => Err(driver.explain(error).into()),
            }
        })
    }
}

async fn settled<T>(pending: EngineResult<cryptab_engine::Pending<T>>) -> EngineResult<T> {
    pending?.await
}

fn unknown(name: &str) -> Failure {
    Failure::misuse(format!("there is no operation `{name}`"))
}

/// Sizes as the engine counts them.
pub(crate) fn wide(sizes: &[u32]) -> Vec<usize> {
    sizes.iter().map(|&size| size as usize).collect()
}

impl fmt::Debug for Tensor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Tensor").field(&self.secret).finish()
    }
}
