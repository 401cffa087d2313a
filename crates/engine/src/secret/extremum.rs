use cryptab_correlation::Structure;
use cryptab_tensor::Tensor;

use super::Secret;
use super::structure::narrow;
use crate::lazy::Lazy;
use crate::op::{Compare, Extremum, Op, Want};
use crate::protocol::extremum::{self, Chosen, ONE_GROUP, Places, Search, Sizes, Wanted};
use crate::protocol::linear;
use crate::value::{Body, FULL_WIDTH, Number};
use crate::{Error, Result};

impl Secret {
    /// The largest element along `axes`, which disappear (or stay with size 1 if `keep`). Exact.
    ///
    /// Cost for n elements: 4 rounds at full width for n <= 4, 5 for n <= 10, else
    /// `1 + 3 ceil(log4 n)`; one round fewer if the range is declared ([`Secret::within`] up to
    /// 31). Every element is opened under a mask; n (n - 1) / 2 comparisons for n <= 10, else
    /// about 2 n. Source: all-pairs maximum, Ohata-Nuida (FC 2020); ABY2.0.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([[1.0, 7.0], [5.0, 2.0]], |x| x.amax(&[0], false)), [5.0, 7.0]);
    /// ```
    ///
    /// # Errors
    /// If an axis does not exist or is named twice, or there are no elements.
    pub fn amax(&self, axes: &[usize], keep: bool) -> Result<Self> {
        self.extreme(axes, keep, Extremum::Max, Want::Value).map(|(value, _)| value)
    }

    /// The smallest element along `axes`. As [`Secret::amax`].
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn amin(&self, axes: &[usize], keep: bool) -> Result<Self> {
        self.extreme(axes, keep, Extremum::Min, Want::Value).map(|(value, _)| value)
    }

    /// The smallest and the largest element along `axes`, in the same rounds. As
    /// [`Secret::amax`]; elements are opened once.
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn aminmax(&self, axes: &[usize], keep: bool) -> Result<(Self, Self)> {
        Ok((self.amin(axes, keep)?, self.amax(axes, keep)?))
    }

    /// The largest element along an axis, and where it is first: an integer. Exact.
    ///
    /// Cost: as [`Secret::amax`]; positions are free in the first stage of the tournament.
    ///
    /// ```
    /// # use cryptab_engine::Secret;
    /// # use cryptab_testkit::with_secret;
    /// let found = with_secret([3.0, 8.0, 5.0], |x| {
    ///     let (value, place) = x.max(0, false)?;
    ///     Secret::stack(&[value, place], 0)
    /// });
    /// assert_eq!(found, [8.0, 1.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn max(&self, axis: usize, keep: bool) -> Result<(Self, Self)> {
        self.both(axis, keep, Extremum::Max)
    }

    /// The smallest element along an axis, and where it is first. As [`Secret::max`].
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn min(&self, axis: usize, keep: bool) -> Result<(Self, Self)> {
        self.both(axis, keep, Extremum::Min)
    }

    /// Where the largest element along an axis is first: an integer. Exact.
    ///
    /// Cost: as [`Secret::max`], without the products of the last stage.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([3.0, 8.0, 5.0], |x| x.argmax(0, false)), [1.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn argmax(&self, axis: usize, keep: bool) -> Result<Self> {
        self.extreme(&[axis], keep, Extremum::Max, Want::Index).map(|(index, _)| index)
    }

    /// Where the smallest element along an axis is first. As [`Secret::argmax`].
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn argmin(&self, axis: usize, keep: bool) -> Result<Self> {
        self.extreme(&[axis], keep, Extremum::Min, Want::Index).map(|(index, _)| index)
    }

    /// 1 at the (first) largest element along an axis, 0 elsewhere: integers, the shape stays.
    ///
    /// Exact. Cost: up to 10 elements as [`Secret::argmax`]; beyond, [`Secret::one_hot`] of it in
    /// one round more (`1 + 3 ceil(log4 n)` in all).
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn argmax_one_hot(&self, axis: usize) -> Result<Self> {
        self.extreme(&[axis], false, Extremum::Max, Want::OneHot).map(|(flags, _)| flags)
    }

    /// 1 at the (first) smallest element along an axis. As [`Secret::argmax_one_hot`].
    ///
    /// # Errors
    /// As [`Secret::amax`].
    pub fn argmin_one_hot(&self, axis: usize) -> Result<Self> {
        self.extreme(&[axis], false, Extremum::Min, Want::OneHot).map(|(flags, _)| flags)
    }

    fn both(&self, axis: usize, keep: bool, extremum: Extremum) -> Result<(Self, Self)> {
        let (values, indices) = self.extreme(&[axis], keep, extremum, Want::ValueAndIndex)?;
        Ok((values, indices.expect("two results were asked for")))
    }

    fn extreme(
        &self,
        axes: &[usize],
        keep: bool,
        extremum: Extremum,
        want: Want,
    ) -> Result<(Self, Option<Self>)> {
        let a = self.as_number()?;
        let compare = a.choice_range();
        let axes_numbers = axes.iter().map(|&axis| narrow(axis)).collect();
        let mut op = Op::Extremum { a: a.id(), axes: axes_numbers, keep, extremum, want, compare };
        let name = op.name();
        let layout = Layout::of(a.shape(), axes, keep, name)?;
        let sizes = layout.sizes;
        let tournament = sizes.rows > ONE_GROUP;
        if want == Want::OneHot && tournament {
            // One level in every stage: the round that is saved turns the index into indicators.
            let compare = Compare { levels: 1, ..compare };
            let numbers = axes.iter().map(|&axis| narrow(axis)).collect();
            let want = Want::Index;
            op = Op::Extremum { a: a.id(), axes: numbers, keep: false, extremum, want, compare };
            let search = Search { extremum, compare };
            let layout = Layout::of(a.shape(), axes, false, name)?;
            let index = a.choose(op, &layout, search, want)?.0;
            return index.one_hot_along(axes[0], sizes.rows).map(|flags| (flags, None));
        }
        a.choose(op, &layout, Search { extremum, compare }, want)
    }

    fn choose(
        &self,
        op: Op,
        layout: &Layout,
        search: Search,
        want: Want,
    ) -> Result<(Self, Option<Self>)> {
        let x = self.numbers(op.name())?;
        let sizes = layout.sizes;
        check_work(op.name(), sizes)?;
        let (own_shape, shape) = (self.shape().to_vec(), layout.shape.clone());
        let arranged = |recorder: &crate::recorder::Recorder<'_>| {
            if sizes.rows > 1 {
                let _opened = x.in_ring(recorder, &own_shape, u32::from(search.compare.width));
            }
            let arrange = |x: Number, s: &Structure| linear::arrange(recorder, &x, s);
            layout.structures.iter().fold(x.alias(), arrange)
        };
        if want == Want::OneHot {
            // Indicators are dealt at once.
            check_work(op.name(), Sizes { columns: sizes.columns.saturating_mul(40), ..sizes })?;
            let back = layout.back.clone();
            let flags = Self::record_number(&self.core, op, self.shape(), |recorder| {
                let flags = extremum::indicators(recorder, &arranged(recorder), sizes, search);
                let shares = recorder.queue().map(&flags, move |flags| {
                    let apply =
                        |t: Tensor, s: &Structure| s.apply(&t).expect("shapes were checked");
                    back.iter().fold(flags, apply)
                });
                Number::shared(0, shares)
            })?;
            return Ok((flags, None));
        }
        let place = (want != Want::Value).then(|| Places {
            positions: Lazy::thunk(move || {
                let rows = (0..sizes.rows as u64).flat_map(|row| vec![row; sizes.columns]);
                Tensor::from_vec(&[sizes.rows, sizes.columns], rows.collect()).expect("as many")
            }),
            bits: usize::BITS - (sizes.rows - 1).leading_zeros(),
            out: 64,
        });
        let wanted = Wanted { value: want != Want::Index, place };
        self.record_choice(op, &shape, x.frac, |recorder| {
            extremum::first(recorder, arranged(recorder), sizes, search, &wanted)
        })
    }

    /// Records an operation with one or two results.
    pub(super) fn record_choice(
        &self,
        op: Op,
        shape: &[usize],
        frac: u8,
        steps: impl FnOnce(&crate::recorder::Recorder<'_>) -> Chosen,
    ) -> Result<(Self, Option<Self>)> {
        let mut second = None;
        let width = self.value().width;
        let reshaped = |recorder: &crate::recorder::Recorder<'_>, shares: &Lazy<Tensor>| {
            let shape = shape.to_vec();
            recorder.queue().map(shares, move |t| t.reshape(&shape).expect("as many"))
        };
        let first = Self::record(&self.core, op, shape, width, |recorder| {
            let Chosen { value, place } = steps(recorder);
            let value = value.map(|value| Number::shared(frac, reshaped(recorder, &value)));
            let place = place.map(|place| Number::shared(0, reshaped(recorder, &place)));
            match (value, place) {
                (Some(value), place) => {
                    second = place;
                    Body::Number(value)
                }
                (None, Some(place)) => Body::Number(place),
                (None, None) => unreachable!("something is asked for"),
            }
        })?;
        let Some(second) = second else { return Ok((first, None)) };
        let second = Self::record_number(&self.core, Op::Second(first.id()), shape, |_| second)?;
        Ok((first, Some(second)))
    }

    /// How differences of elements are compared.
    pub(super) fn choice_range(&self) -> Compare {
        Self::range(self.value().width.saturating_add(1).min(FULL_WIDTH))
    }
}

/// How a choice along axes is laid out: candidates in rows.
pub(super) struct Layout {
    pub(super) structures: Vec<Structure>,
    /// From `[rows, columns]` to the original shape.
    pub(super) back: Vec<Structure>,
    pub(super) sizes: Sizes,
    shape: Vec<usize>,
}

impl Layout {
    pub(super) fn of(
        shape: &[usize],
        axes: &[usize],
        keep: bool,
        name: &'static str,
    ) -> Result<Self> {
        let mut seen = vec![false; shape.len()];
        for &axis in axes {
            match seen.get_mut(axis) {
                Some(seen) if !*seen => *seen = true,
                _ => {
                    let reason = format!("no axis {axis} in {shape:?}, or it is named twice");
                    return Err(Error::misuse(name, reason));
                }
            }
        }
        let others: Vec<usize> = (0..shape.len()).filter(|&axis| !seen[axis]).collect();
        let order: Vec<usize> = axes.iter().chain(&others).copied().collect();
        let product = |axes: &[usize]| axes.iter().map(|&axis| shape[axis]).product();
        let sizes = Sizes { rows: product(axes), columns: product(&others) };
        if sizes.rows == 0 {
            return Err(Error::misuse(name, format!("no elements along {axes:?} of {shape:?}")));
        }
        let kept = |axis: usize| if seen[axis] { keep.then_some(1) } else { Some(shape[axis]) };
        let inverse: Vec<u32> = (0..shape.len())
            .map(|axis| narrow(order.iter().position(|&at| at == axis).unwrap_or(axis)))
            .collect();
        let permuted: Vec<u64> = order.iter().map(|&axis| shape[axis] as u64).collect();
        Ok(Self {
            structures: vec![
                Structure::Permute(order.iter().map(|&axis| narrow(axis)).collect()),
                Structure::Reshape(vec![sizes.rows as u64, sizes.columns as u64]),
            ],
            back: vec![Structure::Reshape(permuted), Structure::Permute(inverse)],
            sizes,
            shape: (0..shape.len()).filter_map(kept).collect(),
        })
    }
}

/// Refuses choices among more candidates than are served at once.
pub(super) fn check_work(name: &'static str, sizes: Sizes) -> Result<()> {
    const MOST: usize = 1 << 26;
    if sizes.columns.saturating_mul(sizes.rows) > MOST {
        let reason = format!("{} choices among {} are too many", sizes.columns, sizes.rows);
        return Err(Error::misuse(name, reason));
    }
    Ok(())
}
