//! One call after a while.

use std::time::Duration;

use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

/// A call that is due; dropped, it does not come.
pub(crate) struct Timer {
    id: JsValue,
    due: Duration,
    _call: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls once, `pause` from now; `due` is what [`Timer::due`] says.
    pub(crate) fn new(due: Duration, pause: Duration, call: impl FnMut() + 'static) -> Self {
        let call = Closure::<dyn FnMut()>::new(call);
        let milliseconds = (pause.as_secs_f64() * 1e3).ceil().min(LONGEST);
        Self { id: set_timeout(&call, milliseconds), due, _call: call }
    }

    /// When it is due.
    pub(crate) const fn due(&self) -> Duration {
        self.due
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(call: &Closure<dyn FnMut()>, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
}

/// Browsers hold milliseconds in 31 bits.
const LONGEST: f64 = 2_147_483_647.0;
