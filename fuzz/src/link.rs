//! Links and channels.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cryptab_link::{Channel, Event, Identity};

/// The link that carries this body, with the checksum that belongs to it.
#[must_use]
pub fn linked(body: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 invite link checksum");
    let mut sum = [0; 4];
    hasher.update(body).finalize_xof().fill(&mut sum);
    format!("https://cryptab.example/#{}", URL_SAFE_NO_PAD.encode([body, &sum].concat()))
}

/// A secret that both sides of a channel hold.
pub const PSK: [u8; 32] = [5; 32];
/// What both sides agree on.
pub const PROLOGUE: &[u8] = b"a room";

/// The side that speaks first.
#[must_use]
pub fn alice() -> Identity {
    Identity::from_secret(&[1; 32])
}

/// The side that answers; the dealer, in a channel to one.
#[must_use]
pub fn bob() -> Identity {
    Identity::from_secret(&[2; 32])
}

/// Two open sides of a channel between parties.
///
/// # Panics
/// If the handshake fails: nobody disturbs it.
#[must_use]
pub fn open() -> (Channel, Channel) {
    let mut sides = [
        Channel::pair_initiator(&alice(), &PSK, PROLOGUE, b"alice".to_vec()).expect("short hello"),
        Channel::pair_responder(&bob(), &PSK, PROLOGUE, b"bob".to_vec()).expect("short hello"),
    ];
    let mut due = sides[0].start().expect("not started before");
    let mut turn = 1;
    while let Some(packet) = due.take() {
        for event in sides[turn].receive(&packet).expect("nobody disturbs the handshake") {
            if let Event::Send(packet) = event {
                due = Some(packet);
            }
        }
        turn = 1 - turn;
    }
    let [initiator, responder] = sides;
    assert!(initiator.is_open() && responder.is_open());
    (initiator, responder)
}
