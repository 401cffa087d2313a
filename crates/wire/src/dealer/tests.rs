use proptest::prelude::*;

use super::{DealerHello, FromDealer, Statement, ToDealer};
use crate::{DecodeError, VERSION};

fn statement(parties: u8) -> Statement {
    Statement {
        version: VERSION,
        room: [7; 16],
        program: "photo".into(),
        parties,
        keys: (0..parties).map(|i| [i; 32]).collect(),
        nonces: (0..parties).map(|i| [100 + i; 32]).collect(),
    }
}

#[test]
fn a_hello_survives_the_way() {
    for parties in [2, 8] {
        let program = "a".repeat(32);
        let statement = Statement { program, ..statement(parties) };
        let hello = DealerHello { statement, index: parties - 1 };
        let bytes = hello.encode();
        assert_eq!(DealerHello::decode(&bytes), Ok(hello));
        if parties == 8 {
            assert_eq!(bytes.len(), DealerHello::MAX_LENGTH);
        }
        assert!((0..bytes.len()).all(|end| DealerHello::decode(&bytes[..end]).is_err()));
    }
}

#[test]
fn statements_out_of_range_are_refused() {
    let two = || statement(2);
    let bad = [
        (Statement { version: VERSION + 1, ..two() }, 0, "the protocol version"),
        (Statement { parties: 3, ..two() }, 0, "the parties' keys"),
        (Statement { keys: vec![[1; 32]; 2], ..two() }, 0, "the parties' keys"),
        (Statement { nonces: vec![[1; 32]; 3], ..two() }, 0, "the parties' nonces"),
        (Statement { program: String::new(), ..two() }, 0, "the program's name"),
        (statement(1), 0, "the number of parties"),
        (two(), 2, "the party's index"),
    ];
    for (statement, index, field) in bad {
        let hello = DealerHello { statement, index };
        assert_eq!(DealerHello::decode(&hello.encode()), Err(DecodeError::Range { field }));
    }
}

#[test]
fn every_field_is_in_the_sessions_name() {
    let name = |statement: &Statement| statement.session_id(&[1; 32]);
    let base = statement(3);
    let mut others = vec![
        Statement { version: 2, ..base.clone() },
        Statement { room: [8; 16], ..base.clone() },
        Statement { program: "photos".into(), ..base.clone() },
    ];
    for party in 0..3 {
        let mut key = base.clone();
        key.keys[party][31] ^= 1;
        let mut nonce = base.clone();
        nonce.nonces[party][0] ^= 1;
        others.extend([key, nonce]);
    }
    for (at, other) in others.iter().enumerate() {
        assert_ne!(name(other), name(&base));
        assert!(others[..at].iter().all(|earlier| name(earlier) != name(other)));
    }
    assert_ne!(base.session_id(&[2; 32]), name(&base), "the dealer too");
    assert_eq!(name(&base.clone()), name(&base));
}

#[test]
fn messages_survive_the_way() {
    let request = ToDealer::Request(&[1, 2, 3]);
    assert_eq!(ToDealer::parse(&request.encode()), Ok(request));
    for message in [
        FromDealer::Seed(&[5; 32]),
        FromDealer::Correction(&[]),
        FromDealer::Correction(&[1, 2]),
        FromDealer::Refused("no such index"),
    ] {
        assert_eq!(FromDealer::parse(&message.encode()), Ok(message));
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let long_reason = [&[4][..], &[b'a'; 1025]].concat();
    for bytes in [&[][..], &[0], &[1; 32], &[1; 34], &[2, 1], &[4, 0xff], &[5], &long_reason] {
        assert!(FromDealer::parse(bytes).is_err(), "{bytes:?}");
    }
    assert!(ToDealer::parse(&[3]).is_err());
    assert!(ToDealer::parse(&[]).is_err());
}

#[test]
fn debug_hides_secrets() {
    assert_eq!(format!("{:?}", FromDealer::Seed(&[171; 32])), "Seed(..)");
    assert_eq!(format!("{:?}", FromDealer::Correction(&[171; 3])), "Correction(3 bytes)");
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = FromDealer::parse(&bytes);
        let _ = ToDealer::parse(&bytes);
        if let Ok(hello) = DealerHello::decode(&bytes) {
            prop_assert_eq!(hello.encode(), bytes);
        }
    }
}
