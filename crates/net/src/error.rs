//! Why a party cannot take part.

use std::path::PathBuf;

use cryptab_session::{Fault, InviteError};

/// Why joining failed, or a session ended. Says whose fault it is.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The link is no invite.
    #[error(transparent)]
    Link(#[from] InviteError),
    /// The link says where nothing can be.
    #[error("{0}")]
    Address(String),
    /// The relay cannot be reached.
    #[error("the relay at {url} cannot be reached: {reason}")]
    Relay {
        /// Its address.
        url: String,
        /// What the system says.
        reason: String,
    },
    /// The journal cannot be opened.
    #[error("the journal {}: {reason}", .path.display())]
    Journal {
        /// Its file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// What the session says.
    #[error(transparent)]
    Session(#[from] cryptab_session::Error),
    /// The operating system's random generator failed.
    #[error("no key could be made: the operating system's random generator failed")]
    Randomness,
}

impl Error {
    /// Whose fault it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Link(_) | Self::Address(_) | Self::Journal { .. } => Fault::Input,
            Self::Relay { .. } => Fault::Relay,
            Self::Session(error) => error.fault(),
            Self::Randomness => Fault::Bug,
        }
    }
}
