//! A correction, as a party gets it, for requests of every kind.
#![no_main]

use bytes::Bytes;
use cryptab_correlation::{Address, Correction, Deal, Expander, Known, KnownBits, Request};
use cryptab_correlation::{Seed, SessionId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let message = Bytes::copy_from_slice(bytes);
    let Ok(correction) = Correction::from_bytes(&message) else { return };
    assert_eq!(correction.to_bytes(), bytes);
    let bits = bytes[0] % 64 + 1;
    let address = Address::new(0, 0);
    let deals = [
        Deal::Ring { known: Known::Zero { shape: vec![3, 5] }, bits },
        Deal::Bits(KnownBits::Zero { len: 13, planes: 3 }),
        Deal::Shuffle { player: 1, rows: 3, columns: 2 },
    ];
    for (deal, party) in deals.into_iter().flat_map(|deal| [(deal.clone(), 0), (deal, 1)]) {
        let expander = Expander::new(&Seed::from_bytes([1; 32]), SessionId([2; 32]), party, 2);
        let request = Request { address, deal };
        let part = &correction.bytes[..];
        let read = match request.deal {
            Deal::Ring { .. } => expander.ring(&request, part).is_ok(),
            Deal::Bits(_) => expander.bits(&request, part).is_ok(),
            Deal::Shuffle { .. } => expander.permuted(&request, part).is_ok(),
        };
        assert!(read || !expander.accepts(&request, part), "what is accepted can be read");
    }
});
