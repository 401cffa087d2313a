//! The photo program in a room: who does what is known from the lobby, sizes from what is said.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use cryptab_photo::{Adjust, Agreement, Parties, Run, Side, Size};
use cryptab_session::Role;
use js_sys::{Promise, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use super::Room;
use crate::clock::now;
use crate::driver::Driver;
use crate::failure::Failure;

/// A photo that has been adjusted: its pixels at the owner, and what this party's share of the
/// original looks like. Three bytes a pixel.
#[wasm_bindgen]
pub struct Photo {
    result: Option<Uint8Array>,
    share: Uint8Array,
    size: Size,
    time: Duration,
}

#[wasm_bindgen]
impl Photo {
    /// The adjusted photo, at its owner.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn result(&self) -> Option<Uint8Array> {
        self.result.clone()
    }

    /// This party's share: noise.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn share(&self) -> Uint8Array {
        self.share.clone()
    }

    /// Pixels in a row.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn width(&self) -> u32 {
        self.size.width
    }

    /// Rows.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn height(&self) -> u32 {
        self.size.height
    }

    /// From the moment that sizes were agreed on.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.time.as_secs_f64()
    }
}

impl fmt::Debug for Photo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Photo").field("size", &self.size).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Adjustment {
    brightness: f64,
    contrast: f64,
    saturation: f64,
    warmth: f64,
    filter: Vec<f64>,
}

impl From<Adjustment> for Adjust {
    fn from(shown: Adjustment) -> Self {
        let Adjustment { brightness, contrast, saturation, warmth, filter } = shown;
        Self { brightness, contrast, saturation, warmth, filter }
    }
}

#[wasm_bindgen]
impl Room {
    /// Takes part in adjusting a photo, a `Promise<Photo>`. The owner passes `rgb` with the size, the
    /// adjuster `{ brightness, contrast, saturation, warmth, filter }`, a helper neither.
    #[wasm_bindgen(unchecked_return_type = "Promise<Photo>")]
    pub fn photo(
        &self,
        rgb: Option<Vec<u8>>,
        width: u32,
        height: u32,
        #[wasm_bindgen(unchecked_param_type = "object | undefined")] adjust: JsValue,
    ) -> Promise {
        let driver = Rc::clone(&self.driver);
        let photo = rgb.map(|rgb| (rgb, Size { width, height }));
        future_to_promise(async move { Ok(run(&driver, photo, adjust).await?.into()) })
    }
}

type Pixels = (Vec<u8>, Size);

async fn run(
    driver: &Rc<Driver>,
    photo: Option<Pixels>,
    adjust: JsValue,
) -> Result<Photo, Failure> {
    let adjust = adjust_of(adjust)?;
    let engine = driver.engine()?;
    let parties = parties(driver)?;
    match (engine.me() == parties.owner, photo.is_some()) {
        (true, false) => return Err(Failure::misuse("the photo's owner passes an image")),
        (false, true) => return Err(Failure::misuse("only the photo's owner passes an image")),
        (true, true) | (false, false) => {}
    }
    match (engine.me() == parties.adjuster, adjust.is_some()) {
        (true, false) => return Err(Failure::misuse("the adjuster passes an adjustment")),
        (false, true) => return Err(Failure::misuse("only the adjuster passes an adjustment")),
        (true, true) | (false, false) => {}
    }
    let size = match &photo {
        Some((_, size)) => Some(size.checked()?),
        None => None,
    };
    let side = adjust.as_ref().map(Adjust::checked).transpose()?;
    // Both are said before either is awaited: nobody waits in a circle.
    if let Some(size) = size {
        driver.say(Agreement::Photo(size).to_bytes())?;
    }
    if let Some(side) = side {
        driver.say(Agreement::Filter(side).to_bytes())?;
    }
    let size = match size {
        Some(size) => size,
        None => hear_size(driver, parties.owner).await?,
    };
    let side = match side {
        Some(side) => side,
        None => hear_side(driver, parties.adjuster).await?,
    };
    let start = now();
    let rgb = photo.as_ref().map(|(rgb, _)| &rgb[..]);
    let run = cryptab_photo::record(&engine, parties, size, side, rgb, adjust.as_ref());
    finish(driver, run, size, start).await
}

/// Waits for the end of a run that began at `start`.
pub(crate) async fn finish(
    driver: &Driver,
    run: Result<Run, cryptab_photo::Error>,
    size: Size,
    start: Duration,
) -> Result<Photo, Failure> {
    let finished = match run {
        Ok(run) => run.finish().await.map_err(|error| explained(driver, error))?,
        Err(error) => return Err(explained(driver, error)),
    };
    let (result, share) = finished;
    Ok(Photo {
        result: result.as_deref().map(Uint8Array::from),
        share: Uint8Array::from(&share[..]),
        size,
        time: now().saturating_sub(start),
    })
}

/// The adjustment in an object, if there is one.
pub(crate) fn adjust_of(adjust: JsValue) -> Result<Option<Adjust>, Failure> {
    if adjust.is_undefined() {
        return Ok(None);
    }
    Ok(Some(serde_wasm_bindgen::from_value::<Adjustment>(adjust)?.into()))
}

fn parties(driver: &Driver) -> Result<Parties, Failure> {
    let lobby = driver.lobby();
    let slot_of = |role: Role| {
        let found = lobby.members.iter().find(|member| member.role == role);
        found
            .map(|member| member.slot)
            .ok_or_else(|| Failure::misuse(format!("nobody in this room has the role `{role}`")))
    };
    Ok(Parties { owner: slot_of(Role::Photo)?, adjuster: slot_of(Role::Adjust)? })
}

async fn hear_size(driver: &Driver, owner: u8) -> Result<Size, Failure> {
    match Agreement::from_bytes(&driver.hear(owner).await?) {
        Ok(Agreement::Photo(size)) => Ok(size.checked()?),
        _ => Err(talks_nonsense(driver, owner)),
    }
}

async fn hear_side(driver: &Driver, adjuster: u8) -> Result<Side, Failure> {
    match Agreement::from_bytes(&driver.hear(adjuster).await?) {
        Ok(Agreement::Filter(side)) => Ok(side),
        _ => Err(talks_nonsense(driver, adjuster)),
    }
}

fn talks_nonsense(driver: &Driver, slot: u8) -> Failure {
    let lobby = driver.lobby();
    let found = lobby.members.iter().find(|member| member.slot == slot);
    let name = found.map_or("someone", |member| &member.name);
    Failure::peer(name, "said something else than a photo's owner or an adjuster has to say")
}

fn explained(driver: &Driver, error: cryptab_photo::Error) -> Failure {
    match error {
        cryptab_photo::Error::Engine(error) => driver.explain(error),
        error => error.into(),
    }
}
