//! A photo adjusted in private: one party brings the photo, another secret adjustments; the
//! adjusted photo is revealed to the photo's owner alone.
//!
//! The adjustment, exactly: saturation s interpolates each channel with the Rec. 601 luma Y
//! (Y + s (c - Y)), contrast k scales around 128, brightness adds levels, warmth w adds w to red
//! and subtracts it from blue: together one affine map M rgb + b. Then a filter of 3x3 or 5x5
//! weights (as a cross-correlation), borders replicated; then clamp to 0..255 and round to
//! nearest. Map and filter are secret; sizes of photo and filter are public.
//!
//! The owner, who sees the photo before and after, can infer much of the adjustment from the two:
//! that is in the nature of the result.

mod adjust;
mod agreement;
mod clear;
mod error;
mod filter;
mod program;

pub use adjust::Adjust;
pub use agreement::Agreement;
pub use clear::clear;
pub use error::Error;
pub use filter::{Preset, Side};
pub use program::{Parties, Run, Size, record};
