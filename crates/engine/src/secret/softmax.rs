use cryptab_correlation::Structure;

use super::Secret;
use super::extremum::{Layout, check_work};
use super::smooth::BOUNDED;
use crate::Result;
use crate::op::{Compare, Op};
use crate::protocol::extremum::Sizes;
use crate::protocol::smooth::argument_in_ring;
use crate::protocol::{linear, softmax};
use crate::recorder::Recorder;
use crate::value::{Body, FULL_WIDTH, Number};

impl Secret {
    /// Exponentials along an axis, divided by their sum: e^x_i / sum_j e^x_j.
    ///
    /// Domain: |x_i - x_j| < 2^31, or the declared range ([`Secret::within`]), which makes the
    /// maximum cheaper. Error: 2^-14. Cost for 10 classes in a declared range of 31 bits: 10
    /// rounds, 26 bytes, 443 dealer bytes per class.
    /// Source: maximum by Ohata-Nuida; exponential and reciprocal as [`Secret::exp`] and
    /// [`Secret::reciprocal`].
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// let y = with_secret([1.0, 1.0, 0.0], |x| x.softmax(0));
    /// assert_close(y, [0.422_319, 0.422_319, 0.155_362], 1e-4);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis, or it has no elements.
    pub fn softmax(&self, axis: usize) -> Result<Self> {
        self.softmax_or_log(axis, false)
    }

    /// The logarithm of [`Secret::softmax`]: x_i - log sum_j e^x_j, with an error of 2^-14 too, one
    /// round less and fewer bytes.
    ///
    /// # Errors
    /// As [`Secret::softmax`].
    pub fn log_softmax(&self, axis: usize) -> Result<Self> {
        self.softmax_or_log(axis, true)
    }

    fn softmax_or_log(&self, axis: usize, log: bool) -> Result<Self> {
        let a = self.at_working_scale()?;
        let compare = a.smooth_range();
        let number = u32::try_from(axis).unwrap_or(u32::MAX);
        let op = Op::Softmax { a: a.id(), axis: number, log, compare };
        let name = op.name();
        let Layout { structures, back, sizes, .. } = Layout::of(a.shape(), &[axis], true, name)?;
        check_work(name, sizes)?;
        let x = a.numbers(name)?;
        let (width, protocol) = match log {
            false => (BOUNDED, softmax::softmax as Softmax),
            true => (FULL_WIDTH, softmax::log_softmax as Softmax),
        };
        Self::record(&a.core, op, a.shape(), width, |recorder| {
            let _form = argument_in_ring(recorder, x, a.shape(), compare.width);
            let arrange = |x: Number, s: &Structure| linear::arrange(recorder, &x, s);
            let rows = structures.iter().fold(x.alias(), arrange);
            let result = protocol(recorder, &rows, sizes, compare);
            Body::Number(back.iter().fold(result, arrange))
        })
    }
}

type Softmax = fn(&Recorder<'_>, &Number, Sizes, Compare) -> Number;
