//! Two sides of a channel and the packets between them.

use cryptab_link::{Channel, Error, Event, Identity, PublicKey};

/// Which channel: the tests run on both kinds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Pair,
    Dealer,
}

pub(crate) const KINDS: [Kind; 2] = [Kind::Pair, Kind::Dealer];
pub(crate) const PSK: [u8; 32] = [5; 32];
pub(crate) const PROLOGUE: &[u8] = b"a room";
pub(crate) const ALICE_HELLO: &[u8] = b"alice, who brings a photo";
pub(crate) const BOB_HELLO: &[u8] = b"bob, who adjusts";

pub(crate) fn alice() -> Identity {
    Identity::from_secret(&[1; 32])
}

pub(crate) fn bob() -> Identity {
    Identity::from_secret(&[2; 32])
}

/// An initiator (alice) and a responder (bob) who agree on everything.
pub(crate) fn sides(kind: Kind) -> (Channel, Channel) {
    let (ours, theirs) = (ALICE_HELLO.to_vec(), BOB_HELLO.to_vec());
    match kind {
        Kind::Pair => (
            Channel::pair_initiator(&alice(), &PSK, PROLOGUE, ours).unwrap(),
            Channel::pair_responder(&bob(), &PSK, PROLOGUE, theirs).unwrap(),
        ),
        Kind::Dealer => (
            Channel::dealer_client(&alice(), &bob().public(), PROLOGUE, ours).unwrap(),
            Channel::dealer_server(&bob(), PROLOGUE, theirs).unwrap(),
        ),
    }
}

/// Carries packets until both sides are silent, through `carry`, which sees how many went before.
pub(crate) fn connect(
    initiator: &mut Channel,
    responder: &mut Channel,
    mut carry: impl FnMut(usize, Vec<u8>) -> Vec<u8>,
) -> Result<Opened, Error> {
    let mut opened = Opened::default();
    let mut due = initiator.start()?;
    let mut carried = 0_usize;
    while let Some(packet) = due.take() {
        let to_responder = carried.is_multiple_of(2);
        let (side, seen) = if to_responder {
            (&mut *responder, &mut opened.by_responder)
        } else {
            (&mut *initiator, &mut opened.by_initiator)
        };
        for event in side.receive(&carry(carried, packet))? {
            match event {
                Event::Send(packet) => due = Some(packet),
                Event::Open { peer, hello } => *seen = Some((peer, hello)),
                Event::Message(message) => panic!("{} bytes before anybody spoke", message.len()),
            }
        }
        carried += 1;
    }
    Ok(opened)
}

/// What each side saw open.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) by_initiator: Option<(PublicKey, Vec<u8>)>,
    pub(crate) by_responder: Option<(PublicKey, Vec<u8>)>,
}

/// Two open sides.
pub(crate) fn open(kind: Kind) -> (Channel, Channel) {
    let (mut initiator, mut responder) = sides(kind);
    connect(&mut initiator, &mut responder, |_, packet| packet).unwrap();
    (initiator, responder)
}

/// The messages in packets.
pub(crate) fn deliver(packets: &[Vec<u8>], receiver: &mut Channel) -> Result<Vec<Vec<u8>>, Error> {
    let mut messages = Vec::new();
    for packet in packets {
        for event in receiver.receive(packet)? {
            match event {
                Event::Message(message) => messages.push(message),
                other => panic!("unexpected {other:?}"),
            }
        }
    }
    Ok(messages)
}
