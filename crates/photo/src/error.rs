/// Why a photo or an adjustment cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A parameter is outside its range.
    #[error("{name} is {value}, which is not between {low} and {high}")]
    Range {
        /// Which parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// The filter has another number of weights than 9 or 25.
    #[error("a filter has 9 or 25 weights, not {0}")]
    Weights(usize),
    /// The pixels do not fit the size.
    #[error("{found} bytes for a photo of {width}x{height}, which has {expected}")]
    Pixels {
        /// Bytes given.
        found: usize,
        /// Bytes due.
        expected: usize,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The photo is empty or too large.
    #[error("a photo of {width}x{height} pixels; sides are 1 to {largest} pixels")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Longest side.
        largest: u32,
    },
    /// The computation stopped.
    #[error(transparent)]
    Engine(#[from] cryptab_engine::Error),
}
