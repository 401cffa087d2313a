//! Tables indexed by a secret: the index is opened under a mask, and what the dealer shares is
//! turned by what was opened.
//!
//! Source: one-time truth tables, Ishai et al. (TCC 2013); TinyTable (ePrint 2016/695).

use std::sync::Arc;

use cryptab_correlation::{Known, Structure};
use cryptab_tensor::Tensor;

use crate::affine::Partial;
use crate::form::Form;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;

/// An index opened under a mask: i^ = i + rho modulo 2^bits.
pub(crate) struct Turn {
    opened: Lazy<Tensor>,
    rho: Known,
    bits: u32,
    count: usize,
}

impl Turn {
    /// Opens shares of `count` indices modulo 2^bits. Cost: 1 round, `bits` bits each.
    pub(crate) fn open(
        recorder: &Recorder<'_>,
        index: &Lazy<Tensor>,
        count: usize,
        bits: u32,
    ) -> Self {
        let form = Form::modulo(recorder, &Partial::whole(recorder.formula(index)), &[count], bits);
        let (opened, mask) = form.parts();
        Self { opened: recorder.computed(opened), rho: mask.known.clone(), bits, count }
    }

    pub(crate) const fn size(&self) -> usize {
        1 << self.bits
    }

    /// What all know: i + rho modulo 2^bits.
    pub(crate) const fn opened(&self) -> &Lazy<Tensor> {
        &self.opened
    }

    /// `[d + rho = 0]` for every d, as an expression `[count, 2^bits]`.
    pub(crate) fn hot(&self) -> Known {
        let one =
            Known::Structure(Structure::Reshape(vec![1]), Arc::new(Known::Combine(Vec::new(), 1)));
        let zeros = Structure::Pad { widths: vec![(0, self.size() as u64 - 1)], edge: false };
        let unit = Known::Structure(zeros, Arc::new(one));
        Known::Turned { table: Arc::new(unit), index: Arc::new(self.rho.clone()) }
    }

    /// Shares modulo 2^width of `[d + rho = 0]`, `[count, 2^bits]`. Cost: 2^bits - 1 numbers.
    pub(crate) fn hot_shares(&self, recorder: &Recorder<'_>, width: u32) -> Lazy<Tensor> {
        let (count, size) = (self.count, self.size());
        let most = vec![(0, count as u64, 1), (0, size as u64 - 1, 1)];
        let dealt = Known::Structure(Structure::Slice(most), Arc::new(self.hot()));
        let dealt = recorder.deal_tensor(dealt, width);
        let one = u64::from(recorder.leads());
        recorder.queue().map(&dealt, move |dealt| {
            let mut all = Vec::with_capacity(count * size);
            for row in dealt.as_slice().chunks_exact(size - 1) {
                all.extend_from_slice(row);
                all.push(row.iter().fold(one, |rest, share| rest.wrapping_sub(*share)));
            }
            Tensor::from_vec(&[count, size], all).expect("a row per index")
        })
    }
}

/// Indicators of secret indices below `classes` <= 2^bits, `[count, classes]`, as integers.
///
/// The dealer shares the one-hot vector of -rho; the parties turn it by the opened index.
/// Cost: 1 round, `bits` bits, (2^bits - 1) 64 dealer bits each.
pub(crate) fn one_hot(
    recorder: &Recorder<'_>,
    index: &Lazy<Tensor>,
    count: usize,
    classes: usize,
    bits: u32,
) -> Lazy<Tensor> {
    let turn = Turn::open(recorder, index, count, bits);
    let hot = turn.hot_shares(recorder, 64);
    let size = turn.size();
    recorder.queue().zip(&hot, &turn.opened, move |hot, opened| {
        let mut all = Vec::with_capacity(count * classes);
        for (row, &opened) in hot.as_slice().chunks_exact(size).zip(opened.as_slice()) {
            all.extend((0..classes).map(|class| row[place(class, opened, size)]));
        }
        Tensor::from_vec(&[count, classes], all).expect("a flag per class")
    })
}

/// Rows of a secret table at secret indices, `[count, columns]`, at the scale of the table.
///
/// With E the one-hot vector of -rho and K_d = lambda_(d - rho):
/// `table[i] = sum_j t^_j E_(j - i^) - K_(i^)`.
/// Cost: 1 round, `bits` bits (and 64 per element of the table, once); `2^bits (1 + columns) - 1`
/// times 64 dealer bits per index.
pub(crate) fn gather(
    recorder: &Recorder<'_>,
    index: &Lazy<Tensor>,
    count: usize,
    (table, shape): (&Number, [usize; 2]),
    bits: u32,
) -> Lazy<Tensor> {
    let [rows, columns] = shape;
    let form = table.full(recorder, &shape);
    let (hat, mask) = form.parts();
    let hat = recorder.computed(hat);
    let turn = Turn::open(recorder, index, count, bits);
    let size = turn.size();
    let hot = turn.hot_shares(recorder, 64);
    let zeros = Structure::Pad { widths: vec![(0, (size - rows) as u64), (0, 0)], edge: false };
    let padded = Known::Structure(zeros, Arc::new(mask.known.clone()));
    let back = Known::Combine(vec![(u64::MAX, turn.rho.clone())], 0);
    let offsets = Known::Turned { table: Arc::new(padded), index: Arc::new(back) };
    let offsets = recorder.deal_tensor(offsets, 64);
    let (hat_in, opened_in) = (hat.clone(), turn.opened.clone());
    let (hot_in, offsets_in) = (hot.clone(), offsets.clone());
    recorder.queue().after(&[&hat, &turn.opened, &hot, &offsets], move || {
        let (hat, opened) = (hat_in.get(), opened_in.get());
        let (hot, offsets) = (hot_in.get(), offsets_in.get());
        let (hat, offsets) = (hat.as_slice(), offsets.as_slice());
        let mut all = vec![0_u64; count * columns];
        for (i, &opened) in opened.as_slice().iter().enumerate() {
            let hot = &hot.as_slice()[i * size..(i + 1) * size];
            let out = &mut all[i * columns..(i + 1) * columns];
            let offset = (i * size + place(0, opened.wrapping_neg(), size)) * columns;
            for (sum, offset) in out.iter_mut().zip(&offsets[offset..]) {
                *sum = offset.wrapping_neg();
            }
            for row in 0..rows {
                let flag = hot[place(row, opened, size)];
                for (sum, &hat) in out.iter_mut().zip(&hat[row * columns..(row + 1) * columns]) {
                    *sum = sum.wrapping_add(flag.wrapping_mul(hat));
                }
            }
        }
        Tensor::from_vec(&[count, columns], all).expect("a row per index")
    })
}

/// `(position - opened) mod size`, for a size that is a power of two.
pub(crate) fn place(position: usize, opened: u64, size: usize) -> usize {
    let turned = (position as u64).wrapping_sub(opened) & (size as u64 - 1);
    usize::try_from(turned).expect("below the size")
}
