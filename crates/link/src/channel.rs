//! A channel from its first packet to its last message.
//!
//! ```text
//! initiator                                  responder
//! AwaitStart
//!   start()     ── 1 ──────────────────────>  AwaitFirst
//! AwaitSecond  <─────────── 2, ciphers ──
//!               ── 3, ciphers and hello ───>  AwaitThird
//! AwaitHello   <──── sealed: responder's hello ──   Open
//! Open         <──── sealed messages ────>          Open
//! ```
//!
//! The responder's hello is its first sealed message rather than the payload of packet 2: that way only
//! a holder of the invite can ever read it, and receiving it proves to the initiator that the responder
//! holds the invite as well. Until then the initiator does not call the channel open.

use std::fmt;

use crate::error::{Error, Fault};
use crate::handshake::{Handshake, Way};
use crate::key::{Identity, PublicKey};
use crate::primitives::Ciphers;
use crate::sealed::{MAX_MESSAGE, Sealed};

/// The longest hello: 16 KiB.
pub const MAX_HELLO: usize = 16 << 10;

/// One side of a secure, ordered channel. Any error but [`Fault::Misuse`] ends it for good.
pub struct Channel {
    state: State,
    ciphers: Ciphers,
    hello: Vec<u8>,
    peer: Option<PublicKey>,
}

/// What a packet led to. Act on events in their order.
#[derive(Debug, Eq, PartialEq)]
pub enum Event {
    /// Send this packet to the peer.
    Send(Vec<u8>),
    /// The channel is open: the peer holds this key, and what it had to say first.
    Open {
        /// The peer's static key.
        peer: PublicKey,
        /// The peer's hello.
        hello: Vec<u8>,
    },
    /// The peer sent a message, now complete.
    Message(Vec<u8>),
}

impl Channel {
    /// This side of a channel between two parties, to [`start`](Self::start) by the lower slot.
    ///
    /// # Errors
    /// [`Error::HelloTooLong`].
    pub fn pair_initiator(
        identity: &Identity,
        psk: &[u8; 32],
        prologue: &[u8],
        hello: Vec<u8>,
    ) -> Result<Self, Error> {
        let way = Way::PairInitiator { psk };
        Self::new(&way, identity, prologue, hello).map(Self::about_to_start)
    }

    /// This side of a channel between two parties, on the upper slot.
    ///
    /// # Errors
    /// [`Error::HelloTooLong`].
    pub fn pair_responder(
        identity: &Identity,
        psk: &[u8; 32],
        prologue: &[u8],
        hello: Vec<u8>,
    ) -> Result<Self, Error> {
        Self::new(&Way::PairResponder { psk }, identity, prologue, hello)
    }

    /// A party's side of a channel to the dealer whose key the invite pins.
    ///
    /// # Errors
    /// [`Error::HelloTooLong`].
    pub fn dealer_client(
        identity: &Identity,
        dealer: &PublicKey,
        prologue: &[u8],
        hello: Vec<u8>,
    ) -> Result<Self, Error> {
        let way = Way::DealerClient { dealer };
        Self::new(&way, identity, prologue, hello).map(Self::about_to_start)
    }

    /// The dealer's side of a channel to a party.
    ///
    /// # Errors
    /// [`Error::HelloTooLong`].
    pub fn dealer_server(
        identity: &Identity,
        prologue: &[u8],
        hello: Vec<u8>,
    ) -> Result<Self, Error> {
        Self::new(&Way::DealerServer, identity, prologue, hello)
    }

    /// The packet that begins the handshake, on the side that begins it; nothing on the other.
    ///
    /// # Errors
    /// [`Error::Started`] when called twice, [`Error::Ended`] after an error.
    pub fn start(&mut self) -> Result<Option<Vec<u8>>, Error> {
        match self.take() {
            State::AwaitStart(mut handshake) => {
                let packet = handshake.write(&[]).map_err(|error| self.end(error))?;
                self.state = State::AwaitSecond(handshake);
                Ok(Some(packet))
            }
            state @ State::AwaitFirst(_) => {
                self.state = state;
                Ok(None)
            }
            state => {
                let error = state.ended().unwrap_or(Error::Started);
                self.state = state;
                Err(error)
            }
        }
    }

    /// Takes the next packet from the peer.
    ///
    /// # Errors
    /// Whatever is wrong with the packet, see [`Error`]. The channel is over then, and every later
    /// call says [`Error::Ended`].
    pub fn receive(&mut self, packet: &[u8]) -> Result<Vec<Event>, Error> {
        match self.take() {
            State::Open(mut sealed) => {
                let message = sealed.open(packet, MAX_MESSAGE).map_err(|error| self.end(error))?;
                self.state = State::Open(sealed);
                Ok(message.map(Event::Message).into_iter().collect())
            }
            state @ (State::AwaitStart(_) | State::Ended(_)) => {
                let error = state.ended().unwrap_or(Error::NotStarted);
                self.state = state;
                Err(error)
            }
            state => {
                let (next, events) =
                    self.advance(state, packet).map_err(|error| self.end(error))?;
                self.state = next;
                Ok(events)
            }
        }
    }

    /// Seals a message. The packets must reach the peer in this order, and before those of any later
    /// message.
    ///
    /// # Errors
    /// [`Error::NotOpen`] before [`Event::Open`], [`Error::MessageTooLong`] above [`MAX_MESSAGE`],
    /// [`Error::Ended`] after an error.
    pub fn send(&mut self, message: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        self.send_behind(&[], &[], message)
    }

    /// Seals the message `head ‖ body` and puts `prefix` in front of every packet, in the clear: for a
    /// transport that wants an address there, without copying anything once more.
    ///
    /// # Errors
    /// As [`Channel::send`]; a `head` must fit the first packet.
    pub fn send_behind(
        &mut self,
        prefix: &[u8],
        head: &[u8],
        body: &[u8],
    ) -> Result<Vec<Vec<u8>>, Error> {
        let State::Open(sealed) = &mut self.state else {
            return Err(self.state.ended().unwrap_or(Error::NotOpen));
        };
        sealed.seal(head, body, prefix).map_err(|error| match error.fault() {
            Fault::Misuse => error,
            _ => self.end(error),
        })
    }

    /// Whether messages can be sent.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// The peer's key, once the channel has opened.
    #[must_use]
    pub const fn peer(&self) -> Option<PublicKey> {
        self.peer
    }

    fn new(
        way: &Way<'_>,
        identity: &Identity,
        prologue: &[u8],
        hello: Vec<u8>,
    ) -> Result<Self, Error> {
        if hello.len() > MAX_HELLO {
            return Err(Error::HelloTooLong { length: hello.len(), cap: MAX_HELLO });
        }
        let handshake = Handshake::new(way, identity, prologue)?;
        let ciphers = Ciphers::of_this_processor();
        Ok(Self { state: State::AwaitFirst(handshake), ciphers, hello, peer: None })
    }

    fn about_to_start(mut self) -> Self {
        if let State::AwaitFirst(handshake) = self.take() {
            self.state = State::AwaitStart(handshake);
        }
        self
    }

    /// One step of the handshake: the next state, and what to do.
    fn advance(&mut self, state: State, packet: &[u8]) -> Result<(State, Vec<Event>), Error> {
        match state {
            State::AwaitFirst(mut handshake) => {
                handshake.read_empty(packet)?;
                let second = handshake.write(&[self.ciphers.byte()])?;
                Ok((State::AwaitThird(handshake), vec![Event::Send(second)]))
            }
            State::AwaitSecond(mut handshake) => {
                let theirs = handshake.read_ciphers(packet)?;
                let ours = [&[self.ciphers.byte()], &*std::mem::take(&mut self.hello)].concat();
                let third = handshake.write(&ours)?;
                let (peer, sealed) = handshake.finish(self.ciphers.common(theirs))?;
                Ok((State::AwaitHello(sealed, peer), vec![Event::Send(third)]))
            }
            State::AwaitThird(mut handshake) => {
                let theirs = handshake.read(packet)?;
                let (&theirs, hello) =
                    theirs.split_first().ok_or(Error::Protocol("a hello has no ciphers"))?;
                if hello.len() > MAX_HELLO {
                    return Err(Error::Announced { length: hello.len(), cap: MAX_HELLO });
                }
                let common = self.ciphers.common(Ciphers::from_byte(theirs));
                let (peer, mut sealed) = handshake.finish(common)?;
                let ours = sealed.seal(&[], &std::mem::take(&mut self.hello), &[])?;
                let mut events: Vec<_> = ours.into_iter().map(Event::Send).collect();
                events.push(Event::Open { peer, hello: hello.to_vec() });
                self.peer = Some(peer);
                Ok((State::Open(sealed), events))
            }
            State::AwaitHello(mut sealed, peer) => {
                let hello = sealed.open(packet, MAX_HELLO).map_err(|error| match error {
                    // nothing was proven by this key yet: it may be another one
                    Error::Altered { .. } => Error::Handshake { packet: CONFIRMATION },
                    error => error,
                })?;
                let hello = hello.ok_or(Error::Protocol("a hello takes more than one packet"))?;
                self.peer = Some(peer);
                Ok((State::Open(sealed), vec![Event::Open { peer, hello }]))
            }
            State::AwaitStart(_) | State::Open(_) | State::Ended(_) => {
                Err(Error::Protocol("no handshake is under way"))
            }
        }
    }

    /// Takes the state out; until another is put back the channel counts as ended.
    fn take(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Ended(Fault::Bug))
    }

    /// Ends the channel: its keys are dropped with the state.
    fn end(&mut self, error: Error) -> Error {
        self.state = State::Ended(error.fault());
        error
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Channel")
            .field("state", &self.state.name())
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

enum State {
    AwaitStart(Handshake),
    AwaitFirst(Handshake),
    AwaitSecond(Handshake),
    AwaitThird(Handshake),
    AwaitHello(Sealed, PublicKey),
    Open(Sealed),
    Ended(Fault),
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::AwaitStart(_) => "AwaitStart",
            Self::AwaitFirst(_) => "AwaitFirst",
            Self::AwaitSecond(_) => "AwaitSecond",
            Self::AwaitThird(_) => "AwaitThird",
            Self::AwaitHello(..) => "AwaitHello",
            Self::Open(_) => "Open",
            Self::Ended(_) => "Ended",
        }
    }

    const fn ended(&self) -> Option<Error> {
        match self {
            Self::Ended(fault) => Some(Error::Ended { fault: *fault }),
            _ => None,
        }
    }
}

/// The responder's hello, counted after the three packets of the handshake.
const CONFIRMATION: u8 = 4;

#[cfg(test)]
mod tests;
