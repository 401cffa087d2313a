//! Messages that arrive once and in order, whatever becomes of the channels that carry them.
//!
//! A stream lives between two ends, above sealed channels that come and go: one through the relay, one
//! from party to party, either of them cut and made again. Each channel that opens is
//! [attached](Stream::attach); the ends tell each other how much they have, and whatever the other one
//! lacks is sent again. Messages are cut into fragments of at most 64 KiB, and kept until the other end
//! has acknowledged them.
//!
//! An end may outlive its process: it says so ([`Stream::keep`]), saves its [`Memory`] and every message that
//! comes, and says when they are saved ([`Stream::save`]). Until then the other end keeps them, and sends
//! them to whoever is [resumed](Stream::resume) from that memory.
//!
//! Two lanes share a stream. Messages of up to 16 KiB take the small lane and may overtake the fragments
//! of long ones, unless they must not ([`Order::Strict`]). How much of the long ones is under way at a time
//! follows the rate at which they are acknowledged.
//!
//! Sans-IO: a sealed message that arrived goes into [`Stream::receive`], [`Stream::poll`] says what to seal
//! next and for which path, [`Stream::wake`] when [`Stream::tick`] is due.

pub(crate) mod frame;
mod inbox;
mod meeting;
mod outbox;
mod pace;
mod probe;
mod sending;

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::sealed::MAX_MESSAGE;
use frame::{End, Frame, MAX_HEAD, Messages, Received};
use inbox::Inbox;
use meeting::Introduction;
use outbox::Outbox;
use pace::Pace;
use probe::Probe;

pub use meeting::Memory;

/// Which way frames take.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Path {
    /// Through the relay.
    Relay,
    /// From party to party.
    Direct,
}

/// Whether a message may overtake others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// After all messages sent before it.
    Strict,
    /// A short one may overtake long ones.
    Free,
}

/// One end of a stream.
pub struct Stream {
    me: End,
    peer: Option<End>,
    /// Its former lives, latest first.
    former: VecDeque<[u8; 8]>,
    outboxes: [Outbox; 2],
    inboxes: [Inbox; 2],
    paths: [Option<Attached>; 2],
    active: Option<Path>,
    /// The path that messages must take, if only one may be.
    only: Option<Path>,
    /// Small frames that go before all others.
    urgent: VecDeque<(Path, Frame<'static>)>,
    asides: VecDeque<Bytes>,
    pace: Pace,
    /// Whether what the other end sends must be kept until it is saved here.
    keeps: bool,
    /// Messages of the other end that are saved here, and whether it must be told.
    saved: Messages,
    saved_due: bool,
    /// Bytes received since the last acknowledgement.
    owed: usize,
    /// When an acknowledgement must leave.
    owed_at: Option<Duration>,
    heard: Duration,
}

/// A channel that carries this stream.
struct Attached {
    /// The other end has said what it has.
    ready: bool,
    heard: Duration,
    spoken: Duration,
    probe: Probe,
}

/// What is to be sealed for a path now.
#[derive(Debug)]
pub struct Departure {
    /// Whose channel seals it.
    pub path: Path,
    /// The first bytes.
    pub head: Vec<u8>,
    /// The others.
    pub body: Bytes,
}

/// What a sealed message led to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum News {
    /// A message, now complete.
    Message {
        /// The message.
        bytes: Vec<u8>,
        /// How many messages of both lanes have come, this one included.
        delivered: [u64; 2],
    },
    /// Something said past the stream.
    Aside(Vec<u8>),
    /// The other end has forgotten everything: what was under way is lost.
    Restarted,
    /// The other end was resumed from its memory: it gets whatever that lacks. Of what it has sent itself it
    /// knows nothing any more, and counts it from the first again.
    Resumed {
        /// Names its present life.
        life: [u8; 8],
    },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Lane {
    Small = 0,
    Bulk = 1,
}

impl Lane {
    const fn of(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Small),
            1 => Some(Self::Bulk),
            _ => None,
        }
    }
}

impl Stream {
    /// An end, named by fresh random bytes.
    #[must_use]
    pub fn new(end: [u8; 8]) -> Self {
        Self {
            me: End { line: end, ..End::default() },
            peer: None,
            former: VecDeque::new(),
            outboxes: Default::default(),
            inboxes: Default::default(),
            paths: [None, None],
            active: None,
            only: None,
            urgent: VecDeque::new(),
            asides: VecDeque::new(),
            pace: Pace::default(),
            keeps: false,
            saved: [0; 2],
            saved_due: false,
            owed: 0,
            owed_at: None,
            heard: Duration::ZERO,
        }
    }

    /// Lets messages take this path alone; what is said past the stream still goes through the relay.
    pub const fn insist(&mut self, path: Path) {
        self.only = Some(path);
    }

    /// Sends the message `head ‖ body`. A head fits one fragment.
    ///
    /// # Errors
    /// A complaint about a message above [`MAX_MESSAGE`].
    pub fn send(&mut self, head: Vec<u8>, body: Bytes, order: Order) -> Result<(), &'static str> {
        let length = head.len() + body.len();
        if length > MAX_MESSAGE || head.len() > FRAGMENT {
            return Err("a message of more than 1 GiB cannot be sent");
        }
        let [small, bulk] = &mut self.outboxes;
        match (length <= SMALL, order) {
            (true, Order::Free) => small.push(head, body, 0),
            (true, Order::Strict) => small.push(head, body, bulk.taken()),
            (false, _) => bulk.push(head, body, small.taken()),
        }
        Ok(())
    }

    /// Says something past the stream, through the relay: it may get lost, and comes at any time.
    pub fn aside(&mut self, bytes: impl Into<Bytes>) {
        self.asides.push_back(bytes.into());
    }

    /// A channel has opened.
    pub fn attach(&mut self, path: Path, now: Duration) {
        self.detach(path);
        let probe = Probe::default();
        self.paths[path as usize] = Some(Attached { ready: false, heard: now, spoken: now, probe });
        let yours = self.peer.unwrap_or_default();
        let (received, saved) = (self.received(), self.saved);
        let attach = Frame::Attach { mine: self.me, yours, received, saved, keep: self.keeps };
        self.urgent.push_back((path, attach));
    }

    /// A channel has ended: what it carried is sent again by the other path, now or later.
    pub fn detach(&mut self, path: Path) {
        let was_attached = self.paths[path as usize].take().is_some();
        self.urgent.retain(|(of, _)| *of != path);
        if self.active == Some(path) {
            let other = path.other();
            self.go((self.is_ready(other) && self.may_take(other)).then_some(other));
        } else if was_attached {
            // Something may be under way there from before the other one was taken.
            self.outboxes.iter_mut().for_each(Outbox::rewind);
        }
    }

    /// Takes a message that the channel of `path` has opened. The error is a complaint about the peer.
    ///
    /// # Errors
    /// When the other end breaks the rules of the stream.
    pub fn receive(
        &mut self,
        path: Path,
        message: &[u8],
        now: Duration,
    ) -> Result<Vec<News>, &'static str> {
        let Some(attached) = &mut self.paths[path as usize] else { return Ok(Vec::new()) };
        attached.heard = now;
        self.heard = self.heard.max(now);
        let frame = Frame::parse(message).ok_or("sent what belongs to no stream")?;
        if !attached.ready && !matches!(frame, Frame::Attach { .. }) {
            return Err("spoke before its stream began");
        }
        let mut news = Vec::new();
        match frame {
            Frame::Attach { mine, yours, received, saved, keep } => {
                let introduction = Introduction { mine, yours, received, saved, keep };
                self.meet(path, introduction, &mut news)?;
            }
            Frame::Data { lane, place, received, begins, bytes } => {
                self.acknowledged(received, now)?;
                self.inboxes[lane as usize].take(place, begins, bytes)?;
                self.owe(bytes.len(), now);
                self.deliver(&mut news);
            }
            Frame::Acknowledge { received, reply } => {
                self.acknowledged(received, now)?;
                if reply {
                    self.owed_at = Some(now);
                }
            }
            Frame::Saved { saved } => {
                let mut outboxes = self.outboxes.iter_mut().zip(saved);
                if !outboxes.all(|(outbox, messages)| outbox.save(messages)) {
                    return Err("saved what was never sent");
                }
            }
            Frame::Probe { last: false, .. } => {}
            Frame::Probe { number, last: true } => {
                self.urgent.push_back((path, Frame::Reply { number }));
            }
            Frame::Reply { number } => {
                attached.probe.answered(number, now);
                self.choose(now);
            }
            Frame::Aside { bytes } => news.push(News::Aside(bytes.to_vec())),
        }
        Ok(news)
    }

    /// The path that frames take now; nothing while the other end cannot be reached.
    #[must_use]
    pub const fn active(&self) -> Option<Path> {
        self.active
    }

    /// When something of the other end was heard last.
    #[must_use]
    pub const fn heard(&self) -> Duration {
        self.heard
    }

    /// Takes the faster of two measured paths. A direct one that is slower may not be so for ever.
    fn choose(&mut self, now: Duration) {
        let quality = |path: Path| self.paths[path as usize].as_ref()?.probe.quality();
        let (Some(relay), Some(direct)) = (quality(Path::Relay), quality(Path::Direct)) else {
            return;
        };
        let best = if direct.beats(relay) { Path::Direct } else { Path::Relay };
        if let (Path::Relay, Some(direct)) = (best, &mut self.paths[Path::Direct as usize]) {
            direct.probe.repeat_later(now);
        }
        if self.is_ready(best) && self.may_take(best) {
            // What is under way by the other path arrives there; nothing is sent twice.
            self.active = Some(best);
        }
    }

    /// Takes this path after another was lost.
    fn go(&mut self, path: Option<Path>) {
        self.active = path;
        self.saved_due = self.keeps;
        self.outboxes.iter_mut().for_each(Outbox::rewind);
        self.pace = Pace::default();
    }

    fn acknowledged(&mut self, received: Received, now: Duration) -> Result<(), &'static str> {
        let bulk = &self.outboxes[Lane::Bulk as usize];
        let before = bulk.acknowledged();
        for (outbox, count) in self.outboxes.iter_mut().zip(received) {
            if !outbox.acknowledge(count) {
                return Err("acknowledged what was never sent");
            }
        }
        let bulk = &self.outboxes[Lane::Bulk as usize];
        let fragments = bulk.acknowledged() - before;
        if fragments > 0 {
            self.pace.acknowledged(fragments * FRAGMENT as u64, bulk.in_flight() == 0, now);
        }
        Ok(())
    }

    fn deliver(&mut self, news: &mut Vec<News>) {
        let [small, bulk] = &mut self.inboxes;
        loop {
            let next = small.pop(bulk.delivered()).or_else(|| bulk.pop(small.delivered()));
            let Some(bytes) = next else { return };
            let delivered = [small.delivered(), bulk.delivered()];
            news.push(News::Message { bytes, delivered });
        }
    }

    fn received(&self) -> Received {
        let [small, bulk] = &self.inboxes;
        [small.expected(), bulk.expected()]
    }

    fn may_take(&self, path: Path) -> bool {
        self.only.is_none_or(|only| only == path)
    }

    fn is_ready(&self, path: Path) -> bool {
        self.paths[path as usize].as_ref().is_some_and(|attached| attached.ready)
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Stream").field("active", &self.active).finish_non_exhaustive()
    }
}

impl Path {
    const fn other(self) -> Self {
        match self {
            Self::Relay => Self::Direct,
            Self::Direct => Self::Relay,
        }
    }
}

/// What fits a sealed packet behind its own length and the longest head.
const FRAGMENT: usize = 65_515 - MAX_HEAD;

/// The longest message of the small lane.
const SMALL: usize = 16 << 10;

#[cfg(test)]
mod resuming;
#[cfg(test)]
mod tests;
