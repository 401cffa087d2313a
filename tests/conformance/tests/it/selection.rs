use cryptab_conformance::{Array, Bound, Case, bernoulli, integers, reals};

pub(crate) fn g45() {
    let mut case = Case::new();
    for shape in [vec![10], vec![5, 10], vec![1, 5, 10]] {
        let c = bernoulli(73, 0.5, &shape);
        let (x, y) = (reals(74, -6.0, 6.0, &shape), reals(75, -6.0, 6.0, &shape));
        let choose = |x: &Array, y: &Array| {
            let pairs = x.zip(y, |a, _| a);
            let other = x.zip(y, |_, b| b);
            let chosen = c.data.iter().zip(pairs.data.iter().zip(&other.data));
            Array::new(&shape, chosen.map(|(&c, (&a, &b))| if c == 1.0 { a } else { b }).collect())
        };
        for first in 0..8 {
            let secret = |bit: u8| first & (1 << bit) == 0;
            let own = (c.clone(), x.clone(), y.clone());
            let (open_c, open_x, open_y) = (!secret(0), !secret(1), !secret(2));
            let program = move |e: &cryptab_conformance::Party<'_>| {
                let enter = |x: &Array, open: bool| if open { e.public(x) } else { e.secret(x) };
                let c = if open_c { e.public(&own.0)? } else { e.bits(&own.0)? };
                Ok(enter(&own.1, open_x)?.where_(&c, &enter(&own.2, open_y)?)?)
            };
            match first {
                0 => case.check(choose(&x, &y), Bound::EXACT, program),
                _ => case.repeat(choose(&x, &y), Bound::EXACT, program),
            }
        }
        let own = (x.clone(), y.clone());
        case.check(x.zip(&y, f64::max), Bound::EXACT, move |e| {
            let (x, y) = (e.secret(&own.0)?, e.secret(&own.1)?);
            Ok(x.where_(&x.gt(&y)?, &y)?)
        });
        for (value, fills) in [(1.5, false), (-3.0, true)] {
            let other = Array::filled(&shape, value);
            let want = if fills { choose(&other, &x) } else { choose(&x, &other) };
            for open in [false, true] {
                let own = (c.clone(), x.clone());
                let program = move |e: &cryptab_conformance::Party<'_>| {
                    let c = if open { e.public(&own.0)? } else { e.bits(&own.0)? };
                    let x = e.secret(&own.1)?;
                    Ok(match fills {
                        true => x.masked_fill(&c, value)?,
                        false => x.where_(&c, &e.scalar(value)?)?,
                    })
                };
                match open {
                    false => case.check(want.clone(), Bound::EXACT, program),
                    true => case.repeat(want.clone(), Bound::EXACT, program),
                }
            }
        }
    }
    case.counting(440, -114.407_684).run(&[2, 3, 5]);
}

pub(crate) fn g63() {
    let table = reals(141, -6.0, 6.0, &[20, 7]);
    let index = integers(142, 0, 20, &[3, 5]);
    let values = reals(143, -6.0, 6.0, &[15, 7]);
    let places: Vec<usize> = index.data.iter().map(|&at| at as usize).collect();
    let mut case = Case::new();
    let found = table.select(0, &places).reshape(&[3, 5, 7]);
    let (table, index, values) = (&table, &index, &values);
    case.check(found.clone(), Bound::EXACT, |e| {
        Ok(e.integers(index)?.embedding(&e.secret(table)?)?)
    });
    case.repeat(found, Bound::EXACT, |e| Ok(e.integers(index)?.embedding(&e.public(table)?)?));
    let flags =
        Array::from_fn(&[3, 5, 20], |at| f64::from(u8::from(at[2] == places[at[0] * 5 + at[1]])));
    case.check(flags, Bound::EXACT, |e| Ok(e.integers(index)?.one_hot(20)?));
    let mut sums = Array::filled(&[20, 7], 0.0);
    for (row, &place) in places.iter().enumerate() {
        for column in 0..7 {
            sums.data[place * 7 + column] += values.at(&[row, column]);
        }
    }
    case.check(sums, Bound::EXACT, |e| {
        let zeros = e.public(&Array::filled(&[20, 7], 0.0))?;
        let at = e.integers(index)?.reshape(&[15])?;
        Ok(zeros.index_add_secret(0, &at, &e.secret(values)?)?)
    });
    // The same through gather with a secret index.
    let wanted = Array::from_fn(&[3, 7], |at| table.at(&[places[at[0] * 5], at[1]]));
    case.repeat(wanted, Bound::EXACT, |e| {
        let at = e.integers(index)?.select(1, 0)?.unsqueeze(1)?.broadcast_to(&[3, 7])?;
        Ok(e.secret(table)?.gather(0, &at)?)
    });
    case.counting(545, -42.738_007).run(&[2, 3, 5]);
}
