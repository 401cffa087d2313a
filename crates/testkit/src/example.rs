//! What the examples of the documentation are written with: two parties in a line.

use cryptab_engine::{Engine, Result, Secret};

use crate::World;

/// What tensors are made of: reals, or integers.
pub trait Number: Copy {
    /// Enters the private tensor of party `owner`.
    ///
    /// # Errors
    /// As [`Engine::input`].
    fn input(engine: &Engine, owner: u8, shape: &[usize], data: Option<&[Self]>) -> Result<Secret>;
}

impl Number for f64 {
    fn input(engine: &Engine, owner: u8, shape: &[usize], data: Option<&[Self]>) -> Result<Secret> {
        engine.input(owner, shape, data)
    }
}

impl Number for i64 {
    fn input(engine: &Engine, owner: u8, shape: &[usize], data: Option<&[Self]>) -> Result<Secret> {
        engine.input_integers(owner, shape, data)
    }
}

/// Numbers as an array, nested as the tensor's axes are: `[[1.0, 2.0], [3.0, 4.0]]` has shape
/// `[2, 2]`.
pub trait Numbers {
    /// What the array consists of.
    type Number: Number;

    /// Sizes of the axes.
    fn shape() -> Vec<usize>;

    /// The numbers, row by row.
    fn flat(&self) -> Vec<Self::Number>;
}

impl<T: Number> Numbers for T {
    type Number = T;

    fn shape() -> Vec<usize> {
        Vec::new()
    }

    fn flat(&self) -> Vec<T> {
        vec![*self]
    }
}

impl<T: Numbers, const SIZE: usize> Numbers for [T; SIZE] {
    type Number = T::Number;

    fn shape() -> Vec<usize> {
        [vec![SIZE], T::shape()].concat()
    }

    fn flat(&self) -> Vec<T::Number> {
        self.iter().flat_map(T::flat).collect()
    }
}

/// What two parties reveal when they compute `program` of a secret of party 0.
///
/// ```
/// # use cryptab_testkit::with_secret;
/// assert_eq!(with_secret([[1.0, 2.0], [3.0, 4.0]], |x| x.sum(&[0], false)), [4.0, 6.0]);
/// ```
///
/// # Panics
/// If the program fails.
#[track_caller]
pub fn with_secret<A: Numbers>(a: A, program: impl Fn(Secret) -> Result<Secret>) -> Vec<f64> {
    revealed(|engine| program(entered(engine, 0, &a)?))
}

/// What two parties reveal when they compute `program` of a secret of party 0 and one of party 1.
///
/// ```
/// # use cryptab_testkit::with_secrets;
/// assert_eq!(with_secrets([1.5, 2.0], [0.5, -2.0], |x, y| x.add(&y)), [2.0, 0.0]);
/// ```
///
/// # Panics
/// If the program fails.
#[track_caller]
pub fn with_secrets<A: Numbers, B: Numbers>(
    a: A,
    b: B,
    program: impl Fn(Secret, Secret) -> Result<Secret>,
) -> Vec<f64> {
    revealed(|engine| program(entered(engine, 0, &a)?, entered(engine, 1, &b)?))
}

/// Numbers are equal within `tolerance`: absolute below 1, relative above.
///
/// # Panics
/// If they are not.
#[track_caller]
pub fn assert_close(found: impl AsRef<[f64]>, wanted: impl AsRef<[f64]>, tolerance: f64) {
    let (found, wanted) = (found.as_ref(), wanted.as_ref());
    let close = |(a, b): (&f64, &f64)| (a - b).abs() <= tolerance * b.abs().max(1.0);
    let all = found.len() == wanted.len() && found.iter().zip(wanted).all(close);
    assert!(all, "{found:?} is not within {tolerance} of {wanted:?}");
}

fn entered<A: Numbers>(engine: &Engine, owner: u8, numbers: &A) -> Result<Secret> {
    let mine = (engine.me() == owner).then(|| numbers.flat());
    A::Number::input(engine, owner, &A::shape(), mine.as_deref())
}

#[track_caller]
fn revealed(program: impl Fn(&Engine) -> Result<Secret>) -> Vec<f64> {
    let results = World::new(2, 1).reveal(program);
    let results: Result<Vec<_>> = results.into_iter().collect();
    let [first, second] = &results.expect("the program runs")[..] else {
        unreachable!("there are two parties")
    };
    assert_eq!(first, second, "the parties disagree");
    first.clone()
}

#[cfg(test)]
mod tests {
    use super::assert_close;

    #[test]
    fn numbers_that_are_close_pass() {
        assert_close([1e-5, 1000.01], [0.0, 1000.0], 1e-4);
    }

    #[test]
    #[should_panic(expected = "is not within")]
    fn numbers_that_are_not_close_fail() {
        assert_close([1e-3], [0.0], 1e-4);
    }

    #[test]
    #[should_panic(expected = "is not within")]
    fn no_number_is_close_to_nothing() {
        assert_close([f64::NAN], [0.0], 1e-4);
    }

    #[test]
    #[should_panic(expected = "is not within")]
    fn another_count_is_not_close() {
        assert_close([0.0, 0.0], [0.0], 1e-4);
    }
}
