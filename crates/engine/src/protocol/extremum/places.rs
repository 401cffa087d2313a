//! Positions of candidates, of which the winner's is chosen.

use cryptab_tensor::Tensor;

use super::class::Class;
use super::{Sizes, Standing};
use crate::affine::Partial;
use crate::form::Form;
use crate::gate::Gates;
use crate::lazy::Lazy;
use crate::recorder::Recorder;

/// Positions of one stage, ready to be chosen from.
pub(super) struct MaskedPlaces {
    pub(super) standing: MaskedStanding,
    pub(super) bits: u32,
}

pub(super) enum MaskedStanding {
    Public(Lazy<Tensor>),
    Secret(Form, Lazy<Tensor>),
}

impl MaskedPlaces {
    /// `narrow`: the width that is opened at least, and the width of the results.
    pub(super) fn of(
        recorder: &Recorder<'_>,
        standing: &Standing,
        sizes: Sizes,
        (room, out): (u32, u32),
    ) -> Option<Self> {
        let shape = sizes.shape();
        Some(match standing {
            Standing::Unwanted => return None,
            Standing::Public(positions) => {
                Self { standing: MaskedStanding::Public(positions.clone()), bits: 64 }
            }
            Standing::Secret(shares, bits) => {
                let whole = Partial::whole(recorder.formula(shares));
                let (form, shares) = match (out, bits) {
                    (64, 64) => (Form::opened(recorder, &whole, &shape, 64), shares.clone()),
                    (64, _) => {
                        let form = Form::lift(recorder, &whole.shares, &shape, room, 0);
                        let shares = form.affine().shares(recorder, 64);
                        (form, shares)
                    }
                    _ => (Form::modulo(recorder, &whole, &shape, out), shares.clone()),
                };
                Self { standing: MaskedStanding::Secret(form, shares), bits: out }
            }
        })
    }

    /// Shares of the chosen positions, `[groups * columns]`.
    pub(super) fn choose(
        &self,
        recorder: &Recorder<'_>,
        gates: &Gates,
        class: &Class,
        sizes: Sizes,
    ) -> Lazy<Tensor> {
        let structures = class.structures(sizes);
        let rows = class.size;
        let arrange = |tensor: &Lazy<Tensor>| {
            let structures = structures.clone();
            recorder.queue().map(tensor, move |tensor| {
                structures.iter().fold(tensor, |tensor, structure| {
                    structure.apply(&tensor).expect("shapes were checked")
                })
            })
        };
        match &self.standing {
            MaskedStanding::Public(positions) => {
                let leads = recorder.leads();
                let positions = arrange(positions);
                recorder.queue().zip(gates.values(), &positions, move |wins, positions| {
                    choose_public(&wins, &positions, leads)
                })
            }
            MaskedStanding::Secret(form, shares) => {
                let form = structures.iter().fold(form.clone(), |form, structure| {
                    form.arranged(recorder, structure).expect("a fresh mask is a small expression")
                });
                let change = gates.choose(recorder, &form, self.bits);
                recorder.queue().zip(&arrange(shares), &change, move |shares, change| {
                    last_row(&shares, rows).add(&change).expect("equal shapes")
                })
            }
        }
    }
}

/// `p_last + sum_g win_g (p_g - p_last)` for positions that all know.
pub(super) fn choose_public(wins: &Tensor, positions: &Tensor, leads: bool) -> Tensor {
    let [gates, columns] = *wins.shape() else { unreachable!("gates come in rows and columns") };
    let (positions, last) = positions.as_slice().split_at(gates * columns);
    let mut total = if leads { last.to_vec() } else { vec![0; columns] };
    for (win, position) in
        wins.as_slice().chunks_exact(columns.max(1)).zip(positions.chunks_exact(columns.max(1)))
    {
        for (i, sum) in total.iter_mut().enumerate() {
            let difference = position[i].wrapping_sub(last[i]);
            *sum = sum.wrapping_add(win[i].wrapping_mul(difference));
        }
    }
    Tensor::from_vec(&[columns], total).expect("a position per column")
}

pub(super) fn last_row(tensor: &Tensor, rows: usize) -> Tensor {
    let columns = tensor.len() / rows;
    let last = tensor.as_slice()[(rows - 1) * columns..].to_vec();
    Tensor::from_vec(&[columns], last).expect("as many as in a row")
}
