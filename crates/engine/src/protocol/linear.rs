//! Local operations: linear in the secret, no communication.

use cryptab_correlation::Structure;
use cryptab_tensor::Tensor;

use super::multiply::Operand;
use crate::constant::coarsen;
use crate::form::Form;
use crate::lazy::Lazy;
use crate::recorder::Recorder;
use crate::value::Number;

/// `x + y` or `x - y` (`sign` = 1 or -1 modulo 2^64), with broadcasting; scales are aligned to
/// the finer one, but a finer constant is rounded to the scale of the other, or the session's. Full-width masked forms follow. Exact, free.
pub(crate) fn combine(
    recorder: &Recorder<'_>,
    x: Operand<'_>,
    sign: u64,
    y: Operand<'_>,
) -> Number {
    let frac = common_scale(recorder, &[x.0, y.0]);
    let (left, right) = (coarsened(recorder, x.0, frac), coarsened(recorder, y.0, frac));
    let (x, y) = ((&left, x.1), (&right, y.1));
    let (x_scale, y_scale) = (1_u64 << (frac - x.0.frac), 1_u64 << (frac - y.0.frac));
    let y_scale = y_scale.wrapping_mul(sign);
    let add = move |x: Tensor, y: Tensor| {
        let x = if x_scale == 1 { x } else { x.mul_scalar(x_scale) };
        match y_scale {
            1 => x.add(&y),
            u64::MAX => x.sub(&y),
            scale => x.add(&y.mul_scalar(scale)),
        }
        .expect("shapes were checked when recorded")
    };
    let shares = recorder.queue().zip(&x.0.shares, &y.0.shares, add);
    if let (Some(left), Some(right)) = (&x.0.public, &y.0.public) {
        return Number::known(recorder, frac, recorder.queue().zip(left, right, add));
    }
    let forms = if x.1 == y.1 { combined_form(recorder, x.0, x_scale, y.0, y_scale) } else { None };
    let owner = common_owner(&[x.0, y.0]);
    Number::with_forms(frac, shares, forms.into_iter().collect()).owned(owner)
}

/// The scale of a sum: the finest of the secrets, or of all but no finer than the session's.
fn common_scale(recorder: &Recorder<'_>, parts: &[&Number]) -> u8 {
    let finest = |numbers: &mut dyn Iterator<Item = u8>| numbers.max().unwrap_or(0);
    let secret = finest(&mut parts.iter().filter(|p| p.public.is_none()).map(|p| p.frac));
    let all = finest(&mut parts.iter().map(|part| part.frac));
    if parts.iter().all(|part| part.public.is_some()) {
        return all;
    }
    secret.max(all.min(recorder.frac_bits()))
}

/// Who owns all the numbers, if one party does: it alone then knows what is computed from them.
fn common_owner(numbers: &[&Number]) -> Option<u8> {
    let owner = numbers.first()?.owner;
    owner.filter(|_| numbers.iter().all(|number| number.owner == owner))
}

/// A constant at a scale that is not finer than `frac`; other numbers are not finer anyway.
fn coarsened(recorder: &Recorder<'_>, x: &Number, frac: u8) -> Number {
    match (&x.public, x.frac.checked_sub(frac)) {
        (Some(public), Some(drop)) if drop > 0 => {
            let rounded = recorder.queue().map(public, move |tensor: Tensor| {
                let raw = tensor.as_slice().iter().map(|&raw| coarsen(raw, drop)).collect();
                Tensor::from_vec(tensor.shape(), raw).expect("the same shape")
            });
            Number::known(recorder, frac, rounded)
        }
        _ => x.alias(),
    }
}

fn combined_form(
    recorder: &Recorder<'_>,
    x: &Number,
    x_scale: u64,
    y: &Number,
    y_scale: u64,
) -> Option<Form> {
    let full = |number: &Number| number.forms().into_iter().find(|form| form.full().is_some());
    match (&x.public, &y.public) {
        (None, None) => {
            let left = full(x)?.scaled(recorder, x_scale)?;
            Form::combined(recorder, &left, y_scale, &full(y)?)
        }
        (None, Some(public)) => {
            Some(full(x)?.scaled(recorder, x_scale)?.shifted(recorder, public, y_scale))
        }
        (Some(public), None) => {
            Some(full(y)?.scaled(recorder, y_scale)?.shifted(recorder, public, x_scale))
        }
        (Some(_), Some(_)) => None,
    }
}

/// `factor * x` for an integer known to all. Exact, free.
pub(crate) fn scale(recorder: &Recorder<'_>, x: &Number, factor: u64, frac: u8) -> Number {
    let multiply = move |tensor: Tensor| match factor {
        1 => tensor,
        u64::MAX => tensor.neg(),
        _ => tensor.mul_scalar(factor),
    };
    if let Some(public) = &x.public {
        return Number::known(recorder, frac, recorder.queue().map(public, multiply));
    }
    let shares = recorder.queue().map(&x.shares, multiply);
    let forms = x.forms().iter().filter_map(|form| form.scaled(recorder, factor)).collect();
    Number::with_forms(frac, shares, forms).owned(x.owner)
}

/// The same number at a common scale: finer, or coarser for constants.
pub(crate) fn rescaled(recorder: &Recorder<'_>, x: &Number, frac: u8) -> Number {
    let x = coarsened(recorder, x, frac);
    scale(recorder, &x, 1 << (frac - x.frac), frac)
}

/// Another arrangement, or sums of elements. Exact, free; masked forms follow.
pub(crate) fn arrange(recorder: &Recorder<'_>, x: &Number, structure: &Structure) -> Number {
    let apply = |tensor: &Lazy<Tensor>| {
        let structure = structure.clone();
        let apply = move |t: Tensor| structure.apply(&t).expect("shapes were checked");
        recorder.queue().map(tensor, apply)
    };
    if let Some(public) = &x.public {
        return Number::known(recorder, x.frac, apply(public));
    }
    let forms = x.forms().iter().filter_map(|form| form.arranged(recorder, structure)).collect();
    Number::with_forms(x.frac, apply(&x.shares), forms).owned(x.owner).narrowed(x.ring)
}

/// A number shared in `Z_2^64` from one shared modulo a smaller power of two.
///
/// Range: |x| < 2^(ring-2). Cost: 1 round, `ring` bits, 128 - 2 * ring dealer bits. Exact.
pub(crate) fn widen(recorder: &Recorder<'_>, x: &Number, shape: &[usize]) -> Number {
    let form = Form::lift(recorder, &recorder.formula(&x.shares), shape, x.ring, 0);
    let shares = form.affine().shares(recorder, 64);
    Number::with_forms(x.frac, shares, vec![form])
}

/// Joined along an axis; scales are aligned to the finest. Exact, free; masked forms follow if
/// all parts have them.
pub(crate) fn concat(
    recorder: &Recorder<'_>,
    parts: &[&Number],
    axis: usize,
    shape: &[usize],
) -> Number {
    let frac = common_scale(recorder, parts);
    let align = |part: &&Number| rescaled(recorder, part, frac);
    let aligned: Vec<Number> = parts.iter().map(align).collect();
    let join = move |parts: Vec<Tensor>| Tensor::concat(&parts, axis).expect("shapes were checked");
    let publics: Option<Vec<_>> = aligned.iter().map(|part| part.public.clone()).collect();
    if let Some(publics) = publics {
        return Number::known(recorder, frac, recorder.queue().gather(&publics, join));
    }
    let shares: Vec<_> = aligned.iter().map(|part| part.shares.clone()).collect();
    let full = |part: &Number| part.forms().into_iter().find(|form| form.full().is_some());
    let forms: Option<Vec<Form>> = aligned.iter().map(full).collect();
    let form = forms.and_then(|forms| Form::joined(recorder, &forms, axis, shape));
    let shares = recorder.queue().gather(&shares, join);
    let owner = common_owner(parts);
    Number::with_forms(frac, shares, form.into_iter().collect()).owned(owner)
}
