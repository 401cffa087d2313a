//! The journal of the session under way: what is written, what is saved, and what must not leave before.

use std::collections::VecDeque;

use cryptab_engine::Engine;

use super::{Entry, Head, Program, Seal};

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
    /// What is written down of the program.
    program: Program,
    /// What was written of it before the restart and is not recorded again yet.
    expected: VecDeque<Program>,
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
            program: Program::default(),
            expected: VecDeque::new(),
        }
    }

    /// One that goes on: so many entries are saved, and these were about the program.
    pub(crate) fn resumed(session: [u8; 32], entries: u64, expected: VecDeque<Program>) -> Self {
        let program = expected.back().copied().unwrap_or_default();
        Self { next: entries, unsaved: entries, program, expected, ..Self::new(session, 0) }
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

    /// What the engine has recorded: the entry to write before anything leaves, if it is more than before.
    /// The error is that it is not what was recorded before the restart.
    pub(crate) fn look_at(&mut self, engine: &Engine) -> Result<Option<Entry<'static>>, ()> {
        let (operations, late) = (engine.operations(), engine.entered_late());
        while let Some(expected) = self.expected.front() {
            if expected.operations > operations || expected.late > late {
                return Ok(None);
            }
            let fingerprint = engine.fingerprint(expected.operations, expected.late);
            if fingerprint != Some(expected.fingerprint) {
                return Err(());
            }
            self.expected.pop_front();
        }
        if operations <= self.program.operations && late <= self.program.late {
            return Ok(None);
        }
        let fingerprint = engine.fingerprint(operations, late).ok_or(())?;
        self.program = Program { operations, late, fingerprint };
        Ok(Some(Entry::Program(self.program)))
    }

    /// Says this when all that is written by now is saved.
    pub(crate) fn hold(&mut self, word: Word) {
        self.held.push_back((self.next, word));
    }

    /// The next word that may leave.
    pub(crate) fn release(&mut self) -> Option<Word> {
        let is_due = |(number, _): &(u64, Word)| *number <= self.unsaved;
        if !self.expected.is_empty() || !self.held.front().is_some_and(is_due) {
            return None;
        }
        self.held.pop_front().map(|(_, word)| word)
    }

    /// All words, where nothing will be resumed any more.
    pub(crate) fn release_all(self) -> Vec<Word> {
        let may_leave = self.expected.is_empty();
        self.held.into_iter().filter(|_| may_leave).map(|(_, word)| word).collect()
    }
}
