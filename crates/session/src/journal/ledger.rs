//! The journal of the session under way: what is written, what is saved, and what must not leave before.

use std::collections::VecDeque;

use cryptab_engine::Engine;

use super::{Entry, Head, Reached, Seal};

/// The journal of the session under way.
pub(crate) struct Ledger {
    /// The session that its entries are of.
    session: [u8; 32],
    /// The number of its first entry.
    first: u64,
    /// The number of its next entry.
    next: u64,
    /// The first entry that is not known to be saved.
    unsaved: u64,
    /// Up to where each message leads, of those not known to be saved.
    marks: VecDeque<Mark>,
    /// What leaves when all entries before this one are saved.
    held: VecDeque<(u64, Word)>,
    /// Operations that are recorded.
    program: Track,
    /// Inputs that came after their operations.
    late: Track,
}

/// What is written down of something that goes on.
#[derive(Default)]
struct Track {
    count: u32,
    /// What was written before the restart and is not there again yet.
    expected: VecDeque<Reached>,
}

/// What is said in a session.
pub(crate) enum Word {
    Engine { to: u8, message: Vec<u8> },
    Say { number: u64, bytes: Vec<u8> },
    Dealer(Vec<u8>),
}

/// So many messages of a peer are saved when this entry is.
struct Mark {
    number: u64,
    slot: u8,
    delivered: [u64; 2],
}

impl Ledger {
    /// An empty one, whose first entry has this number.
    pub(crate) fn new(session: [u8; 32], first: u64) -> Self {
        Self {
            session,
            first,
            next: first,
            unsaved: first,
            marks: VecDeque::new(),
            held: VecDeque::new(),
            program: Track::default(),
            late: Track::default(),
        }
    }

    /// One that goes on with these entries, which are saved.
    pub(crate) fn resumed(session: [u8; 32], sealed: u64, entries: &[Entry<'_>]) -> Self {
        let track = |reached: fn(&Entry<'_>) -> Option<Reached>| {
            Track::resumed(entries.iter().filter_map(reached).collect())
        };
        Self {
            next: sealed,
            unsaved: sealed,
            program: track(|entry| match entry {
                Entry::Program(reached) => Some(*reached),
                _ => None,
            }),
            late: track(|entry| match entry {
                Entry::Late(reached) => Some(*reached),
                _ => None,
            }),
            ..Self::new(session, 0)
        }
    }

    /// The next entry: its number, and its sealed bytes; nothing when there are no random numbers.
    pub(crate) fn write(&mut self, seal: &Seal, entry: &[u8]) -> Option<(u64, Vec<u8>)> {
        let number = self.next;
        let place = number - self.first;
        let session = if place == 0 { &Head::SESSION } else { &self.session };
        let sealed = seal.close(place, session, entry)?;
        self.next += 1;
        Some((number, sealed))
    }

    /// The entry written last is about a message.
    pub(crate) fn mark(&mut self, slot: u8, delivered: [u64; 2]) {
        self.marks.push_back(Mark { number: self.next - 1, slot, delivered });
    }

    /// What a peer sends is counted anew.
    pub(crate) fn forget_marks(&mut self, slot: u8) {
        self.marks.retain(|mark| mark.slot != slot);
    }

    /// All entries up to this one are saved: how many messages of which peers are.
    pub(crate) fn save(&mut self, number: u64) -> Vec<(u8, [u64; 2])> {
        if number >= self.next {
            return Vec::new();
        }
        self.unsaved = self.unsaved.max(number + 1);
        let saved = self.marks.iter().take_while(|mark| mark.number <= number).count();
        self.marks.drain(..saved).map(|mark| (mark.slot, mark.delivered)).collect()
    }

    /// What the engine has recorded, and been given later: the entries to write before anything leaves, if it
    /// is more than before. The error is that it is not what was there before the restart.
    pub(crate) fn look_at(&mut self, engine: &Engine) -> Result<Vec<Entry<'static>>, ()> {
        let program =
            self.program.follow(engine.operations(), |count| engine.fingerprint(count))?;
        let late =
            self.late.follow(engine.entered_late(), |count| engine.late_fingerprint(count))?;
        Ok(program.map(Entry::Program).into_iter().chain(late.map(Entry::Late)).collect())
    }

    /// Says this when all that is written by now is saved.
    pub(crate) fn hold(&mut self, word: Word) {
        self.held.push_back((self.next, word));
    }

    /// The next word that may leave. All that is said depends on the program, but nothing on inputs that are not
    /// there again yet.
    pub(crate) fn release(&mut self) -> Option<Word> {
        let is_due = |(number, _): &(u64, Word)| *number <= self.unsaved;
        if !self.program.expected.is_empty() || !self.held.front().is_some_and(is_due) {
            return None;
        }
        self.held.pop_front().map(|(_, word)| word)
    }

    /// All words, where nothing will be resumed any more.
    pub(crate) fn release_all(self) -> Vec<Word> {
        let may_leave = self.program.expected.is_empty();
        self.held.into_iter().filter(|_| may_leave).map(|(_, word)| word).collect()
    }
}

impl Track {
    fn resumed(expected: VecDeque<Reached>) -> Self {
        Self { count: expected.back().map_or(0, |last| last.count), expected }
    }

    /// So much is there now: what to write of it, if it is more than before.
    fn follow(
        &mut self,
        count: u32,
        fingerprint: impl Fn(u32) -> Option<[u8; 32]>,
    ) -> Result<Option<Reached>, ()> {
        while let Some(expected) = self.expected.front() {
            if expected.count > count {
                return Ok(None);
            }
            if fingerprint(expected.count) != Some(expected.fingerprint) {
                return Err(());
            }
            self.expected.pop_front();
        }
        if count <= self.count {
            return Ok(None);
        }
        self.count = count;
        Ok(Some(Reached { count, fingerprint: fingerprint(count).ok_or(())? }))
    }
}
