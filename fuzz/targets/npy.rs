//! A file of an array.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/cli/src/npy/parse.rs"]
mod parse;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(array) = parse::parse(bytes) {
        assert_eq!(array.elements().len(), array.shape().iter().product::<usize>());
    }
});
