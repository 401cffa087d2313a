//! What parties say to each other around a session: signals, introductions, messages.
#![no_main]

use cryptab_session::fuzzing;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for decoded in [fuzzing::message(bytes), fuzzing::hello(bytes), fuzzing::packet(bytes)] {
        if let Some(again) = decoded {
            assert_eq!(again, bytes);
        }
    }
});
