//! What comes on a direct connection before anything is opened, and what makes one.
#![no_main]

use cryptab_net::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((again, length)) = fuzzing::packets(bytes) {
        assert_eq!(again, &bytes[..length]);
    }
    if let Some([once, twice]) = fuzzing::signal(bytes) {
        assert_eq!(once, twice);
    }
});
