//! Element-wise arithmetic modulo 2^64, with NumPy broadcasting.

use super::Tensor;
use crate::{
    Backend, Result,
    backend::{Arithmetic, Operand},
    parallel,
    pieces::in_pieces,
    shape,
};

impl Tensor {
    /// `self + other`, broadcast.
    ///
    /// # Errors
    /// [`Error::Shapes`](crate::Error::Shapes) when the shapes do not broadcast.
    pub fn add(&self, other: &Self) -> Result<Self> {
        self.combine("add", Arithmetic::Add, other)
    }

    /// `self - other`, broadcast.
    ///
    /// # Errors
    /// [`Error::Shapes`](crate::Error::Shapes) when the shapes do not broadcast.
    pub fn sub(&self, other: &Self) -> Result<Self> {
        self.combine("sub", Arithmetic::Subtract, other)
    }

    /// `self * other` element by element, broadcast.
    ///
    /// # Errors
    /// [`Error::Shapes`](crate::Error::Shapes) when the shapes do not broadcast.
    pub fn mul(&self, other: &Self) -> Result<Self> {
        self.combine("mul", Arithmetic::Multiply, other)
    }

    /// `-self`.
    pub fn neg(&self) -> Self {
        self.with_value(Arithmetic::Negate, 0)
    }

    /// `self + value`.
    pub fn add_scalar(&self, value: u64) -> Self {
        self.with_value(Arithmetic::Add, value)
    }

    /// `self * value`.
    pub fn mul_scalar(&self, value: u64) -> Self {
        self.with_value(Arithmetic::Multiply, value)
    }

    /// `self * 2^bits`; 0 from 64 bits on.
    pub fn shl(&self, bits: u32) -> Self {
        match bits {
            0..=63 => self.with_value(Arithmetic::ShiftLeft, u64::from(bits)),
            _ => Self::zeros(self.shape()),
        }
    }

    /// `self / 2^bits` rounded down, of the unsigned elements; 0 from 64 bits on.
    pub fn shr(&self, bits: u32) -> Self {
        match bits {
            0..=63 => self.with_value(Arithmetic::ShiftRight, u64::from(bits)),
            _ => Self::zeros(self.shape()),
        }
    }

    /// `self` modulo `2^bits`; unchanged from 64 bits on.
    pub fn low_bits(&self, bits: u32) -> Self {
        match bits {
            0..=63 => self.with_value(Arithmetic::And, (1 << bits) - 1),
            _ => self.clone(),
        }
    }

    fn combine(&self, name: &'static str, op: Arithmetic, other: &Self) -> Result<Self> {
        if self.shape() == other.shape() {
            let (a, b) = (self.as_slice(), other.as_slice());
            let data = in_pieces(self.len(), |at, out| {
                let range = at..at + out.len();
                let (a, b) = (&a[range.clone()], &b[range]);
                Backend::detect().arithmetic(op, out, Operand::Slice(a), Operand::Slice(b));
            });
            return Ok(Self::assemble(self.shape(), data));
        }
        let target = shape::broadcast(name, self.shape(), other.shape())?;
        let mut data = vec![0; shape::count(name, &target)?];
        Broadcast::plan(self, other, &target).run(op, &mut data);
        Ok(Self::assemble(&target, data))
    }

    fn with_value(&self, op: Arithmetic, value: u64) -> Self {
        let a = self.as_slice();
        let data = in_pieces(self.len(), |at, out| {
            let a = Operand::Slice(&a[at..at + out.len()]);
            Backend::detect().arithmetic(op, out, a, Operand::Value(value));
        });
        Self::assemble(self.shape(), data)
    }
}

/// Two operands cut into runs: along a run, each operand either advances with the result or stands still.
struct Broadcast<'a> {
    left: Strided<'a>,
    right: Strided<'a>,
    /// The axes before the run.
    outer: Vec<usize>,
    /// The elements in a run.
    run: usize,
}

struct Strided<'a> {
    data: &'a [u64],
    strides: Vec<usize>,
    advances: bool,
}

impl<'a> Broadcast<'a> {
    fn plan(left: &'a Tensor, right: &'a Tensor, target: &[usize]) -> Self {
        let strides = [left, right].map(|x| shape::broadcast_strides(x.shape(), target));
        // Take axes into the run from the last on, while both operands keep to one way of moving.
        let mut advances: [Option<bool>; 2] = [None, None];
        let mut first = target.len();
        while first > 0 {
            let axis = first - 1;
            if target[axis] != 1 {
                let moves = [strides[0][axis] != 0, strides[1][axis] != 0];
                if advances.iter().zip(moves).any(|(known, now)| known.is_some_and(|k| k != now)) {
                    break;
                }
                advances = moves.map(Some);
            }
            first = axis;
        }
        let [left_strides, right_strides] = strides;
        let strided = |x: &'a Tensor, strides: Vec<usize>, advances: Option<bool>| Strided {
            data: x.as_slice(),
            strides,
            advances: advances.unwrap_or(false),
        };
        Self {
            left: strided(left, left_strides, advances[0]),
            right: strided(right, right_strides, advances[1]),
            outer: target[..first].to_vec(),
            run: target[first..].iter().product(),
        }
    }

    fn run(&self, op: Arithmetic, out: &mut [u64]) {
        if out.is_empty() {
            return;
        }
        let runs = out.len() / self.run;
        let per_chunk = parallel::chunk_size(runs, parallel::WORTHWHILE.div_ceil(self.run));
        parallel::for_each_chunk(out, per_chunk * self.run, |index, out| {
            for (offset, piece) in out.chunks_exact_mut(self.run).enumerate() {
                let at = index * per_chunk + offset;
                let left = self.left.operand(at, &self.outer, self.run);
                let right = self.right.operand(at, &self.outer, self.run);
                Backend::detect().arithmetic(op, piece, left, right);
            }
        });
    }
}

impl Strided<'_> {
    /// The operand of run number `run`.
    fn operand(&self, mut run: usize, outer: &[usize], len: usize) -> Operand<'_> {
        let mut offset = 0;
        for (size, stride) in outer.iter().zip(&self.strides).rev() {
            offset += run % size * stride;
            run /= size;
        }
        match self.advances {
            true => Operand::Slice(&self.data[offset..offset + len]),
            false => Operand::Value(self.data[offset]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_wraps() {
        let x = Tensor::from_vec(&[3], vec![0, 1, u64::MAX]).unwrap();
        assert_eq!(x.add(&x).unwrap().into_vec(), [0, 2, u64::MAX - 1]);
        assert_eq!(x.sub(&Tensor::scalar(1)).unwrap().into_vec(), [u64::MAX, 0, u64::MAX - 1]);
        assert_eq!(Tensor::scalar(1).sub(&x).unwrap().into_vec(), [1, 0, 2]);
        assert_eq!(x.mul(&x).unwrap().into_vec(), [0, 1, 1]);
        assert_eq!(x.neg().into_vec(), [0, u64::MAX, 1]);
        assert_eq!(x.add_scalar(1).into_vec(), [1, 2, 0]);
        assert_eq!(x.mul_scalar(3).into_vec(), [0, 3, u64::MAX - 2]);
    }

    #[test]
    fn shifts_and_masks_take_any_count() {
        let x = Tensor::from_vec(&[2], vec![5, u64::MAX]).unwrap();
        assert_eq!(x.shl(63).into_vec(), [1 << 63, 1 << 63]);
        assert_eq!(x.shl(64).into_vec(), [0, 0]);
        assert_eq!(x.shr(1).into_vec(), [2, u64::MAX >> 1]);
        assert_eq!(x.shr(64).into_vec(), [0, 0]);
        assert_eq!(x.low_bits(2).into_vec(), [1, 3]);
        assert_eq!(x.low_bits(0).into_vec(), [0, 0]);
        assert_eq!(x.low_bits(64), x);
    }

    #[test]
    fn rows_columns_and_channels_broadcast() {
        let row = Tensor::from_vec(&[3], vec![1, 2, 3]).unwrap();
        let column = Tensor::from_vec(&[2, 1], vec![10, 20]).unwrap();
        let sum = row.add(&column).unwrap();
        assert_eq!(
            (sum.shape(), sum.as_slice()),
            ([2, 3].as_slice(), [11, 12, 13, 21, 22, 23].as_slice())
        );
        let image = Tensor::from_vec(&[2, 2, 1, 2], (0..8).collect()).unwrap();
        let bias = Tensor::from_vec(&[2, 1, 1], vec![100, 200]).unwrap();
        assert_eq!(image.add(&bias).unwrap().into_vec(), [100, 101, 202, 203, 104, 105, 206, 207]);
        assert!(image.add(&Tensor::zeros(&[3])).is_err());
        assert_eq!(
            image.add(&Tensor::zeros(&[0, 1, 1, 1])).unwrap_err().to_string().split(':').next(),
            Some("add")
        );
        assert_eq!(row.add(&Tensor::zeros(&[0, 1])).unwrap().shape(), [0, 3]);
    }
}
