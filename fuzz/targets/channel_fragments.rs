//! A peer that holds the invite and seals what is no message.
#![no_main]

use cryptab_fuzz::Script;
use cryptab_fuzz::link::{PROLOGUE, PSK, bob};
use cryptab_link::{Channel, Event, Fault};
use libfuzzer_sys::fuzz_target;
use snow::Builder;

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let mut honest = Channel::pair_responder(&bob(), &PSK, PROLOGUE, b"bob".to_vec()).unwrap();
    let mut liar = Builder::new("Noise_XXpsk3_25519_ChaChaPoly_BLAKE2s".parse().unwrap())
        .local_private_key(&[1; 32])
        .and_then(|builder| builder.prologue(PROLOGUE))
        .and_then(|builder| builder.psk(3, &PSK))
        .and_then(Builder::build_initiator)
        .unwrap();
    let (mut packet, mut plain) = (vec![0; 70_000], vec![0; 70_000]);
    let length = liar.write_message(&[], &mut packet).unwrap();
    let [Event::Send(second)] = &honest.receive(&packet[..length]).unwrap()[..] else { panic!() };
    liar.read_message(second, &mut plain).unwrap();
    let payload = script.message();
    let mut payload = payload[..payload.len().min(65_000)].to_vec();
    if let Some(ciphers) = payload.first_mut() {
        // This one has not got AES-256-GCM.
        *ciphers &= !1;
    }
    let length = liar.write_message(&payload, &mut packet).unwrap();
    match honest.receive(&packet[..length]) {
        Ok(events) => match &events[..] {
            [Event::Send(_), Event::Open { hello, .. }] => assert_eq!(*hello, payload[1..]),
            other => panic!("{other:?}"),
        },
        Err(error) => return assert_eq!(error.fault(), Fault::Peer, "{error}"),
    }
    let mut liar = liar.into_transport_mode().unwrap();
    let mut said = Vec::new();
    while !script.is_over() {
        // A fragment as it is, or one that is full.
        let mut fragment = script.message().to_vec();
        if script.byte() == 255 {
            fragment.resize(65_519, 7);
        }
        let length = liar.write_message(&fragment, &mut packet).unwrap();
        said.extend_from_slice(&fragment);
        match honest.receive(&packet[..length]) {
            Ok(events) => {
                for event in events {
                    let Event::Message(message) = event else { panic!("{event:?}") };
                    let length = u32::try_from(message.len()).unwrap();
                    let whole = [&length.to_le_bytes()[..], &message].concat();
                    assert_eq!(said, whole, "nothing but what was said");
                    said.clear();
                }
            }
            Err(error) => return assert_eq!(error.fault(), Fault::Peer, "{error}"),
        }
    }
});
