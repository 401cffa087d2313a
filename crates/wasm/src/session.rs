//! The engine of one session.

use std::fmt;
use std::rc::Rc;

use cryptab_engine::Engine;
use cryptab_photo::{Adjust, Parties, Size};
use js_sys::Promise;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::clock::now;
use crate::driver::Driver;
use crate::event::Cost;
use crate::failure::Failure;
use crate::later::LateInput;
use crate::room::photo;
use crate::tensor::{Tensor, wide};

/// The engine of one session. What is recorded in one turn of the event loop shares rounds.
#[wasm_bindgen]
pub struct Session {
    engine: Engine,
    driver: Rc<Driver>,
}

impl Session {
    pub(crate) const fn new(engine: Engine, driver: Rc<Driver>) -> Self {
        Self { engine, driver }
    }

    fn tensor(
        &self,
        secret: cryptab_engine::Result<cryptab_engine::Secret>,
    ) -> Result<Tensor, JsValue> {
        match secret {
            Ok(secret) => Ok(Tensor::new(secret, Rc::clone(&self.driver))),
            Err(error) => Err(self.driver.explain(error).into()),
        }
    }
}

#[wasm_bindgen]
impl Session {
    /// A private tensor of the party in slot `owner`, who alone passes `data`; with so many
    /// fraction bits, or the session's.
    ///
    /// # Errors
    /// See `Engine::input`.
    pub fn input(
        &self,
        owner: u8,
        shape: Vec<u32>,
        data: Option<Vec<f64>>,
        frac: Option<u8>,
    ) -> Result<Tensor, JsValue> {
        let (shape, data) = (wide(&shape), data.as_deref());
        self.tensor(match frac {
            Some(frac) => self.engine.input_scaled(owner, &shape, data, frac),
            None => self.engine.input(owner, &shape, data),
        })
    }

    /// A private tensor of this party whose numbers come later; with so many fraction bits, or the session's.
    ///
    /// # Errors
    /// See `Engine::input_later`.
    #[wasm_bindgen(js_name = inputLater)]
    pub fn input_later(&self, shape: Vec<u32>, frac: Option<u8>) -> Result<LateInput, JsValue> {
        let shape = wide(&shape);
        let (secret, numbers) = match frac {
            Some(frac) => self.engine.input_later_scaled(&shape, frac),
            None => self.engine.input_later(&shape),
        }
        .map_err(|error| self.driver.explain(error))?;
        let tensor = Tensor::new(secret, Rc::clone(&self.driver));
        Ok(LateInput::new(tensor, numbers, Rc::clone(&self.driver)))
    }

    /// Resolves when the dealer has sent all that was recorded so far takes, a `Promise<undefined>`.
    #[wasm_bindgen(unchecked_return_type = "Promise<undefined>")]
    pub fn dealt(&self) -> Promise {
        let (dealt, driver) = (self.engine.dealt(), Rc::clone(&self.driver));
        future_to_promise(async move {
            dealt.await.map_err(|error| driver.explain(error))?;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// A tensor that all parties know; with so many fraction bits, or as few as make it exact.
    ///
    /// # Errors
    /// See `Engine::constant`.
    pub fn constant(
        &self,
        shape: Vec<u32>,
        data: Vec<f64>,
        frac: Option<u8>,
    ) -> Result<Tensor, JsValue> {
        let shape = wide(&shape);
        self.tensor(match frac {
            Some(frac) => self.engine.constant_scaled(&shape, &data, frac),
            None => self.engine.constant(&shape, &data),
        })
    }

    /// Uniform numbers that nobody knows, from 0 on, below 1.
    ///
    /// # Errors
    /// See `Engine::rand`.
    pub fn rand(&self, shape: Vec<u32>) -> Result<Tensor, JsValue> {
        self.tensor(self.engine.rand(&wide(&shape)))
    }

    /// Normally distributed numbers that nobody knows.
    ///
    /// # Errors
    /// See `Engine::randn`.
    pub fn randn(&self, shape: Vec<u32>) -> Result<Tensor, JsValue> {
        self.tensor(self.engine.randn(&wide(&shape)))
    }

    /// Uniform integers that nobody knows, from `low` on, below `high`.
    ///
    /// # Errors
    /// If a bound is no integer below 2^53; see `Engine::randint`.
    pub fn randint(&self, low: f64, high: f64, shape: Vec<u32>) -> Result<Tensor, JsValue> {
        let (low, high) = (whole(low)?, whole(high)?);
        self.tensor(self.engine.randint(low, high, &wide(&shape)))
    }

    /// The integers below `count`, in an order that nobody knows.
    ///
    /// # Errors
    /// See `Engine::randperm`.
    pub fn randperm(&self, count: u32) -> Result<Tensor, JsValue> {
        self.tensor(self.engine.randperm(count as usize))
    }

    /// What everything recorded so far costs: `{ rounds, bytes, dealerBytes }`.
    #[wasm_bindgen(
        unchecked_return_type = "{ rounds: number; bytes: number; dealerBytes: number }"
    )]
    #[must_use]
    pub fn cost(&self) -> JsValue {
        let cost = self.engine.cost();
        let (rounds, bytes, dealer_bytes) = (cost.rounds, cost.bytes(), cost.dealer_bytes);
        serde_wasm_bindgen::to_value(&Cost { rounds, bytes, dealer_bytes }).unwrap_or_default()
    }

    /// The photo program between the owner in slot 0 and the adjuster in slot 1, in a session of any
    /// program; a `Promise<Photo>`. All parties pass the same size and adjustment: made-up ones.
    #[wasm_bindgen(js_name = samplePhoto, unchecked_return_type = "Promise<Photo>")]
    pub fn sample_photo(
        &self,
        rgb: Vec<u8>,
        width: u32,
        height: u32,
        #[wasm_bindgen(unchecked_param_type = "object")] adjust: JsValue,
    ) -> Promise {
        let (engine, driver) = (self.engine.clone(), Rc::clone(&self.driver));
        future_to_promise(async move {
            let (size, start) = (Size { width, height }, now());
            let adjust = required(adjust)?;
            let side = adjust.checked().map_err(Failure::from)?;
            let parties = Parties { owner: 0, adjuster: 1 };
            let rgb = (engine.me() == parties.owner).then_some(&rgb[..]);
            let mine = (engine.me() == parties.adjuster).then_some(&adjust);
            let run = cryptab_photo::record(&engine, parties, size, side, rgb, mine);
            Ok(photo::finish(&driver, run, size, start).await?.into())
        })
    }
}

/// The adjusted photo computed without privacy, to compare with. Three bytes a pixel.
///
/// # Errors
/// If the adjustment is out of range.
#[wasm_bindgen(js_name = adjustInClear)]
pub fn adjust_in_clear(
    rgb: &[u8],
    width: u32,
    height: u32,
    #[wasm_bindgen(unchecked_param_type = "object")] adjust: JsValue,
) -> Result<Vec<u8>, JsValue> {
    Ok(cryptab_photo::clear(rgb, Size { width, height }, &required(adjust)?))
}

fn whole(number: f64) -> Result<i64, Failure> {
    const EXACT: f64 = (1_u64 << 53) as f64;
    if number.fract() != 0.0 || number.abs() >= EXACT {
        return Err(Failure::misuse(format!("randint: {number} is no integer below 2^53")));
    }
    #[expect(clippy::cast_possible_truncation, reason = "an integer below 2^53")]
    let whole = number as i64;
    Ok(whole)
}

fn required(adjust: JsValue) -> Result<Adjust, Failure> {
    photo::adjust_of(adjust)?.ok_or_else(|| Failure::misuse("an adjustment is missing"))
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Session").field(&self.engine).finish()
    }
}
