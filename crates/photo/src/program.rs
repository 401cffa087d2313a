use cryptab_engine::{Conv2d, Engine, PadMode, Pending};
use serde::{Deserialize, Serialize};

use crate::clear::level;
use crate::{Adjust, Error, Side};

/// A photo's size; public.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Size {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// Who does what.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Parties {
    /// Brings the photo, and receives the result.
    pub owner: u8,
    /// Brings the adjustments.
    pub adjuster: u8,
}

/// A photo on its way.
#[derive(Debug)]
pub struct Run {
    result: Pending<Option<Vec<f64>>>,
    share: Pending<Vec<u64>>,
    size: Size,
}

/// Longest side of a photo.
const LARGEST: u32 = 8192;
/// Fraction bits of kernel and bias: 75 weights err by 75 * 255 * 2^-21 < 2^-6 level.
const KERNEL_FRAC: u8 = 20;
/// Filtered values: 400 (weights) * 8000 (levels) * 2^20 < 2^42.
const FILTERED_WIDTH: u8 = 43;

impl Size {
    /// Refuses photos that are empty or too large.
    ///
    /// # Errors
    /// If a side is not between 1 and 8192 pixels.
    pub const fn checked(self) -> Result<Self, Error> {
        let Self { width, height } = self;
        if width == 0 || height == 0 || width > LARGEST || height > LARGEST {
            return Err(Error::Size { width, height, largest: LARGEST });
        }
        Ok(self)
    }

    /// Pixels.
    #[must_use]
    pub const fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }
}

/// Records the adjustment. `rgb` (three bytes a pixel) at the owner, `adjust` at the adjuster.
///
/// Map and filter are one linear map, which the adjuster combines: a secret kernel of weights
/// from every channel to every channel. Its products with levels are exact, so only the rounding
/// of the weights errs: the result differs from the clear computation by at most 1 level, and
/// only where that is within 2^-6 of a half.
/// Cost: 10 rounds, 11 of three or more parties; about 38 bytes per pixel and channel from each party, see
/// [`Engine::cost`]; 3x3 and 5x5 filters cost the same.
///
/// # Errors
/// If the photo does not fit its size, a parameter is out of range, or the session has ended.
pub fn record(
    engine: &Engine,
    parties: Parties,
    size: Size,
    side: Side,
    rgb: Option<&[u8]>,
    adjust: Option<&Adjust>,
) -> Result<Run, Error> {
    let size = size.checked()?;
    let (width, height) = (size.width as usize, size.height as usize);
    let planes = rgb.map(|rgb| planar(rgb, size)).transpose()?;
    let adjust = adjust.map(|adjust| adjust.checked().map(|_| adjust)).transpose()?;
    let photo = engine.input_scaled(parties.owner, &[3, size.pixels()], planes.as_deref(), 0)?;
    let photo = photo.masked()?;
    let secret = |shape: &[usize], data: Option<&[f64]>| {
        engine.input_scaled(parties.adjuster, shape, data, KERNEL_FRAC)
    };
    let length = side.length();
    let kernel = secret(&[3, 3, length, length], adjust.map(Adjust::kernel).as_deref())?;
    let bias = secret(&[1, 3, 1, 1], adjust.map(Adjust::filtered_bias).as_ref().map(|b| &b[..]))?;

    let border = (length / 2, length / 2);
    let padded = photo
        .reshape(&[1, 3, height, width])?
        .pad(&[(0, 0), (0, 0), border, border], PadMode::Edge)?;
    let filtered = padded.conv2d_scaled(&kernel, &Conv2d::default(), KERNEL_FRAC)?.add(&bias)?;
    let result = filtered.within(FILTERED_WIDTH)?.quantize(8)?.reveal_to(parties.owner)?;
    Ok(Run { result, share: photo.local_share(), size })
}

impl Run {
    /// The adjusted photo (three bytes a pixel) at its owner, `None` at all others; and what this
    /// party's share of the photo looks like: the low byte of each share, noise: a level of
    /// the photo would be there, were it not masked.
    ///
    /// # Errors
    /// If the computation stops before the end.
    pub async fn finish(self) -> Result<(Option<Vec<u8>>, Vec<u8>), Error> {
        let pixels = self.size.pixels();
        let result = self.result.await?;
        let share = self.share.await?;
        let low = |share: u64| share.to_le_bytes()[0];
        let noise = interleaved(pixels, |i| low(share[i]));
        Ok((result.map(|levels| interleaved(pixels, |i| level(levels[i]))), noise))
    }
}

/// Channel after channel, from pixel after pixel.
fn planar(rgb: &[u8], size: Size) -> Result<Vec<f64>, Error> {
    let Size { width, height } = size;
    let (found, expected) = (rgb.len(), 3 * size.pixels());
    if found != expected {
        return Err(Error::Pixels { found, expected, width, height });
    }
    let channel = |c: usize| rgb.iter().skip(c).step_by(3).map(|&level| f64::from(level));
    Ok((0..3).flat_map(channel).collect())
}

/// Pixel after pixel, from channel after channel.
fn interleaved(pixels: usize, at: impl Fn(usize) -> u8) -> Vec<u8> {
    (0..pixels).flat_map(|pixel| [0, 1, 2].map(|channel| at(channel * pixels + pixel))).collect()
}
