//! Plain tensors over the ring `Z_2^64`, packed bit planes, and the fixed-point codec between real numbers and the ring.
//!
//! Nothing here is secret by itself and nothing here talks to anyone: this crate is the arithmetic that shares,
//! masks and public values have in common. Arithmetic wraps modulo 2^64, always; a negative number `-v` is the ring
//! element `2^64 - v`.
//!
//! * [`Tensor`]: elements of the ring, any rank, NumPy broadcasting, row-major.
//! * [`Formula`]: a tensor whose elements are computed where they are read.
//! * [`matmul`] and [`conv2d`], with [`matmul_shape`] and [`conv2d_shape`] for programs that have no data yet.
//! * [`Bits`]: bit planes, 64 bits to a word, and [`pack`] / [`unpack`] for elements of any width on the wire.
//! * [`Codec`]: `f64` to ring and back.
//! * [`Backend`]: which instruction set the kernels use. Chosen at run time; every choice gives the same bits.
//!
//! This is the only crate of the workspace with `unsafe` code (in `backend` and `pieces`, nowhere else) and the only one
//! that asks for the target architecture.
//!
//! Running times depend on shapes alone, not on values, but for [`Codec::encode`], which stops at the first element
//! that it cannot encode.
//!
//! ```
//! use cryptab_tensor::{Codec, Tensor, matmul};
//!
//! let codec = Codec::default();
//! let x = Tensor::from_vec(&[2, 2], codec.encode(&[1.0, -2.0, 0.5, 4.0])?)?;
//! let w = Tensor::from_vec(&[2, 1], vec![3, 1])?;
//! let y = matmul(&x, &w)?;
//! assert_eq!(y.shape(), [2, 1]);
//! assert_eq!(codec.decode(y.as_slice()), [1.0, 5.5]);
//! # Ok::<(), cryptab_tensor::Error>(())
//! ```

mod backend;
mod bits;
mod codec;
mod conv;
mod digits;
mod error;
mod formula;
mod gemm;
mod matmul;
mod pack;
mod parallel;
mod pieces;
mod shape;
mod strassen;
mod tensor;

pub use backend::Backend;
pub use bits::Bits;
pub use codec::Codec;
pub use conv::{Conv2d, conv2d, conv2d_on, conv2d_shape};
pub use digits::{compare_digits, lanes};
pub use error::Error;
pub use formula::{Formula, Reader};
pub use matmul::{matmul, matmul_on, matmul_shape};
pub use pack::{check_packed, pack, pack_onto, packed_len, unpack, unpack_into};
pub use pieces::{PIECE, in_pieces};
pub use shape::broadcast_shape;
pub use tensor::{KeepDim, PadMode, Slice, Tensor};

/// What every fallible function of this crate returns.
pub type Result<T> = std::result::Result<T, Error>;
