use serde::{Deserialize, Serialize};

/// Where a random draw, an opening or a correction belongs: the operation of the tape, and
/// the step within it. One address is used for one purpose, once in a session.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Address {
    /// Number of the operation on the session's tape.
    pub op: u32,
    /// Number of the step within the operation.
    pub step: u32,
}

impl Address {
    /// The address of `step` of operation `op`.
    #[must_use]
    pub const fn new(op: u32, step: u32) -> Self {
        Self { op, step }
    }
}
