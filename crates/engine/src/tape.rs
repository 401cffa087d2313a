use crate::{Cost, Op};

/// The operations recorded so far, with a running hash over them.
///
/// Every frame carries the hash at its last operation: parties that run different programs
/// notice before anything more is opened.
#[derive(Debug)]
pub(crate) struct Tape {
    entries: Vec<Entry>,
    start: [u8; 32],
}

/// One recorded operation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is computed.
    pub op: Op,
    /// Shape of the result.
    pub shape: Vec<usize>,
    /// What it costs by itself.
    pub cost: Cost,
    hash: [u8; 32],
}

impl Entry {
    /// The operation as people and peers see it.
    #[must_use]
    pub fn describe(&self) -> String {
        describe(&self.op, &self.shape)
    }
}

impl Tape {
    pub(crate) fn new(session: &[u8; 32]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 tape");
        hasher.update(session);
        Self { entries: Vec::new(), start: *hasher.finalize().as_bytes() }
    }

    pub(crate) fn push(&mut self, op: Op, shape: Vec<usize>, cost: Cost) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.hash_at(self.len()).expect("the tape has its own length"));
        hasher.update(describe(&op, &shape).as_bytes());
        self.entries.push(Entry { op, shape, cost, hash: *hasher.finalize().as_bytes() });
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.entries.len()).expect("a tape has fewer than 2^32 operations")
    }

    /// The hash over the first `count` operations, if there are so many.
    pub(crate) fn hash_at(&self, count: u32) -> Option<[u8; 32]> {
        match count {
            0 => Some(self.start),
            _ => self.entries.get(count as usize - 1).map(|entry| entry.hash),
        }
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// All operations as peers see them, for finding the first that differs.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.entries.iter().map(Entry::describe).collect()
    }
}

fn describe(op: &Op, shape: &[usize]) -> String {
    format!("{op:?} -> {shape:?}")
}
