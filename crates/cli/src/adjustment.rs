//! The secret adjustment, as options.

use clap::Args;
use cryptab_photo::{Adjust, Preset};

use crate::failure::Failure;

/// The adjustment. What is not given leaves the photo as it is.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Adjustment")]
pub(crate) struct Adjustment {
    /// Levels to add, -255 to 255.
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    brightness: f64,
    /// Scale around level 128, 0 to 4; 1 changes nothing.
    #[arg(long, default_value_t = 1.0)]
    contrast: f64,
    /// Distance from grey, 0 to 4; 0 is grey, 1 changes nothing.
    #[arg(long, default_value_t = 1.0)]
    saturation: f64,
    /// Levels to add to red and take from blue, -128 to 128.
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    warmth: f64,
    /// none, sharpen, blur, edge, or 9 or 25 weights with commas, row by row.
    #[arg(long, default_value = "none", allow_hyphen_values = true)]
    filter: String,
}

impl Adjustment {
    /// The adjustment, if every part is in its range.
    pub(crate) fn checked(&self) -> Result<Adjust, Failure> {
        let adjust = Adjust {
            brightness: self.brightness,
            contrast: self.contrast,
            saturation: self.saturation,
            warmth: self.warmth,
            filter: weights(&self.filter)?,
        };
        adjust.checked()?;
        Ok(adjust)
    }
}

fn weights(filter: &str) -> Result<Vec<f64>, Failure> {
    if !filter.contains(',') {
        let preset: Preset = filter.parse().map_err(Failure::input)?;
        return Ok(preset.weights().to_vec());
    }
    let weight = |text: &str| {
        let parsed = text.trim().parse::<f64>();
        parsed.map_err(|_| Failure::input(format!("`{}` is no filter weight", text.trim())))
    };
    filter.split(',').map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::weights;

    #[test]
    fn filters_are_names_or_numbers() {
        assert_eq!(weights("sharpen").unwrap()[4], 5.0);
        assert_eq!(weights("0,-1,0, -1,5,-1, 0,-1,0").unwrap(), weights("sharpen").unwrap());
        assert!(weights("soften").is_err());
        assert!(weights("1,2,x").is_err());
    }
}
