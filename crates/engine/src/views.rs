//! What was opened to all, as this party saw it.
//!
//! Whoever sends different shares of one opening to different peers makes them see different
//! values, and what they compute from there on is not what the program says. So before a result is
//! revealed the parties compare what they saw: a hash of each opened value, all of them hashed in
//! the order of recording, whatever order they came in. Openings that no revealed value can depend
//! on yet are left for a later comparison; what was compared is not compared again.
//!
//! Two parties need none of this: each has one peer only.

use crate::lazy::Lazy;

/// A hash of what was opened.
pub(crate) type View = [u8; 32];

/// What the parties have not compared yet, and what they compared last.
pub(crate) struct Views {
    /// One for each opening, in the order of recording: the same at all parties.
    open: Vec<Lazy<View>>,
    agreed: Lazy<()>,
}

impl Views {
    pub(crate) fn new() -> Self {
        Self { open: Vec::new(), agreed: Lazy::here(()) }
    }

    /// Something was recorded that is opened to all.
    pub(crate) fn add(&mut self, view: Lazy<View>) {
        self.open.push(view);
    }

    /// Of everything that is opened in round `last` or before: what is not compared yet.
    pub(crate) fn take(&mut self, last: u32) -> Vec<Lazy<View>> {
        self.open.extract_if(.., |view| view.ready <= last).collect()
    }

    /// Completes when the parties have found equal whatever they compare.
    pub(crate) fn agreed(&self) -> &Lazy<()> {
        &self.agreed
    }

    /// There is one comparison more: this is complete when it and all before it have succeeded.
    pub(crate) fn agree(&mut self, agreed: &Lazy<()>) {
        self.agreed = agreed.clone();
    }
}

/// A value as peers see it too: its words.
pub(crate) trait Opened {
    fn words(&self) -> &[u64];
}

impl Opened for cryptab_tensor::Tensor {
    fn words(&self) -> &[u64] {
        self.as_slice()
    }
}

impl Opened for cryptab_tensor::Bits {
    fn words(&self) -> &[u64] {
        self.words()
    }
}

/// The view of one opened value.
pub(crate) fn view(opened: &impl Opened) -> View {
    let mut hasher = blake3::Hasher::new();
    // Little-endian as on the wire; as much at a time as the hash takes side by side, and no more
    // than fits in a fast cache.
    let mut bytes = [0; WORDS_AT_ONCE * size_of::<u64>()];
    for words in opened.words().chunks(WORDS_AT_ONCE) {
        let (places, _) = bytes.as_chunks_mut::<{ size_of::<u64>() }>();
        for (place, word) in places.iter_mut().zip(words) {
            *place = word.to_le_bytes();
        }
        hasher.update(&bytes[..size_of_val(words)]);
    }
    *hasher.finalize().as_bytes()
}

/// All views together.
pub(crate) fn digest(views: &[View]) -> View {
    let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 views of openings");
    hasher.update(views.as_flattened());
    *hasher.finalize().as_bytes()
}

const WORDS_AT_ONCE: usize = 2048;
