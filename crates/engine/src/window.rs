//! Windows of pooling: which elements of an axis each output covers.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A window that slides along one axis, as in `PyTorch`'s pooling.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub struct Window {
    /// Elements under the window.
    pub kernel: u32,
    /// From one window to the next.
    pub stride: u32,
    /// Elements added on both sides: they never win, and count 0 in an average.
    pub padding: u32,
    /// From one element of a window to the next.
    pub dilation: u32,
    /// What happens to a last window that does not fit.
    pub rounding: Rounding,
}

/// Whether a last window may hang over the end.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Rounding {
    /// It is dropped.
    Floor,
    /// It counts (`ceil_mode`), unless it would begin in the padding.
    Ceil,
}

/// How an axis is divided among outputs.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Bins {
    /// By a window that slides.
    Sliding(Window),
    /// Into so many parts of nearly equal size, which may overlap by an element.
    Adaptive(u32),
}

impl Window {
    /// A window of `kernel` elements that moves by its own size.
    #[must_use]
    pub const fn new(kernel: u32) -> Self {
        Self { kernel, stride: kernel, padding: 0, dilation: 1, rounding: Rounding::Floor }
    }

    /// The same with another stride.
    #[must_use]
    pub const fn stride(self, stride: u32) -> Self {
        Self { stride, ..self }
    }

    /// The same with padding on both sides.
    #[must_use]
    pub const fn padding(self, padding: u32) -> Self {
        Self { padding, ..self }
    }

    /// The same with gaps.
    #[must_use]
    pub const fn dilation(self, dilation: u32) -> Self {
        Self { dilation, ..self }
    }

    /// The same where a last window may hang over the end.
    #[must_use]
    pub const fn ceil(self) -> Self {
        Self { rounding: Rounding::Ceil, ..self }
    }
}

/// Largest kernel, stride, dilation or number of parts.
const MOST: usize = 1 << 20;

/// The elements under every window of one axis.
pub(crate) struct Taps {
    /// Per window, per element of the window: where it is, or `None` beyond the data.
    pub(crate) windows: Vec<Vec<Option<usize>>>,
    /// Per window: how many elements it covers, padding included, overhang not.
    pub(crate) extents: Vec<usize>,
}

impl Taps {
    pub(crate) fn of(bins: Bins, size: usize, operation: &'static str) -> Result<Self> {
        let refused = |reason: String| Err(Error::misuse(operation, reason));
        if size == 0 {
            return refused("an axis has no elements".into());
        }
        match bins {
            Bins::Sliding(window) => Self::sliding(window, size)
                .map_or_else(|| refused(format!("{window:?} does not fit an axis of {size}")), Ok),
            Bins::Adaptive(outputs) if outputs == 0 || outputs as usize > MOST => {
                refused(format!("an output of size {outputs}"))
            }
            Bins::Adaptive(outputs) => Ok(Self::adaptive(outputs as usize, size)),
        }
    }

    fn sliding(window: Window, size: usize) -> Option<Self> {
        let Window { kernel, stride, padding, dilation, rounding } = window;
        let [kernel, stride, padding, dilation] =
            [kernel, stride, padding, dilation].map(|n| n as usize);
        let positive = kernel > 0 && stride > 0 && dilation > 0;
        if !positive || kernel.max(stride).max(dilation) > MOST || padding > kernel / 2 {
            return None;
        }
        let extent = dilation.checked_mul(kernel - 1)?.checked_add(1)?;
        // The last window that counts begins here; a hanging one may even be the first.
        let overhang = if rounding == Rounding::Ceil { stride - 1 } else { 0 };
        let room = (size + 2 * padding + overhang).checked_sub(extent)?;
        let mut outputs = room / stride + 1;
        if rounding == Rounding::Ceil && (outputs - 1) * stride >= size + padding {
            outputs -= 1;
        }
        let tap = |output: usize, i: usize| {
            (output * stride + i * dilation).checked_sub(padding).filter(|&at| at < size)
        };
        Some(Self {
            windows: (0..outputs).map(|o| (0..kernel).map(|i| tap(o, i)).collect()).collect(),
            extents: (0..outputs).map(|o| kernel.min(size + 2 * padding - o * stride)).collect(),
        })
    }

    fn adaptive(outputs: usize, size: usize) -> Self {
        let bin = |o: usize| o * size / outputs..((o + 1) * size).div_ceil(outputs);
        let longest = (0..outputs).map(|o| bin(o).len()).max().unwrap_or(0);
        let window = |o: usize| {
            let tap = |i: usize| Some(bin(o).start + i).filter(|&at| at < bin(o).end);
            (0..longest).map(tap).collect()
        };
        Self {
            windows: (0..outputs).map(window).collect(),
            extents: (0..outputs).map(|o| bin(o).len()).collect(),
        }
    }

    pub(crate) fn outputs(&self) -> usize {
        self.windows.len()
    }

    /// Elements of a window.
    pub(crate) fn kernel(&self) -> usize {
        self.windows.first().map_or(0, Vec::len)
    }

    /// Per window: how many elements it has.
    pub(crate) fn counts(&self) -> Vec<usize> {
        self.windows.iter().map(|window| window.iter().flatten().count()).collect()
    }

    /// The same where missing elements repeat the nearest one of their window: the largest
    /// stays, and so does where it is first. `None` if a window has no element at all.
    pub(crate) fn repeated(&self) -> Option<Vec<Vec<usize>>> {
        let nearest = |window: &Vec<Option<usize>>| {
            let first = window.iter().flatten().next().copied()?;
            let repeat = |last: &mut usize, tap: &Option<usize>| {
                *last = tap.unwrap_or(*last);
                Some(*last)
            };
            Some(window.iter().scan(first, repeat).collect())
        };
        self.windows.iter().map(nearest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_those_of_pytorch() {
        let window = Window::new(2).padding(1);
        let taps = Taps::of(Bins::Sliding(window), 3, "test").unwrap();
        assert_eq!(taps.windows, [[None, Some(0)], [Some(1), Some(2)]]);
        assert_eq!(taps.repeated().unwrap(), [[0, 0], [1, 2]]);
        let ceil = Taps::of(Bins::Sliding(Window::new(2).ceil()), 5, "test").unwrap();
        assert_eq!(ceil.windows[2], [Some(4), None]);
        assert_eq!(ceil.extents, [2, 2, 1]);
        assert_eq!(ceil.counts(), [2, 2, 1]);
        // The third window would begin in the padding.
        let dropped = Window::new(2).padding(1).ceil();
        assert_eq!(Taps::of(Bins::Sliding(dropped), 2, "test").unwrap().outputs(), 2);
        let bins = Taps::of(Bins::Adaptive(3), 5, "test").unwrap();
        assert_eq!(bins.counts(), [2, 3, 2]);
        assert_eq!(bins.windows[1], [Some(1), Some(2), Some(3)]);
        assert!(Taps::of(Bins::Sliding(Window::new(4)), 3, "test").is_err());
        let hangs = Taps::of(Bins::Sliding(Window::new(3).stride(2).ceil()), 2, "test").unwrap();
        assert_eq!((hangs.outputs(), hangs.extents), (1, vec![2]));
        assert!(Taps::of(Bins::Sliding(Window::new(2).padding(2)), 9, "test").is_err());
        assert!(Taps::of(Bins::Sliding(Window::new(2)), 0, "test").is_err());
    }
}
