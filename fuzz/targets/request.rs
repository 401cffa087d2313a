//! A request, as the dealer gets it: read, measured, and answered if it is small.
#![no_main]

use cryptab_correlation::{Corrector, Deal, Expander, Request, Seed, SessionId};
use libfuzzer_sys::fuzz_target;

#[path = "../../crates/dealer/src/work.rs"]
mod work;

const PARTIES: u8 = 3;
const SESSION: SessionId = SessionId([7; 32]);

fuzz_target!(|bytes: &[u8]| {
    let Ok(request) = Request::from_bytes(bytes) else { return };
    assert_eq!(request.to_bytes(), bytes, "a request has one encoding");
    let Ok(lengths) = request.correction_bytes(&SESSION, PARTIES) else { return };
    let most = work::Work { elements: 1 << 12, products: 1 << 14 };
    if work::check(&request, most).is_err() {
        return;
    }
    let seeds = [1, 2, 3].map(|byte| Seed::from_bytes([byte; 32]));
    // What fits together can be computed, but for values that an expression does not take.
    let Ok(corrections) = Corrector::new(&seeds, SESSION).correct(&request) else { return };
    for ((party, seed), correction) in (0..PARTIES).zip(&seeds).zip(&corrections) {
        assert_eq!(correction.len(), lengths[usize::from(party)]);
        let expander = Expander::new(seed, SESSION, party, PARTIES);
        assert_eq!(expander.correction_bytes(&request).unwrap(), correction.len());
        assert!(expander.accepts(&request, correction), "a party accepts what the dealer made");
        match request.deal {
            Deal::Ring { .. } => drop(expander.ring(&request, correction).unwrap()),
            Deal::Bits(_) => drop(expander.bits(&request, correction).unwrap()),
            Deal::Shuffle { .. } => drop(expander.permuted(&request, correction).unwrap()),
        }
    }
});
