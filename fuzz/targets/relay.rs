//! What a client and the relay say to each other.
#![no_main]

use cryptab_wire::relay::{address, addressed, readdress};
use cryptab_wire::{ToClient, ToRelay};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(join) = ToRelay::decode(bytes) {
        assert_eq!(join.encode(), bytes);
    }
    if let Some(Ok(order)) = ToRelay::decode_within(bytes) {
        assert_eq!(order.encode_within(), bytes);
    }
    match ToClient::decode(bytes) {
        Ok(ToClient::Notice(notice)) => assert_eq!(notice.encode(), bytes),
        Ok(ToClient::Packet { from, packet }) => assert_eq!(address(from, packet), bytes),
        Err(_) => assert!(addressed(bytes).is_err()),
    }
    let mut forwarded = bytes.to_vec();
    if let Ok(to) = readdress(&mut forwarded, 7) {
        assert_eq!(addressed(bytes).map(|(slot, _)| slot), Ok(to));
        assert_eq!(addressed(&forwarded), addressed(bytes).map(|(_, packet)| (7, packet)));
    } else {
        assert_eq!(forwarded, bytes, "what is refused is left alone");
    }
});
