use std::fmt;

use crate::{Error, Preset, Side};

/// The adjustments: secret, so never printed.
#[derive(Clone, PartialEq)]
pub struct Adjust {
    /// Levels added to every channel, -255 to 255.
    pub brightness: f64,
    /// Scale around level 128, 0 to 4 (1: unchanged).
    pub contrast: f64,
    /// Distance from grey, 0 to 4 (1: unchanged).
    pub saturation: f64,
    /// Levels added to red and taken from blue, -128 to 128.
    pub warmth: f64,
    /// 9 or 25 weights between -16 and 16, row by row.
    pub filter: Vec<f64>,
}

/// Rec. 601 luma.
const LUMA: [f64; 3] = [0.299, 0.587, 0.114];
const MIDDLE: f64 = 128.0;

impl Default for Adjust {
    fn default() -> Self {
        Self {
            brightness: 0.0,
            contrast: 1.0,
            saturation: 1.0,
            warmth: 0.0,
            filter: Preset::None.weights().to_vec(),
        }
    }
}

impl Adjust {
    /// The side of the filter, if everything is in range.
    ///
    /// # Errors
    /// If a parameter is out of range or the filter has another number of weights.
    pub fn checked(&self) -> Result<Side, Error> {
        let mut parameters = vec![
            ("brightness", self.brightness, -255.0, 255.0),
            ("contrast", self.contrast, 0.0, 4.0),
            ("saturation", self.saturation, 0.0, 4.0),
            ("warmth", self.warmth, -128.0, 128.0),
        ];
        parameters
            .extend(self.filter.iter().map(|&weight| ("a filter weight", weight, -16.0, 16.0)));
        for (name, value, low, high) in parameters {
            if !(low..=high).contains(&value) {
                return Err(Error::Range { name, value, low, high });
            }
        }
        Side::of(self.filter.len()).ok_or(Error::Weights(self.filter.len()))
    }

    /// M of the affine map M rgb + b, row by row.
    #[must_use]
    pub fn matrix(&self) -> [f64; 9] {
        std::array::from_fn(|i| {
            let own = if i / 3 == i % 3 { self.saturation } else { 0.0 };
            self.contrast * (own + (1.0 - self.saturation) * LUMA[i % 3])
        })
    }

    /// Map and filter as one kernel, `[3, 3, side, side]`: from every channel to every channel.
    #[must_use]
    pub fn kernel(&self) -> Vec<f64> {
        let weights = |factor: f64| self.filter.iter().map(move |weight| factor * weight);
        self.matrix().into_iter().flat_map(weights).collect()
    }

    /// b of the affine map after the filter.
    #[must_use]
    pub fn filtered_bias(&self) -> [f64; 3] {
        let total: f64 = self.filter.iter().sum();
        self.bias().map(|bias| total * bias)
    }

    /// b of the affine map M rgb + b.
    #[must_use]
    pub fn bias(&self) -> [f64; 3] {
        let common = MIDDLE * (1.0 - self.contrast) + self.brightness;
        [common + self.warmth, common, common - self.warmth]
    }
}

impl fmt::Debug for Adjust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adjust(..)")
    }
}
