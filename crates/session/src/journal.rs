//! What a party writes down of a session, so that it can go on after its process has ended.
//!
//! A computation is determined by its seeds, the operations, the data entered here and the messages of
//! peers. The journal holds the seeds and the messages, and fingerprints of operations and data; the
//! application records the operations again, on the same data. What is sent leaves only when all that it
//! depends on is saved: whoever is resumed sends the same again, or nothing.

mod entry;
mod ledger;
mod seal;

use std::fmt;

pub(crate) use entry::{Entry, Head, Known, Reached};
pub(crate) use ledger::{Ledger, Word};
pub(crate) use seal::Seal;

/// Whether a party can be resumed, and from what.
///
/// Entries come with [`Output::Save`](crate::Output::Save), sealed under a key that derives from identity
/// and invite: where they are kept, they can be lost and not be read or altered. A party is resumed under the
/// same identity, invite, role and format; its application runs the same program on the same data. It must
/// never run twice at a time.
#[derive(Default)]
pub enum Journal {
    /// A session ends with the process.
    #[default]
    Off,
    /// A new one is written.
    Fresh,
    /// The party goes on with the session that these entries are of, in their order; the last ones may be
    /// missing. What comes is written behind them.
    Resume(Vec<Vec<u8>>),
}

impl fmt::Debug for Journal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => formatter.write_str("Off"),
            Self::Fresh => formatter.write_str("Fresh"),
            Self::Resume(entries) => write!(formatter, "Resume({} entries)", entries.len()),
        }
    }
}
