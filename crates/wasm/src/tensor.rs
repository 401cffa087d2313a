//! Handles to secret tensors.

mod table;

use std::fmt;
use std::rc::Rc;

use cryptab_engine::{Result as EngineResult, Secret};
use js_sys::{BigUint64Array, Float64Array, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use self::table::Refused;
use crate::driver::Driver;
use crate::event::Kind;
use crate::failure::Failure;

/// A handle to a secret tensor; see `Secret` for what each function computes and costs.
#[wasm_bindgen]
pub struct Tensor {
    secret: Secret,
    driver: Rc<Driver>,
}

impl Tensor {
    pub(crate) const fn new(secret: Secret, driver: Rc<Driver>) -> Self {
        Self { secret, driver }
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

    /// What the elements are: `{ fracBits, isBit, isBinary, isPublic, operation }`.
    #[wasm_bindgen(
        getter,
        unchecked_return_type = "{ fracBits: number; isBit: boolean; isBinary: boolean; \
                                            isPublic: boolean; operation: number }"
    )]
    #[must_use]
    pub fn kind(&self) -> JsValue {
        let kind = Kind {
            frac_bits: self.secret.frac_bits(),
            is_bit: self.secret.is_bit(),
            is_binary: self.secret.is_binary(),
            is_public: self.secret.is_public(),
            operation: self.secret.id(),
        };
        serde_wasm_bindgen::to_value(&kind).unwrap_or_default()
    }

    /// Another handle to the same tensor.
    #[must_use]
    pub fn share(&self) -> Self {
        Self::new(self.secret.clone(), Rc::clone(&self.driver))
    }

    /// Applies the function of this name to tensors, told a list of parameters. The handles are
    /// used up; the results are one or several.
    ///
    /// # Errors
    /// If there is no such function, or the engine refuses it.
    pub fn apply(
        name: &str,
        operands: Vec<Self>,
        #[wasm_bindgen(unchecked_param_type = "readonly unknown[]")] with: JsValue,
    ) -> Result<Vec<Self>, JsValue> {
        let Some(driver) = operands.first().map(|first| Rc::clone(&first.driver)) else {
            return Err(Failure::misuse(format!("{name}: no tensors are given")).into());
        };
        let secrets: Vec<Secret> = operands.into_iter().map(|operand| operand.secret).collect();
        match table::apply(name, &secrets, with) {
            Ok(results) => {
                let handle = |secret| Self::new(secret, Rc::clone(&driver));
                Ok(results.into_iter().map(handle).collect())
            }
            Err(Refused::Engine(error)) => Err(driver.explain(error).into()),
            Err(Refused::Call(failure)) => Err(failure.into()),
        }
    }

    /// Opens the tensor to all, a `Promise<Float64Array>`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float64Array<ArrayBuffer>>")]
    pub fn reveal(&self) -> Promise {
        let pending = self.secret.reveal();
        self.promise(async move { Ok(Float64Array::from(&pending?.await?[..]).into()) })
    }

    /// Opens the tensor to the party in slot `receiver`, a `Promise<Float64Array | undefined>`.
    #[wasm_bindgen(
        js_name = revealTo,
        unchecked_return_type = "Promise<Float64Array<ArrayBuffer> | undefined>"
    )]
    pub fn reveal_to(&self, receiver: u8) -> Promise {
        let pending = self.secret.reveal_to(receiver);
        self.promise(async move { Ok(pending?.await?.as_deref().map(Float64Array::from).into()) })
    }

    /// What this party holds of the tensor, a `Promise<BigUint64Array>`.
    #[wasm_bindgen(
        js_name = localShare,
        unchecked_return_type = "Promise<BigUint64Array<ArrayBuffer>>"
    )]
    pub fn local_share(&self) -> Promise {
        let pending = self.secret.local_share();
        self.promise(async move { Ok(BigUint64Array::from(&pending.await?[..]).into()) })
    }

    fn promise(&self, result: impl Future<Output = EngineResult<JsValue>> + 'static) -> Promise {
        let driver = Rc::clone(&self.driver);
        future_to_promise(async move { result.await.map_err(|e| driver.explain(e).into()) })
    }
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
