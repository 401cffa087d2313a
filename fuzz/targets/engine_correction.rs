//! A dealer's messages to an engine that waits for corrections.
#![no_main]

use cryptab_engine::{Error, Outgoing, Peer};
use cryptab_fuzz::Script;
use cryptab_fuzz::engine::Attacked;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let attacked = Attacked::new();
    let mut script = Script::new(bytes);
    let mut requests = Vec::new();
    let run = |requests: &mut Vec<_>| {
        requests.extend(attacked.engine.poll().into_iter().filter_map(|message| match message {
            Outgoing::Dealer(request) => Some(request),
            Outgoing::Peer { .. } => None,
        }));
    };
    run(&mut requests);
    while !script.is_over() {
        // Some answers are honest, so that others meet an engine that has gone on.
        let honest = script.byte() % 2 == 0;
        let message = match requests.is_empty() {
            false if honest => attacked.answer(&requests.remove(0)),
            _ => script.message().to_vec(),
        };
        let received = attacked.engine.receive_correction(message);
        run(&mut requests);
        match received.err().or_else(|| attacked.engine.error()) {
            None | Some(Error::Peer { peer: Peer::Dealer, .. }) => {}
            Some(error) => panic!("the dealer is at fault, but: {error}"),
        }
    }
});
