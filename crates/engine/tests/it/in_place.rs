//! In-place functions, and who sees them.

use cryptab_engine::{Engine, Result, Secret};

use crate::common::{check, input};

const X: [f64; 4] = [1.5, -2.0, 0.25, 3.0];
const Y: [f64; 4] = [0.5, 1.0, -4.0, 2.0];

fn both(e: &Engine) -> Result<(Secret, Secret)> {
    Ok((input(e, 0, &[2, 2], &X)?, input(e, 1, &[2, 2], &Y)?))
}

#[test]
fn all_clones_see_the_change_and_nobody_else() {
    let product = [8.75, -2.5, -11.875, 6.25];
    check(&product, 2.0 / 65_536.0, |e| {
        let (mut x, y) = both(e)?;
        let second = x.clone();
        x.matmul_(&y)?;
        Ok(second)
    });
    check(&X, 0.0, |e| {
        let (mut x, y) = both(e)?;
        let before = x.snapshot();
        x.add_(&y)?;
        Ok(before)
    });
    // A second handle changes the first, too; results of earlier functions stay.
    check(&Y.map(|y| 2.0 * y), 0.0, |e| {
        let (x, y) = both(e)?;
        let (mut second, earlier) = (x.clone(), x.add(&y)?);
        second.sub_(&y)?;
        second.neg_()?;
        x.add(&earlier)
    });
}

#[test]
fn a_tensor_without_changes_is_the_same_under_other_functions() {
    // What a function has nothing to do for is not tied to its operand.
    check(&X, 0.0, |e| {
        let (mut x, y) = both(e)?;
        let same = x.to_number()?.roll(0, 0)?.squeeze(0)?.rot90(4, 0, 1)?;
        x.add_(&y)?;
        Ok(same)
    });
}

#[test]
fn destinations_keep_their_kind_and_scale() {
    let engine = Engine::planner(2, 16);
    let whole = |values: usize| engine.input_integers(0, &[values], None).unwrap();
    let real = engine.input(1, &[2], None).unwrap();
    let mut integers = whole(2);
    assert!(integers.add_(&real).is_err(), "integers take no fractions");
    integers.add_(&whole(1)).unwrap();
    assert!(integers.add_(&engine.input_integers(0, &[3, 2], None).unwrap()).is_err());
    let mut fine = real.rescale(20).unwrap();
    fine.add_(&real).unwrap();
    assert_eq!(fine.frac_bits(), 20);
    let mut coarse = real.snapshot();
    coarse.mul_(&fine).unwrap();
    assert_eq!((coarse.frac_bits(), coarse.shape()), (16, &[2][..]));
    let mut words = whole(2).to_binary().unwrap();
    words.add_(&integers).unwrap();
    assert!(words.is_binary());
    let mut bits = real.lt(&coarse).unwrap();
    bits.and_(&coarse.lt(&real).unwrap()).unwrap();
    bits.not_().unwrap();
    assert!(bits.is_bit() && bits.copy_(&real).is_err());
}

#[test]
fn long_histories_need_no_deep_stack() {
    let engine = Engine::planner(2, 16);
    let mut x = engine.input(0, &[1], None).unwrap();
    let (second, other) = (x.clone(), x.neg().unwrap());
    for _ in 0..200_000 {
        x.copy_(&other).unwrap();
    }
    assert_eq!(second.id(), other.id());
}
