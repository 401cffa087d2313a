use cryptab_engine::{Engine, Result, Secret};

use crate::common::{check, input, numbers};

fn x(e: &Engine) -> Result<Secret> {
    input(e, 0, &[3, 2], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
}

fn y(e: &Engine) -> Result<Secret> {
    input(e, 1, &[2, 2], &[10.0, 20.0, 30.0, 40.0])
}

#[test]
fn values_go_to_known_places() {
    check(&[1.0, 6.0, 3.0, 2.0], 0.0, |e| x(e)?.gather_known(0, &[2, 2], &[0, 2, 1, 0]));
    check(&[30.0, 20.0, 3.0, 40.0, 5.0, 6.0], 0.0, |e| x(e)?.scatter(0, &[0, 0, 0, 1], &y(e)?));
    check(&[41.0, 22.0, 3.0, 44.0, 5.0, 6.0], 0.0, |e| x(e)?.scatter_add(0, &[0, 0, 0, 1], &y(e)?));
    check(&[1.0, 2.0, 3.0, 4.0, 45.0, 66.0], 0.0, |e| x(e)?.index_add(0, &[2, 2], &y(e)?));
    check(&[1.0, 20.0, 10.0, 4.0, 40.0, 30.0], 0.0, |e| x(e)?.put(&[2, 1, 5, 4], &y(e)?));
    check(&[101.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.0, |e| x(e)?.put_add(&[0, 0, 0, 0], &y(e)?));
}

#[test]
fn many_values_for_one_place_are_added() {
    let values = numbers(300, 20.0, 41);
    let positions: Vec<usize> = (0..300).map(|i| if i % 7 == 0 { i % 5 } else { 3 }).collect();
    let mut sums = vec![0.0; 6];
    positions.iter().zip(&values).for_each(|(&place, value)| sums[place] += value);
    check(&sums, 0.0, |e| {
        input(e, 0, &[6], &[0.0; 6])?.index_add(0, &positions, &input(e, 1, &[300], &values)?)
    });
}

#[test]
fn positions_may_be_secret() {
    check(&[1.0, 2.0, 3.0, 4.0, 45.0, 66.0], 0.0, |e| {
        let at = e.input_scaled(0, &[2], (e.me() == 0).then_some(&[2.0, 2.0][..]), 0)?;
        x(e)?.index_add_secret(0, &at, &y(e)?)
    });
}

#[test]
fn places_that_do_not_exist_are_refused() {
    let e = Engine::planner(2, 16);
    let (x, y) = (e.input(0, &[3, 2], None).unwrap(), e.input(1, &[2, 2], None).unwrap());
    assert!(x.index_add(0, &[1, 3], &y).is_err());
    assert!(x.index_add(1, &[0, 1], &y).is_err());
    assert!(x.scatter(0, &[0, 0, 0, 3], &y).is_err());
    assert!(x.gather_known(0, &[2, 3], &[0; 6]).is_err());
    assert!(x.put(&[0], &y).is_err());
    assert!(x.put(&[0, 1, 2, 6], &y).is_err());
}
