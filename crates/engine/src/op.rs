//! Operations as data: what the tape holds, what parties agree on.

mod function;
mod shift;

use cryptab_correlation::{Run, Structure};
use serde::{Deserialize, Serialize};

pub use self::function::Function;
pub use self::shift::Shift;
use crate::window::Bins;

/// Number of a value: that of the operation which made it.
pub type ValueId = u32;

/// How a comparison is laid out.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Compare {
    /// Ring elements satisfy `|v| < 2^(width-1)`; so do differences that are compared.
    pub width: u8,
    /// Rounds of multi-fan-in ANDs: 1 is fastest, 2 takes a quarter of the dealer's bytes.
    pub levels: u8,
}

/// The largest, or the smallest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Extremum {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// What is computed of the elements among which one is chosen.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Want {
    /// The chosen one.
    Value,
    /// Where it is.
    Index,
    /// Both; the index is the operation's second result.
    ValueAndIndex,
    /// 1 where it is, 0 elsewhere.
    OneHot,
}

/// One operation on secret tensors, by the numbers of the values it takes.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Op {
    /// A private tensor of one party.
    Input {
        /// Whose.
        owner: u8,
        /// Shape.
        shape: Vec<u64>,
        /// Fraction bits.
        frac: u8,
    },
    /// Bits that every party draws for itself; their xor.
    RandomBits {
        /// Shape.
        shape: Vec<u64>,
    },
    /// A tensor of which every party holds a share.
    FromShares {
        /// Shape.
        shape: Vec<u64>,
        /// Fraction bits.
        frac: u8,
    },
    /// A tensor of words of which every party holds an xor share.
    FromBinaryShares {
        /// Shape.
        shape: Vec<u64>,
        /// Fraction bits.
        frac: u8,
    },
    /// `a`, opened under a mask.
    Masked(ValueId),
    /// The integer nearest to `a`, saturated to `0..2^bits - 1`.
    Quantize {
        /// The numbers.
        a: ValueId,
        /// Bits of the result.
        bits: u8,
        /// How the comparisons are laid out.
        compare: Compare,
    },
    /// `a` in the whole ring.
    Widen(ValueId),
    /// A tensor that all parties know.
    Constant {
        /// Shape.
        shape: Vec<u64>,
        /// Fraction bits.
        frac: u8,
        /// Hash of the elements.
        digest: [u8; 32],
    },
    /// `a + b`.
    Add(ValueId, ValueId),
    /// `a - b`.
    Sub(ValueId, ValueId),
    /// `-a`.
    Neg(ValueId),
    /// `a * b`, element by element.
    Mul {
        /// First factor.
        a: ValueId,
        /// Second factor.
        b: ValueId,
        /// Fraction bits of the result.
        frac: u8,
    },
    /// `a * a`, element by element.
    Square {
        /// The factor.
        a: ValueId,
        /// Fraction bits of the result.
        frac: u8,
    },
    /// The matrix product.
    Matmul {
        /// First factor.
        a: ValueId,
        /// Second factor.
        b: ValueId,
        /// Fraction bits of the result.
        frac: u8,
    },
    /// The convolution of input `x` with kernel `w`.
    Conv2d {
        /// Input, `[N, C, H, W]`.
        x: ValueId,
        /// Kernel, `[O, C / groups, kh, kw]`.
        w: ValueId,
        /// Stride, padding, dilation.
        sizes: [[u32; 2]; 3],
        /// Groups.
        groups: u32,
        /// Fraction bits of the result.
        frac: u8,
    },
    /// The same number with fewer fraction bits, or with more.
    Rescale {
        /// The number.
        a: ValueId,
        /// Fraction bits of the result.
        frac: u8,
    },
    /// Another arrangement, or sums of elements.
    Structure(Structure, ValueId),
    /// The mean over axes.
    Mean {
        /// The numbers.
        a: ValueId,
        /// The axes.
        axes: Vec<u32>,
        /// Whether they stay as axes of size 1.
        keep: bool,
    },
    /// Joined along an axis.
    Concat(Vec<ValueId>, u32),
    /// `[a < b]`.
    Less(ValueId, ValueId, Compare),
    /// `[a = b]`.
    Equal(ValueId, ValueId, Compare),
    /// `1 - a` of a bit; all bits of a word negated.
    Not(ValueId),
    /// A bit as the number 0 or 1, a word as the number of the same bits.
    ToNumber(ValueId),
    /// A number as the word of the same bits, a bit as the word 0 or 1.
    ToBinary(ValueId),
    /// The bits of words, moved.
    Shift(Shift, ValueId, u8),
    /// One bit of every word.
    BitOf(ValueId, u8),
    /// All bits of words, along a new last axis.
    ToBits(ValueId),
    /// Words of the bits along the last axis.
    FromBits(ValueId),
    /// `bit ? x : y`.
    Where {
        /// The condition.
        condition: ValueId,
        /// Taken where the condition holds.
        x: ValueId,
        /// Taken elsewhere.
        y: ValueId,
        /// Range of `x - y`.
        width: u8,
    },
    /// `max(a, 0)`.
    Relu(ValueId, Compare),
    /// `|a|`.
    Abs(ValueId, Compare),
    /// `min(max(a, low), high)`; bounds in units of the last place.
    Clamp {
        /// The number.
        a: ValueId,
        /// Lower bound, if any.
        low: Option<i64>,
        /// Upper bound, if any.
        high: Option<i64>,
        /// Range of the differences to the bounds.
        compare: Compare,
    },
    /// The integer nearest to `a`, halves upwards.
    Round {
        /// The number.
        a: ValueId,
        /// Range of `a`, and levels.
        compare: Compare,
    },
    /// A smooth function.
    Smooth(Function, ValueId, Compare),
    /// `a / b`, element by element.
    Div {
        /// The dividend.
        a: ValueId,
        /// The divisor.
        b: ValueId,
        /// Range of the divisor.
        compare: Compare,
    },
    /// `dot / sqrt(a b)`, element by element.
    Cosine {
        /// The product of two vectors.
        dot: ValueId,
        /// Their squares.
        squares: [ValueId; 2],
        /// Ranges of the squares.
        compare: [Compare; 2],
    },
    /// `a` to the power of a public integer.
    Pow {
        /// The base.
        a: ValueId,
        /// The exponent.
        exponent: i32,
        /// Range of the base.
        compare: Compare,
    },
    /// `a xor b` of bits or words.
    Xor(ValueId, ValueId),
    /// Whether all bits hold; of words, bit by bit.
    And(Vec<ValueId>),
    /// -1, 0 or 1.
    Sign(ValueId, Compare),
    /// The largest or smallest of the elements along axes, ties to the lowest index.
    Extremum {
        /// The numbers.
        a: ValueId,
        /// The axes, in the order in which indices count.
        axes: Vec<u32>,
        /// Whether they stay as axes of size 1.
        keep: bool,
        /// Which.
        extremum: Extremum,
        /// What of it.
        want: Want,
        /// Range of the differences, and levels of the first stage.
        compare: Compare,
    },
    /// The largest element under every window over the last axes.
    MaxPool {
        /// The numbers.
        a: ValueId,
        /// A window per axis.
        windows: Vec<Bins>,
        /// Values, or values and flat indices.
        want: Want,
        /// Range of the differences, and levels of the first stage.
        compare: Compare,
    },
    /// Indicators of secret indices.
    OneHot {
        /// The indices.
        a: ValueId,
        /// They are below this.
        classes: u32,
    },
    /// Rows of a table at secret indices.
    Lookup {
        /// The indices.
        index: ValueId,
        /// The table.
        table: ValueId,
    },
    /// The elements along the first axis in order, at some ranks.
    Order {
        /// The numbers.
        a: ValueId,
        /// Which come first.
        extremum: Extremum,
        /// The ranks.
        ranks: Vec<Run>,
        /// Values, or where they were, or both.
        want: Want,
        /// Range of the differences, and levels.
        compare: Compare,
    },
    /// The slices of the first axis in an order that nobody knows.
    Shuffle(ValueId),
    /// The second result of an operation.
    Second(ValueId),
    /// Exponentials along an axis, divided by their sum.
    Softmax {
        /// The numbers.
        a: ValueId,
        /// The axis.
        axis: u32,
        /// Whether the logarithm is taken.
        log: bool,
        /// Range of the differences.
        compare: Compare,
    },
    /// A declaration: `|a| < 2^(width-1)` in units of the last place.
    Within(ValueId, u8),
    /// Opened to all parties.
    Reveal(ValueId),
    /// Opened to one party.
    RevealTo(ValueId, u8),
}

impl Op {
    /// The operation's name, as in the API.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Input { .. } => "input",
            Self::RandomBits { .. } => "random_bits",
            Self::FromShares { .. } => "from_shares",
            Self::FromBinaryShares { .. } => "from_binary_shares",
            Self::Constant { .. } => "constant",
            Self::Add(..) => "add",
            Self::Sub(..) => "sub",
            Self::Neg(_) => "neg",
            Self::Mul { .. } => "mul",
            Self::Square { .. } => "square",
            Self::Matmul { .. } => "matmul",
            Self::Conv2d { .. } => "conv2d",
            Self::Masked(_) => "masked",
            Self::Quantize { .. } => "quantize",
            Self::Widen(_) => "widen",
            Self::Rescale { .. } => "rescale",
            Self::Structure(structure, _) => match structure {
                Structure::Reshape(_) => "reshape",
                Structure::Permute(_) => "permute",
                Structure::Slice(_) => "slice",
                Structure::Pad { .. } => "pad",
                Structure::Broadcast(_) => "broadcast",
                Structure::Sum { .. } => "sum",
                Structure::Take { .. } => "index_select",
            },
            Self::Mean { .. } => "mean",
            Self::Concat(..) => "concat",
            Self::Less(..) => "lt",
            Self::Equal(..) => "eq",
            Self::Not(_) => "not",
            Self::ToNumber(_) => "to_number",
            Self::ToBinary(_) => "to_binary",
            Self::Shift(shift, ..) => shift.name(),
            Self::BitOf(..) => "bit",
            Self::ToBits(_) => "to_bits",
            Self::FromBits(_) => "from_bits",
            Self::Where { .. } => "where",
            Self::Relu(..) => "relu",
            Self::Abs(..) => "abs",
            Self::Clamp { .. } => "clamp",
            Self::Round { .. } => "round",
            Self::Smooth(function, ..) => function.name(),
            Self::Cosine { .. } => "cosine_similarity",
            Self::Div { .. } => "div",
            Self::Pow { .. } => "pow",
            Self::Xor(..) => "xor",
            Self::And(_) => "and",
            Self::Sign(..) => "sign",
            Self::Extremum { extremum, want, .. } => match (extremum, want) {
                (Extremum::Max, Want::Value | Want::ValueAndIndex) => "max",
                (Extremum::Min, Want::Value | Want::ValueAndIndex) => "min",
                (Extremum::Max, _) => "argmax",
                (Extremum::Min, _) => "argmin",
            },
            Self::MaxPool { .. } => "max_pool",
            Self::OneHot { .. } => "one_hot",
            Self::Lookup { .. } => "lookup",
            Self::Order { .. } => "sort",
            Self::Shuffle(_) => "shuffle",
            Self::Second(_) => "second",
            Self::Softmax { log: false, .. } => "softmax",
            Self::Softmax { log: true, .. } => "log_softmax",
            Self::Within(..) => "within",
            Self::Reveal(_) => "reveal",
            Self::RevealTo(..) => "reveal_to",
        }
    }
}
