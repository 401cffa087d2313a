//! Another party in the room: meeting it, and the sealed channel to it.

use cryptab_link::{Channel, Error, Event, Pair, PublicKey};
use cryptab_wire::relay::address;

use crate::credentials::Credentials;
use crate::hello::Hello;
use crate::signal::{Packet, Signal, Tag};
use crate::standing::Standing;

/// Another party in the room.
pub(crate) struct Peer {
    pub(crate) standing: Standing,
    /// What it said of itself; known once its channel is sealed.
    pub(crate) introduced: Option<Introduced>,
    slots: Pair,
    slot: u8,
    me: u8,
    tag: Tag,
    line: Line,
}

/// Who a peer is: the name and role are its claims, the key is proven.
#[derive(Clone, Debug)]
pub(crate) struct Introduced {
    pub(crate) hello: Hello,
    pub(crate) key: PublicKey,
}

/// What a packet led to.
pub(crate) enum Step {
    /// A message for the relay.
    Send(Vec<u8>),
    /// The channel is sealed.
    Sealed {
        key: PublicKey,
        hello: Vec<u8>,
    },
    Message(Vec<u8>),
}

enum Line {
    /// The peer's hail, or its answer to ours, is awaited: what else comes is not meant for us.
    AwaitMeeting { channel: Option<Channel> },
    /// What comes is for the channel.
    Met(Channel),
    /// Nothing is heard any more, until the slot is taken anew.
    Broken,
}

impl Peer {
    /// The peer in `slot` (not `me`), whom `tag` is drawn for.
    pub(crate) fn new(slots: Pair, me: u8, tag: Tag) -> Self {
        let slot = if slots.initiator() == me { slots.responder() } else { slots.initiator() };
        let line = Line::AwaitMeeting { channel: None };
        Self { standing: Standing::default(), introduced: None, slots, slot, me, tag, line }
    }

    /// The message that begins the meeting.
    pub(crate) fn hail(&self) -> Vec<u8> {
        self.signal(Signal::Hail(self.tag))
    }

    /// Takes a packet; the error is a complaint about the peer.
    pub(crate) fn receive(
        &mut self,
        packet: &[u8],
        credentials: &Credentials,
    ) -> Result<Vec<Step>, String> {
        match std::mem::replace(&mut self.line, Line::Broken) {
            Line::Broken => Ok(Vec::new()),
            Line::AwaitMeeting { channel } => self.meet(channel, packet, credentials),
            Line::Met(mut channel) => match Packet::parse(packet) {
                Some(Packet::Sealed(sealed)) => {
                    let events = channel.receive(sealed).map_err(|error| unverified(&error))?;
                    self.line = Line::Met(channel);
                    Ok(events.into_iter().map(|event| self.step(event)).collect())
                }
                Some(Packet::Signal(Signal::Broken)) => Err(GAVE_UP.to_owned()),
                Some(Packet::Signal(_)) | None => Err("sent what belongs nowhere".to_owned()),
            },
        }
    }

    /// The messages for the relay that carry the sealed message `head ‖ body`.
    pub(crate) fn seal(&mut self, head: &[u8], body: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        match &mut self.line {
            Line::Met(channel) if channel.is_open() => channel
                .send_behind(&address(self.slot, &[]), head, body)
                .map_err(|error| format!("cannot be sent to: {error}")),
            _ => Ok(Vec::new()),
        }
    }

    /// Stops listening; returns what tells the peer so.
    pub(crate) fn break_off(&mut self) -> Vec<u8> {
        self.line = Line::Broken;
        self.introduced = None;
        self.standing = Standing::default();
        self.signal(Signal::Broken)
    }

    pub(crate) const fn is_sealed(&self) -> bool {
        self.introduced.is_some()
    }

    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self.line, Line::Broken)
    }

    /// Before hail and answer have come, in either order.
    fn meet(
        &mut self,
        channel: Option<Channel>,
        packet: &[u8],
        credentials: &Credentials,
    ) -> Result<Vec<Step>, String> {
        match (Packet::parse(packet), channel) {
            // A second hail comes from whoever is in the slot now; what was begun is forgotten.
            (Some(Packet::Signal(Signal::Hail(tag))), _) => {
                let mut channel =
                    credentials.channel(self.slots, self.me).map_err(|error| unverified(&error))?;
                let first = channel.start().map_err(|error| unverified(&error))?;
                self.line = Line::AwaitMeeting { channel: Some(channel) };
                let first = first.map(|packet| address(self.slot, &packet));
                let answer = self.signal(Signal::Answer(tag));
                Ok([Some(answer), first].into_iter().flatten().map(Step::Send).collect())
            }
            (Some(Packet::Signal(Signal::Answer(tag))), Some(channel)) if tag == self.tag => {
                self.line = Line::Met(channel);
                Ok(Vec::new())
            }
            (_, channel) => {
                self.line = Line::AwaitMeeting { channel };
                Ok(Vec::new())
            }
        }
    }

    fn step(&self, event: Event) -> Step {
        match event {
            Event::Send(packet) => Step::Send(address(self.slot, &packet)),
            Event::Open { peer, hello } => Step::Sealed { key: peer, hello },
            Event::Message(message) => Step::Message(message),
        }
    }

    fn signal(&self, signal: Signal) -> Vec<u8> {
        address(self.slot, &signal.encode())
    }
}

fn unverified(error: &Error) -> String {
    format!("cannot be trusted: {error}")
}

const GAVE_UP: &str = "does not listen any more: what came from here could not be verified there, because \
                       the invites differ or packets were altered on the way; one of you must leave and \
                       join again";

#[cfg(test)]
mod tests;
