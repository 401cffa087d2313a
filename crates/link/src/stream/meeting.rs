//! The other end says who it is: the one from before, the same in another life, or someone else.

use serde::{Deserialize, Serialize};

use super::frame::{End, Messages, Received};
use super::inbox::Inbox;
use super::{News, Path, Stream};

/// What an end must know to be resumed. Meant to be saved where nobody else can read or alter it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Memory {
    line: [u8; 8],
    peer: ([u8; 8], [u8; 8]),
    /// Messages of both lanes that came before.
    delivered: Messages,
}

impl Memory {
    /// Of these two lanes, so many messages have come by now.
    pub const fn advance(&mut self, delivered: [u64; 2]) {
        self.delivered = delivered;
    }

    /// The other end has begun another life: what it sends is counted from the first again.
    pub const fn follow(&mut self, life: [u8; 8]) {
        self.peer.1 = life;
        self.delivered = [0; 2];
    }
}

/// What the other end says when a channel opens.
pub(super) struct Introduction {
    pub(super) mine: End,
    pub(super) yours: End,
    pub(super) received: Received,
    pub(super) saved: Messages,
    pub(super) keep: bool,
}

impl Stream {
    /// An end that goes on where `memory` ends, in a life that is named by fresh random bytes. The other end
    /// sends again whatever came after; what this end has sent is forgotten, and [`News::Resumed`] tells the
    /// other one so.
    #[must_use]
    pub fn resume(memory: &Memory, life: [u8; 8]) -> Self {
        let mut stream = Self::new(memory.line);
        stream.me.life = life;
        let (line, life) = memory.peer;
        stream.peer = Some(End { line, life });
        stream.inboxes = memory.delivered.map(Inbox::resumed);
        stream.saved = memory.delivered;
        stream.keeps = true;
        stream
    }

    /// Announces that this end may be resumed: the other one keeps every message until [`Stream::save`] has
    /// said that it is saved.
    pub const fn keep(&mut self) {
        self.keeps = true;
    }

    /// What this end would be resumed from, now; nothing before the ends have met.
    #[must_use]
    pub fn memory(&self) -> Option<Memory> {
        let peer = self.peer?;
        let delivered = self.delivered();
        Some(Memory { line: self.me.line, peer: (peer.line, peer.life), delivered })
    }

    /// So many messages of both lanes need not be sent again, whatever happens.
    pub fn save(&mut self, delivered: [u64; 2]) {
        if self.keeps && self.saved != delivered {
            self.saved = delivered;
            self.saved_due = true;
        }
    }

    /// Messages of both lanes that were handed out.
    #[must_use]
    pub const fn delivered(&self) -> [u64; 2] {
        let [small, bulk] = &self.inboxes;
        [small.delivered(), bulk.delivered()]
    }

    /// The other end says who it is and what it has.
    pub(super) fn meet(
        &mut self,
        path: Path,
        introduction: Introduction,
        news: &mut Vec<News>,
    ) -> Result<(), &'static str> {
        let Introduction { mine, yours, received, saved, keep } = introduction;
        if self.former.contains(&mine.life) {
            // Said before the other end was resumed, and late: nothing more comes from there.
            self.detach(path);
            return Ok(());
        }
        let knows_me = yours.line == self.me.line;
        let is_same = |known: End| known.line == mine.line && (knows_me || yours == End::default());
        let is_resumed = match self.peer {
            Some(known) if !is_same(known) => {
                self.forget();
                news.push(News::Restarted);
                false
            }
            Some(known) => known.life != mine.life,
            None => false,
        };
        if let Some(known) = self.peer.replace(mine).filter(|_| is_resumed) {
            self.former.push_front(known.life);
            self.former.truncate(FORMER);
        }
        if keep {
            self.outboxes.iter_mut().for_each(super::Outbox::keep);
        }
        if is_resumed {
            // Of a former life of this end it may know anything; of this one nothing.
            let known = if yours == self.me { saved } else { [0; 2] };
            self.follow(path, known)?;
            news.push(News::Resumed { life: mine.life });
        } else if yours == self.me {
            for ((outbox, count), saved) in self.outboxes.iter_mut().zip(received).zip(saved) {
                if !outbox.acknowledge(count) || !outbox.save(saved) {
                    return Err("claims to have what was never sent");
                }
            }
        }
        if let Some(attached) = &mut self.paths[path as usize] {
            attached.ready = true;
        }
        if self.active.is_none() && self.may_take(path) {
            self.go(Some(path));
        }
        Ok(())
    }

    /// The other end was resumed, and knows so many messages.
    fn follow(&mut self, path: Path, known: Messages) -> Result<(), &'static str> {
        let mut outboxes = self.outboxes.iter_mut().zip(known);
        if !outboxes.all(|(outbox, messages)| outbox.resume(messages)) {
            return Err("came back without what it had saved");
        }
        self.inboxes = Default::default();
        self.saved = [0; 2];
        self.settle();
        // If the other path has led anywhere yet, then to its former life.
        if self.is_ready(path.other()) {
            self.detach(path.other());
        }
        self.asides.clear();
        self.active = None;
        Ok(())
    }

    /// Forgets all that was under way.
    fn forget(&mut self) {
        self.outboxes = Default::default();
        self.inboxes = Default::default();
        self.saved = [0; 2];
        self.former.clear();
        self.settle();
        // The other path led to whoever was there before.
        for attached in self.paths.iter_mut().flatten() {
            attached.ready = false;
        }
        self.active = None;
    }
}

/// So many former lives of the other end are known: what they have said does not arrive later than that.
const FORMER: usize = 16;
