/// Why a request or a correction is refused.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not a message of this protocol.
    #[error("malformed {what}")]
    Malformed {
        /// Which message.
        what: &'static str,
    },
    /// The request asks for more than the dealer is willing to compute at once.
    #[error("a request of {elements} elements exceeds the limit of {limit}")]
    TooLarge {
        /// Elements asked for.
        elements: u64,
        /// Elements allowed.
        limit: u64,
    },
    /// The expression of the request has no meaning.
    #[error("a request that makes no sense: {reason}")]
    Meaningless {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A correction has another length than its request calls for.
    #[error("a correction of {found} bytes where {expected} were due")]
    Length {
        /// Bytes due.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Shapes within the request do not fit.
    #[error(transparent)]
    Tensor(#[from] cryptab_tensor::Error),
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
