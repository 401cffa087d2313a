//! Packets of somebody without keys, to every side of a handshake.
#![no_main]

use cryptab_fuzz::Script;
use cryptab_fuzz::link::{PROLOGUE, PSK, alice, bob};
use cryptab_link::{Channel, Event, Fault};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let hello = b"hello".to_vec();
    let mut channel = match script.byte() % 4 {
        0 => Channel::pair_initiator(&alice(), &PSK, PROLOGUE, hello),
        1 => Channel::pair_responder(&bob(), &PSK, PROLOGUE, hello),
        2 => Channel::dealer_client(&alice(), &bob().public(), PROLOGUE, hello),
        _ => Channel::dealer_server(&bob(), PROLOGUE, hello),
    }
    .unwrap();
    let started = channel.start().unwrap();
    assert!(started.is_none_or(|first| channel.receive(&first).is_err()), "its own packet");
    while !script.is_over() {
        match channel.receive(script.message()) {
            Ok(events) => {
                assert!(events.iter().all(|event| matches!(event, Event::Send(_))), "{events:?}");
            }
            Err(error) => assert_ne!(error.fault(), Fault::Bug, "{error}"),
        }
        assert!(!channel.is_open() && channel.peer().is_none());
    }
});
