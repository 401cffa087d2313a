//! What is measured, and what must come out.

use cryptab_engine::{Engine, Secret};
use cryptab_photo::{Adjust, Preset, Size};

/// Something to measure.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// max(x, 0).
    Relu(usize),
    /// x < y.
    Less(usize),
    /// x y, element by element.
    Multiply(usize),
    /// A product of square matrices.
    Matmul(usize),
    /// A square photo with a 3x3 filter.
    Photo(u32),
}

impl Work {
    pub(crate) fn all(shrink: usize) -> Vec<Self> {
        let million = 1_000_000 / shrink;
        let side = (512 / shrink).max(8);
        let photo = u32::try_from(side).unwrap_or(512);
        vec![
            Self::Relu(million),
            Self::Less(million),
            Self::Multiply(million),
            Self::Matmul(side),
            Self::Photo(photo),
        ]
    }

    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Relu(_) => "relu",
            Self::Less(_) => "lt",
            Self::Multiply(_) => "mul",
            Self::Matmul(_) => "matmul",
            Self::Photo(_) => "photo",
        }
    }

    pub(crate) fn size(&self) -> String {
        match self {
            Self::Relu(count) | Self::Less(count) | Self::Multiply(count) => count.to_string(),
            Self::Matmul(side) => format!("{side}x{side}"),
            Self::Photo(side) => format!("{side}x{side} 3x3"),
        }
    }

    /// Shape of both inputs.
    pub(crate) fn shape(&self) -> Vec<usize> {
        match self {
            Self::Relu(count) | Self::Less(count) | Self::Multiply(count) => vec![*count],
            Self::Matmul(side) => vec![*side, *side],
            Self::Photo(_) => Vec::new(),
        }
    }

    /// Records the operation.
    pub(crate) fn record(&self, x: &Secret, y: &Secret) -> cryptab_engine::Result<Secret> {
        match self {
            Self::Relu(_) | Self::Photo(_) => x.relu(),
            Self::Less(_) => x.lt(y),
            Self::Multiply(_) => x.mul(y),
            Self::Matmul(_) => x.matmul(y),
        }
    }

    /// The result in the clear.
    pub(crate) fn expected(&self, x: &[f64], y: &[f64]) -> Vec<f64> {
        let each = |f: fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(*x, *y)).collect();
        match self {
            Self::Relu(_) | Self::Photo(_) => each(|x, _| x.max(0.0)),
            Self::Less(_) => each(|x, y| if x < y { 1.0 } else { 0.0 }),
            Self::Multiply(_) => each(|x, y| x * y),
            Self::Matmul(side) => {
                let mut result = vec![0.0; side * side];
                for (row, out) in x.chunks(*side).zip(result.chunks_mut(*side)) {
                    for (factor, other) in row.iter().zip(y.chunks(*side)) {
                        out.iter_mut().zip(other).for_each(|(sum, value)| *sum += factor * value);
                    }
                }
                result
            }
        }
    }
}

/// Numbers between -4 and 4 on the grid of 16 fraction bits, so that encoding them is exact.
pub(crate) fn numbers(owner: u8, count: usize) -> Vec<f64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ u64::from(owner);
    let next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [low, middle, high, ..] = state.to_le_bytes();
        (f64::from(u32::from_le_bytes([low, middle, high & 7, 0])) - 262_144.0) / 65_536.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Shares an input.
pub(crate) fn input(engine: &Engine, owner: u8, shape: &[usize]) -> cryptab_engine::Result<Secret> {
    let data = (engine.me() == owner).then(|| numbers(owner, shape.iter().product()));
    engine.input(owner, shape, data.as_deref())
}

/// A colourful square.
pub(crate) fn picture(side: u32) -> (Size, Vec<u8>) {
    let pixel = |x: u32, y: u32| {
        [x * 255 / side, y * 255 / side, (x * y) % 256].map(|level| level.to_le_bytes()[0])
    };
    let rgb = (0..side).flat_map(|y| (0..side).flat_map(move |x| pixel(x, y))).collect();
    (Size { width: side, height: side }, rgb)
}

pub(crate) fn adjustment() -> Adjust {
    let filter = Preset::Sharpen.weights().to_vec();
    Adjust { brightness: 12.0, contrast: 1.2, saturation: 0.8, warmth: 5.0, filter }
}
