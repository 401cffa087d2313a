use proptest::prelude::*;

use super::{
    Claim, FromRelay, MAX_PACKET, Refusal, ToClient, ToRelay, address, addressed, readdress,
};
use crate::control::DecodeError;
use crate::{Admission, Charter, Grant, Order, Owner, Role, TokenId};

fn join() -> ToRelay {
    ToRelay::Join {
        version: 1,
        room: [7; 16],
        parties: 3,
        slot: Some(2),
        member: [8; 16],
        expires: u64::MAX,
        claim: Some(claim()),
    }
}

fn owner() -> Owner {
    Owner::from_secret(&[4; 32])
}

fn charter() -> Charter {
    let owner = owner().key();
    Charter { owner, admission: Admission::Token, parties: 3, expires: u64::MAX }
}

fn claim() -> Claim {
    let grant = Grant { role: Some(Role::Help), slot: Some(2), expires: u64::MAX };
    let ticket = owner().invite(&charter(), [5; 16], grant);
    Claim { owner: owner().key(), pass: Some(ticket.pass(charter().room(), [8; 16])) }
}

fn token() -> TokenId {
    claim().pass.unwrap().token.id()
}

fn plain(parties: u8, slot: Option<u8>) -> ToRelay {
    ToRelay::Join {
        version: 1,
        room: [7; 16],
        parties,
        slot,
        member: [8; 16],
        expires: 5,
        claim: None,
    }
}

fn order(order: Order) -> ToRelay {
    ToRelay::Order { version: 1, charter: charter(), order: owner().order(&charter(), order) }
}

fn notices() -> Vec<FromRelay> {
    let mut all = vec![
        FromRelay::Welcome { slot: 2, present: vec![0, 1, 3, 4, 5, 6, 7] },
        FromRelay::Welcome { slot: 0, present: vec![] },
        FromRelay::Joined { slot: 7 },
        FromRelay::Left { slot: 0 },
        FromRelay::Ordered { order: owner().order(&charter(), Order::Close) },
        FromRelay::Ordered { order: owner().order(&charter(), Order::Revoke(token())) },
    ];
    all.extend(Refusal::ALL.map(|reason| FromRelay::Refused { reason }));
    all
}

#[test]
fn join_survives_the_way() {
    for message in [join(), plain(2, None), order(Order::Close), order(Order::Revoke(token()))] {
        assert_eq!(ToRelay::decode(&message.encode()), Ok(message.clone()));
        let within = message.encode_within();
        assert_eq!(ToRelay::decode_within(&within), Some(Ok(message)));
    }
    assert_eq!(ToRelay::decode_within(&address(1, b"sealed")), None);
    assert_eq!(ToRelay::decode_within(&[0]), Some(Err(DecodeError::Malformed)));
}

#[test]
fn the_longest_join_has_the_stated_length() {
    assert_eq!(join().encode().len(), ToRelay::MAX_LENGTH);
}

#[test]
fn notices_survive_the_way() {
    for notice in notices() {
        let bytes = notice.encode();
        assert!(bytes.len() <= 1 + FromRelay::MAX_LENGTH);
        assert_eq!(ToClient::decode(&bytes), Ok(ToClient::Notice(notice)));
    }
}

#[test]
fn cut_messages_are_refused() {
    let bytes = join().encode();
    for end in 0..bytes.len() {
        assert_eq!(ToRelay::decode(&bytes[..end]), Err(DecodeError::Malformed), "{end}");
    }
    for notice in notices() {
        let bytes = notice.encode();
        for end in 0..bytes.len() {
            assert_eq!(ToClient::decode(&bytes[..end]), Err(DecodeError::Malformed), "{end}");
        }
    }
}

#[test]
fn trailing_bytes_are_refused() {
    let bytes = [plain(2, None).encode(), vec![0]].concat();
    assert_eq!(ToRelay::decode(&bytes), Err(DecodeError::Trailing { left: 1 }));
    let bytes = [FromRelay::Left { slot: 1 }.encode(), vec![0]].concat();
    assert_eq!(ToClient::decode(&bytes), Err(DecodeError::Trailing { left: 1 }));
}

#[test]
fn values_out_of_range_are_refused() {
    for (parties, slot) in [(0, None), (1, None), (9, None), (2, Some(2)), (8, Some(8))] {
        let bytes = plain(parties, slot).encode();
        assert!(matches!(ToRelay::decode(&bytes), Err(DecodeError::Range { .. })));
    }
    for notice in [
        FromRelay::Joined { slot: 8 },
        FromRelay::Left { slot: 255 },
        FromRelay::Welcome { slot: 8, present: vec![] },
        FromRelay::Welcome { slot: 0, present: vec![9] },
        FromRelay::Welcome { slot: 0, present: vec![2, 2] },
        FromRelay::Welcome { slot: 1, present: vec![0, 1] },
    ] {
        assert!(
            matches!(ToClient::decode(&notice.encode()), Err(DecodeError::Range { .. })),
            "{notice:?}"
        );
    }
}

#[test]
fn a_packet_is_forwarded_by_changing_one_byte() {
    let mut bytes = address(1, b"sealed");
    assert_eq!(addressed(&bytes), Ok((1, b"sealed".as_slice())));
    assert_eq!(readdress(&mut bytes, 0), Ok(1));
    assert_eq!(ToClient::decode(&bytes), Ok(ToClient::Packet { from: 0, packet: b"sealed" }));
}

#[test]
fn packets_without_content_or_too_long_are_refused() {
    assert_eq!(addressed(&[1, 0]), Err(DecodeError::Malformed));
    assert_eq!(addressed(&[2, 0, 0]), Err(DecodeError::Malformed));
    assert!(matches!(addressed(&[1, 8, 0]), Err(DecodeError::Range { .. })));
    assert!(addressed(&address(0, &[0; MAX_PACKET])).is_ok());
    assert!(matches!(
        addressed(&address(0, &[0; MAX_PACKET + 1])),
        Err(DecodeError::TooLong { .. })
    ));
}

proptest! {
    #[test]
    fn any_bytes_are_parsed_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(message) = ToRelay::decode(&bytes) {
            prop_assert_eq!(message.encode(), bytes.clone());
        }
        if let Ok(ToClient::Notice(notice)) = ToClient::decode(&bytes) {
            prop_assert_eq!(notice.encode(), bytes);
        }
    }
}

#[test]
fn an_order_is_answered_by_itself_or_a_refusal_and_by_nothing_else() {
    let [close, revoke] =
        [Order::Close, Order::Revoke(token())].map(|order| owner().order(&charter(), order));
    for notice in notices() {
        let expected = match &notice {
            FromRelay::Ordered { order } => (*order == close).then_some(Ok(())),
            FromRelay::Refused { reason } => Some(Err(*reason)),
            _ => None,
        };
        assert_eq!(FromRelay::answer(&notice.encode(), close), expected, "{notice:?}");
    }
    let answer = FromRelay::Ordered { order: close }.encode();
    for other in [&b""[..], &[0], &answer[..answer.len() - 1], &address(1, b"sealed")] {
        assert_eq!(FromRelay::answer(other, close), None, "{other:?}");
    }
    assert_eq!(FromRelay::answer(&answer, revoke), None);
}
