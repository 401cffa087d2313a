use serde::{Deserialize, Serialize};

/// How the bits of words are moved.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Shift {
    /// Towards the highest bit; zeros come in.
    Left,
    /// Towards the lowest bit; copies of the highest come in.
    Right,
    /// Towards the lowest bit; zeros come in.
    RightLogical,
    /// Towards the highest bit; what leaves comes in again.
    Rotate,
}

impl Shift {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Left => "shift_left",
            Self::Right => "shift_right",
            Self::RightLogical => "shift_right_logical",
            Self::Rotate => "rotate_left",
        }
    }

    /// The word with its bits moved by less than 64 places; linear in the bits.
    pub(crate) const fn apply(self, word: u64, by: u8) -> u64 {
        match self {
            Self::Left => word << by,
            Self::Right => (word.cast_signed() >> by).cast_unsigned(),
            Self::RightLogical => word >> by,
            Self::Rotate => word.rotate_left(by as u32),
        }
    }
}
