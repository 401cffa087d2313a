//! Errors as JavaScript objects: `{ fault, code, peer, message }`.

use cryptab_engine as engine;
use cryptab_session::{Error, Fault, InviteError};
use cryptab_wire::Refusal;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// An error, with a word for what exactly it is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Failure {
    fault: Fault,
    code: &'static str,
    peer: Option<String>,
    message: String,
}

impl Failure {
    /// A call that makes no sense.
    pub(crate) fn misuse(message: impl Into<String>) -> Self {
        Self { fault: Fault::Misuse, code: "misuse", peer: None, message: message.into() }
    }

    /// Data that cannot be used.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { fault: Fault::Input, code: "data", peer: None, message: message.into() }
    }

    /// A link that leads nowhere.
    pub(crate) fn link(message: impl Into<String>) -> Self {
        Self { code: "link", ..Self::input(message) }
    }

    /// A peer that does what it must not.
    pub(crate) fn peer(name: &str, complaint: &str) -> Self {
        let message = format!("{name} {complaint}");
        Self { fault: Fault::Peer, code: "peer", peer: Some(name.to_owned()), message }
    }

    /// A failure of this program or its platform.
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Self { fault: Fault::Bug, code: "bug", peer: None, message: message.into() }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let peer = error.peer().map(str::to_owned);
        Self { fault: error.fault(), code: code(error), peer, message: error.to_string() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        Self::from(Error::Engine(error))
    }
}

impl From<InviteError> for Failure {
    fn from(error: InviteError) -> Self {
        Self::link(error.to_string())
    }
}

impl From<cryptab_photo::Error> for Failure {
    fn from(error: cryptab_photo::Error) -> Self {
        match error {
            cryptab_photo::Error::Engine(error) => error.into(),
            error => Self::input(error.to_string()),
        }
    }
}

impl From<serde_wasm_bindgen::Error> for Failure {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self::misuse(error.to_string())
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        serde_wasm_bindgen::to_value(&failure).unwrap_or_else(|_| failure.message.into())
    }
}

/// The words that `CrypTabError.code` knows in TypeScript.
fn code(error: &Error) -> &'static str {
    match error {
        Error::Refused(Refusal::Full | Refusal::SlotTaken) => "room-full",
        Error::Refused(Refusal::MemberPresent) => "member-present",
        Error::Refused(Refusal::Expired) | Error::Expired => "expired",
        Error::Refused(Refusal::Mismatch) => "link",
        Error::Refused(Refusal::Version) => "version",
        Error::Refused(Refusal::Reserved) => "place-kept",
        Error::Refused(Refusal::TokenExpired) => "expired",
        Error::Refused(Refusal::NotSigned | Refusal::TokenInUse) => "not-invited",
        Error::Refused(Refusal::Revoked) => "revoked",
        Error::Refused(Refusal::Closed) => "closed",
        Error::Refused(_) => "refused",
        Error::Relay(_) => "relay-lost",
        Error::Dealer(_) => "dealer-lost",
        Error::Peer { complaint, .. } if complaint.contains(OTHER_INVITE) => "different-invites",
        Error::Peer { .. } => "peer",
        Error::GivenUp { .. } => "given-up",
        Error::Programs { .. } => "different-programs",
        Error::DuplicateRole { .. } | Error::MissingRole { .. } | Error::NotGranted { .. } => {
            "roles"
        }
        Error::Engine(engine::Error::Input { .. }) => "data",
        Error::Engine(engine::Error::Ended) | Error::Left => "ended",
        Error::Journal(_) => "journal",
        Error::Unsaved(_) => "unsaved",
        Error::Randomness => "bug",
        _ => match error.fault() {
            Fault::Input => "data",
            Fault::Peer => "peer",
            Fault::Relay => "relay-lost",
            Fault::Dealer => "dealer-lost",
            Fault::Misuse => "misuse",
            Fault::Bug => "bug",
        },
    }
}

/// How a handshake with a holder of another invite is described, on both sides.
const OTHER_INVITE: &str = "invite";
