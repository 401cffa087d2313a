use super::Secret;
use super::index::check;
use crate::op::{Op, Want};
use crate::protocol::extremum::Sizes;
use crate::protocol::shuffle;
use crate::value::Number;
use crate::{Error, Result};

/// Which elements come first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// The smallest.
    Ascending,
    /// The largest.
    Descending,
}

/// What a quantile between two elements is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Interpolation {
    /// In proportion.
    Linear,
    /// The lower.
    Lower,
    /// The higher.
    Higher,
    /// Half-way.
    Midpoint,
    /// The nearer (half-way: of even rank).
    Nearest,
}

impl Secret {
    /// The elements along an axis in order, and where they were: equal elements keep theirs.
    ///
    /// Exact; nothing about the order is opened. At most 2^24 elements.
    /// Cost for n elements: 5 rounds at full width (4 for declared ranges up to 31), whatever the
    /// number of parties; n (n - 1) / 2 comparisons; 128 n dealer bits per element, n rounded up
    /// to a power of two.
    ///
    /// Beyond n = 256 and 2^22 pairs in all lines together, every line is shuffled and then merged by
    /// opened comparisons, which say nothing of the elements. Range: |v| < 2^(62-t) units, 2^t the
    /// power of two from n on. Cost for n = 10,000 at full width: 76 rounds and one per party;
    /// 95 comparisons and openings of 64 bits per element. For n = 100,000: 136, and 143.
    /// Sources: ranks by comparing all pairs, one-time truth tables: Ishai et al. (TCC 2013); opened
    /// orders of what was shuffled: Hamada et al. (ICISC 2012).
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// # use cryptab_engine::{Order, Secret};
    /// let sorted = with_secret([3.0, 1.0, 2.0], |x| {
    ///     let (values, places) = x.sort(0, Order::Ascending)?;
    ///     Secret::concat(&[values, places], 0)
    /// });
    /// assert_eq!(sorted, [1.0, 2.0, 3.0, 1.0, 2.0, 0.0]);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis, or there are too many elements.
    pub fn sort(&self, axis: usize, order: Order) -> Result<(Self, Self)> {
        let ranks: Vec<usize> = (0..self.size("sort", axis)?).collect();
        self.both_ordered("sort", axis, order, &ranks)
    }

    /// Where the elements along an axis are, in order: integers. As [`Secret::sort`], without the
    /// products of values.
    ///
    /// # Errors
    /// As [`Secret::sort`].
    pub fn argsort(&self, axis: usize, order: Order) -> Result<Self> {
        let ranks: Vec<usize> = (0..self.size("argsort", axis)?).collect();
        self.ordered("argsort", axis, order, &ranks, Want::Index).map(|(indices, _)| indices)
    }

    /// The first `count` elements of [`Secret::sort`], and where they were.
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// # use cryptab_engine::Order;
    /// let best = with_secret([3.0, 1.0, 7.0], |x| Ok(x.topk(2, 0, Order::Descending)?.0));
    /// assert_eq!(best, [7.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::sort`], or if there are fewer elements.
    pub fn topk(&self, count: usize, axis: usize, order: Order) -> Result<(Self, Self)> {
        let size = self.size("topk", axis)?;
        if count > size {
            return Err(Error::misuse("topk", format!("{count} of {size} elements")));
        }
        self.both_ordered("topk", axis, order, &(0..count).collect::<Vec<_>>())
    }

    /// The `k`-th smallest element along an axis (from 1), and where it was. As [`Secret::sort`].
    ///
    /// # Errors
    /// As [`Secret::sort`], or if there is no such element.
    pub fn kthvalue(&self, k: usize, axis: usize, keep: bool) -> Result<(Self, Self)> {
        self.ranked("kthvalue", k.checked_sub(1), axis, keep)
    }

    /// The median along an axis, the lower one of two, and where it was. As [`Secret::sort`].
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// assert_eq!(with_secret([3.0, 1.0, 7.0], |x| Ok(x.median(0, false)?.0)), [3.0]);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::sort`], or if there are no elements.
    pub fn median(&self, axis: usize, keep: bool) -> Result<(Self, Self)> {
        let size = self.size("median", axis)?;
        self.ranked("median", size.checked_sub(1).map(|last| last / 2), axis, keep)
    }

    /// The quantiles `q` (from 0 to 1) along an axis, on a new first axis; the axis disappears.
    ///
    /// Exact, but for interpolated ones: below 2 units in the last place. Cost: as
    /// [`Secret::sort`]; interpolation: 1 round more.
    ///
    /// ```
    /// # use cryptab_testkit::{assert_close, with_secret};
    /// # use cryptab_engine::Interpolation;
    /// let x = [4.0, 1.0, 3.0, 2.0];
    /// let quartile = with_secret(x, |x| x.quantile(&[0.25], 0, Interpolation::Linear));
    /// assert_close(quartile, [1.75], 1e-4);
    /// ```
    ///
    /// # Errors
    /// As [`Secret::sort`], or if there are no elements, or a quantile is outside.
    pub fn quantile(&self, q: &[f64], axis: usize, how: Interpolation) -> Result<Self> {
        const NAME: &str = "quantile";
        let size = self.size(NAME, axis)?;
        if size == 0 || q.iter().any(|q| !(0.0..=1.0).contains(q)) {
            return Err(Error::misuse(NAME, format!("quantiles {q:?} of {size} elements")));
        }
        let at: Vec<Between> = q.iter().map(|&q| Between::new(q, size, how)).collect();
        let mut ranks: Vec<usize> = at.iter().flat_map(|at| [at.low, at.high]).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let values = self.ordered(NAME, axis, Order::Ascending, &ranks, Want::Value)?.0;
        let values = values.movedim(axis, 0)?;
        let place = |rank: usize| ranks.binary_search(&rank).unwrap_or(0);
        let pick = |of: fn(&Between) -> usize| {
            values.index_select(0, &at.iter().map(|at| place(of(at))).collect::<Vec<_>>())
        };
        let low = pick(|at| at.low)?;
        if at.iter().all(|at| at.weight == 0.0) {
            return Ok(low);
        }
        let difference = pick(|at| at.high)?.sub(&low)?;
        let weights: Vec<f64> = at.iter().map(|at| at.weight).collect();
        let (raw, frac) = crate::constant::encode(&weights)?;
        let mut shape = vec![1; low.shape().len()];
        shape[0] = q.len();
        let weights = Self::public(&self.core, &shape, raw, frac)?;
        let scale = low.frac_bits().max(self.core.config.format.frac_bits);
        low.add(&difference.rescale(scale)?.mul_scaled(&weights, scale)?)
    }

    /// The same slices of an axis in an order that nobody knows.
    ///
    /// Every party permutes once, in turn; the dealer knows the order, but no element.
    /// Exact. Cost: a round per party; 64 bits per element to every peer; 64 dealer bits per
    /// element and party. Source: permute-and-share, Chase, Ghosh, Poburinnaya (ePrint 2019/1340).
    ///
    /// ```
    /// # use cryptab_testkit::with_secret;
    /// let mut shuffled = with_secret([3.0, 1.0, 2.0], |x| x.shuffle(0));
    /// shuffled.sort_by(f64::total_cmp);
    /// assert_eq!(shuffled, [1.0, 2.0, 3.0]);
    /// ```
    ///
    /// # Errors
    /// If there is no such axis.
    pub fn shuffle(&self, axis: usize) -> Result<Self> {
        const NAME: &str = "shuffle";
        let _rows = self.size(NAME, axis)?;
        let a = self.as_number()?.movedim(axis, 0)?;
        let rows = a.shape()[0];
        let columns = a.shape()[1..].iter().product();
        check(NAME, rows, columns)?;
        let (x, shape) = (a.numbers(NAME)?, a.shape().to_vec());
        let shuffled =
            Self::record(&self.core, Op::Shuffle(a.id()), &shape, a.value().width, |recorder| {
                let sizes = Sizes { rows, columns };
                let shares = shuffle::shuffle(recorder, &x.shares, &shape, sizes);
                crate::value::Body::Number(Number::shared(x.frac, shares))
            })?;
        shuffled.movedim(0, axis)
    }

    fn ranked(
        &self,
        name: &'static str,
        rank: Option<usize>,
        axis: usize,
        keep: bool,
    ) -> Result<(Self, Self)> {
        let size = self.size(name, axis)?;
        let rank = rank.filter(|&rank| rank < size);
        let rank = rank.ok_or_else(|| Error::misuse(name, format!("no such one of {size}")))?;
        let (value, index) = self.both_ordered(name, axis, Order::Ascending, &[rank])?;
        match keep {
            true => Ok((value, index)),
            false => Ok((value.squeeze(axis)?, index.squeeze(axis)?)),
        }
    }

    fn both_ordered(
        &self,
        name: &'static str,
        axis: usize,
        order: Order,
        ranks: &[usize],
    ) -> Result<(Self, Self)> {
        let (values, indices) = self.ordered(name, axis, order, ranks, Want::ValueAndIndex)?;
        Ok((values, indices.expect("two results were asked for")))
    }
}

/// Where a quantile lies.
struct Between {
    low: usize,
    high: usize,
    weight: f64,
}

impl Between {
    fn new(q: f64, size: usize, how: Interpolation) -> Self {
        let position = q * (size - 1) as f64;
        let nearest = position.round();
        let position = if (position - nearest).abs() < 1e-9 { nearest } else { position };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
        let rank = |position: f64| (position as usize).min(size - 1);
        let (low, high) = (rank(position.floor()), rank(position.ceil()));
        let between = |weight: f64| Self { low, high, weight };
        match how {
            Interpolation::Linear => between(position - position.floor()),
            Interpolation::Midpoint if low < high => between(0.5),
            Interpolation::Lower | Interpolation::Midpoint => between(0.0),
            Interpolation::Higher => Self { low: high, high, weight: 0.0 },
            Interpolation::Nearest => {
                let nearest = rank(position.round_ties_even());
                Self { low: nearest, high: nearest, weight: 0.0 }
            }
        }
    }
}
