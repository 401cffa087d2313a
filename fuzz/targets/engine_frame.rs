//! A peer's messages to an engine that computes.
#![no_main]

use cryptab_engine::{Error, Peer};
use cryptab_fuzz::Script;
use cryptab_fuzz::engine::Attacked;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let attacked = Attacked::new();
    let mut script = Script::new(bytes);
    attacked.run();
    while !script.is_over() {
        let failed = attacked.engine.error().is_some();
        let received = attacked.engine.receive(1, script.message());
        attacked.run();
        match received.err().or_else(|| attacked.engine.error()) {
            None => {}
            Some(Error::Peer { peer: Peer::Party(1), .. }) => {}
            Some(Error::Programs { peer: Peer::Party(1), .. }) => {}
            Some(error) => panic!("the peer is at fault, but: {error} (failed before: {failed})"),
        }
        let _ = attacked.engine.progress();
    }
});
