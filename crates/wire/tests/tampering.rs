//! A byte of a message changed on the way: refused, or read as another message, but never as the same.
//!
//! What is read as another message is for the layers above: sealing for all that parties and dealer say,
//! TLS and distrust for what the relay says. Each enumeration below is complete: a message that is new to
//! the protocol does not compile until it has a row, and a row without an example fails.

use std::collections::BTreeSet;
use std::fmt::Debug;

use cryptab_wire::relay::address;
use cryptab_wire::{
    Admission, Charter, DealerHello, EngineMessage, FromDealer, FromRelay, Invite, Order, Owner,
    Refusal, Secret, SignedOrder, Statement, ToClient, ToDealer, ToRelay, VERSION, begin_frame,
    encode_dispute,
};

/// Changes every bit of every byte.
fn changed(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..8 * bytes.len()).map(|bit| {
        let mut other = bytes.to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        other
    })
}

/// Examples of all rows; each is read as itself, and as nothing else when a bit of it changes.
macro_rules! table {
    ($rows:expr, $examples:expr, $decode:expr, $row:expr) => {{
        let mut seen = BTreeSet::new();
        for bytes in $examples {
            let bytes: Vec<u8> = bytes;
            let message = $decode(&bytes).expect("an example can be read");
            seen.insert($row(&message));
            for other in changed(&bytes) {
                if let Ok(read) = $decode(&other) {
                    assert_differs(&message, &read);
                }
            }
        }
        assert_eq!(seen, BTreeSet::from($rows), "each row has an example");
    }};
}

fn assert_differs<M: Debug + PartialEq>(message: &M, read: &M) {
    assert_ne!(message, read, "a changed bit is not seen");
}

/// A room's owner closes it.
fn owned() -> (Charter, SignedOrder) {
    let owner = Owner::from_secret(&[6; 32]);
    let (admission, expires) = (Admission::Token, 1_800_000_000);
    let charter = Charter { owner: owner.key(), admission, parties: 3, expires };
    (charter, owner.order(&charter, Order::Close))
}

#[test]
fn to_the_relay() {
    let join = |slot| ToRelay::Join {
        version: VERSION,
        room: [1; 16],
        parties: 3,
        slot,
        member: [2; 16],
        expires: 1_800_000_000,
        claim: None,
    };
    let (charter, order) = owned();
    let order = ToRelay::Order { version: VERSION, charter, order };
    let row = |message: &ToRelay| match message {
        ToRelay::Join { .. } => "join",
        ToRelay::Order { .. } => "order",
    };
    let examples = [join(None).encode(), join(Some(2)).encode(), order.encode()];
    table!(["join", "order"], examples, ToRelay::decode, row);
}

#[test]
fn from_the_relay() {
    let mut examples = vec![
        FromRelay::Welcome { slot: 2, present: vec![0, 1] }.encode(),
        FromRelay::Joined { slot: 1 }.encode(),
        FromRelay::Left { slot: 1 }.encode(),
        FromRelay::Ordered { order: owned().1 }.encode(),
        address(1, b"sealed"),
    ];
    examples.extend(Refusal::ALL.map(|reason| FromRelay::Refused { reason }.encode()));
    let row = |message: &ToClient<'_>| match message {
        ToClient::Packet { .. } => "packet",
        ToClient::Notice(FromRelay::Welcome { .. }) => "welcome",
        ToClient::Notice(FromRelay::Joined { .. }) => "joined",
        ToClient::Notice(FromRelay::Left { .. }) => "left",
        ToClient::Notice(FromRelay::Ordered { .. }) => "ordered",
        ToClient::Notice(FromRelay::Refused { reason }) => refusal(*reason),
    };
    let rows = [
        "packet",
        "welcome",
        "joined",
        "left",
        "ordered",
        "full",
        "slot taken",
        "member present",
        "version",
        "expired",
        "mismatch",
        "too many",
        "malformed",
        "closing",
        "reserved",
        "not signed",
        "token in use",
        "token expired",
        "revoked",
        "closed",
        "ends too late",
    ];
    table!(rows, examples, ToClient::decode, row);
}

const fn refusal(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Full => "full",
        Refusal::SlotTaken => "slot taken",
        Refusal::MemberPresent => "member present",
        Refusal::Version => "version",
        Refusal::Expired => "expired",
        Refusal::Mismatch => "mismatch",
        Refusal::TooMany => "too many",
        Refusal::Malformed => "malformed",
        Refusal::Closing => "closing",
        Refusal::Reserved => "reserved",
        Refusal::NotSigned => "not signed",
        Refusal::TokenInUse => "token in use",
        Refusal::TokenExpired => "token expired",
        Refusal::Revoked => "revoked",
        Refusal::Closed => "closed",
        Refusal::EndsTooLate => "ends too late",
    }
}

#[test]
fn to_the_dealer() {
    let statement = Statement {
        version: VERSION,
        room: [1; 16],
        program: "photo".into(),
        parties: 2,
        keys: vec![[2; 32], [3; 32]],
        nonces: vec![[4; 32], [5; 32]],
    };
    let hello = DealerHello { statement, index: 1 }.encode();
    table!(["hello"], [hello], DealerHello::decode, |_: &DealerHello| "hello");
    let row = |message: &ToDealer<'_>| match message {
        ToDealer::Request(_) => "request",
    };
    table!(["request"], [ToDealer::Request(b"any").encode()], ToDealer::parse, row);
}

#[test]
fn from_the_dealer() {
    let examples = [
        FromDealer::Seed(&[7; 32]).encode(),
        FromDealer::Correction(b"bits").encode(),
        FromDealer::Refused("too much").encode(),
    ];
    let row = |message: &FromDealer<'_>| match message {
        FromDealer::Seed(_) => "seed",
        FromDealer::Correction(_) => "correction",
        FromDealer::Refused(_) => "refused",
    };
    table!(["seed", "correction", "refused"], examples, FromDealer::parse, row);
}

#[test]
fn between_engines() {
    let mut frame = begin_frame(7, 5, [9; 32], &[((3, 1), 3), ((4, 0), 2)]);
    frame.extend([1, 2, 3, 4, 5]);
    let examples = [frame, encode_dispute(&["Input".to_owned(), "Mul".to_owned()])];
    let row = |message: &EngineMessage<'_>| match message {
        EngineMessage::Frame(_) => "frame",
        EngineMessage::Dispute(_) => "dispute",
    };
    table!(["frame", "dispute"], examples, EngineMessage::parse, row);
}

/// A link carries its own check against mistakes: no single bit of its body may change.
#[test]
fn in_a_link() {
    let invite = Invite {
        version: VERSION,
        room: [1; 16],
        secret: Secret::from([2; 16]),
        dealer_key: [3; 32],
        parties: 2,
        program: "photo".into(),
        expires: 1_800_000_000,
        dealer_url: Some("/dealer".into()),
        ownership: None,
    };
    let link = invite.link("https://cryptab.example");
    let start = link.find('#').expect("a link has a fragment");
    for at in start..link.len() {
        for letter in "Aaz09-_#%".chars().filter(|letter| !link[at..].starts_with(*letter)) {
            let other = format!("{}{letter}{}", &link[..at], &link[at + 1..]);
            assert!(Invite::from_link(&other).is_err(), "{other}");
        }
    }
}
