use std::fmt;

/// Why a computation stops, or an operation is not recorded. Says whose fault it is.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A peer sent what it must not, or not what it must.
    #[error("{peer} {complaint}")]
    Peer {
        /// Who.
        peer: Peer,
        /// What it did.
        complaint: String,
    },
    /// The parties run different programs.
    #[error(
        "the parties run different programs: operation {operation} is `{mine}` here but `{theirs}` \
         at {peer}"
    )]
    Programs {
        /// Who runs another program.
        peer: Peer,
        /// The first operation that differs.
        operation: u32,
        /// This party's version of it.
        mine: String,
        /// The peer's version of it.
        theirs: String,
    },
    /// Some party sent different shares of one opening to different peers. Noticed before anything
    /// was revealed; who it was cannot be told.
    #[error(
        "{peer}'s view of what was opened differs from this party's: one of the parties sent \
         different shares to different peers"
    )]
    Equivocation {
        /// A peer that saw another value opened. It need not be the one at fault.
        peer: Peer,
    },
    /// The data given to an operation cannot be used.
    #[error("{operation}: {reason}")]
    Input {
        /// Which operation.
        operation: &'static str,
        /// What is wrong with the data.
        reason: String,
    },
    /// The operation makes no sense as called.
    #[error("{operation}: {reason}")]
    Misuse {
        /// Which operation.
        operation: &'static str,
        /// What does not fit.
        reason: String,
    },
    /// The session has ended.
    #[error("the session has ended")]
    Ended,
}

/// Another participant of the session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Peer {
    /// The party with this number.
    Party(u8),
    /// The dealer.
    Dealer,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Party(party) => write!(f, "party {party}"),
            Self::Dealer => f.write_str("the dealer"),
        }
    }
}

impl Error {
    pub(crate) fn peer(party: u8, complaint: impl Into<String>) -> Self {
        Self::Peer { peer: Peer::Party(party), complaint: complaint.into() }
    }

    pub(crate) const fn equivocation(party: u8) -> Self {
        Self::Equivocation { peer: Peer::Party(party) }
    }

    pub(crate) fn dealer(complaint: impl Into<String>) -> Self {
        Self::Peer { peer: Peer::Dealer, complaint: complaint.into() }
    }

    pub(crate) fn misuse(operation: &'static str, reason: impl Into<String>) -> Self {
        Self::Misuse { operation, reason: reason.into() }
    }

    pub(crate) fn input(operation: &'static str, reason: impl Into<String>) -> Self {
        Self::Input { operation, reason: reason.into() }
    }
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
