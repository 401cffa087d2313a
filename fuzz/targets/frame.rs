//! What parties' engines say to each other, inside their channel.
#![no_main]

use cryptab_wire::{EngineMessage, begin_frame, encode_dispute};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match EngineMessage::parse(bytes) {
        Ok(EngineMessage::Frame(frame)) => {
            let table: Vec<_> = frame.payloads.iter().map(|(at, part)| (*at, part.len())).collect();
            let mut again = begin_frame(frame.round, frame.operations, frame.tape, &table);
            frame.payloads.iter().for_each(|(_, part)| again.extend_from_slice(part));
            assert_eq!(again, bytes);
        }
        Ok(EngineMessage::Dispute(texts)) => assert_eq!(encode_dispute(&texts), bytes),
        Err(_) => {}
    }
});
