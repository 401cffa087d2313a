//! Words of xor shares.

use cryptab_engine::{Engine, Result, Secret};
use cryptab_testkit::World;
use futures::FutureExt as _;

use crate::common::{PARTIES, UNIT, check, input};
use crate::cost;

/// Numbers that need all 64 bits, and those near the ends.
fn words(seed: u64) -> Vec<i64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (state ^ state >> 29).cast_signed()
    };
    let mut all = vec![0, 1, -1, i64::MAX, i64::MIN, 0x5555_5555_5555_5555, 1 << 32, -(1 << 17)];
    all.extend((0..93).map(|i| next() >> (i % 61)));
    all
}

/// The words, in shares that no party knows.
fn shared(e: &Engine, data: &[i64]) -> Result<Secret> {
    let rest: Vec<i64> =
        (0..data.len()).map(|i| (i as i64).wrapping_mul(0x9e37_79b9_7f4a)).collect();
    let part: Vec<i64> = data.iter().zip(&rest).map(|(x, y)| x.wrapping_sub(*y)).collect();
    let enter = |owner: u8, data: &[i64]| {
        e.input_integers(owner, &[data.len()], (e.me() == owner).then_some(data))
    };
    enter(0, &part)?.add(&enter(1, &rest)?)
}

fn binary(e: &Engine, data: &[i64]) -> Result<Secret> {
    shared(e, data)?.to_binary()
}

/// The program's integers are `expected`, bit by bit, for every number of parties.
fn integers(expected: &[i64], program: impl Fn(&Engine) -> Result<Secret>) {
    for parties in PARTIES {
        let world = World::new(parties, 11 + u64::from(parties));
        let reveal = |engine| program(engine).and_then(|secret| secret.reveal_integers());
        let pending: Vec<_> = world.engines().iter().map(|e| reveal(e).unwrap()).collect();
        world.run();
        for found in pending {
            assert_eq!(found.now_or_never().unwrap().unwrap(), expected, "{parties} parties");
        }
    }
}

fn zip(f: impl Fn(i64, i64) -> i64) -> Vec<i64> {
    words(1).into_iter().zip(words(2)).map(|(x, y)| f(x, y)).collect()
}

fn pairs(f: impl Fn(i64, i64) -> i64, program: impl Fn(&Secret, &Secret) -> Result<Secret>) {
    integers(&zip(f), |e| program(&binary(e, &words(1))?, &binary(e, &words(2))?));
}

#[test]
fn numbers_become_words_and_numbers_again() {
    let x = words(1);
    integers(&x, |e| binary(e, &x));
    integers(&x, |e| binary(e, &x)?.to_number());
    integers(&zip(i64::wrapping_mul), |e| binary(e, &words(1))?.mul(&shared(e, &words(2))?));
    // An input is a word already.
    integers(&x, |e| {
        e.input_integers(1, &[x.len()], (e.me() == 1).then_some(&x))?.to_binary()?.to_number()
    });
    // What is masked already.
    integers(&x, |e| shared(e, &x)?.masked()?.to_binary());
}

#[test]
fn scales_are_kept_and_changed() {
    let x = [1.5, -2.5, 3.0 + UNIT, -UNIT];
    let real = |e: &Engine| input(e, 0, &[4], &x)?.add(&input(e, 1, &[4], &[0.0; 4])?)?.to_binary();
    check(&x, 0.0, real);
    check(&x, 0.0, |e| real(e)?.to_arithmetic(20));
    check(&[1.5, -2.5, 3.0, -1.0 / 256.0], 0.0, |e| real(e)?.to_arithmetic(8));
    check(&[1.0, -3.0, 3.0, -1.0], 0.0, |e| real(e)?.rescale(0)?.rescale(16));
    check(&[1.0, -3.0, 3.0, -1.0], 0.0, |e| {
        input(e, 0, &[4], &x)?.add(&input(e, 1, &[4], &[0.0; 4])?)?.to_arithmetic(0)
    });
    check(&[2.0, -2.0, 3.5 + UNIT, 0.5 - UNIT], 0.0, |e| {
        real(e)?.add(&e.constant(&[], &[0.5])?)?.add(&e.constant(&[4], &[0.0; 4])?.to_binary()?)
    });
    check(&[1.0, 0.0, 1.0, 0.0], 0.0, |e| real(e)?.gt(&e.constant(&[], &[0.25])?));
}

#[test]
fn words_combine_bit_by_bit() {
    pairs(|x, y| x & y, Secret::and);
    pairs(|x, y| x | y, Secret::or);
    pairs(|x, y| x ^ y, Secret::xor);
    let x = words(1);
    let of = |f: fn(i64) -> i64| x.iter().map(|&x| f(x)).collect::<Vec<_>>();
    integers(&of(|x| !x), |e| binary(e, &x)?.not());
    integers(&of(|x| x & 0xff00), |e| e.constant_integers(&[], &[0xff00])?.and(&binary(e, &x)?));
    integers(&of(|x| x | 5), |e| binary(e, &x)?.or(&e.constant_integers(&[1], &[5])?));
    integers(&of(|x| x & 0xf0f & (x >> 3) & 1), |e| {
        let bit = binary(e, &x)?.bit(0)?;
        let parts = [bit, e.constant_integers(&[], &[0xf0f])?, binary(e, &x)?];
        Secret::all_of(&[&parts[..], &[binary(e, &x)?.shift_right(3)?]].concat())
    });
    integers(&of(|x| x ^ -7), |e| binary(e, &x)?.xor(&e.constant_integers(&[], &[-7])?));
    integers(&of(|x| x << 5), |e| binary(e, &x)?.shift_left(5));
    integers(&of(|x| x >> 7), |e| binary(e, &x)?.shift_right(7));
    integers(&of(|x| (x.cast_unsigned() >> 7).cast_signed()), |e| {
        shared(e, &x)?.shift_right_logical(7)
    });
    integers(&of(|x| x.rotate_left(13)), |e| binary(e, &x)?.rotate_left(13));
    let bits: Vec<f64> = x.iter().map(|x| f64::from(u8::from(x >> 9 & 1 == 1))).collect();
    check(&bits, 0.0, |e| binary(e, &x)?.bit(9));
    integers(&x, |e| binary(e, &x)?.to_bits()?.from_bits());
    integers(&of(|x| i64::from(x.count_ones())), |e| binary(e, &x)?.to_bits()?.sum(&[1], false));
    integers(&of(|x| x ^ i64::from(x < 0)), |e| {
        binary(e, &x)?.xor(&shared(e, &x)?.within(64)?.to_binary()?.bit(63)?)
    });
}

#[test]
fn words_are_added() {
    pairs(i64::wrapping_add, Secret::add);
    pairs(i64::wrapping_sub, Secret::sub);
    let x = words(1);
    let of = |f: fn(i64) -> i64| x.iter().map(|&x| f(x)).collect::<Vec<_>>();
    integers(&of(i64::wrapping_neg), |e| binary(e, &x)?.neg());
    integers(&of(|x| 3_i64.wrapping_sub(x)), |e| {
        e.constant_integers(&[], &[3])?.sub(&binary(e, &x)?)
    });
    let total = x.iter().fold(0_i64, |sum, x| sum.wrapping_add(*x));
    integers(&[total], |e| binary(e, &x)?.sum(&[0], true)?.to_binary());
}

#[test]
fn words_are_compared_and_chosen() {
    let bit = |f: fn(i64, i64) -> bool| move |x, y| i64::from(f(x, y));
    let mut other = words(2);
    // Neighbours, and equal ones.
    for (at, (y, x)) in other.iter_mut().zip(words(1)).enumerate() {
        if at % 3 > 0 {
            *y = x.wrapping_add(at as i64 % 3 - 1);
        }
    }
    let check = |f: fn(i64, i64) -> bool, of: fn(&Secret, &Secret) -> Result<Secret>| {
        let expected: Vec<i64> =
            words(1).into_iter().zip(&other).map(|(x, &y)| bit(f)(x, y)).collect();
        integers(&expected, |e| of(&binary(e, &words(1))?, &binary(e, &other)?));
    };
    check(|x, y| x < y, Secret::lt);
    check(|x, y| x > y, Secret::gt);
    check(|x, y| x <= y, Secret::le);
    check(|x, y| x >= y, Secret::ge);
    check(|x, y| x == y, Secret::eq);
    check(|x, y| x != y, Secret::ne);
    pairs(i64::min, |x, y| x.where_(&x.lt(y)?, y));
    integers(&zip(|x, y| if y < 5 { x } else { y }), |e| {
        let y = shared(e, &words(2).iter().map(|y| y >> 2).collect::<Vec<_>>())?;
        let below = y.lt(&e.constant_integers(&[], &[2])?)?;
        binary(e, &words(1))?.where_(&below.and(&below)?, &binary(e, &words(2))?)
    });
}

#[test]
fn words_are_arranged() {
    let x = words(1)[..12].to_vec();
    let first: Vec<i64> =
        (0..3).flat_map(|j| (0..4).map(move |i| (i, j))).map(|(i, j)| x[i * 3 + j]).collect();
    integers(&first, |e| binary(e, &x)?.reshape(&[4, 3])?.permute(&[1, 0])?.reshape(&[12]));
    integers(&[x[3], x[2], x[2], 0], |e| {
        let x = binary(e, &x)?;
        let both = Secret::concat(&[x.narrow(0, 3, 1)?, x.index_select(0, &[2, 2])?], 0)?;
        both.pad(&[(0, 1)], cryptab_engine::PadMode::Zero)
    });
}

#[test]
fn other_functions_take_words_as_numbers() {
    let x = [5, -3, 1 << 40, 7];
    let running = [5, 2, (1 << 40) + 2, (1 << 40) + 9];
    integers(&running, |e| binary(e, &x)?.cumsum(0));
    integers(&[12], |e| binary(e, &x)?.reshape(&[2, 2])?.trace());
    integers(&[7, 5], |e| {
        let index = e.input_integers(1, &[2], (e.me() == 1).then_some(&[3, 0]))?;
        binary(e, &x)?.gather(0, &index)
    });
    integers(&[5, -3, -9, 7], |e| {
        let x = binary(e, &x)?;
        x.masked_fill(&x.gt(&e.constant_integers(&[], &[7])?)?, -9.0)
    });
    integers(&[5, 3, 1 << 40, 7], |e| {
        let x = binary(e, &x)?.to_number()?.within(48)?;
        x.abs()
    });
    integers(&[5, 5, -3, -3, 1 << 40, 1 << 40, 7, 7], |e| {
        let x = binary(e, &x)?;
        Secret::stack(&[x.clone(), x], 1)?.reshape(&[8])
    });
}

#[test]
fn words_go_to_one_party_alone() {
    let x = [1.5, -2.0];
    for parties in PARTIES {
        let world = World::new(parties, 3);
        let record = |e: &Engine| input(e, 0, &[2], &x)?.to_binary()?.reveal_to(1);
        let pending: Vec<_> = world.engines().iter().map(|e| record(e).unwrap()).collect();
        world.run();
        for (party, found) in pending.into_iter().enumerate() {
            let found = found.now_or_never().unwrap().unwrap();
            assert_eq!(found, (party == 1).then(|| x.to_vec()));
        }
    }
}

#[test]
fn misuse_of_words_is_refused() {
    let e = Engine::planner(2, 16);
    let (real, whole) = (e.input(0, &[2], None).unwrap(), e.input_integers(0, &[2], None).unwrap());
    let words = whole.to_binary().unwrap();
    assert!(words.and(&whole).is_err(), "a secret number is no word");
    assert!(words.xor(&real.to_binary().unwrap()).is_err(), "another scale");
    assert!(words.shift_left(64).is_err() && words.bit(64).is_err());
    assert!(words.from_bits().is_err() && words.within(20).is_err());
    assert!(words.add(&e.input_integers(0, &[3], None).unwrap().to_binary().unwrap()).is_err());
    assert!(words.is_binary() && !words.is_bit() && !words.is_public());
    assert!(words.add(&whole).unwrap().frac_bits() == 0);
}

#[test]
fn words_cost_what_is_documented() {
    let n = cost::N;
    // Free: inputs of one party.
    let a = |e: &Engine| cost::owned(e, 0)?.to_binary();
    let b = |e: &Engine| cost::owned(e, 1)?.to_binary();
    cost::check("input to binary", (0, 0, 0), n, a);
    cost::check("to_binary", (3, 64 + 100, 240 + 496), n, |e| cost::x(e)?.to_binary());
    cost::check("to_number", (1, 64, 2304), n, |e| a(e)?.to_number());
    cost::check("to_arithmetic", (1, 64, 2304), n, |e| a(e)?.to_arithmetic(8));
    cost::check("and", (1, 128, 64), n, |e| a(e)?.and(&b(e)?));
    cost::check("or", (1, 128, 64), n, |e| a(e)?.or(&b(e)?));
    cost::check("xor", (0, 0, 0), n, |e| a(e)?.xor(&b(e)?)?.not()?.shift_right(3));
    cost::check("and a mask", (0, 0, 0), n, |e| a(e)?.and(&e.constant_integers(&[], &[255])?));
    cost::check("add", (3, 226, 1066), n, |e| a(e)?.add(&b(e)?));
    cost::check("sub", (3, 226, 1066), n, |e| a(e)?.sub(&b(e)?));
    cost::check("neg", (3, 226, 1066), n, |e| a(e)?.neg());
    cost::check("lt", (3, 166, 688), n, |e| a(e)?.lt(&b(e)?));
    cost::check("eq", (3, 84, 231), n, |e| a(e)?.eq(&b(e)?));
    cost::check(
        "sum of words",
        (4, 64 * 640 + 64 + 100 * 8, 2304 * 640 + 8 * 496 + 8 * 240),
        1,
        |e| a(e)?.sum(&[0], true)?.to_binary(),
    );
    cost::check("where", (1, 66, 64), n, |e| a(e)?.where_(&b(e)?.bit(0)?, &b(e)?));
    cost::check("bits", (0, 0, 0), n, |e| a(e)?.to_bits()?.from_bits());
}
