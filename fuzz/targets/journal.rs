//! A journal that somebody who has its key has written.
#![no_main]

use cryptab_session::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for decoded in [fuzzing::head(bytes), fuzzing::entry(bytes)] {
        if let Some(again) = decoded {
            assert_eq!(again, bytes);
        }
    }
});
