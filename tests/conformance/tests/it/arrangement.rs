use cryptab_conformance::{Array, Bound, Case, Party, integers, reals};
use cryptab_engine::Secret;
use cryptab_expression::Kind;

/// Checks an expression of `x`, exactly.
fn expression<'a>(case: &mut Case<'a>, text: &'a str, x: &Array, want: Array) {
    let x = x.clone();
    case.check(want, Bound::EXACT, move |e| e.evaluate(text, &[("x", &e.secret(&x)?)]));
}

/// Flat positions for which an index holds.
fn where_index(x: &Array, holds: impl Fn(&[usize]) -> bool) -> Vec<usize> {
    let mut all = Vec::new();
    let _each = Array::from_fn(&x.shape, |at| {
        if holds(at) {
            all.push(x.flat(at));
        }
        0.0
    });
    all
}

pub(crate) fn g40() {
    let x = reals(61, -6.0, 6.0, &[6, 7, 8]);
    let x = &x;
    let mut case = Case::new();
    let pick = |shape: &[usize], own: &dyn Fn(&[usize]) -> [usize; 3]| {
        Array::from_fn(shape, |at| x.at(&own(at)))
    };
    expression(&mut case, "x[2]", x, pick(&[7, 8], &|at| [2, at[0], at[1]]));
    expression(&mut case, "x[:, 1:5]", x, pick(&[6, 4, 8], &|at| [at[0], at[1] + 1, at[2]]));
    expression(&mut case, "x[..., ::-1]", x, pick(&[6, 7, 8], &|at| [at[0], at[1], 7 - at[2]]));
    expression(&mut case, "x[::2, -1]", x, pick(&[3, 8], &|at| [2 * at[0], 6, at[1]]));
    let strange = pick(&[3, 1, 3, 8], &|at| [5 - 2 * at[0], 3 - at[2], at[3]]);
    expression(&mut case, "x[::-2, None, 3:0:-1]", x, strange);
    let chosen = pick(&[3, 7, 8], &|at| [[4, 0, 4][at[0]], at[1], at[2]]);
    expression(&mut case, "x[[4, 0, 4]]", x, chosen);
    // Two lists in one index: positions of the flattened tensor.
    let rows = pick(&[2, 8], &|at| [at[0], at[0] + 2, at[1]]);
    let flat: Vec<usize> = (0..16).map(|i| x.flat(&[i / 8, i / 8 + 2, i % 8])).collect();
    case.check(rows, Bound::EXACT, move |e| Ok(e.secret(x)?.take(&flat)?.reshape(&[2, 8])?));
    let assigned = Array::from_fn(&x.shape, |at| match (1..3).contains(&at[0]) && at[2] == 2 {
        true => 7.5,
        false => x.at(at),
    });
    let places = where_index(x, |at| (1..3).contains(&at[0]) && at[2] == 2);
    case.check(assigned, Bound::EXACT, move |e| {
        let value = e.public(&Array::filled(&[places.len()], 7.5))?;
        Ok(e.secret(x)?.put(&places, &value)?)
    });
    let crossed = Array::from_fn(&x.shape, |at| match at[0] % 2 {
        0 => x.at(&[5 - at[0], at[1], at[2]]),
        _ => x.at(at),
    });
    let places = where_index(x, |at| at[0] % 2 == 0);
    case.check(crossed, Bound::EXACT, move |e| {
        let x = e.secret(x)?;
        Ok(x.put(&places, &x.index_select(0, &[5, 3, 1])?)?)
    });
    case.counting(1536, -135.621_506).run(&[2]);
}

fn padded(
    x: &Array,
    axis: usize,
    [before, after]: [usize; 2],
    place: impl Fn(isize) -> Option<usize>,
    value: f64,
) -> Array {
    let mut shape = x.shape.clone();
    shape[axis] += before + after;
    Array::from_fn(&shape, |at| {
        let mut own = at.to_vec();
        match place(at[axis] as isize - before as isize) {
            Some(from) => {
                own[axis] = from;
                x.at(&own)
            }
            None => value,
        }
    })
}

pub(crate) fn g41() {
    let mut case = Case::new();
    let shapes: [&[usize]; 5] = [&[1], &[5], &[1, 1], &[5, 5], &[5, 5, 5]];
    for shape in shapes {
        let x = reals(62, -6.0, 6.0, shape);
        let last = shape.len() - 1;
        for widths in [[0, 0], [1, 2], [3, 0]] {
            for value in [0.0, 1.0, 10.0] {
                let size = shape[last];
                let inside = |at: isize| usize::try_from(at).ok().filter(|&at| at < size);
                let want = padded(&x, last, widths, inside, value);
                let text = format!("pad(x, ({}, {}), value=v)", widths[0], widths[1]);
                let (own, secret_text) = (x.clone(), text.clone());
                case.check(want.clone(), Bound::EXACT, move |e| {
                    let v = Party::known(&Array::scalar(value), Kind::Real);
                    let x = e.secret(&own)?.into();
                    e.evaluate_values(&text, vec![("x", x), ("v", v)])
                });
                let own = x.clone();
                case.repeat(want, Bound::EXACT, move |e| {
                    let v = e.secret(&Array::scalar(value))?;
                    e.evaluate(&secret_text, &[("x", &e.secret(&own)?), ("v", &v)])
                });
            }
        }
    }
    let y = reals(63, -6.0, 6.0, &[2, 3, 4, 5]);
    type Mode = (&'static str, fn(isize, isize) -> isize);
    let modes: [Mode; 3] = [
        ("pad(x, (2, 1, 1, 2), mode='reflect')", |at, n| {
            let at = at.abs();
            if at < n { at } else { 2 * n - 2 - at }
        }),
        ("pad(x, (2, 1, 1, 2), mode='replicate')", |at, n| at.clamp(0, n - 1)),
        ("pad(x, (2, 1, 1, 2), mode='circular')", |at, n| at.rem_euclid(n)),
    ];
    for (text, place) in modes {
        let along = |n: isize| move |at: isize| Some(place(at, n) as usize);
        let want = padded(&y, 3, [2, 1], along(5), 0.0);
        let want = padded(&want, 2, [1, 2], along(4), 0.0);
        expression(&mut case, text, &y, want);
    }
    let cut = y.select(3, &[1, 2, 3, 4]).select(2, &[0, 1, 2]);
    let inside = |n: isize| move |at: isize| (0..n).contains(&at).then_some(at as usize);
    let want = padded(&padded(&cut, 3, [0, 1], inside(4), 0.0), 2, [2, 0], inside(3), 0.0);
    expression(&mut case, "pad(x, (-1, 1, 2, -1))", &y, want);
    case.counting(3165, 1_783.817_245).run(&[2]);
}

pub(crate) fn g42() {
    let x = reals(64, -6.0, 6.0, &[5, 5, 5, 5]);
    let index = [1, 2, 3, 4, 4, 2, 1, 3];
    let g = integers(66, 0, 5, &[5, 5, 5, 5]);
    let uniform = reals(67, 0.0, 1.0, &[5, 5, 5, 5]);
    let list = Array::list(&index.map(|i| i as f64));
    let mut case = Case::new();
    for axis in 0..4 {
        let mut shape = vec![5; 4];
        shape[axis] = 8;
        let y = reals(65, -6.0, 6.0, &shape);
        let p = uniform.along(axis, |row| {
            let mut at: Vec<usize> = (0..5).collect();
            at.sort_by(|&a, &b| row[a].partial_cmp(&row[b]).unwrap());
            at.iter().map(|&at| at as f64).collect()
        });
        let mut added = x.clone();
        let _each = Array::from_fn(&shape, |at| {
            let mut to = at.to_vec();
            to[axis] = index[at[axis]];
            let flat = added.flat(&to);
            added.data[flat] += y.at(at);
            0.0
        });
        let selected = x.select(axis, &index);
        let place = |i: &Array, at: &[usize]| {
            let mut to = at.to_vec();
            to[axis] = i.at(at) as usize;
            to
        };
        let gathered = Array::from_fn(&x.shape, |at| x.at(&place(&g, at)));
        let (mut sums, mut scattered) =
            (Array::filled(&x.shape, 0.0), Array::filled(&x.shape, 0.0));
        let _each = Array::from_fn(&x.shape, |at| {
            let flat = sums.flat(&place(&g, at));
            sums.data[flat] += x.at(at);
            let flat = scattered.flat(&place(&p, at));
            scattered.data[flat] = x.at(at);
            0.0
        });
        let block = [[[1, 2], [3, 4]], [[4, 2], [1, 3]]];
        let mut taken_shape = x.shape.clone();
        taken_shape.splice(axis..=axis, [2, 2, 2]);
        let taken = Array::from_fn(&taken_shape, |at| {
            let mut own = at.to_vec();
            let row: [[usize; 2]; 2] = block[at[axis]];
            own.splice(axis..axis + 3, [row[at[axis + 1]][at[axis + 2]]]);
            x.at(&own)
        });
        let text = |name: &str, rest: &str| format!("{name}(x, {axis}, {rest})");
        let mut part = |text: String, want: Array, i: &Array, y: &Array| {
            let (x, i, y) = (x.clone(), i.clone(), y.clone());
            case.check(want, Bound::EXACT, move |e| {
                let i = Party::known(&i, Kind::Integer);
                let zeros = e.public(&Array::filled(&[5, 5, 5, 5], 0.0))?;
                let names = vec![
                    ("x", e.secret(&x)?.into()),
                    ("i", i),
                    ("y", e.secret(&y)?.into()),
                    ("zeros", zeros.into()),
                ];
                e.evaluate_values(&text, names)
            });
        };
        part(text("index_add", "i, y"), added, &list, &y);
        part(text("index_select", "i"), selected, &list, &y);
        part(text("gather", "i"), gathered, &g, &y);
        part(format!("scatter_add(zeros, {axis}, i, x)"), sums, &g, &y);
        part(format!("scatter(zeros, {axis}, i, x)"), scattered, &p, &y);
        let flat = Array::list(&[1.0, 2.0, 3.0, 4.0, 4.0, 2.0, 1.0, 3.0]);
        let sizes = taken_shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        part(format!("index_select(x, {axis}, i).reshape({sizes})"), taken, &flat, &y);
    }
    case.counting(18_000, -274.681_595).run(&[2, 3]);
}

pub(crate) fn g43() {
    let (x, y) = (reals(68, -6.0, 6.0, &[2, 3, 4, 6]), reals(69, -6.0, 6.0, &[1, 3, 1, 6]));
    let mut case = Case::new();
    let of = |x: &Array, shape: &[usize], own: &dyn Fn(&[usize]) -> [usize; 4]| {
        Array::from_fn(shape, |i| x.at(&own(i)))
    };
    let mut part = |text: &'static str, own: &Array, want: Array| {
        expression(&mut case, text, own, want);
    };
    part("x.narrow(3, 1, 3)", &x, of(&x, &[2, 3, 4, 3], &|i| [i[0], i[1], i[2], i[3] + 1]));
    let want = of(&x, &[4, 3, 4, 18], &|i| [i[0] % 2, i[1], i[2], i[3] % 6]);
    part("x.repeat(2, 1, 1, 3)", &x, want);
    part("x.expand(5, 3, 4, 6)", &y, of(&y, &[5, 3, 4, 6], &|i| [0, i[1], 0, i[3]]));
    part("x.reshape(6, -1)", &x, x.reshape(&[6, 24]));
    part("x.flatten(1, 2)", &x, x.reshape(&[2, 12, 6]));
    let want = of(&x, &[2, 3, 4, 6], &|i| [(i[0] + 1) % 2, i[1], i[2], (i[3] + 2) % 6]);
    part("x.roll((1, -2), (0, 3))", &x, want);
    let want = Array::from_fn(&[2, 3, 4, 2, 3], |i| x.at(&[i[0], i[1], i[2], 2 * i[3] + i[4]]));
    part("x.unfold(3, 3, 2)", &x, want);
    let want = of(&x, &[2, 3, 4, 6], &|i| [i[0], 2 - i[1], i[2], 5 - i[3]]);
    part("x.flip((1, 3))", &x, want);
    let want = Array::from_fn(&[6, 4, 6], |i| x.at(&[i[0] % 2, i[0] / 2, i[1], i[2]]));
    part("cat(x.unbind(1))", &x, want);
    part("x.split([1, 3], 2)[1]", &x, of(&x, &[2, 3, 3, 6], &|i| [i[0], i[1], i[2] + 1, i[3]]));
    part("x.chunk(4, 3)[2]", &x, of(&x, &[2, 3, 4, 2], &|i| [i[0], i[1], i[2], i[3] + 4]));
    part("x.permute(3, 1, 0, 2)", &x, of(&x, &[6, 3, 2, 4], &|i| [i[2], i[1], i[3], i[0]]));
    part("x.transpose(0, 2)", &x, of(&x, &[4, 3, 2, 6], &|i| [i[2], i[1], i[0], i[3]]));
    part("x.squeeze()", &y, y.reshape(&[3, 6]));
    part("x.squeeze(2)", &y, y.reshape(&[1, 3, 6]));
    part("x.unsqueeze(-1)", &x, x.reshape(&[2, 3, 4, 6, 1]));
    part("x.movedim(0, 2)", &x, of(&x, &[3, 4, 2, 6], &|i| [i[2], i[0], i[1], i[3]]));
    part("x.tile((2, 1))", &x, of(&x, &[2, 3, 8, 6], &|i| [i[0], i[1], i[2] % 4, i[3]]));
    part("rot90(x, 1, (2, 3))", &x, of(&x, &[2, 3, 6, 4], &|i| [i[0], i[1], i[3], 5 - i[2]]));
    let want = Array::from_fn(&[2, 3, 4], |i| x.at(&[i[0], i[1], i[2], i[2]]));
    part("x.diagonal(0, 2, 3)", &x, want);
    let want = of(&x, &[2, 6, 4, 6], &|i| [i[0], i[1] / 2, i[2], i[3]]);
    part("x.repeat_interleave(2, 1)", &x, want);
    case.counting(3672, 497.966_08).run(&[2]);
}

pub(crate) fn g44() {
    let x = reals(70, -6.0, 6.0, &[4, 5, 6]);
    let running = |combine: fn(f64, f64) -> f64, start: f64| {
        move |row: &[f64]| -> Vec<f64> {
            row.iter()
                .scan(start, |so_far, &x| {
                    *so_far = combine(*so_far, x);
                    Some(*so_far)
                })
                .collect()
        }
    };
    let mut case = Case::new();
    for axis in 0..3 {
        let own = x.clone();
        let want = x.along(axis, running(|a, b| a + b, 0.0));
        case.check(want, Bound::EXACT, move |e| Ok(e.secret(&own)?.cumsum(axis)?));
    }
    for [rows, columns] in [[3, 3], [10, 10], [2, 3]] {
        let y = reals(71, -6.0, 6.0, &[rows, columns]);
        let least = rows.min(columns);
        let diagonal = Array::from_fn(&[least], |i| y.at(&[i[0], i[0]]));
        let trace = Array::scalar(diagonal.data.iter().sum());
        let kept = |keeps: fn(usize, usize) -> bool| {
            Array::from_fn(&y.shape, |i| if keeps(i[0], i[1]) { y.at(i) } else { 0.0 })
        };
        expression(&mut case, "trace(x)", &y, trace);
        expression(&mut case, "tril(x)", &y, kept(|row, column| column <= row));
        expression(&mut case, "triu(x, 1)", &y, kept(|row, column| column > row));
        expression(&mut case, "diag(x)", &y, diagonal);
    }
    let z = reals(72, -1.5, 1.5, &[4, 6]);
    let want = z.along(1, running(|a, b| a * b, 1.0));
    case.check(want, Bound::larger(1e-3), move |e| Ok(e.secret(&z)?.cumprod(1)?));
    case.counting(632, 95.163_76).run(&[2, 3]);
}

pub(crate) fn g46() {
    let (x, y) = (reals(76, -6.0, 6.0, &[3; 4]), reals(77, -6.0, 6.0, &[3; 4]));
    let (x, y) = (&x, &y);
    let mut case = Case::new();
    for kinds in 0..3_u8 {
        for axis in 0..5 {
            let stacked = |x: &Array| {
                let mut shape = x.shape.clone();
                shape.insert(axis, 1);
                x.reshape(&shape)
            };
            let enter = move |e: &Party<'_>| -> cryptab_conformance::Made<[Secret; 2]> {
                Ok(match kinds {
                    0 => [e.secret(x)?, e.secret(y)?],
                    1 => [e.public(x)?, e.public(y)?],
                    _ => [e.public(x)?, e.secret(y)?],
                })
            };
            let mut part = |want: Array, stack: bool| {
                let program = move |e: &Party<'_>| {
                    let parts = enter(e)?;
                    Ok(if stack {
                        Secret::stack(&parts, axis)?
                    } else {
                        Secret::concat(&parts, axis)?
                    })
                };
                match kinds {
                    0 => case.check(want, Bound::EXACT, program),
                    _ => case.repeat(want, Bound::EXACT, program),
                }
            };
            if axis < 4 {
                part(Array::concat(&[x, y], axis), false);
            }
            part(Array::concat(&[&stacked(x), &stacked(y)], axis), true);
        }
    }
    case.counting(1458, -501.264_267).run(&[2]);
}
