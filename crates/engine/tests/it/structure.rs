use cryptab_engine::{PadMode, Secret, Slice};

use crate::common::{UNIT, check, input, numbers};

#[test]
fn arrangements_move_values_and_masked_forms_alike() {
    let x = numbers(24, 10.0, 30);
    let permuted: Vec<f64> = (0..24).map(|i| x[i % 6 * 4 + i / 6]).collect();
    check(&permuted, 0.0, |e| input(e, 0, &[24], &x)?.reshape(&[2, 3, 4])?.permute(&[2, 0, 1]));
    // Opened first, then moved: the forms must follow.
    let squares: Vec<f64> = permuted.iter().map(|x| x * x).collect();
    check(&squares, UNIT, |e| {
        let x = input(e, 0, &[2, 3, 4], &x)?;
        let _opened = x.square()?;
        let y = x.permute(&[2, 0, 1])?;
        y.mul(&y)
    });
}

#[test]
fn slices_pads_sums_and_joins() {
    let x = numbers(20, 8.0, 31);
    let slice = [Slice { start: 1, end: 4, step: 2 }, Slice { start: 0, end: 5, step: -1 }];
    let expected: Vec<f64> = [1_usize, 3]
        .into_iter()
        .flat_map(|r| (0..5_usize).rev().map(move |c| (r, c)))
        .map(|(r, c): (usize, usize)| x[r * 5 + c])
        .collect();
    check(&expected, 0.0, |e| input(e, 0, &[4, 5], &x)?.slice(&slice));
    let edge: Vec<f64> = (0..6)
        .flat_map(|r: usize| (0..6).map(move |c: usize| (r.saturating_sub(1).min(3), c.min(4))))
        .map(|(r, c)| x[r * 5 + c])
        .collect();
    check(&edge, 0.0, |e| input(e, 0, &[4, 5], &x)?.pad(&[(1, 1), (0, 1)], PadMode::Edge));
    let sums: Vec<f64> = (0..5).map(|c| (0..4).map(|r| x[r * 5 + c]).sum()).collect();
    check(&sums, 0.0, |e| input(e, 0, &[4, 5], &x)?.sum(&[0], true));
    let joined: Vec<f64> = (0..4)
        .flat_map(|r| x[r * 5..r * 5 + 5].iter().chain(&x[r * 5..r * 5 + 5]).map(|x| x * x))
        .collect();
    check(&joined, UNIT, |e| {
        let x = input(e, 0, &[4, 5], &x)?;
        let _opened = x.square()?;
        Secret::concat(&[x.clone(), x], 1)?.square()
    });
}

#[test]
fn sums_of_masked_values_stay_masked() {
    let x = numbers(20, 6.0, 32);
    let total: f64 = x.iter().sum();
    check(&[total * total], UNIT, |e| {
        let x = input(e, 0, &[20], &x)?;
        let _opened = x.square()?;
        x.sum(&[0], false)?.square()
    });
}

#[test]
fn empty_and_scalar_tensors_are_legal() {
    check(&[], 0.0, |e| input(e, 0, &[0, 3], &[])?.relu());
    check(&[2.0], 0.0, |e| input(e, 0, &[], &[-2.0])?.abs());
    check(&[6.0], UNIT, |e| input(e, 0, &[], &[-2.0])?.mul(&input(e, 1, &[], &[-3.0])?));
}
