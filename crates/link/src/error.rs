//! What can go wrong, and whose fault it is.

use thiserror::Error;

/// Why a channel refused a packet or a call. Which peer it was is known to the caller, who says so.
///
/// Packets are counted from 1 in each direction; those of the handshake are counted apart.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A handshake packet cannot be verified.
    #[error(
        "handshake packet {packet} cannot be verified: the other side holds another invite, room, program, \
         version or key, or the packet was altered on the way"
    )]
    Handshake {
        /// Which of the four: three of the handshake, and the responder's confirmation.
        packet: u8,
    },
    /// A sealed packet cannot be verified, and is none of those around it either.
    #[error("sealed packet {packet} was altered or cut on the way")]
    Altered {
        /// The packet that was due.
        packet: u64,
    },
    /// A sealed packet came a second time.
    #[error("sealed packet {found} came again where {expected} was due: a replay")]
    Replayed {
        /// The packet that was due.
        expected: u64,
        /// The packet that came.
        found: u64,
    },
    /// A sealed packet came before its turn.
    #[error(
        "sealed packet {found} came where {expected} was due: packets were lost or reordered on the way"
    )]
    Reordered {
        /// The packet that was due.
        expected: u64,
        /// The packet that came.
        found: u64,
    },
    /// A packet has a size that no packet has.
    #[error("a packet of {length} bytes, between {min} and {max} are possible")]
    PacketSize {
        /// Bytes received.
        length: usize,
        /// The fewest possible.
        min: usize,
        /// The most possible.
        max: usize,
    },
    /// The peer announced a message longer than any may be.
    #[error("the other side announced a message of {length} bytes, at most {cap} are allowed")]
    Announced {
        /// Bytes announced.
        length: usize,
        /// Bytes allowed.
        cap: usize,
    },
    /// The peer sealed something that is no fragment of a message.
    #[error("the other side broke the rules of the channel: {0}")]
    Protocol(&'static str),
    /// A message to be sent is longer than any may be.
    #[error("a message of {length} bytes, at most {cap} can be sent")]
    MessageTooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        cap: usize,
    },
    /// A hello longer than any may be.
    #[error("a hello of {length} bytes, at most {cap} can be sent")]
    HelloTooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        cap: usize,
    },
    /// A message was to be sent before the channel opened.
    #[error("the channel is not open yet")]
    NotOpen,
    /// A packet arrived before this side, the initiator, started.
    #[error("the channel is not started yet")]
    NotStarted,
    /// The channel was started a second time.
    #[error("the channel is started already")]
    Started,
    /// An earlier error ended the channel; that one says why.
    #[error("the channel was ended by an earlier error")]
    Ended {
        /// Whose fault the earlier error was.
        fault: Fault,
    },
    /// There is no memory for a message that the peer announced.
    #[error("no memory for a message of {length} bytes")]
    Memory {
        /// Bytes needed.
        length: usize,
    },
    /// The operating system's random generator failed.
    #[error("the operating system's random generator failed")]
    Randomness(#[source] getrandom::Error),
    /// The Noise implementation failed where it must not.
    #[error("the noise implementation failed")]
    Noise(#[source] snow::Error),
}

impl Error {
    /// Whose fault it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Handshake { .. }
            | Self::Altered { .. }
            | Self::Replayed { .. }
            | Self::Reordered { .. }
            | Self::PacketSize { .. } => Fault::Transport,
            Self::Announced { .. } | Self::Protocol(_) => Fault::Peer,
            Self::MessageTooLong { .. }
            | Self::HelloTooLong { .. }
            | Self::NotOpen
            | Self::NotStarted
            | Self::Started => Fault::Misuse,
            Self::Ended { fault } => *fault,
            Self::Memory { .. } | Self::Randomness(_) => Fault::Platform,
            Self::Noise(_) => Fault::Bug,
        }
    }
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Fault {
    /// Of whoever carries the packets, or of a peer that sends what its channel did not make: what
    /// carries no valid seal has no proven sender, so the two cannot be told apart.
    Transport,
    /// Of the peer, proven by its seal.
    Peer,
    /// Of the caller. The channel goes on.
    Misuse,
    /// Of this machine.
    Platform,
    /// Of this program.
    Bug,
}
