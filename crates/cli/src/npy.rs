//! Arrays in files, as `NumPy` writes them.

mod parse;

use std::fs;
use std::path::Path;

use cryptab_expression::{Kind, Public};
use ndarray::{ArrayD, IxDyn};
use ndarray_npy::write_npy;

use crate::failure::Failure;

/// Reads an array of numbers or truth values, in C or Fortran order.
pub(crate) fn read(file: &Path) -> Result<Public, Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::file(file, error))?;
    parse::parse(&bytes).map_err(|reason| Failure::file(file, reason))
}

/// Writes bits as bool, integers as i64, real numbers as f64.
pub(crate) fn write(file: &Path, public: &Public) -> Result<(), Failure> {
    let written = match public.kind() {
        Kind::Real => write_npy(file, &array(public, |number| number)),
        #[expect(clippy::cast_possible_truncation, reason = "whole numbers; it saturates")]
        Kind::Integer => write_npy(file, &array(public, |number| number as i64)),
        Kind::Bit => write_npy(file, &array(public, |number| number != 0.0)),
    };
    written.map_err(|error| Failure::file(file, error))
}

fn array<T>(public: &Public, element: fn(f64) -> T) -> ArrayD<T> {
    let elements = public.elements().into_iter().map(element).collect();
    let array = ArrayD::from_shape_vec(IxDyn(public.shape()), elements);
    array.expect("a tensor has as many elements as its shape")
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayD, IxDyn, ShapeBuilder as _, array};
    use ndarray_npy::write_npy;

    use super::*;

    fn file(name: &str) -> std::path::PathBuf {
        std::env::temp_dir().join(format!("cryptab-npy-{}-{name}.npy", std::process::id()))
    }

    #[test]
    fn types_and_orders() {
        let path = file("types");
        let expect = |shape: &[usize], elements: &[f64], kind: Kind| {
            let read = read(&path).unwrap();
            assert_eq!((read.shape(), &read.elements()[..], read.kind()), (shape, elements, kind));
            write(&path, &read).unwrap();
            assert_eq!(super::read(&path).unwrap(), read);
        };
        let rows = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        write_npy(&path, &array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).unwrap();
        expect(&[2, 3], &rows, Kind::Real);
        let columns = vec![1_i64, 4, 2, 5, 3, 6];
        let fortran = ArrayD::from_shape_vec(IxDyn(&[2, 3]).f(), columns).unwrap();
        write_npy(&path, &fortran).unwrap();
        expect(&[2, 3], &rows, Kind::Integer);
        write_npy(&path, &array![0.5_f32]).unwrap();
        expect(&[1], &[0.5], Kind::Real);
        write_npy(&path, &array![-7_i32, 7]).unwrap();
        expect(&[2], &[-7.0, 7.0], Kind::Integer);
        write_npy(&path, &array![255_u8]).unwrap();
        expect(&[1], &[255.0], Kind::Integer);
        write_npy(&path, &array![true, false]).unwrap();
        expect(&[2], &[1.0, 0.0], Kind::Bit);
        write_npy(&path, &ndarray::arr0(3.5)).unwrap();
        expect(&[], &[3.5], Kind::Real);
        fs::remove_file(&path).unwrap();
    }

    #[test]
    fn bad_files_are_refused() {
        let path = file("bad");
        let refused = |says: &str| {
            let error = read(&path).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        };
        assert!(read(&path).is_err());
        fs::write(&path, "no array").unwrap();
        refused("npy");
        write_npy(&path, &array![1_u64]).unwrap();
        refused("<u8");
        write_npy(&path, &array![i64::MAX]).unwrap();
        refused("beyond 2^53");
        // A header that promises more than the file holds.
        write_npy(&path, &array![1.0]).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.windows(4).position(|part| part == b"(1,)").unwrap();
        bytes.splice(at..at + 9, b"(9999999,".iter().copied());
        fs::write(&path, &bytes).unwrap();
        assert!(read(&path).is_err());
        fs::remove_file(&path).unwrap();
    }
}
