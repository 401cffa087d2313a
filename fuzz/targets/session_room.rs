//! Two parties whose relay is hostile: what they believe is true, whatever it does.
#![no_main]

use cryptab_fuzz::Script;
use cryptab_fuzz::room::Room;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let mut room = Room::new();
    while !script.is_over() {
        room.act(&mut script);
    }
    room.check();
});
