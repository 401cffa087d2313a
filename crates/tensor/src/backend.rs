//! The kernels, and the choice between the instruction sets that they are compiled for.
//!
//! Every backend computes exactly the same bits; the tests at the end hold each against the scalar one. This module and
//! its children are the only ones with `unsafe`: each use calls code compiled for an instruction set, or loads vectors
//! from slices whose lengths it has checked.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod scalar;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128;

use std::sync::OnceLock;

/// An instruction set that this machine has.
///
/// Values come from [`Backend::detect`] and [`Backend::available`] only, so holding one proves that its instructions
/// can run here.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Backend(Kind);

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Kind {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

/// 64 words of 64 bits: row `i` is word `i`, column `j` is bit `j`.
pub(crate) type Block = [u64; 64];

/// Elements that a product of several factors is computed on at a time: they stay in the first-level cache.
pub(crate) const TILE: usize = 512;

/// The most digits that are looked up at a time.
pub(crate) const MOST_DIGITS: usize = 8;

/// An element-wise operation. `Negate` looks at its left operand only; shifts take their count from the right one,
/// which must be below 64.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Negate,
    And,
    ShiftLeft,
    ShiftRight,
}

/// What an element-wise operation reads: an element per result, or one for all.
#[derive(Clone, Copy)]
pub(crate) enum Operand<'a> {
    Slice(&'a [u64]),
    Value(u64),
}

/// The inner kernel of matrix products: `tile = left * right` for panels packed `[depth][rows]` and
/// `[depth][columns]`, and a row-major tile of `rows * columns`.
#[derive(Clone, Copy)]
pub(crate) struct TileKernel {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// From this size on, an eighth of the multiplications is worth some passes of additions: where a product of two
    /// elements is slow, and additions are vectors.
    pub(crate) halved_from: usize,
    pub(crate) run: fn(left: &[u64], right: &[u64], tile: &mut [u64]),
}

/// `run!(backend, kernel(arguments))` is the kernel compiled for the backend.
macro_rules! run {
    ($backend:expr, $kernel:ident ( $($argument:expr),* )) => {
        match $backend.0 {
            Kind::Scalar => scalar::$kernel($($argument),*),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => avx2::$kernel($($argument),*),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => avx512::$kernel($($argument),*),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Kind::Simd128 => simd128::$kernel($($argument),*),
        }
    };
}

impl Kind {
    fn is_present(self) -> bool {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Self::Simd128 => true,
            Self::Scalar => true,
        }
    }
}

impl Backend {
    /// The fastest backend of this machine.
    pub fn detect() -> Self {
        static FASTEST: OnceLock<Backend> = OnceLock::new();
        *FASTEST.get_or_init(|| Self::available()[0])
    }

    /// All backends of this machine, fastest first.
    pub fn available() -> Vec<Self> {
        let fastest_first = [
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Kind::Simd128,
            Kind::Scalar,
        ];
        fastest_first.into_iter().filter(|kind| kind.is_present()).map(Self).collect()
    }

    /// What people call it: `"avx512"`, `"avx2"`, `"simd128"` or `"scalar"`.
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512 => "avx512",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Kind::Simd128 => "simd128",
        }
    }

    /// `out = left op right`, element by element.
    ///
    /// # Panics
    /// When a slice operand is not as long as `out`.
    pub(crate) fn arithmetic(
        self,
        op: Arithmetic,
        out: &mut [u64],
        left: Operand<'_>,
        right: Operand<'_>,
    ) {
        run!(self, arithmetic(op, out, left, right));
    }

    /// `out[i] += sum over t of weights[t] * taps[t][i]`.
    ///
    /// # Panics
    /// When a tap is shorter than `out`, or there are not as many weights as taps.
    pub(crate) fn weighted_sum(self, out: &mut [u64], taps: &[&[u64]], weights: &[u64]) {
        assert_eq!(taps.len(), weights.len(), "one weight per tap");
        run!(self, weighted_sum(out, taps, weights));
    }

    /// Adds the product of some factors to at most [`TILE`] sums.
    ///
    /// # Panics
    /// When there are more sums than that, and more than two factors.
    pub(crate) fn add_product(self, sums: &mut [u64], factors: &[&[u64]]) {
        run!(self, add_product(sums, factors));
    }

    /// The inner product, up to the shorter operand.
    pub(crate) fn dot(self, left: &[u64], right: &[u64]) -> u64 {
        run!(self, dot(left, right))
    }

    /// Bit `j` of word `i` becomes bit `i` of word `j`.
    pub(crate) fn transpose(self, block: &mut Block) {
        run!(self, transpose(block));
    }

    /// Bit `i % 64` of word `i / 64` becomes element `i`, 0 or 1.
    ///
    /// # Panics
    /// When there are fewer bits than elements.
    pub(crate) fn spread(self, out: &mut [u64], words: &[u64]) {
        run!(self, spread(out, words));
    }

    /// Compares public digits with a number whose one-hot word is shared: see [`crate::compare_digits`].
    ///
    /// # Panics
    /// When planes are shorter than the results, or the digits do not fit the tables.
    pub(crate) fn compare_digits(
        self,
        (digits, hot): (&[&[u64]], &[&[u64]]),
        parity: u64,
        less: &mut [u64],
        equal: &mut [u64],
    ) {
        assert!(digits.len() <= MOST_DIGITS && hot.len() + 1 == 1 << digits.len(), "a table");
        assert_eq!(less.len(), equal.len(), "planes of one length");
        run!(self, compare_digits(digits, hot, parity, less, equal));
    }

    /// The kernel for tiles of matrix products.
    pub(crate) fn tile_kernel(self) -> TileKernel {
        run!(self, tile_kernel())
    }
}

#[cfg(test)]
mod tests;
