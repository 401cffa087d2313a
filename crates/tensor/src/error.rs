//! What can go wrong. Every error here is the caller's: wrong shapes, wrong lengths, values without an encoding.

use thiserror::Error;

/// An operation that was asked for something impossible.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The data do not fill the shape exactly.
    #[error("{op}: shape {shape:?} holds {expected} elements, got {actual}")]
    Length {
        /// The operation.
        op: &'static str,
        /// The shape to fill.
        shape: Vec<usize>,
        /// How many elements the shape holds.
        expected: usize,
        /// How many there were.
        actual: usize,
    },
    /// The shape has more elements than memory can address.
    #[error("{op}: shape {shape:?} has too many elements")]
    TooLarge {
        /// The operation.
        op: &'static str,
        /// The shape.
        shape: Vec<usize>,
    },
    /// Two shapes that do not fit each other.
    #[error("{op}: shapes {left:?} and {right:?} do not fit: {reason}")]
    Shapes {
        /// The operation.
        op: &'static str,
        /// The shape of the left (or only) operand.
        left: Vec<usize>,
        /// The shape of the right operand, or the shape asked for.
        right: Vec<usize>,
        /// The rule that they break.
        reason: &'static str,
    },
    /// An axis that the shape does not have, or that is named twice.
    #[error("{op}: shape {shape:?} has no axis {axis}, or the axis is named twice")]
    Axis {
        /// The operation.
        op: &'static str,
        /// The shape.
        shape: Vec<usize>,
        /// The offending axis.
        axis: usize,
    },
    /// A parameter outside its domain.
    #[error("{op}: {reason}, got {value} (shape {shape:?})")]
    Parameter {
        /// The operation.
        op: &'static str,
        /// The shape of the operand.
        shape: Vec<usize>,
        /// The rule that is broken.
        reason: &'static str,
        /// The value that breaks it.
        value: i128,
    },
    /// A NaN or an infinity where a number is needed.
    #[error("encode: element {index} is {value}, which is not a finite number")]
    NotFinite {
        /// Which element.
        index: usize,
        /// What it is.
        value: f64,
    },
    /// A number too large for the fixed-point format.
    #[error(
        "encode: element {index} is {value}; with {frac_bits} fraction bits its absolute value must be below {limit}"
    )]
    OutOfRange {
        /// Which element.
        index: usize,
        /// What it is.
        value: f64,
        /// The codec's fraction bits.
        frac_bits: u32,
        /// The bound, 2^(62 - 2f).
        limit: f64,
    },
    /// Two sets of bit planes of different sizes.
    #[error(
        "{op}: {left_planes} planes of {left_len} bits and {right_planes} planes of {right_len} bits do not fit"
    )]
    Planes {
        /// The operation.
        op: &'static str,
        /// Planes on the left.
        left_planes: usize,
        /// Bits per plane on the left.
        left_len: usize,
        /// Planes on the right.
        right_planes: usize,
        /// Bits per plane on the right.
        right_len: usize,
    },
    /// A packed form of the wrong length.
    #[error("{op}: expected {expected} {unit}, got {actual}")]
    Packed {
        /// The operation.
        op: &'static str,
        /// What is counted.
        unit: &'static str,
        /// The exact count owed.
        expected: usize,
        /// The count found.
        actual: usize,
    },
    /// Bits set where a packed form has only padding.
    #[error("{op}: the unused bits after the last element are not zero")]
    Padding {
        /// The operation.
        op: &'static str,
    },
}
