//! Products: element-wise, matrices, convolutions. Only masked inputs are needed; the opening
//! that truncates the result also is its next masked form.
//!
//! Range: `|z| < 2^62` before truncation (2^30 as a number with 16 fraction bits).

use std::sync::Arc;

use cryptab_correlation::{Known, Structure};
use cryptab_tensor::{Conv2d, Formula, Tensor, broadcast_shape, conv2d, matmul};

use super::truncate::truncate_partial;
use crate::affine::{Affine, Partial, partial_product};
use crate::dealt::Dealt;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;

/// An operand with its shape.
pub(crate) type Operand<'a> = (&'a Number, &'a [usize]);

/// `x * y`, element by element, with broadcasting, truncated to `frac` fraction bits.
///
/// Formula: xy = x^ y^ - x^ [ly] - [lx] y^ + [lx ly].
/// [lx ly] alone needs the dealer, and is taken from the mask of the truncation where there is one.
/// Cost: 1 round and 64 bits per operand not yet masked, 16 dealer bits for each operand that comes
/// from a truncation; then the truncation, or 64 dealer bits if there is none.
/// Source: Turbospeedz; ABY2.0.
pub(crate) fn mul(recorder: &Recorder<'_>, x: Operand<'_>, y: Operand<'_>, frac: u8) -> Number {
    let shape = broadcast_shape(x.1, y.1).expect("shapes were checked when recorded");
    let form =
        |(number, own): Operand<'_>| broadcast(recorder, number.operand(recorder, own), &shape);
    // A public factor multiplies the shares, masked or not.
    let shares = match (&x.0.public, &y.0.public) {
        (Some(_), _) => scaled(recorder, y, &form(x), &shape),
        (_, Some(_)) => scaled(recorder, x, &form(y), &shape),
        _ => partial_product(recorder, &[&form(x), &form(y)], 64),
    };
    truncate_partial(recorder, &shares, &shape, x.0.frac + y.0.frac - frac, frac)
}

/// `x * x`. Cost: as [`mul`] with one operand.
pub(crate) fn square(recorder: &Recorder<'_>, x: Operand<'_>, frac: u8) -> Number {
    let form = x.0.operand(recorder, x.1);
    let shares = partial_product(recorder, &[&form, &form], 64);
    truncate_partial(recorder, &shares, x.1, 2 * x.0.frac - frac, frac)
}

/// A product that is linear in both factors: matrices, convolutions.
#[derive(Clone, Copy)]
pub(crate) enum Bilinear {
    /// The matrix product.
    Matmul,
    /// The convolution of an input with a kernel.
    Conv2d(Conv2d),
}

/// `x . y` for a bilinear product, truncated to `frac` fraction bits.
///
/// Formula: Z = X^ Y^ - X^ [LY] - [LX] Y^ + [LX LY]: the dealer shares the product of the mask
/// tensors, so the cost does not grow with the inner dimension.
/// Cost: 1 round and 64 bits per element not yet masked in full width; then the truncation, or 64
/// dealer bits per *output* if there is none. A public factor: the truncation only.
/// Source: Turbospeedz; ABY2.0; matrix triples as in SecureML.
pub(crate) fn bilinear(
    recorder: &Recorder<'_>,
    kind: Bilinear,
    x: Operand<'_>,
    y: Operand<'_>,
    shape: &[usize],
    frac: u8,
) -> Number {
    let queue = recorder.queue();
    let whole = |shares: &Lazy<Tensor>| Partial::whole(recorder.formula(shares));
    let shares = match (&x.0.public, &y.0.public) {
        (Some(public), _) => whole(&queue.zip(public, &y.0.shares, move |x, y| kind.apply(&x, &y))),
        (_, Some(public)) => whole(&queue.zip(&x.0.shares, public, move |x, y| kind.apply(&x, &y))),
        _ => masked_product(recorder, kind, x, y, shape),
    };
    truncate_partial(recorder, &shares, shape, x.0.frac + y.0.frac - frac, frac)
}

fn masked_product(
    recorder: &Recorder<'_>,
    kind: Bilinear,
    x: Operand<'_>,
    y: Operand<'_>,
    shape: &[usize],
) -> Partial {
    let (x_form, y_form) = (x.0.full(recorder, x.1), y.0.full(recorder, y.1));
    let (Some((x_hat, x_mask)), Some((y_hat, y_mask))) = (x_form.full(), y_form.full()) else {
        unreachable!("full forms have full width")
    };
    let product = kind.known(x_mask.known.clone(), y_mask.known.clone());
    let rest = Some(Dealt::asked(product, shape, 0));
    let (lx, ly) = (x_mask.shares(recorder, 64), y_mask.shares(recorder, 64));
    let leads = recorder.leads();
    let nothing = (x_mask.nothing_here(), y_mask.nothing_here());
    let (xh, yh) = (x_hat.clone(), y_hat.clone());
    let (inputs, shape) = ((lx.clone(), ly.clone()), shape.to_vec());
    let shares = recorder.queue().after(&[x_hat, y_hat, &lx, &ly], move || {
        let (x, y) = (xh.get(), yh.get());
        let (lx, ly) = (inputs.0.get(), inputs.1.get());
        match (leads, nothing) {
            (true, (_, true)) => kind.apply(&subtract(x, lx), &y.tensor()),
            (true, (true, false)) => kind.apply(&x.tensor(), &subtract(y, ly)),
            (false, (true, true)) => Tensor::zeros(&shape),
            (false, (false, true)) => kind.apply(&lx.times(u64::MAX).tensor(), &y.tensor()),
            (false, (true, false)) => kind.apply(&x.tensor(), &ly.times(u64::MAX).tensor()),
            // X^ (Y^ - [LY]) - [LX] Y^, the first Y^ at the leading party only
            (_, (false, false)) => {
                let y_hat = y.tensor();
                let right = if leads { subtract(y, ly) } else { ly.times(u64::MAX).tensor() };
                let left = kind.apply(&x.tensor(), &right);
                left.sub(&kind.apply(&lx.tensor(), &y_hat)).expect("equal shapes")
            }
        }
    });
    Partial { shares: recorder.formula(&shares), rest, owner: None }
}

fn subtract(a: Formula, b: Formula) -> Tensor {
    Formula::weighted(vec![(1, a), (u64::MAX, b)]).tensor()
}

impl Bilinear {
    fn apply(&self, x: &Tensor, y: &Tensor) -> Tensor {
        match self {
            Self::Matmul => matmul(x, y),
            Self::Conv2d(parameters) => conv2d(x, y, parameters),
        }
        .expect("shapes were checked when recorded")
    }

    fn known(&self, x: Known, y: Known) -> Known {
        match self {
            Self::Matmul => Known::Matmul(Arc::new(x), Arc::new(y)),
            Self::Conv2d(parameters) => Known::conv2d(x, y, parameters),
        }
    }
}

fn broadcast(recorder: &Recorder<'_>, form: Affine, shape: &[usize]) -> Affine {
    if form.shape == shape {
        return form;
    }
    form.arranged(recorder, &Structure::Broadcast(shape.iter().map(|&size| size as u64).collect()))
}

fn scaled(recorder: &Recorder<'_>, x: Operand<'_>, public: &Affine, shape: &[usize]) -> Partial {
    let shape = shape.to_vec();
    let shares = recorder.queue().zip(&x.0.shares, &public.public, move |shares, public| {
        let shares = shares.broadcast_to(&shape).expect("shapes were checked");
        Formula::sum_of_products(&shape, vec![vec![shares.into(), public]])
    });
    Partial::whole(shares)
}
