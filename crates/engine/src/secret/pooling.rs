use cryptab_correlation::Structure;

use super::Secret;
use super::extremum::check_work;
use crate::lazy::Lazy;
use crate::op::{Op, Want};
use crate::protocol::extremum::{self, Places, Search, Wanted};
use crate::protocol::linear;
use crate::protocol::pooling::Patches;
use crate::value::Number;
use crate::window::{Bins, Taps, Window};
use crate::{Error, Extremum, Result};

/// Significant bits of the public factors of an average.
const PRECISION: u8 = 28;

/// What an average is divided by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Divisor {
    /// The elements under the window, padding included (`count_include_pad`).
    WithPadding,
    /// The elements under the window that are data.
    WithoutPadding,
    /// This number.
    Fixed(u32),
}

impl Secret {
    /// The largest element under every window over the last axes: `PyTorch`'s `max_pool1d`, `2d`,
    /// `3d` by the number of windows. Exact; padding never wins.
    ///
    /// Cost: every element is opened once; then as [`Secret::amax`] of the elements of a window.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// # use cryptab_engine::Window;
    /// let largest = with_secret([[1.0, 4.0, 3.0, 2.0]], |x| x.max_pool(&[Window::new(2)]));
    /// assert_eq!(largest, [4.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If a window does not fit its axis, or has no element.
    pub fn max_pool(&self, windows: &[Window]) -> Result<Self> {
        let bins: Vec<Bins> = windows.iter().map(|&window| Bins::Sliding(window)).collect();
        self.pool(&bins, Want::Value).map(|(values, _)| values)
    }

    /// As [`Secret::max_pool`]; also where each element is in the flattened windowed axes, ties
    /// to the lowest index.
    ///
    /// # Errors
    /// As [`Secret::max_pool`].
    pub fn max_pool_with_indices(&self, windows: &[Window]) -> Result<(Self, Self)> {
        let bins: Vec<Bins> = windows.iter().map(|&window| Bins::Sliding(window)).collect();
        self.pool_both(&bins)
    }

    /// The largest element of every part of the last axes, divided into `sizes` parts. Exact.
    /// As [`Secret::max_pool`].
    ///
    /// # Errors
    /// If there are more sizes than axes, or one is 0.
    pub fn adaptive_max_pool(&self, sizes: &[u32]) -> Result<Self> {
        let bins: Vec<Bins> = sizes.iter().map(|&size| Bins::Adaptive(size)).collect();
        self.pool(&bins, Want::Value).map(|(values, _)| values)
    }

    /// The mean under every window over the last axes: `PyTorch`'s `avg_pool1d`, `2d`, `3d` by the
    /// number of windows.
    ///
    /// Range: `|mean| < 2^17` at 16 fraction bits. Error: 4 units in the last place at most.
    /// Cost: 1 round and 64 bits if the divisors are powers of two, or a divisor is 1; else 2
    /// and 128.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// # use cryptab_engine::{Divisor, Window};
    /// let (x, windows) = ([[1.0, 4.0, 3.0, 2.0]], [Window::new(2)]);
    /// let mean = with_secret(x, |x| x.avg_pool(&windows, Divisor::WithPadding));
    /// assert_close(mean, [2.5, 2.5], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If a window does not fit its axis, has no element, or is dilated.
    pub fn avg_pool(&self, windows: &[Window], divisor: Divisor) -> Result<Self> {
        let bins: Vec<Bins> = windows.iter().map(|&window| Bins::Sliding(window)).collect();
        self.average(&bins, divisor)
    }

    /// The mean of every part of the last axes, divided into `sizes` parts. As
    /// [`Secret::avg_pool`].
    ///
    /// # Errors
    /// If there are more sizes than axes, or one is 0.
    pub fn adaptive_avg_pool(&self, sizes: &[u32]) -> Result<Self> {
        let bins: Vec<Bins> = sizes.iter().map(|&size| Bins::Adaptive(size)).collect();
        self.average(&bins, Divisor::WithoutPadding)
    }

    fn pool(&self, bins: &[Bins], want: Want) -> Result<(Self, Option<Self>)> {
        const NAME: &str = "max_pool";
        let a = self.as_number()?;
        let taps = a.taps(bins, NAME)?;
        let patches = Patches::of(a.shape(), &taps)
            .ok_or_else(|| Error::misuse(NAME, "a window has no element"))?;
        check_work(NAME, patches.sizes)?;
        let compare = a.choice_range();
        let op = Op::MaxPool { a: a.id(), windows: bins.to_vec(), want, compare };
        let x = a.numbers(NAME)?;
        let search = Search { extremum: Extremum::Max, compare };
        let (own_shape, shape, sizes) = (a.shape(), patches.shape.clone(), patches.sizes);
        a.record_choice(op, &shape, x.frac, |recorder| {
            if sizes.rows > 1 {
                let _opened = x.in_ring(recorder, own_shape, u32::from(compare.width));
            }
            let arrange = |x: Number, s: &Structure| linear::arrange(recorder, &x, s);
            let candidates = patches.structures.iter().fold(x.alias(), arrange);
            let place = (want == Want::ValueAndIndex).then(|| Places {
                bits: usize::BITS - (patches.area().max(1) - 1).leading_zeros(),
                out: 64,
                positions: Lazy::thunk(move || patches.positions()),
            });
            extremum::first(recorder, candidates, sizes, search, &Wanted { value: true, place })
        })
    }

    fn pool_both(&self, bins: &[Bins]) -> Result<(Self, Self)> {
        let (values, indices) = self.pool(bins, Want::ValueAndIndex)?;
        Ok((values, indices.expect("two results were asked for")))
    }

    fn average(&self, bins: &[Bins], divisor: Divisor) -> Result<Self> {
        const NAME: &str = "avg_pool";
        let dilated = |bins: &Bins| matches!(bins, Bins::Sliding(window) if window.dilation != 1);
        if bins.iter().any(dilated) {
            return Err(Error::misuse(NAME, "averages have no dilation"));
        }
        let mut total = self.as_number()?;
        let taps = total.taps(bins, NAME)?;
        let first = total.shape().len() - taps.len();
        for (i, taps) in taps.iter().enumerate() {
            total = total.window_sums(first + i, taps)?;
        }
        let mut divisors = vec![1];
        for taps in &taps {
            let counts = match divisor {
                Divisor::WithPadding => taps.extents.clone(),
                Divisor::WithoutPadding => taps.counts(),
                Divisor::Fixed(_) => vec![1; taps.outputs()],
            };
            let extended = |before: &usize| counts.iter().map(|n| before * n).collect::<Vec<_>>();
            divisors = divisors.iter().flat_map(extended).collect();
        }
        if let Divisor::Fixed(fixed) = divisor {
            divisors.fill(fixed as usize);
        }
        let shape = total.shape()[first..].to_vec();
        let divisors: Vec<f64> = divisors.iter().map(|&divisor| divisor as f64).collect();
        total.divided(&shape, &divisors, PRECISION, NAME)
    }

    /// Sums under the windows of one axis. Free.
    fn window_sums(&self, axis: usize, taps: &Taps) -> Result<Self> {
        let size = self.shape()[axis];
        let complete = taps.windows.iter().flatten().all(Option::is_some);
        let padded = match complete {
            true => self.snapshot(),
            false => {
                let mut widths = vec![(0, 0); self.shape().len()];
                widths[axis].1 = 1;
                self.pad(&widths, cryptab_tensor::PadMode::Zero)?
            }
        };
        let tap = |i: usize| taps.windows.iter().map(move |window| window[i].unwrap_or(size));
        let positions: Vec<usize> = (0..taps.kernel()).flat_map(tap).collect();
        let mut shape = padded.shape().to_vec();
        shape.splice(axis..=axis, [taps.kernel(), taps.outputs()]);
        padded.arrange(Structure::take(axis, &positions))?.reshape(&shape)?.sum(&[axis], false)
    }

    fn taps(&self, bins: &[Bins], name: &'static str) -> Result<Vec<Taps>> {
        let Some(first) = self.shape().len().checked_sub(bins.len()) else {
            let reason = format!("{} windows over shape {:?}", bins.len(), self.shape());
            return Err(Error::misuse(name, reason));
        };
        let sizes = &self.shape()[first..];
        bins.iter().zip(sizes).map(|(&bins, &size)| Taps::of(bins, size, name)).collect()
    }
}
