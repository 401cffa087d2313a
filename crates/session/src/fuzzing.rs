//! The decoders of this crate, for the programs in `fuzz/` alone: each reads bytes and, when they are
//! a message, gives what that message encodes to.

use crate::hello::Hello;
use crate::journal::{Entry, Head};
use crate::message::Message;
use crate::signal::Packet;

/// Of a message inside a sealed channel.
#[must_use]
pub fn message(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, body) = Message::parse(bytes).ok()?.encode();
    Some([&head, body].concat())
}

/// Of an introduction.
#[must_use]
pub fn hello(bytes: &[u8]) -> Option<Vec<u8>> {
    Hello::decode(bytes).ok().map(|hello| hello.encode())
}

/// Of a packet: a signal, or what is for the channel.
#[must_use]
pub fn packet(bytes: &[u8]) -> Option<Vec<u8>> {
    Packet::parse(bytes).map(|packet| match packet {
        Packet::Signal(signal) => signal.encode(),
        Packet::Sealed(sealed) => sealed.to_vec(),
    })
}

/// Of a journal's first entry.
#[must_use]
pub fn head(bytes: &[u8]) -> Option<Vec<u8>> {
    Head::decode(bytes).map(|head| head.encode().to_vec())
}

/// Of one of the entries after it.
#[must_use]
pub fn entry(bytes: &[u8]) -> Option<Vec<u8>> {
    Entry::parse(bytes).map(|entry| entry.encode())
}
