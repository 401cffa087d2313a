use cryptab_engine::{Engine, Result, Secret};

use crate::common::{check, input, numbers};

fn indices(e: &Engine, shape: &[usize], data: &[f64]) -> Result<Secret> {
    e.input_scaled(1, shape, (e.me() == 1).then_some(data), 0)
}

#[test]
fn one_hot_vectors_of_secret_indices() {
    for classes in [1_usize, 2, 5, 16, 20, 33] {
        let index: Vec<f64> = (0..6).map(|i| ((i * 7 + classes - 1) % classes) as f64).collect();
        let wanted: Vec<f64> = index
            .iter()
            .flat_map(|&i| (0..classes).map(move |c| f64::from(u8::from(c as f64 == i))))
            .collect();
        check(&wanted, 0.0, |e| indices(e, &[2, 3], &index)?.one_hot(classes));
    }
    check(&[], 0.0, |e| indices(e, &[0], &[])?.one_hot(7));
}

#[test]
fn rows_of_tables_at_secret_indices() {
    for rows in [1_usize, 2, 7, 20] {
        let table = numbers(rows * 6, 14.0, 100 + rows as u64);
        let at: Vec<usize> = (0..4).map(|i| (i * 11 + 3) % rows).collect();
        let index: Vec<f64> = at.iter().map(|&i| i as f64).collect();
        let wanted: Vec<f64> = at.iter().flat_map(|&i| table[i * 6..][..6].to_vec()).collect();
        check(&wanted, 0.0, |e| {
            indices(e, &[2, 2], &index)?.embedding(&input(e, 0, &[rows, 2, 3], &table)?)
        });
        check(&wanted, 0.0, |e| {
            indices(e, &[2, 2], &index)?.embedding(&e.constant_scaled(&[rows, 2, 3], &table, 16)?)
        });
    }
    // An index that was computed, a table that was opened before, and other axes.
    let table = numbers(24, 10.0, 120);
    let best = (0..24).fold(0, |best, i| if table[i] > table[best] { i } else { best });
    check(&[table[best]], 0.0, |e| {
        let table = input(e, 0, &[24], &table)?;
        let at = table.argmax(0, false)?;
        table.take_secret(&at)
    });
    let columns: Vec<f64> = (0..4).flat_map(|r| [5, 0, 5].map(|c| table[r * 6 + c])).collect();
    check(&columns, 0.0, |e| {
        let at = indices(e, &[3], &[5.0, 0.0, 5.0])?;
        input(e, 0, &[4, 6], &table)?.index_select_secret(1, &at)
    });
}

#[test]
fn elements_are_gathered_along_an_axis() {
    let x = numbers(12, 12.0, 130);
    let places = [2_usize, 0, 1, 1, 2, 2, 0, 1];
    let at = places.map(|i| i as f64);
    let rows: Vec<f64> = (0..8).map(|i| x[places[i] * 4 + i % 4]).collect();
    check(&rows, 0.0, |e| input(e, 0, &[3, 4], &x)?.gather(0, &indices(e, &[2, 4], &at)?));
    let columns: Vec<f64> = (0..6).map(|i| x[i / 2 * 4 + places[i]]).collect();
    check(&columns, 0.0, |e| input(e, 0, &[3, 4], &x)?.gather(1, &indices(e, &[3, 2], &at[..6])?));
    let engine = Engine::planner(2, 16);
    let table = engine.input(0, &[3, 4], None).unwrap();
    let index = engine.input_scaled(0, &[2, 3], None, 0).unwrap();
    assert!(table.gather(0, &index).is_err());
}

#[test]
fn indices_must_be_integers_and_tables_have_rows() {
    let engine = Engine::planner(2, 16);
    let fixed = engine.input(0, &[2], None).unwrap();
    assert!(fixed.one_hot(4).is_err());
    let index = engine.input_scaled(0, &[2], None, 0).unwrap();
    assert!(index.one_hot(0).is_err());
    assert!(index.one_hot(1 << 26).is_err());
    assert!(index.embedding(&engine.input(0, &[0, 3], None).unwrap()).is_err());
    assert!(index.embedding(&engine.input(0, &[], None).unwrap()).is_err());
}
