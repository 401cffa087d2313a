use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Side of a filter's square of weights; public.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Side {
    /// 3 x 3 weights.
    Three,
    /// 5 x 5 weights.
    Five,
}

impl Side {
    /// Weights along one side.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::Three => 3,
            Self::Five => 5,
        }
    }

    /// The side of a square of so many weights.
    #[must_use]
    pub const fn of(weights: usize) -> Option<Self> {
        match weights {
            9 => Some(Self::Three),
            25 => Some(Self::Five),
            _ => None,
        }
    }
}

/// Well-known filters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Preset {
    /// Leaves the photo as it is.
    None,
    /// Sharpens edges.
    Sharpen,
    /// The mean of each pixel's neighbourhood.
    Blur,
    /// Shows edges only.
    Edge,
}

impl Preset {
    /// The preset's 3 x 3 weights, row by row.
    #[must_use]
    pub const fn weights(self) -> [f64; 9] {
        match self {
            Self::None => [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            Self::Sharpen => [0.0, -1.0, 0.0, -1.0, 5.0, -1.0, 0.0, -1.0, 0.0],
            Self::Blur => [1.0 / 9.0; 9],
            Self::Edge => [-1.0, -1.0, -1.0, -1.0, 8.0, -1.0, -1.0, -1.0, -1.0],
        }
    }
}

impl FromStr for Preset {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "none" => Ok(Self::None),
            "sharpen" => Ok(Self::Sharpen),
            "blur" => Ok(Self::Blur),
            "edge" => Ok(Self::Edge),
            _ => Err(format!("no filter is called {name}: none, sharpen, blur or edge")),
        }
    }
}
