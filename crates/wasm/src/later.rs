//! Numbers that come later than the program.

use std::fmt;
use std::rc::Rc;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::driver::Driver;
use crate::tensor::Tensor;

/// A private tensor of this party whose numbers come later. Freed without them, it ends the computation.
#[wasm_bindgen]
pub struct LateInput {
    tensor: Option<Tensor>,
    numbers: cryptab_engine::LateInput,
    driver: Rc<Driver>,
}

impl LateInput {
    pub(crate) const fn new(
        tensor: Tensor,
        numbers: cryptab_engine::LateInput,
        driver: Rc<Driver>,
    ) -> Self {
        Self { tensor: Some(tensor), numbers, driver }
    }
}

#[wasm_bindgen]
impl LateInput {
    /// The handle to it: once.
    #[wasm_bindgen(js_name = takeTensor)]
    pub fn take_tensor(&mut self) -> Option<Tensor> {
        self.tensor.take()
    }

    /// Here they are.
    ///
    /// # Errors
    /// See `LateInput::enter` of the engine.
    pub fn enter(&mut self, numbers: &[f64]) -> Result<(), JsValue> {
        self.numbers.enter(numbers).map_err(|error| self.driver.explain(error).into())
    }

    /// They will never come, for this reason: the computation ends.
    pub fn abandon(self, reason: String) {
        self.numbers.abandon(reason);
    }
}

impl fmt::Debug for LateInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LateInput").finish_non_exhaustive()
    }
}
