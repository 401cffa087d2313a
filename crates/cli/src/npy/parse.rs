//! The bytes of an array's file, as somebody else may have made them.

use cryptab_expression::{Kind, Public};
use ndarray::ArrayViewD;
use ndarray_npy::{ViewElement, ViewNpyError, ViewNpyExt as _};

/// The numbers or truth values that `bytes` are, in C or Fortran order; or why they are none.
pub(crate) fn parse(bytes: &[u8]) -> Result<Public, String> {
    let public = of_type(bytes, |number: &f64| *number, Kind::Real)
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &f32| f64::from(*n), Kind::Real)))
        .or_else(|error| otherwise(error, || of_type(bytes, wide, Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &i32| (*n).into(), Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &u8| (*n).into(), Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |bit: &bool| (*bit).into(), Kind::Bit)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &i16| (*n).into(), Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &i8| (*n).into(), Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &u16| (*n).into(), Kind::Integer)))
        .or_else(|error| otherwise(error, || of_type(bytes, |n: &u32| (*n).into(), Kind::Integer)));
    let public = public.map_err(|error| reason(&error))?;
    let inexact = |number: &f64| public.kind() == Kind::Integer && number.abs() > LARGEST_INTEGER;
    match public.elements().into_iter().find(inexact) {
        Some(number) => Err(format!("{number:.0} is beyond 2^53")),
        None => Ok(public),
    }
}

/// Tries the next type if this was not it.
fn otherwise(
    error: ViewNpyError,
    next: impl FnOnce() -> Result<Public, ViewNpyError>,
) -> Result<Public, ViewNpyError> {
    match error {
        ViewNpyError::WrongDescriptor(_) => next(),
        error => Err(error),
    }
}

/// A view takes no memory: what the header promises must be in the file.
fn of_type<T: ViewElement>(
    bytes: &[u8],
    number: fn(&T) -> f64,
    kind: Kind,
) -> Result<Public, ViewNpyError> {
    let array = ArrayViewD::<T>::view_npy(bytes)?;
    Ok(Public::new(array.shape(), array.iter().map(number).collect(), kind))
}

#[expect(clippy::cast_precision_loss, reason = "what loses precision is refused")]
fn wide(number: &i64) -> f64 {
    *number as f64
}

fn reason(error: &ViewNpyError) -> String {
    match error {
        ViewNpyError::WrongDescriptor(found) => {
            format!("its elements are {found}, not f64, f32, bool or integers of up to 64 bits")
        }
        error => error.to_string(),
    }
}

/// The largest integer up to which `f64` holds all.
const LARGEST_INTEGER: f64 = 9_007_199_254_740_992.0;
