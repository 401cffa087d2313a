use cryptab_engine::{Border, Engine, Result, Secret};
use cryptab_testkit::World;

use crate::common::{check, input, numbers};

/// What an arrangement makes of the numbers 0, 1, 2, ... of this shape, in two ways: of a plain
/// secret, and of one that has been opened under a mask, so that its form must follow.
fn check_counting(
    shape: &[usize],
    wanted: &[f64],
    wanted_shape: &[usize],
    arrange: impl Fn(&Secret) -> Result<Secret>,
) {
    let count = shape.iter().product::<usize>();
    let x: Vec<f64> = (0..count).map(|i| i as f64).collect();
    check(wanted, 0.0, |e| {
        let arranged = arrange(&input(e, 0, shape, &x)?)?;
        assert_eq!(arranged.shape(), wanted_shape);
        assert_eq!(e.cost().rounds, 0);
        Ok(arranged)
    });
    let world = World::new(2, 1);
    let squares: Vec<f64> = wanted.iter().map(|x| x * x).collect();
    let results = world.reveal(|e| {
        let x = input(e, 0, shape, &x)?;
        let _opened = x.square()?;
        let arranged = arrange(&x)?;
        arranged.mul(&arranged)
    });
    for result in results {
        let result = result.unwrap();
        assert!(result.iter().zip(&squares).all(|(x, y)| (x - y).abs() < 1e-4), "{result:?}");
    }
}

#[test]
fn axes_and_orders() {
    check_counting(&[2, 3], &[2.0, 1.0, 0.0, 5.0, 4.0, 3.0], &[2, 3], |x| x.flip(&[1]));
    check_counting(&[2, 3], &[5.0, 4.0, 3.0, 2.0, 1.0, 0.0], &[2, 3], |x| x.flip(&[0, 1]));
    check_counting(&[5], &[3.0, 4.0, 0.0, 1.0, 2.0], &[5], |x| x.roll(2, 0));
    check_counting(&[5], &[1.0, 2.0, 3.0, 4.0, 0.0], &[5], |x| x.roll(-6, 0));
    check_counting(&[2, 3], &[0.0, 3.0, 1.0, 4.0, 2.0, 5.0], &[3, 2], |x| x.transpose(0, 1));
    let moved: Vec<f64> = (0..24).map(|i| f64::from(i % 2 * 12 + i / 2)).collect();
    check_counting(&[2, 3, 4], &moved, &[3, 4, 2], |x| x.movedim(0, 2));
    check_counting(&[2, 3], &[2.0, 5.0, 1.0, 4.0, 0.0, 3.0], &[3, 2], |x| x.rot90(1, 0, 1));
    check_counting(&[2, 3], &[3.0, 0.0, 4.0, 1.0, 5.0, 2.0], &[3, 2], |x| x.rot90(3, 0, 1));
    let all: Vec<f64> = (0..6).map(f64::from).collect();
    check_counting(&[2, 3], &all, &[2, 1, 3], |x| x.unsqueeze(1));
    check_counting(&[2, 1, 3], &all, &[2, 3], |x| x.squeeze(1)?.squeeze(0));
    check_counting(&[1, 2, 3], &all, &[1, 6], |x| x.flatten(1, 2));
}

#[test]
fn parts_and_repetitions() {
    check_counting(&[3, 2], &[2.0, 3.0, 4.0, 5.0], &[2, 2], |x| x.narrow(0, 1, 2));
    check_counting(&[3, 2], &[1.0, 3.0, 5.0], &[3], |x| x.select(1, 1));
    check_counting(&[4], &[3.0, 0.0, 3.0], &[3], |x| x.index_select(0, &[3, 0, 3]));
    check_counting(&[2, 3], &[5.0, 1.0], &[2], |x| x.take(&[5, 1]));
    let twice = [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0];
    check_counting(&[2, 2], &twice, &[2, 4], |x| x.repeat(&[1, 2]));
    check_counting(&[2, 2], &twice, &[2, 4], |x| x.tile(&[2]));
    check_counting(&[2], &[0.0, 1.0, 0.0, 1.0], &[2, 2], |x| x.repeat(&[2, 1]));
    check_counting(&[2], &[0.0, 1.0, 0.0, 1.0], &[2, 2], |x| x.expand(&[2, 2]));
    check_counting(&[3], &[0.0, 0.0, 1.0, 1.0, 2.0, 2.0], &[6], |x| x.repeat_interleave(2, 0));
    let windows = [0.0, 1.0, 2.0, 2.0, 3.0, 4.0];
    check_counting(&[6], &windows, &[2, 3], |x| x.unfold(0, 3, 2));
    check_counting(&[2, 4], &[4.0, 5.0, 6.0, 0.0, 1.0, 2.0], &[2, 3], |x| {
        let parts = x.split(&[3, 1], 1)?;
        Secret::concat(&[parts[0].narrow(0, 1, 1)?, parts[0].narrow(0, 0, 1)?], 0)
    });
    check_counting(&[5], &[4.0, 2.0, 3.0], &[3], |x| {
        let parts = x.chunk(3, 0)?;
        assert_eq!(parts.len(), 3);
        Secret::concat(&[parts[2].clone(), parts[1].clone()], 0)
    });
    check_counting(&[2, 2], &[2.0, 0.0, 3.0, 1.0], &[2, 2], |x| {
        let mut rows = x.unbind(0)?;
        rows.reverse();
        Secret::stack(&rows, 1)
    });
}

#[test]
fn diagonals_triangles_and_sums() {
    check_counting(&[3, 4], &[1.0, 6.0, 11.0], &[3], |x| x.diagonal(1, 0, 1));
    check_counting(&[3, 4], &[4.0, 9.0], &[2], |x| x.diag(-1));
    check_counting(&[2, 2, 2], &[0.0, 6.0, 1.0, 7.0], &[2, 2], |x| x.diagonal(0, 0, 1));
    check_counting(&[3, 3], &[12.0], &[], |x| x.trace());
    check_counting(&[2, 2], &[0.0, 0.0, 2.0, 3.0], &[2, 2], |x| x.tril(0));
    check_counting(&[2, 3], &[0.0, 1.0, 2.0, 0.0, 0.0, 5.0], &[2, 3], |x| x.triu(1));
    for (offset, side) in [(0_isize, 2), (1, 3), (-1, 3), (3, 5), (-3, 5)] {
        let mut wanted = vec![0.0; side * side];
        for i in 0..2_usize {
            let (row, column) = match offset {
                0.. => (i, i + offset.unsigned_abs()),
                _ => (i + offset.unsigned_abs(), i),
            };
            wanted[row * side + column] = i as f64;
        }
        check_counting(&[2], &wanted, &[side, side], |x| x.diag(offset));
    }
    let sums: Vec<f64> = (0..21).map(|i| f64::from(i * (i + 1) / 2)).collect();
    check_counting(&[21], &sums, &[21], |x| x.cumsum(0));
    check_counting(&[2, 2], &[0.0, 1.0, 2.0, 5.0], &[2, 2], |x| x.cumsum(1));
}

#[test]
fn borders() {
    let x = numbers(6, 8.0, 110);
    let at = |i: usize| x[i];
    let reflect = [1, 0, 1, 2, 1, 4, 3, 4, 5, 4, 1, 0, 1, 2, 1].map(at);
    check(&reflect, 0.0, |e| {
        input(e, 0, &[2, 3], &x)?.pad_border(&[(0, 1), (1, 1)], Border::Reflect)
    });
    let circular = [3, 4, 5, 3, 0, 1, 2, 0, 3, 4, 5, 3].map(at);
    check(&circular, 0.0, |e| {
        input(e, 0, &[2, 3], &x)?.pad_border(&[(1, 0), (0, 1)], Border::Circular)
    });
    let constant = [2.5, x[1], x[2], 2.5, x[4], x[5], 2.5, 2.5, 2.5];
    check(&constant, 0.0, |e| {
        let x = input(e, 0, &[2, 3], &x)?.within(30)?;
        let padded = x.pad_constant(&[(0, 1), (-1, 0)], 2.5)?;
        assert_eq!(padded.shape(), [3, 2]);
        x.pad_constant(&[(0, 1), (-1, 0)], 2.5)?.pad_constant(&[(0, 0), (1, 0)], 2.5)
    });
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[2, 3], None).unwrap();
    assert!(x.pad_border(&[(2, 0), (0, 0)], Border::Reflect).is_err());
    assert!(x.pad_border(&[(3, 0), (0, 0)], Border::Circular).is_err());
    assert!(x.pad_constant(&[(-1, -2), (0, 0)], 0.0).is_err());
}

#[test]
fn what_does_not_exist_is_refused() {
    let engine = Engine::planner(2, 16);
    let x = engine.input(0, &[2, 3], None).unwrap();
    assert!(x.narrow(0, 1, 2).is_err());
    assert!(x.narrow(2, 0, 1).is_err());
    assert!(x.select(1, 3).is_err());
    assert!(x.index_select(0, &[2]).is_err());
    assert!(x.roll(1, 2).is_err());
    assert!(x.split(&[1, 1], 1).is_err());
    assert!(x.chunk(0, 0).is_err());
    assert!(x.unfold(1, 4, 1).is_err());
    assert!(x.unfold(1, 2, 0).is_err());
    assert!(x.diagonal(0, 1, 1).is_err());
    assert!(x.repeat(&[2]).is_err());
    assert!(x.flatten(1, 2).is_err());
    assert!(Secret::stack(&[], 0).is_err());
    assert_eq!(x.diagonal(9, 0, 1).unwrap().shape(), [0]);
    assert_eq!(engine.input(0, &[0], None).unwrap().roll(3, 0).unwrap().shape(), [0]);
}
