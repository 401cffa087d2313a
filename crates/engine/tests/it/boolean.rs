use cryptab_engine::{Engine, Result, Secret};

use crate::common::{check, input};

/// Bits from comparisons of every pattern of `count` bits, one tensor per position.
fn patterns(e: &Engine, count: u32) -> Result<Vec<Secret>> {
    let rows = 1_usize << count;
    let zero = e.constant(&[1], &[0.0])?;
    let bit = |i: u32| {
        let data: Vec<f64> = (0..rows).map(|r| (r >> i & 1) as f64).collect();
        zero.lt(&input(e, 0, &[rows], &data)?)
    };
    (0..count).map(bit).collect()
}

fn expected(count: u32, of: impl Fn(usize) -> bool) -> Vec<f64> {
    (0..1_usize << count).map(|pattern| f64::from(u8::from(of(pattern)))).collect()
}

#[test]
fn gates_of_two_bits() {
    type Gate = fn(&Secret, &Secret) -> Result<Secret>;
    type Truth = fn(bool, bool) -> bool;
    let gates: [(Gate, Truth); 3] =
        [(Secret::and, |a, b| a && b), (Secret::or, |a, b| a || b), (Secret::xor, |a, b| a != b)];
    for (gate, truth) in gates {
        let wanted = expected(2, |p| truth(p & 1 == 1, p & 2 == 2));
        check(&wanted, 0.0, |e| {
            let bits = patterns(e, 2)?;
            gate(&bits[0], &bits[1])
        });
        // Results can be used further, and as numbers.
        check(&wanted, 0.0, |e| {
            let bits = patterns(e, 2)?;
            gate(&bits[0], &bits[1])?.xor(&bits[0])?.xor(&bits[0])?.to_number()
        });
    }
}

#[test]
fn gates_of_many_bits() {
    for count in [1, 3, 5, 7] {
        let all = (1 << count) - 1;
        check(&expected(count, |p| p == all), 0.0, |e| Secret::all_of(&patterns(e, count)?));
        check(&expected(count, |p| p != 0), 0.0, |e| Secret::any_of(&patterns(e, count)?));
    }
}

#[test]
fn gates_along_axes() {
    let x: Vec<f64> = (0..24).map(|i| f64::from(i % 7) - 1.0).collect();
    let negative = |i: usize| x[i] < 0.0;
    let any: Vec<f64> = (0..8)
        .map(|i| (0..3).any(|b| negative(i / 4 * 12 + b * 4 + i % 4)))
        .map(|b| f64::from(u8::from(b)))
        .collect();
    let all: Vec<f64> = (0..6)
        .map(|i| (0..4).all(|c| !negative(i * 4 + c)))
        .map(|b| f64::from(u8::from(b)))
        .collect();
    let bits = |e: &Engine| input(e, 0, &[2, 3, 4], &x)?.lt(&e.constant(&[], &[0.0])?);
    check(&any, 0.0, |e| bits(e)?.any(1, false));
    check(&all, 0.0, |e| bits(e)?.not()?.all(2, true));
    check(&[1.0; 2], 0.0, |e| {
        input(e, 0, &[2, 0], &[])?.lt(&e.constant(&[], &[0.0])?)?.all(1, false)
    });
    let engine = Engine::planner(2, 16);
    let number = engine.input(0, &[2], None).unwrap();
    assert!(number.and(&number).is_err());
    assert!(Secret::all_of(&[]).is_err());
}

#[test]
fn bits_follow_orders_that_have_no_short_description() {
    let x: Vec<f64> = (0..5000).map(|i| f64::from(i % 7) - 3.0).collect();
    let order: Vec<usize> = (0..5000).map(|i| i * i * 31 % 4999).collect();
    let wanted: Vec<f64> = order.iter().map(|&i| f64::from(u8::from(x[i] < 0.0))).collect();
    check(&wanted, 0.0, |e| {
        let negative = input(e, 0, &[5000], &x)?.lt(&e.constant(&[], &[0.0])?)?;
        negative.index_select(0, &order)
    });
}

#[test]
fn bits_are_arranged_and_joined_as_bits() {
    let x: Vec<f64> = (0..6).map(f64::from).collect();
    let (odd, turned) = ([0.0, 0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    let wanted = [odd, turned].concat();
    check(&wanted, 0.0, |e| {
        let x = input(e, 0, &[2, 3], &x)?;
        let three = x.eq(&e.constant(&[], &[3.0])?)?;
        let joined = Secret::concat(&[three.clone(), three.flip(&[1])?], 0)?;
        assert!(joined.is_bit());
        joined
            .pad(&[(1, 0), (0, 2)], cryptab_engine::PadMode::Zero)?
            .narrow(0, 1, 4)?
            .narrow(1, 0, 3)
    });
    check(&[0.0, 1.0, 1.0, 1.0, 0.0, 0.0], 0.0, |e| {
        // From a comparison, whose bits the dealer partly knows; then padded and broadcast.
        let negative = input(e, 0, &[1], &[-2.0])?.lt(&e.constant(&[], &[0.0])?)?;
        let wide = negative.broadcast_to(&[3])?;
        wide.pad(&[(1, 2)], cryptab_engine::PadMode::Zero)
    });
}
