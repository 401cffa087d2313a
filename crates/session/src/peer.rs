//! Another party in the room: the channels to it, and the stream that they carry.

mod direct;
mod meeting;

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use cryptab_link::{Departure, Memory, News, Order, Pair, Path, PublicKey, Stream};
use cryptab_wire::relay::address;

use crate::Output;
use crate::credentials::Credentials;
use crate::hello::Hello;
use crate::signal::Tag;
use crate::standing::Standing;
use direct::Direct;
use meeting::{Line, Opened};

/// Another party in the room.
pub(crate) struct Peer {
    pub(crate) standing: Standing,
    /// What it said of itself; known once its channel is sealed.
    pub(crate) introduced: Option<Introduced>,
    /// It has said goodbye.
    pub(crate) has_left: bool,
    /// Since when it cannot be reached, in a session.
    pub(crate) away_since: Option<Duration>,
    /// What broke its channel last.
    pub(crate) trouble: Option<String>,
    /// How many of its messages were taken, of both lanes.
    pub(crate) heard: [u64; 2],
    slots: Pair,
    slot: u8,
    me: u8,
    line: Line,
    /// Its hails that were answered last: one that comes again is an echo.
    answered: VecDeque<Tag>,
    direct: Direct,
    stream: Stream,
    /// Channels that broke since a message came last.
    strikes: u32,
}

/// Who a peer is: the name and role are its claims, the key is proven.
#[derive(Clone, Debug)]
pub(crate) struct Introduced {
    pub(crate) hello: Hello,
    pub(crate) key: PublicKey,
}

/// What a packet led to.
pub(crate) enum Step {
    Send(Output),
    /// A channel is sealed.
    Sealed {
        path: Path,
        key: PublicKey,
        hello: Vec<u8>,
    },
    Message {
        bytes: Vec<u8>,
        /// How many messages of both lanes have come, this one included.
        delivered: [u64; 2],
    },
    /// It was resumed after a restart, and gets what it lacks.
    Resumed {
        life: [u8; 8],
    },
    /// It has forgotten the stream: it was started anew.
    Restarted,
}

impl Peer {
    /// The peer in the other one of these slots; `end` is fresh and random.
    pub(crate) fn new(slots: Pair, me: u8, end: [u8; 8]) -> Self {
        let slot = if slots.initiator() == me { slots.responder() } else { slots.initiator() };
        Self {
            standing: Standing::default(),
            introduced: None,
            has_left: false,
            away_since: None,
            trouble: None,
            heard: [0; 2],
            slots,
            slot,
            me,
            line: Line::Absent,
            answered: VecDeque::new(),
            direct: Direct::default(),
            stream: Stream::new(end),
            strikes: 0,
        }
    }

    /// A peer of a session that this party goes on with.
    pub(crate) fn resumed(
        slots: Pair,
        me: u8,
        memory: &Memory,
        life: [u8; 8],
        introduced: Introduced,
    ) -> Self {
        let mut peer = Self::new(slots, me, [0; 8]);
        peer.stream = Stream::resume(memory, life);
        peer.heard = peer.stream.delivered();
        peer.introduced = Some(introduced);
        peer
    }

    /// Has the peer keep what it sends until it is saved.
    pub(crate) const fn keep(&mut self) {
        self.stream.keep();
    }

    /// So many of its messages are saved.
    pub(crate) fn save(&mut self, delivered: [u64; 2]) {
        self.stream.save(delivered);
    }

    /// Nothing that was taken will be needed again.
    pub(crate) fn save_all(&mut self) {
        self.stream.save(self.heard);
    }

    /// What the stream would be resumed from, when it has sent what was taken.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let mut memory = self.stream.memory()?;
        memory.advance(self.heard);
        Some(memory)
    }

    /// Lets messages take the direct path alone.
    pub(crate) const fn insist_on_direct(&mut self) {
        self.stream.insist(Path::Direct);
    }

    /// Takes a packet that came through the relay; the error is a complaint about the peer.
    pub(crate) fn receive(
        &mut self,
        packet: &[u8],
        credentials: &Credentials,
        now: Duration,
    ) -> Result<Vec<Step>, String> {
        match self.meet(packet, credentials, now)? {
            Opened::Steps(steps) => Ok(steps),
            Opened::Message(message) => self.take(Path::Relay, &message, now),
        }
    }

    /// The channel of this path leads to the party that was introduced: it carries the stream now.
    pub(crate) fn attach(&mut self, path: Path, now: Duration) {
        self.stream.attach(path, now);
    }

    /// Sends a message.
    pub(crate) fn send(&mut self, head: Vec<u8>, body: Bytes, order: Order) -> Result<(), String> {
        if self.introduced.is_none() {
            return Ok(());
        }
        self.stream.send(head, body, order).map_err(|error| format!("cannot be sent to: {error}"))
    }

    /// The next thing to send, if there is any.
    pub(crate) fn poll(&mut self, now: Duration) -> Option<Result<Output, String>> {
        let Departure { path, head, body } = self.stream.poll(now)?;
        let (channel, prefix) = match path {
            Path::Relay => (self.line.channel(), address(self.slot, &[])),
            Path::Direct => (self.direct.channel(), Vec::new()),
        };
        let channel = channel?;
        let sealed = match channel.send_behind(&prefix, &head, &body) {
            Ok(sealed) => sealed,
            Err(error) => return Some(Err(format!("cannot be sent to: {error}"))),
        };
        // A fragment fits one packet.
        let packet = sealed.into_iter().next()?;
        Some(Ok(match path {
            Path::Relay => Output::ToRelay(packet),
            Path::Direct => Output::ToDirect { slot: self.slot, bytes: packet },
        }))
    }

    /// Nothing comes through the relay any more.
    pub(crate) fn lose_relay(&mut self) {
        if !self.is_broken() {
            self.line = Line::Absent;
        }
        self.stream.detach(Path::Relay);
    }

    /// Stops listening; returns what tells the peer so.
    pub(crate) fn break_off(&mut self) -> Vec<u8> {
        self.line = Line::Broken;
        self.direct = Direct::default();
        self.introduced = None;
        self.standing = Standing::default();
        self.stream.detach(Path::Relay);
        self.stream.detach(Path::Direct);
        self.farewell()
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now: Duration) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.stream.tick(now) == Some(Path::Direct) {
            steps.push(Step::Send(Output::CloseDirect { slot: self.slot }));
            self.direct.lose(self.offers(), now);
        }
        steps.extend(self.hail_again_when_due(now));
        steps.extend(self.tend_direct(now));
        steps
    }

    /// When [`Peer::tick`] is due.
    pub(crate) fn wake(&self) -> Option<Duration> {
        let own = [self.line.due(), self.stream.wake(), self.direct.due()];
        own.into_iter().flatten().min()
    }

    /// Whether it can be reached, and was heard of lately.
    pub(crate) fn is_here(&self, now: Duration) -> bool {
        self.stream.active().is_some() && now < self.stream.heard() + SILENCE
    }

    /// When it will not have been heard of for too long.
    pub(crate) fn silent_at(&self) -> Duration {
        self.stream.heard() + SILENCE
    }

    /// Whether the relay says that it is there.
    pub(crate) const fn is_in_room(&self) -> bool {
        !matches!(self.line, Line::Absent)
    }

    pub(crate) fn path(&self) -> Path {
        self.stream.active().unwrap_or(Path::Relay)
    }

    pub(crate) const fn is_sealed(&self) -> bool {
        self.introduced.is_some() && !self.has_left
    }

    pub(crate) const fn is_broken(&self) -> bool {
        matches!(self.line, Line::Broken)
    }

    /// Takes what a channel has opened.
    fn take(&mut self, path: Path, message: &[u8], now: Duration) -> Result<Vec<Step>, String> {
        let news = self.stream.receive(path, message, now)?;
        let mut steps = Vec::with_capacity(news.len());
        for news in news {
            match news {
                News::Message { bytes, delivered } => {
                    self.strikes = 0;
                    self.trouble = None;
                    steps.push(Step::Message { bytes, delivered });
                }
                News::Resumed { life } => {
                    steps.extend(self.connect_directly_anew());
                    steps.push(Step::Resumed { life });
                }
                News::Aside(bytes) => {
                    let heard = self.direct.hear(self.slot, self.offers(), &bytes);
                    let heard = heard.ok_or("sent a signal that is none")?;
                    steps.extend(heard.into_iter().map(Step::Send));
                }
                News::Restarted => steps.push(Step::Restarted),
            }
        }
        Ok(steps)
    }

    /// A channel broke: one more, and a complaint if there were too many.
    fn strike(&mut self, reason: String) -> Result<(), String> {
        self.strikes += 1;
        if self.strikes > MAX_STRIKES {
            return Err(reason);
        }
        self.trouble = Some(reason);
        Ok(())
    }
}

/// A peer that was not heard of for so long is away.
const SILENCE: Duration = Duration::from_secs(20);

/// Channels that may break one after the other without a message between them.
const MAX_STRIKES: u32 = 5;

#[cfg(test)]
mod tests;
