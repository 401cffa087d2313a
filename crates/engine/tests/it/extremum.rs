use cryptab_engine::{Engine, Result, Secret};
use cryptab_testkit::World;

use crate::common::{UNIT, check, input, numbers};

/// Numbers with many ties among large differences.
fn candidates(count: usize, seed: u64) -> Vec<f64> {
    let wide = numbers(count, 28.0, seed);
    (0..count).map(|i| if i % 3 == 0 { wide[i] } else { (i * 7 % 5) as f64 }).collect()
}

/// The first row that comes before all others, per column.
fn first(x: &[f64], rows: usize, columns: usize, before: impl Fn(f64, f64) -> bool) -> Vec<usize> {
    let best =
        |c: usize| {
            (1..rows).fold(0, |best, r| {
                if before(x[r * columns + c], x[best * columns + c]) { r } else { best }
            })
        };
    (0..columns).map(best).collect()
}

fn check_choice(rows: usize, columns: usize, width: Option<u8>) {
    let mut x = candidates(rows * columns, rows as u64);
    if width.is_some() {
        x.iter_mut().for_each(|x| *x = x.clamp(-1000.0, 1000.0));
    }
    let enter = |e: &Engine| -> Result<Secret> {
        let secret = input(e, 0, &[rows, columns], &x)?;
        width.map_or(Ok(secret.clone()), |width| secret.within(width))
    };
    let highest = first(&x, rows, columns, |a, b| a > b);
    let lowest = first(&x, rows, columns, |a, b| a < b);
    let pick = |at: &[usize]| -> Vec<f64> {
        at.iter().enumerate().map(|(c, r)| x[r * columns + c]).collect()
    };
    let index = |at: &[usize]| -> Vec<f64> { at.iter().map(|&r| r as f64).collect() };
    let hot = |at: &[usize]| -> Vec<f64> {
        (0..rows * columns).map(|i| f64::from(u8::from(at[i % columns] == i / columns))).collect()
    };
    check(&pick(&highest), 0.0, |e| enter(e)?.amax(&[0], false));
    check(&pick(&lowest), 0.0, |e| Ok(enter(e)?.min(0, true)?.0));
    check(&index(&highest), 0.0, |e| Ok(enter(e)?.max(0, false)?.1));
    check(&index(&lowest), 0.0, |e| enter(e)?.argmin(0, false));
    check(&hot(&highest), 0.0, |e| enter(e)?.argmax_one_hot(0));
}

#[test]
fn the_first_of_a_group_is_found() {
    for rows in [1, 2, 3, 4, 5, 8, 10] {
        check_choice(rows, 3, None);
    }
    for rows in [2, 4, 7] {
        check_choice(rows, 70, Some(28));
    }
}

#[test]
fn the_first_of_a_tournament_is_found() {
    for rows in [11, 13, 16, 17, 41, 64] {
        check_choice(rows, 2, None);
    }
    check_choice(70, 5, Some(31));
}

#[test]
fn choices_run_over_any_axes() {
    let x = candidates(2 * 3 * 4 * 5, 9);
    let at = |i: [usize; 4]| x[((i[0] * 3 + i[1]) * 4 + i[2]) * 5 + i[3]];
    let over_two: Vec<f64> = (0..2)
        .flat_map(|a| (0..4).map(move |c| (a, c)))
        .map(|(a, c)| (0..15).map(|i| at([a, i / 5, c, i % 5])).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    check(&over_two, 0.0, |e| input(e, 1, &[2, 3, 4, 5], &x)?.amax(&[1, 3], true));
    let smallest = x.iter().copied().fold(f64::INFINITY, f64::min);
    check(&[smallest], 0.0, |e| input(e, 1, &[2, 3, 4, 5], &x)?.amin(&[0, 1, 2, 3], false));
    let hot: Vec<f64> = (0..120)
        .map(|i| {
            let line: Vec<f64> = (0..4).map(|c| at([i / 60, i / 20 % 3, c, i % 5])).collect();
            let best = first(&line, 4, 1, |a, b| a > b)[0];
            f64::from(u8::from(best == i / 5 % 4))
        })
        .collect();
    check(&hot, 0.0, |e| input(e, 1, &[2, 3, 4, 5], &x)?.argmax_one_hot(2));
}

#[test]
fn a_truncated_product_is_chosen_from_without_another_opening() {
    let (x, y) = (numbers(60, 7.0, 40), numbers(60, 7.0, 41));
    let products: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x * y).collect();
    let expected: Vec<f64> = (0..10)
        .map(|c| (0..6).map(|r| products[r * 10 + c]).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    check(&expected, UNIT, |e| {
        let product = input(e, 0, &[6, 10], &x)?.mul(&input(e, 1, &[6, 10], &y)?)?;
        product.within(32)?.amax(&[0], false)
    });
}

#[test]
fn large_choices_are_made_in_parts() {
    let columns = (1 << 19) + 77;
    let x: Vec<f64> = (0..2 * columns).map(|i| (i * 7919 % 1009) as f64).collect();
    let world = World::new(2, 3);
    let results = world.reveal(|e| {
        let (values, indices) = input(e, 0, &[2, columns], &x)?.within(31)?.max(0, false)?;
        values.add(&indices.mul(&e.constant(&[], &[2048.0])?)?)
    });
    for (column, found) in results[0].as_ref().unwrap().iter().enumerate() {
        let (a, b) = (x[column], x[columns + column]);
        let wanted = if b > a { b + 2048.0 } else { a };
        assert_eq!(*found, wanted, "column {column}");
    }
    assert_eq!(world.engines()[0].cost().rounds, 4);
}

#[test]
fn choices_of_nothing_and_among_nothing() {
    check(&[], 0.0, |e| input(e, 0, &[3, 0], &[])?.amax(&[0], false));
    check(&[], 0.0, |e| Ok(input(e, 0, &[20, 0], &[])?.max(0, false)?.1));
    let engine = Engine::planner(2, 16);
    let empty = engine.input(0, &[0, 3], None).unwrap();
    assert!(empty.amax(&[0], false).is_err());
    assert!(empty.amax(&[1, 1], false).is_err());
    assert!(empty.argmax(2, false).is_err());
}
