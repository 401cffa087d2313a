use cryptab_conformance::{Array, Bound, Case, UNIT, mixed, reals};
use cryptab_engine::Engine;
use cryptab_testkit::World;
use futures::FutureExt as _;

const TWO: Bound = Bound::absolute(2.0 * UNIT);

/// The product of stacks of matrices, with broadcast batches.
fn matmul(a: &Array, b: &Array) -> Array {
    let (ra, rb) = (a.shape.len(), b.shape.len());
    let (m, k, n) = (a.shape[ra - 2], a.shape[ra - 1], b.shape[rb - 1]);
    // Batches broadcast as empty arrays of ones do.
    let ones = |shape: &[usize]| Array::filled(shape, 1.0);
    let batch = ones(&a.shape[..ra - 2]).zip(&ones(&b.shape[..rb - 2]), |_, _| 1.0).shape;
    let shape = [&batch[..], &[m, n]].concat();
    let own = |of: &Array, index: &[usize]| -> Vec<usize> {
        let rank = of.shape.len() - 2;
        let tail = &index[batch.len() - rank..batch.len()];
        tail.iter().zip(&of.shape).map(|(&i, &size)| if size == 1 { 0 } else { i }).collect()
    };
    Array::from_fn(&shape, |index| {
        let (row, column) = (index[batch.len()], index[batch.len() + 1]);
        let (x, y) = (own(a, index), own(b, index));
        let term =
            |i: usize| a.at(&[&x[..], &[row, i]].concat()) * b.at(&[&y[..], &[i, column]].concat());
        (0..k).map(term).sum()
    })
}

pub(crate) fn g09() {
    let mut case = Case::new();
    let mut product = |a: Array, b: Array, want: Array| {
        case.check(want, TWO, move |e| Ok(e.secret(&a)?.matmul(&e.secret(&b)?)?));
    };
    for w in [2, 3, 4] {
        let (a, b) = (reals(13, -7.0, 7.0, &[1, 5]), reals(14, -7.0, 7.0, &[5, w]));
        let want = matmul(&a, &b);
        product(a, b, want);
    }
    let batches: [&[usize]; 6] = [&[], &[1], &[5], &[1, 1], &[1, 5], &[5, 5]];
    let sizes = [[1, 1], [1, 5], [5, 1], [5, 5]];
    for left in sizes {
        for right in sizes.into_iter().filter(|right| right[0] == left[1]) {
            for first in batches {
                for second in batches {
                    let a = reals(15, -6.0, 6.0, &[first, &left].concat());
                    let b = reals(16, -6.0, 6.0, &[second, &right].concat());
                    let want = matmul(&a, &b);
                    product(a, b, want);
                }
            }
        }
    }
    let v = reals(17, -6.0, 6.0, &[10]);
    let w = reals(18, -6.0, 6.0, &[10]);
    let right = reals(19, -6.0, 6.0, &[10, 5]);
    let left = reals(20, -6.0, 6.0, &[5, 10]);
    let (row, column) = (v.reshape(&[1, 10]), v.reshape(&[10, 1]));
    let want = matmul(&row, &w.reshape(&[10, 1])).reshape(&[]);
    product(v.clone(), w, want);
    let want = matmul(&row, &right).reshape(&[5]);
    product(v.clone(), right, want);
    let want = matmul(&left, &column).reshape(&[5]);
    product(left, v, want);
    case.counting(26_228, -632.108_262).run(&[2, 3, 5]);
}

pub(crate) fn g10() {
    let mut case = Case::new();
    let mut pair = |text: &'static str, x: &Array, y: &Array, want: Array| {
        let (x, y) = (x.clone(), y.clone());
        case.check(want, TWO, move |e| {
            e.evaluate(text, &[("x", &e.secret(&x)?), ("y", &e.secret(&y)?)])
        });
    };
    for n in 1..=9 {
        let (x, y) = (reals(21, -6.0, 6.0, &[n]), reals(22, -6.0, 6.0, &[n]));
        let dot = x.zip(&y, |a, b| a * b).fold(&[0], false, |row| row.iter().sum());
        pair("dot(x, y)", &x, &y, dot);
        pair("outer(x, y)", &x, &y, x.reshape(&[n, 1]).zip(&y, |a, b| a * b));
    }
    let a = reals(23, -2.0, 2.0, &[3, 4, 5]);
    let b = reals(24, -2.0, 2.0, &[3, 5, 2]);
    let c = reals(25, -2.0, 2.0, &[4, 5]);
    let sum = |row: &[f64]| row.iter().sum();
    let product = a.zip(&c, |x, y| x * y).fold(&[1, 2], false, sum);
    pair("einsum('bij,ij->b', x, y)", &a, &c, product);
    pair("einsum('bij->ji', x) + 0 * y", &a, &Array::scalar(0.0), {
        a.fold(&[0], false, sum).permute(&[1, 0])
    });
    let squares = a.zip(&a, |x, y| x * y).fold(&[2], false, sum);
    pair("einsum('bij,bij->bi', x, y)", &a, &a, squares);
    let (first, second) = (c.select(0, &[0]).reshape(&[5]), c.select(0, &[1]).reshape(&[5]));
    let outer = first.reshape(&[5, 1]).zip(&second, |x, y| x * y);
    pair("einsum('i,j->ij', x, y)", &first, &second, outer);
    pair("einsum('bij,bjk->bik', x, y)", &a, &b, matmul(&a, &b));
    case.counting(378, -297.503_816).run(&[2, 3]);
}

/// Integers, whose products wrap modulo 2^64.
pub(crate) fn g17() {
    let words = |seed: u64, count: u64| -> Vec<i64> {
        (0..count).map(|i| mixed(seed, i).cast_signed() >> 1).collect()
    };
    let (a, b) = (words(41, 2048), words(42, 24));
    let mut want = Vec::with_capacity(768);
    for row in a.chunks(8) {
        for column in 0..3 {
            let terms = row.iter().enumerate().map(|(i, x)| x.wrapping_mul(b[3 * i + column]));
            want.push(terms.fold(0_i64, i64::wrapping_add));
        }
    }
    assert_eq!((want.len(), want.iter().map(|x| x >> 32).sum::<i64>()), (768, -2_567_936_332));
    for parties in [2, 3, 5] {
        let world = World::new(parties, u64::from(parties));
        let record = |e: &Engine| {
            let mine = |owner, data| (e.me() == owner).then_some(data);
            let a = e.input_integers(0, &[256, 8], mine(0, &a[..])).unwrap();
            let b = e.input_integers(1, &[8, 3], mine(1, &b[..])).unwrap();
            a.matmul(&b).unwrap().reveal_integers().unwrap()
        };
        let pending: Vec<_> = world.engines().iter().map(record).collect();
        world.run();
        for result in pending {
            assert_eq!(result.now_or_never().unwrap().unwrap(), want);
        }
    }
}
