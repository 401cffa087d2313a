//! What a party and the dealer say to each other, inside their channel.
#![no_main]

use cryptab_wire::{DealerHello, FromDealer, ToDealer};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(hello) = DealerHello::decode(bytes) {
        assert_eq!(hello.encode(), bytes);
        assert!(hello.index < hello.statement.parties);
        assert_eq!(hello.statement.keys.len(), usize::from(hello.statement.parties));
    }
    if let Ok(message) = ToDealer::parse(bytes) {
        assert_eq!(message.encode(), bytes);
    }
    if let Ok(message) = FromDealer::parse(bytes) {
        assert_eq!(message.encode(), bytes);
        let _ = format!("{message:?}");
    }
});
