use std::collections::BTreeMap;

use cryptab_engine::{Engine, Interpolation, Order, Result, Secret};
use cryptab_testkit::{Endpoint, World};
use cryptab_wire::EngineMessage;

use crate::common::{PARTIES, UNIT, check, input, numbers};

/// Many ties among some large differences.
fn values(count: usize, seed: u64) -> Vec<f64> {
    let wide = numbers(count, 28.0, seed);
    (0..count).map(|i| if i % 4 == 0 { wide[i] } else { (i * 5 % 3) as f64 - 1.0 }).collect()
}

/// Positions of a column in order; stable.
fn argsort(x: &[f64], order: Order) -> Vec<usize> {
    let mut at: Vec<usize> = (0..x.len()).collect();
    at.sort_by(|&a, &b| match order {
        Order::Ascending => x[a].total_cmp(&x[b]),
        Order::Descending => x[b].total_cmp(&x[a]),
    });
    at
}

fn columns(x: &[f64], rows: usize, count: usize) -> Vec<Vec<f64>> {
    (0..count).map(|c| (0..rows).map(|r| x[r * count + c]).collect()).collect()
}

/// `[ranks, columns]` from what is known of each column.
fn by_rank(ranks: usize, columns: &[Vec<f64>]) -> Vec<f64> {
    (0..ranks).flat_map(|r| columns.iter().map(move |column| column[r])).collect()
}

fn sorted(x: &[f64], rows: usize, count: usize, order: Order) -> (Vec<f64>, Vec<f64>) {
    let columns = columns(x, rows, count);
    let places: Vec<Vec<usize>> = columns.iter().map(|column| argsort(column, order)).collect();
    let values: Vec<Vec<f64>> = columns
        .iter()
        .zip(&places)
        .map(|(column, at)| at.iter().map(|&i| column[i]).collect())
        .collect();
    let indices: Vec<Vec<f64>> =
        places.iter().map(|at| at.iter().map(|&i| i as f64).collect()).collect();
    (by_rank(rows, &values), by_rank(rows, &indices))
}

#[test]
fn sorting_is_stable() {
    for (rows, count) in [(0, 2), (1, 2), (2, 3), (3, 1), (7, 2), (16, 2), (33, 1)] {
        let x = values(rows * count, 200 + rows as u64);
        for order in [Order::Ascending, Order::Descending] {
            let (wanted, indices) = sorted(&x, rows, count, order);
            check(&wanted, 0.0, |e| Ok(input(e, 0, &[rows, count], &x)?.sort(0, order)?.0));
            check(&indices, 0.0, |e| Ok(input(e, 0, &[rows, count], &x)?.sort(0, order)?.1));
            check(&indices, 0.0, |e| input(e, 0, &[rows, count], &x)?.argsort(0, order));
        }
    }
    // A declared range: narrow masks with carries.
    let x: Vec<f64> = numbers(40, 9.0, 230);
    let (wanted, _) = sorted(&x, 20, 2, Order::Ascending);
    check(&wanted, 0.0, |e| {
        Ok(input(e, 0, &[20, 2], &x)?.within(28)?.sort(0, Order::Ascending)?.0)
    });
}

/// Values and indices of two lines that are too long for all pairs, in one tensor.
fn long(e: &Engine, x: &[f64], order: Order) -> Result<Secret> {
    let (values, indices) = input(e, 0, &[x.len() / 2, 2], x)?.sort(0, order)?;
    Secret::concat(&[values, indices], 1)
}

#[test]
fn long_lines_are_merged() {
    for (rows, order) in [(2897, Order::Ascending), (4100, Order::Descending)] {
        let x = values(2 * rows, 270 + rows as u64);
        let (values, indices) = sorted(&x, rows, 2, order);
        let wanted: Vec<f64> =
            values.chunks(2).zip(indices.chunks(2)).flat_map(|(v, i)| [v, i].concat()).collect();
        check(&wanted, 0.0, |e| long(e, &x, order));
    }
}

#[test]
fn ten_thousand_elements_are_sorted() {
    let x = values(10_000, 280);
    let places = argsort(&x, Order::Ascending);
    let wanted: Vec<f64> = places.iter().map(|&i| x[i]).collect();
    for parties in [2, 3] {
        let results = World::new(parties, 4).reveal(|e| {
            let (values, indices) = input(e, 0, &[10_000], &x)?.sort(0, Order::Ascending)?;
            Secret::stack(&[values, indices], 0)
        });
        let (values, indices) = results[0].as_ref().unwrap().split_at(10_000);
        assert_eq!(values, wanted);
        assert!(indices.iter().zip(&places).all(|(found, &place)| *found == place as f64));
        assert_eq!(results[0].as_ref().unwrap(), results[1].as_ref().unwrap());
    }
    let median = |e: &Engine| Ok(input(e, 1, &[10_000], &x)?.median(0, false)?.0);
    let quantile =
        |e: &Engine| input(e, 1, &[10_000], &x)?.quantile(&[0.999], 0, Interpolation::Lower);
    let topk = |e: &Engine| Ok(input(e, 1, &[10_000], &x)?.topk(3, 0, Order::Descending)?.1);
    let top: Vec<f64> = argsort(&x, Order::Descending)[..3].iter().map(|&i| i as f64).collect();
    let one = |program: &dyn Fn(&Engine) -> Result<Secret>| {
        World::new(2, 5).reveal(program)[1].clone().unwrap()
    };
    assert_eq!(one(&median), [wanted[4999]]);
    assert_eq!(one(&quantile), [wanted[9989]]);
    assert_eq!(one(&topk), top);
}

#[test]
fn many_short_lines_are_sorted_in_parts() {
    let (rows, columns) = (100, 900);
    let x = values(rows * columns, 290);
    let (wanted, indices) = sorted(&x, rows, columns, Order::Ascending);
    let results = World::new(2, 6).reveal(|e| {
        let (values, indices) =
            input(e, 0, &[rows, columns], &x)?.within(48)?.sort(0, Order::Ascending)?;
        Secret::stack(&[values, indices], 0)
    });
    let (values, places) = results[0].as_ref().unwrap().split_at(rows * columns);
    assert!(values == wanted && places == indices);
}

/// Equal elements keep their places; and of all that is opened about half of the bits are ones,
/// also where bits say what comes first, be the elements equal or in order.
#[test]
fn what_is_opened_does_not_depend_on_the_elements() {
    let rows = 2900;
    let lines: [Vec<f64>; 3] = [
        vec![1.0; rows],
        (0..rows).map(|i| i as f64).collect(),
        (0..rows).map(|i| (rows - i) as f64).collect(),
    ];
    for x in &lines {
        let world = World::new(2, 7);
        world.network().record();
        let results = world.reveal(|e| input(e, 0, &[rows], x)?.argsort(0, Order::Ascending));
        let wanted: Vec<f64> = argsort(x, Order::Ascending).iter().map(|&i| i as f64).collect();
        assert_eq!(results[0].as_ref().unwrap(), &wanted);
        let mut openings: BTreeMap<(u32, u32), Vec<Vec<u8>>> = BTreeMap::new();
        for envelope in world.network().recorded() {
            let (Endpoint::Party(_), Endpoint::Party(_)) = (envelope.from, envelope.to) else {
                continue;
            };
            let EngineMessage::Frame(frame) = EngineMessage::parse(&envelope.bytes).unwrap() else {
                panic!("no disputes here")
            };
            for (at, payload) in frame.payloads {
                openings.entry(at).or_default().push(payload.to_vec());
            }
        }
        let last = *openings.keys().next_back().unwrap();
        openings.remove(&last);
        let mut opened = 0;
        for shares in openings.values().filter(|shares| shares.len() == 2) {
            let ones = shares[0].iter().zip(&shares[1]).map(|(a, b)| (a ^ b).count_ones());
            let part = f64::from(ones.sum::<u32>()) / (8 * shares[0].len()) as f64;
            assert!((part - 0.5).abs() < 0.05, "{part} of {} bytes", shares[0].len());
            opened += 1;
        }
        assert!(opened > 4 * 12, "{opened}");
    }
}

#[test]
fn ranks_are_picked_along_any_axis() {
    let x = values(4 * 9, 240);
    let rows: Vec<Vec<f64>> = x.chunks(9).map(<[f64]>::to_vec).collect();
    let each = |of: &dyn Fn(&[f64]) -> Vec<f64>| -> Vec<f64> {
        rows.iter().flat_map(|row| of(row)).collect()
    };
    let enter = |e: &Engine| -> Result<Secret> { input(e, 0, &[4, 9], &x) };
    let top = |row: &[f64]| argsort(row, Order::Descending)[..3].to_vec();
    check(&each(&|row| top(row).iter().map(|&i| row[i]).collect()), 0.0, |e| {
        Ok(enter(e)?.topk(3, 1, Order::Descending)?.0)
    });
    check(&each(&|row| top(row).iter().map(|&i| i as f64).collect()), 0.0, |e| {
        Ok(enter(e)?.topk(3, 1, Order::Descending)?.1)
    });
    let ranked = |row: &[f64], rank: usize| vec![row[argsort(row, Order::Ascending)[rank]]];
    check(&each(&|row| ranked(row, 6)), 0.0, |e| Ok(enter(e)?.kthvalue(7, 1, false)?.0));
    check(&each(&|row| ranked(row, 4)), 0.0, |e| Ok(enter(e)?.median(1, true)?.0));
    let lower_of_two: Vec<f64> =
        (0..9).map(|c| ranked(&(0..4).map(|r| x[r * 9 + c]).collect::<Vec<_>>(), 1)[0]).collect();
    check(&lower_of_two, 0.0, |e| Ok(enter(e)?.median(0, false)?.0));
}

#[test]
fn quantiles_are_interpolated() {
    let x: Vec<f64> = [7.0, 1.0, 3.0, 3.0, 10.0, -4.0].to_vec();
    let q = [0.0, 0.1, 0.5, 0.7, 1.0];
    // Sorted: -4, 1, 3, 3, 7, 10.
    let cases = [
        (Interpolation::Linear, [-4.0, -1.5, 3.0, 5.0, 10.0]),
        (Interpolation::Lower, [-4.0, -4.0, 3.0, 3.0, 10.0]),
        (Interpolation::Higher, [-4.0, 1.0, 3.0, 7.0, 10.0]),
        (Interpolation::Midpoint, [-4.0, -1.5, 3.0, 5.0, 10.0]),
        (Interpolation::Nearest, [-4.0, -4.0, 3.0, 7.0, 10.0]),
    ];
    for (how, wanted) in cases {
        check(&wanted, 4.0 * UNIT, |e| input(e, 0, &[6], &x)?.quantile(&q, 0, how));
    }
}

#[test]
fn a_shuffle_keeps_rows_and_forgets_their_order() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let mut firsts = Vec::new();
    for parties in PARTIES {
        for seed in 0..6 {
            let world = World::new(parties, seed);
            let results = world.reveal(|e| input(e, 0, &[20, 3], &x)?.shuffle(0));
            let result = results[0].as_ref().unwrap();
            assert!(results.iter().all(|other| other.as_ref().unwrap() == result));
            assert_ne!(*result, x);
            let mut rows: Vec<&[f64]> = result.chunks(3).collect();
            firsts.push(rows[0][0]);
            rows.sort_by(|a, b| a[0].total_cmp(&b[0]));
            assert_eq!(rows.concat(), x);
            let planner = Engine::planner(parties, 16);
            let _y = planner.input(0, &[20, 3], None).unwrap().shuffle(0).unwrap();
            let cost = planner.cost();
            assert_eq!(cost.rounds, u32::from(parties));
            assert_eq!((cost.bytes(), cost.dealer_bytes), (480, 480 * u64::from(parties)));
        }
    }
    firsts.sort_by(f64::total_cmp);
    firsts.dedup();
    assert!(firsts.len() > 5, "{firsts:?}");
    check(&[6.0], 0.0, |e| input(e, 0, &[2, 4], &[0.75; 8])?.shuffle(1)?.sum(&[0, 1], false));
}

#[test]
fn orders_that_make_no_sense_are_refused() {
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[3, 4], None).unwrap();
    assert!(x.sort(2, Order::Ascending).is_err());
    assert!(x.topk(5, 1, Order::Ascending).is_err());
    assert!(x.kthvalue(0, 1, false).is_err());
    assert!(x.kthvalue(5, 1, false).is_err());
    assert!(x.quantile(&[1.5], 0, Interpolation::Linear).is_err());
    assert!(engine.input(0, &[0], None).unwrap().median(0, false).is_err());
    let many = engine.input(0, &[5000, 4000], None).unwrap();
    assert!(many.sort(0, Order::Ascending).is_err());
}
