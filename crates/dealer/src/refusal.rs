//! Why the dealer does not serve a party, or no longer.

use cryptab_wire::DecodeError;
use thiserror::Error;

/// Why a visit ends by the dealer's word. The text is what the party is told.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    #[error("the dealer has too much to do: try again later")]
    TooMany,
    #[error("the dealer did not get a handshake in time")]
    Late,
    #[error("the handshake with the dealer failed: {0}")]
    Handshake(cryptab_link::Error),
    #[error("the dealer did not understand the statement of the session: {0}")]
    Statement(DecodeError),
    #[error("the key of this connection is not the one stated for party {index}")]
    Key { index: u8 },
    #[error("the dealer received a packet that its channel refuses: {0}")]
    Packet(cryptab_link::Error),
    #[error("the dealer expected packets, not text")]
    Text,
    #[error("the dealer did not understand a message: {0}")]
    Message(DecodeError),
    #[error("the dealer received a message longer than any request")]
    Oversize,
    #[error("the dealer does not serve this request: {0}")]
    Request(#[from] cryptab_correlation::Error),
    #[error("this session has asked the dealer for more than one session may")]
    Budget,
    #[error("the dealer failed")]
    Failed,
    #[error("the dealer is shutting down")]
    Closing,
}

impl Refusal {
    /// The word for it in metrics and logs.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::TooMany => "too_many",
            Self::Late => "late",
            Self::Handshake(_) => "handshake",
            Self::Statement(_) => "statement",
            Self::Key { .. } => "key",
            Self::Packet(_) => "packet",
            Self::Text | Self::Message(_) => "malformed",
            Self::Oversize => "oversize",
            Self::Request(_) => "request",
            Self::Budget => "budget",
            Self::Failed => "failed",
            Self::Closing => "closing",
        }
    }
}

/// Why a visit ends.
#[derive(Debug)]
pub(crate) enum Ending {
    /// The party closed the connection.
    Left,
    /// The connection broke, or carries what is no WebSocket message of a size we read.
    Broken,
    /// Nothing was heard from the party, or nothing taken by it, for too long.
    Vanished,
    /// The dealer ends it.
    Refused(Refusal),
}

impl<R: Into<Refusal>> From<R> for Ending {
    fn from(reason: R) -> Self {
        Self::Refused(reason.into())
    }
}
