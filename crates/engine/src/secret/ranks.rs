//! The elements at some ranks along an axis, and which protocol finds them: all pairs are compared
//! at once, or in parts; or long lines are merged.

use cryptab_correlation::{Run, Structure};
use cryptab_tensor::Tensor;

use super::index::{check, width_of};
use super::{Order, Secret};
use crate::op::{Compare, Extremum, Op, Want};
use crate::protocol::extremum::{Chosen, Search, Sizes};
use crate::protocol::{linear, merge, order};
use crate::value::FULL_WIDTH;
use crate::{Error, Result};

/// Pairs that are compared at once, at most.
const MOST_PAIRS: usize = 1 << 22;
/// Of lines up to this length all pairs are compared, whatever their number.
const SHORT: usize = 256;
/// Elements of all lines together.
const MOST: usize = 1 << 24;

/// What is asked of the order along the first axis.
#[derive(Clone, Copy)]
struct Asked<'a> {
    name: &'static str,
    extremum: Extremum,
    ranks: &'a [usize],
    want: Want,
}

/// Values or indices; indices beside values.
type Found = (Secret, Option<Secret>);

impl Secret {
    /// The elements at some ranks along an axis, which keeps its place.
    pub(super) fn ordered(
        &self,
        name: &'static str,
        axis: usize,
        order: Order,
        ranks: &[usize],
        want: Want,
    ) -> Result<Found> {
        let a = self.as_number()?.movedim(axis, 0)?;
        let extremum = match order {
            Order::Ascending => Extremum::Min,
            Order::Descending => Extremum::Max,
        };
        let asked = Asked { name, extremum, ranks, want };
        let sizes = Sizes { rows: a.shape()[0], columns: a.shape()[1..].iter().product() };
        let (values, indices) = match sizes.rows {
            0 | 1 => a.trivially_ordered(asked)?,
            rows if sizes.columns <= MOST_PAIRS / sizes.pairs() => {
                check(name, rows * sizes.columns, 1 << width_of(rows))?;
                a.ordered_at_once(asked, sizes)?
            }
            rows if rows.saturating_mul(sizes.columns) > MOST => {
                let reason = format!("{} columns of {rows} elements are too many", sizes.columns);
                return Err(Error::misuse(name, reason));
            }
            0..=SHORT => a.ordered_in_parts(asked, sizes)?,
            _ => a.merged(asked, sizes)?,
        };
        let back = |x: Self| x.movedim(0, axis);
        Ok((back(values)?, indices.map(back).transpose()?))
    }

    /// At most one element: its rank is 0, and so is its index.
    fn trivially_ordered(&self, asked: Asked<'_>) -> Result<Found> {
        let shape = self.ranked_shape(asked);
        let count = shape.iter().product();
        let index = || Self::public(&self.core, &shape, vec![0; count], 0);
        let value = self.index_select(0, asked.ranks)?;
        Ok(match asked.want {
            Want::Value | Want::OneHot => (value, None),
            Want::Index => (index()?, None),
            Want::ValueAndIndex => (value, Some(index()?)),
        })
    }

    fn ordered_at_once(&self, asked: Asked<'_>, sizes: Sizes) -> Result<Found> {
        let Asked { name, extremum, ranks, want } = asked;
        let compare = self.choice_range();
        let x = self.numbers(name)?;
        let own_shape = self.shape();
        let wanted = order::Wanted {
            ranks: ranks.to_vec(),
            value: want != Want::Index,
            index: want != Want::Value,
        };
        let bits = width_of(sizes.rows);
        let op = self.order_op(asked, compare);
        self.record_choice(op, &self.ranked_shape(asked), x.frac, |recorder| {
            let _opened = x.in_ring(recorder, own_shape, u32::from(compare.width));
            let x = linear::arrange(recorder, x, &lines(sizes));
            order::ordered(recorder, &x, sizes, Search { extremum, compare }, &wanted, bits)
        })
    }

    /// Many short lines, some at a time. They share rounds.
    fn ordered_in_parts(&self, asked: Asked<'_>, sizes: Sizes) -> Result<Found> {
        let Sizes { rows, columns } = sizes;
        let flat = self.reshape(&[rows, columns])?;
        let most = MOST_PAIRS / sizes.pairs();
        let parts = (0..columns).step_by(most).map(|start| {
            let columns = most.min(columns - start);
            flat.narrow(1, start, columns)?.ordered_at_once(asked, Sizes { rows, columns })
        });
        let (values, indices): (Vec<Self>, Vec<Option<Self>>) =
            parts.collect::<Result<Vec<_>>>()?.into_iter().unzip();
        let shape = self.ranked_shape(asked);
        let joined = |parts: &[Self]| Self::concat(parts, 1)?.reshape(&shape);
        let indices: Option<Vec<Self>> = indices.into_iter().collect();
        Ok((joined(&values)?, indices.map(|indices| joined(&indices)).transpose()?))
    }

    /// Long lines. They share rounds.
    fn merged(&self, asked: Asked<'_>, sizes: Sizes) -> Result<Found> {
        let Asked { name, extremum, want, .. } = asked;
        let bits = width_of(sizes.rows);
        // Differences of keys, which have the index in the bits below.
        let width = u32::from(self.value().width) + bits + 1;
        let width = u8::try_from(width).map_or(FULL_WIDTH, |width| width.min(FULL_WIDTH));
        let compare = Self::range(width);
        let x = self.numbers(name)?;
        let op = self.order_op(asked, compare);
        let Sizes { rows, columns } = sizes;
        let ranks = asked.ranks.to_vec();
        self.record_choice(op, &self.ranked_shape(asked), x.frac, |recorder| {
            let queue = recorder.queue();
            let sorted: Vec<_> = (0..columns)
                .map(|column| {
                    let line = queue.map(&x.shares, move |x: Tensor| {
                        let line = x.as_slice().iter().skip(column).step_by(columns).copied();
                        Tensor::from_vec(&[rows], line.collect()).expect("a number per row")
                    });
                    merge::sorted(recorder, &line, rows, Search { extremum, compare }, bits)
                })
                .collect();
            let picked = |which: usize| {
                let ranks = ranks.clone();
                queue.gather(&sorted, move |sorted| {
                    let all = ranks.iter().flat_map(|rank| {
                        sorted.iter().map(move |pairs| pairs.as_slice()[2 * rank + which])
                    });
                    Tensor::from_vec(&[ranks.len(), columns], all.collect()).expect("all ranks")
                })
            };
            Chosen {
                value: (want != Want::Index).then(|| picked(0)),
                place: (want != Want::Value).then(|| picked(1)),
            }
        })
    }

    fn ranked_shape(&self, asked: Asked<'_>) -> Vec<usize> {
        [&[asked.ranks.len()], &self.shape()[1..]].concat()
    }

    fn order_op(&self, asked: Asked<'_>, compare: Compare) -> Op {
        let Asked { extremum, ranks, want, .. } = asked;
        Op::Order { a: self.id(), extremum, ranks: Run::compress(ranks), want, compare }
    }
}

/// Columns, of the rows of the first axis.
fn lines(Sizes { rows, columns }: Sizes) -> Structure {
    Structure::Reshape(vec![rows as u64, columns as u64])
}
