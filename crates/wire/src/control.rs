//! The one encoding of small control messages: postcard, with a length cap, exact to the byte.
//!
//! A message has exactly one encoding. Bytes left over, or a longer way to write the same number,
//! are refused, so that two readers never disagree about what a message was.

use postcard::{take_from_bytes, to_allocvec};
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

/// Why bytes from the other side are not a control message.
///
/// Always the fault of whoever sent the bytes.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum DecodeError {
    /// More bytes than this message can ever have.
    #[error("the message has {length} bytes, at most {cap} are allowed")]
    TooLong {
        /// Bytes received.
        length: usize,
        /// Bytes allowed.
        cap: usize,
    },
    /// The bytes end early, or name a message that does not exist.
    #[error("the message is cut short or unknown")]
    Malformed,
    /// The bytes go on after the message.
    #[error("{left} bytes follow the end of the message")]
    Trailing {
        /// Bytes after the end.
        left: usize,
    },
    /// A longer way to write a number than the one allowed.
    #[error("the message is not in its one allowed encoding")]
    NotCanonical,
    /// Well-formed bytes with a value outside its range.
    #[error("{field} is out of range")]
    Range {
        /// Which field.
        field: &'static str,
    },
}

/// The bytes of a control message.
///
/// # Panics
/// Never for the message types of this workspace: postcard into a growing buffer fails only for
/// types of unknown length, and none is used.
pub fn encode<M: Serialize>(message: &M) -> Vec<u8> {
    to_allocvec(message).expect("control messages have a known length and the buffer grows")
}

/// The control message that `bytes` are, when they have at most `cap` bytes and are exactly one.
///
/// # Errors
/// [`DecodeError`], the sender's fault.
pub fn decode<M: DeserializeOwned + Serialize>(bytes: &[u8], cap: usize) -> Result<M, DecodeError> {
    if bytes.len() > cap {
        return Err(DecodeError::TooLong { length: bytes.len(), cap });
    }
    let (message, rest) = take_from_bytes::<M>(bytes).map_err(|_| DecodeError::Malformed)?;
    if !rest.is_empty() {
        return Err(DecodeError::Trailing { left: rest.len() });
    }
    if encode(&message) != bytes {
        return Err(DecodeError::NotCanonical);
    }
    Ok(message)
}

#[cfg(test)]
mod tests {
    use super::{DecodeError, decode, encode};

    #[test]
    fn a_message_survives_the_way() {
        assert_eq!(decode::<(u8, u64)>(&encode(&(7_u8, 300_u64)), 16), Ok((7, 300)));
    }

    #[test]
    fn a_padded_number_is_refused() {
        // 5 as a varint of two bytes instead of one
        assert_eq!(decode::<u64>(&[0x85, 0x00], 16), Err(DecodeError::NotCanonical));
    }

    #[test]
    fn length_is_checked_first() {
        assert_eq!(
            decode::<u64>(&[0xff; 17], 16),
            Err(DecodeError::TooLong { length: 17, cap: 16 })
        );
    }

    #[test]
    fn trailing_bytes_are_refused() {
        assert_eq!(decode::<u8>(&[5, 0], 16), Err(DecodeError::Trailing { left: 1 }));
    }
}
