use cryptab_engine::{Engine, Error, Result};
use cryptab_photo::{Adjust, Parties, Preset, Side, Size, clear, record};

/// A photo of party 0, adjusted as party 1 wishes.
pub(crate) struct Photo {
    size: Size,
    rgb: Vec<u8>,
    adjust: Adjust,
    expected: Vec<u8>,
}

impl Photo {
    /// A colourful square.
    pub(crate) fn new(side: u32) -> Self {
        let pixel = |x: u32, y: u32| {
            [x * 255 / side, y * 255 / side, (x * y) % 256].map(|level| level.to_le_bytes()[0])
        };
        let rgb: Vec<u8> =
            (0..side).flat_map(|y| (0..side).flat_map(move |x| pixel(x, y))).collect();
        let size = Size { width: side, height: side };
        let filter = Preset::Sharpen.weights().to_vec();
        let adjust =
            Adjust { brightness: 12.0, contrast: 1.2, saturation: 0.8, warmth: 5.0, filter };
        let expected = clear(&rgb, size, &adjust);
        Self { size, rgb, adjust, expected }
    }

    /// Records the work without data.
    pub(crate) fn plan(&self, engine: &Engine) -> Result<()> {
        record(engine, PARTIES, self.size, Side::Three, None, None).map(drop).map_err(engine_error)
    }

    /// The adjusted photo, at its owner.
    pub(crate) async fn develop(&self, engine: &Engine) -> Result<Option<Vec<u8>>> {
        let mine = (engine.me() == PARTIES.owner).then_some(&self.rgb[..]);
        let secret = (engine.me() == PARTIES.adjuster).then_some(&self.adjust);
        let run = record(engine, PARTIES, self.size, Side::Three, mine, secret);
        let (result, _) = run.map_err(engine_error)?.finish().await.map_err(engine_error)?;
        Ok(result)
    }

    /// The largest difference from the clear result, in levels.
    pub(crate) fn difference(&self, result: &[u8]) -> f64 {
        let differences = result.iter().zip(&self.expected).map(|(a, b)| a.abs_diff(*b));
        f64::from(differences.max().unwrap_or(u8::MAX))
    }
}

fn engine_error(error: cryptab_photo::Error) -> Error {
    match error {
        cryptab_photo::Error::Engine(error) => error,
        error => Error::Misuse { operation: "photo", reason: error.to_string() },
    }
}

const PARTIES: Parties = Parties { owner: 0, adjuster: 1 };
