//! Meeting a peer through the relay: hail, answer, handshake; and again when the channel broke.

use std::time::Duration;

use cryptab_link::{Channel, Error, Event, Path};
use cryptab_wire::relay::address;

use super::{Peer, Step};
use crate::Output;
use crate::credentials::Credentials;
use crate::signal::{Packet, Signal, Tag};

/// What leads to a peer through the relay.
pub(super) enum Line {
    /// Nothing: it is not in the room, or this party is not.
    Absent,
    /// The peer's hail, or its answer to ours, is awaited: what else comes is not meant for us.
    AwaitMeeting { tag: Tag, channel: Option<Box<Channel>>, since: Duration },
    /// What comes is for the channel.
    Met { channel: Box<Channel>, since: Duration },
    /// Nothing is heard any more, until the slot is taken anew.
    Broken,
}

/// What a packet was.
pub(super) enum Opened {
    Steps(Vec<Step>),
    /// For the stream.
    Message(Vec<u8>),
}

impl Line {
    pub(super) fn channel(&mut self) -> Option<&mut Channel> {
        match self {
            Self::Met { channel, .. } if channel.is_open() => Some(channel),
            _ => None,
        }
    }

    /// When a meeting that does not come about is to be tried again.
    pub(super) fn due(&self) -> Option<Duration> {
        match self {
            Self::AwaitMeeting { since, .. } => Some(*since + MEET_WITHIN),
            Self::Met { channel, since } if !channel.is_open() => Some(*since + MEET_WITHIN),
            _ => None,
        }
    }
}

impl Peer {
    /// Begins to meet the peer, under a fresh tag; returns what to send.
    pub(crate) fn hail(&mut self, tag: Tag, now: Duration) -> Output {
        self.stream.detach(Path::Relay);
        self.line = Line::AwaitMeeting { tag, channel: None, since: now };
        self.signal(Signal::Hail(tag))
    }

    /// What tells the peer that nobody listens any more.
    pub(super) fn farewell(&self) -> Vec<u8> {
        address(self.slot, &Signal::Broken.encode())
    }

    /// Takes a packet from the relay.
    pub(super) fn meet(
        &mut self,
        packet: &[u8],
        credentials: &Credentials,
        now: Duration,
    ) -> Result<Opened, String> {
        let packet = Packet::parse(packet);
        if let Some(Packet::Signal(Signal::Hail(theirs))) = packet
            && self.answered.contains(&theirs)
        {
            return Ok(Opened::Steps(Vec::new()));
        }
        match (std::mem::replace(&mut self.line, Line::Broken), packet) {
            (line @ (Line::Broken | Line::Absent), _) => {
                self.line = line;
                Ok(Opened::Steps(Vec::new()))
            }
            // A second hail comes from whoever is in the slot now; what was begun is forgotten.
            (Line::AwaitMeeting { tag, .. }, Some(Packet::Signal(Signal::Hail(theirs)))) => {
                self.answer(tag, theirs, credentials, now).map(Opened::Steps)
            }
            (
                Line::AwaitMeeting { tag, channel: Some(channel), .. },
                Some(Packet::Signal(Signal::Answer(ours))),
            ) if ours == tag => {
                self.line = Line::Met { channel, since: now };
                Ok(Opened::Steps(Vec::new()))
            }
            (line @ Line::AwaitMeeting { .. }, _) => {
                self.line = line;
                Ok(Opened::Steps(Vec::new()))
            }
            (Line::Met { channel, since }, Some(Packet::Sealed(sealed))) => {
                self.open(channel, since, sealed, now)
            }
            // Its channel broke, or it lost the relay for a moment.
            (Line::Met { .. }, Some(Packet::Signal(Signal::Hail(theirs)))) => {
                self.strike("breaks off again and again".to_owned())?;
                let tag = fresh()?;
                let mut steps = vec![Step::Send(self.hail(tag, now))];
                steps.extend(self.answer(tag, theirs, credentials, now)?);
                Ok(Opened::Steps(steps))
            }
            (Line::Met { .. }, Some(Packet::Signal(Signal::Broken))) => Err(GAVE_UP.to_owned()),
            (Line::Met { channel, .. }, Some(Packet::Signal(Signal::Answer(_))) | None) => {
                self.break_channel(&channel, "sent what belongs nowhere".to_owned(), now)
            }
        }
    }

    /// Hails again when a meeting has not come about.
    pub(super) fn hail_again_when_due(&mut self, now: Duration) -> Option<Step> {
        if self.line.due()? > now {
            return None;
        }
        let tag = fresh().ok()?;
        Some(Step::Send(self.hail(tag, now)))
    }

    /// Answers a hail: the handshake begins anew. Each hail is answered once, lest whoever carries the
    /// packets makes two parties meet for ever with hails that it plays again.
    fn answer(
        &mut self,
        ours: Tag,
        theirs: Tag,
        credentials: &Credentials,
        now: Duration,
    ) -> Result<Vec<Step>, String> {
        let mut channel =
            credentials.channel(self.slots, self.me).map_err(|error| unverified(&error))?;
        let first = channel.start().map_err(|error| unverified(&error))?;
        self.line = Line::AwaitMeeting { tag: ours, channel: Some(Box::new(channel)), since: now };
        self.answered.push_back(theirs);
        if self.answered.len() > REMEMBERED {
            self.answered.pop_front();
        }
        let answer = self.signal(Signal::Answer(theirs));
        let first = first.map(|packet| Output::ToRelay(address(self.slot, &packet)));
        Ok([Some(answer), first].into_iter().flatten().map(Step::Send).collect())
    }

    /// Takes a packet for the channel.
    fn open(
        &mut self,
        mut channel: Box<Channel>,
        since: Duration,
        sealed: &[u8],
        now: Duration,
    ) -> Result<Opened, String> {
        let was_open = channel.is_open();
        let events = match channel.receive(sealed) {
            Ok(events) => events,
            Err(error) if was_open => return self.break_channel(&channel, unverified(&error), now),
            Err(error) => return Err(unverified(&error)),
        };
        self.line = Line::Met { channel, since };
        let mut steps = Vec::with_capacity(events.len());
        for event in events {
            steps.push(match event {
                Event::Send(packet) => Step::Send(Output::ToRelay(address(self.slot, &packet))),
                Event::Open { peer, hello } => Step::Sealed { path: Path::Relay, key: peer, hello },
                Event::Message(message) => return Ok(Opened::Message(message)),
            });
        }
        Ok(Opened::Steps(steps))
    }

    /// What came cannot be verified: the channel is made anew, a few times.
    fn break_channel(
        &mut self,
        channel: &Channel,
        complaint: String,
        now: Duration,
    ) -> Result<Opened, String> {
        if channel.peer().is_none() {
            return Err(complaint);
        }
        self.strike(complaint)?;
        let tag = fresh()?;
        Ok(Opened::Steps(vec![Step::Send(self.hail(tag, now))]))
    }

    fn signal(&self, signal: Signal) -> Output {
        Output::ToRelay(address(self.slot, &signal.encode()))
    }
}

fn fresh() -> Result<Tag, String> {
    let mut tag = [0; 8];
    getrandom::fill(&mut tag).map_err(|_| "cannot be met: no random numbers".to_owned())?;
    Ok(Tag(tag))
}

pub(super) fn unverified(error: &Error) -> String {
    format!("cannot be trusted: {error}")
}

/// A meeting takes a few round trips, by either path.
pub(super) const MEET_WITHIN: Duration = Duration::from_secs(8);

/// Hails of one peer: more than come without a message between them.
const REMEMBERED: usize = 64;

const GAVE_UP: &str = "does not listen any more: what came from here could not be verified there, because \
                       the invites differ or packets were altered on the way; one of you must leave and \
                       join again";
