//! Sealed packets that are altered, cut, lost, repeated, exchanged and forged on the way.
#![no_main]

use cryptab_fuzz::Script;
use cryptab_fuzz::link::open;
use cryptab_link::{Event, Fault};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let (mut sender, mut receiver) = open();
    let mut sent = Vec::new();
    let mut honest = Vec::new();
    for _ in 0..=script.byte() % 4 {
        // Lengths around those of full packets too.
        let length = match script.byte() % 8 {
            0 => 65_510 + script.below(16),
            1 => 131_030 + script.below(16),
            _ => script.below(300),
        };
        let message = vec![script.byte(); length];
        honest.extend(sender.send(&message).unwrap());
        sent.push(message);
    }
    let mut packets = honest.clone();
    while !script.is_over() {
        let at = script.below(packets.len());
        match script.byte() % 7 {
            0 => packets.push(script.message().to_vec()),
            1 => packets.insert(at, script.message().to_vec()),
            _ if packets.is_empty() => {}
            2 => {
                let place = script.below(packets[at].len().max(1));
                let change = script.byte();
                packets[at].get_mut(place).into_iter().for_each(|byte| *byte ^= change);
            }
            3 => {
                let length = script.below(packets[at].len() + 1);
                packets[at].truncate(length);
            }
            4 => drop(packets.remove(at)),
            5 => packets.insert(at, packets[script.below(packets.len())].clone()),
            _ => {
                let other = script.below(packets.len());
                packets.swap(at, other);
            }
        }
    }
    let mut received = Vec::new();
    let mut refused = false;
    for packet in &packets {
        match receiver.receive(packet) {
            Ok(events) => received.extend(events.into_iter().map(|event| match event {
                Event::Message(message) => message,
                other => panic!("{other:?}"),
            })),
            Err(error) => {
                assert_eq!(error.fault(), Fault::Transport, "{error}");
                refused = true;
                break;
            }
        }
    }
    assert!(sent.starts_with(&received), "what comes out is a beginning of what went in");
    assert_eq!(!refused, honest.starts_with(&packets));
});
