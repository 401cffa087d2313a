//! Why a command fails, and the exit code that says so to scripts.

use std::path::Path;
use std::process::ExitCode;

use cryptab_session::{Error as SessionError, Fault};

/// Why a command fails. The text is for people, the kind for scripts.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
}

/// Whose fault it is: the exit codes of `cryptab --help`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Bug,
    Input,
    Peer,
    Relay,
    Dealer,
    Refused,
}

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    pub(crate) fn file(file: &Path, reason: impl std::fmt::Display) -> Self {
        Self::input(format!("{}: {reason}", file.display()))
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self.kind {
            Kind::Bug => 1,
            Kind::Input => 3,
            Kind::Peer => 4,
            Kind::Relay => 5,
            Kind::Dealer => 6,
            Kind::Refused => 7,
        })
    }

    /// The word for the kind in JSON.
    pub(crate) const fn fault(&self) -> &'static str {
        match self.kind {
            Kind::Bug => "bug",
            Kind::Input => "input",
            Kind::Peer => "peer",
            Kind::Relay => "relay",
            Kind::Dealer => "dealer",
            Kind::Refused => "refused",
        }
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        let kind = match (&error, error.fault()) {
            (SessionError::Refused(_), Fault::Input) | (SessionError::Expired, _) => Kind::Refused,
            (_, fault) => Kind::from(fault),
        };
        Self::new(kind, error.to_string())
    }
}

impl From<cryptab_net::Error> for Failure {
    fn from(error: cryptab_net::Error) -> Self {
        match error {
            cryptab_net::Error::Session(error) => error.into(),
            error => Self::new(error.fault().into(), error.to_string()),
        }
    }
}

impl From<cryptab_expression::Error> for Failure {
    fn from(error: cryptab_expression::Error) -> Self {
        Self::input(error.to_string())
    }
}

impl From<cryptab_photo::Error> for Failure {
    fn from(error: cryptab_photo::Error) -> Self {
        Self::input(error.to_string())
    }
}

impl From<cryptab_dealer::KeyError> for Failure {
    fn from(error: cryptab_dealer::KeyError) -> Self {
        Self::input(error.to_string())
    }
}

impl From<Fault> for Kind {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Input => Self::Input,
            Fault::Peer => Self::Peer,
            Fault::Relay => Self::Relay,
            Fault::Dealer => Self::Dealer,
            Fault::Misuse | Fault::Bug => Self::Bug,
        }
    }
}

#[cfg(test)]
mod tests {
    use cryptab_session::Error;

    use super::{Failure, Kind};

    #[test]
    fn everybody_at_fault_has_a_kind() {
        let peer = Error::Peer { slot: 1, name: "Ben".into(), complaint: "left the room".into() };
        for (error, kind) in [
            (peer, Kind::Peer),
            (Error::Relay("gone".into()), Kind::Relay),
            (Error::Dealer("gone".into()), Kind::Dealer),
            (Error::Expired, Kind::Refused),
        ] {
            assert_eq!(Failure::from(error).kind, kind);
        }
    }
}
