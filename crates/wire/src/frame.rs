//! What parties' engines say to each other, inside their sealed channel.
//!
//! A frame of a round: one byte 1, then little-endian: round (u32), operations (u32), hash of the
//! tape over so many operations (32 bytes), number of payloads (u32), `(op, step, length)` of
//! each (three u32), then the payloads one after the other.
//! A dispute: one byte 2, then the sender's tape as texts.

use zerocopy::byteorder::little_endian::U32;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::control::{self, DecodeError};

/// Where a payload belongs: operation and step.
pub type PayloadAddress = (u32, u32);

/// All openings of one round for one peer.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame<'a> {
    /// Number of the round at the sender.
    pub round: u32,
    /// How many operations of the tape the hash covers: all that the payloads belong to.
    pub operations: u32,
    /// The sender's hash over these operations.
    pub tape: [u8; 32],
    /// Shares, with the operation and step that open them.
    pub payloads: Vec<(PayloadAddress, &'a [u8])>,
}

/// A message between two engines.
#[derive(Clone, Debug, PartialEq)]
pub enum EngineMessage<'a> {
    /// Openings.
    Frame(Frame<'a>),
    /// The tapes differ: the sender's, in words.
    Dispute(Vec<String>),
}

const FRAME: u8 = 1;
const DISPUTE: u8 = 2;
/// Longest tape that is sent in a dispute.
const MAX_DISPUTE_BYTES: usize = 16 << 20;

#[derive(FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
struct Head {
    round: U32,
    operations: U32,
    tape: [u8; 32],
    count: U32,
}

#[derive(FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned)]
#[repr(C)]
struct Entry {
    op: U32,
    step: U32,
    length: U32,
}

/// The bytes of a frame up to its payloads, given their lengths, with room for them: these follow
/// one after the other.
///
/// # Panics
/// If a payload, or their number, exceeds 32 bits.
#[must_use]
pub fn begin_frame(
    round: u32,
    operations: u32,
    tape: [u8; 32],
    payloads: &[(PayloadAddress, usize)],
) -> Vec<u8> {
    let number = |n: usize| u32::try_from(n).expect("a payload has fewer than 2^32 bytes").into();
    let total: usize = payloads.iter().map(|(_, length)| length).sum();
    // The last payload may be written in words.
    let table = payloads.len() * size_of::<Entry>();
    let mut bytes = Vec::with_capacity(1 + size_of::<Head>() + table + total + size_of::<u64>());
    bytes.push(FRAME);
    let count = number(payloads.len());
    let head = Head { round: round.into(), operations: operations.into(), tape, count };
    bytes.extend_from_slice(head.as_bytes());
    for ((op, step), length) in payloads {
        let length = number(*length);
        let entry = Entry { op: (*op).into(), step: (*step).into(), length };
        bytes.extend_from_slice(entry.as_bytes());
    }
    bytes
}

/// The bytes of a dispute.
#[must_use]
pub fn encode_dispute(texts: &[String]) -> Vec<u8> {
    let mut bytes = vec![DISPUTE];
    bytes.extend(control::encode(&texts));
    bytes
}

impl<'a> EngineMessage<'a> {
    /// Parses a message of a peer's engine.
    ///
    /// # Errors
    /// If it is not one, to the byte.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        match bytes.split_first() {
            Some((&FRAME, rest)) => Frame::parse(rest).map(Self::Frame),
            Some((&DISPUTE, rest)) => control::decode(rest, MAX_DISPUTE_BYTES).map(Self::Dispute),
            _ => Err(DecodeError::Malformed),
        }
    }
}

impl<'a> Frame<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let malformed = || DecodeError::Malformed;
        let (head, rest) = Head::ref_from_prefix(bytes).map_err(|_| malformed())?;
        let count = head.count.get() as usize;
        if count > rest.len() / size_of::<Entry>() {
            return Err(malformed());
        }
        let (table, mut rest) = rest.split_at(count * size_of::<Entry>());
        let entries = <[Entry]>::ref_from_bytes(table).map_err(|_| malformed())?;
        let mut payloads = Vec::with_capacity(count);
        for entry in entries {
            let length = entry.length.get() as usize;
            let (payload, after) = rest.split_at_checked(length).ok_or_else(malformed)?;
            payloads.push(((entry.op.get(), entry.step.get()), payload));
            rest = after;
        }
        if !rest.is_empty() {
            return Err(malformed());
        }
        let (round, operations) = (head.round.get(), head.operations.get());
        Ok(Self { round, operations, tape: head.tape, payloads })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Vec<u8> {
        let mut frame = begin_frame(7, 5, [9; 32], &[((3, 1), 3), ((4, 0), 0)]);
        frame.extend([1, 2, 3]);
        frame
    }

    #[test]
    fn a_frame_survives_the_wire() {
        let bytes = example();
        let EngineMessage::Frame(frame) = EngineMessage::parse(&bytes).unwrap() else { panic!() };
        assert_eq!((frame.round, frame.operations, frame.tape), (7, 5, [9; 32]));
        assert_eq!(frame.payloads, [((3, 1), &[1, 2, 3][..]), ((4, 0), &[][..])]);
        let texts = vec!["Add(1, 2)".to_owned()];
        let dispute = encode_dispute(&texts);
        assert_eq!(EngineMessage::parse(&dispute).unwrap(), EngineMessage::Dispute(texts));
    }

    #[test]
    fn every_shorter_or_longer_frame_is_refused() {
        let bytes = example();
        for length in 0..bytes.len() {
            assert!(EngineMessage::parse(&bytes[..length]).is_err());
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(EngineMessage::parse(&longer).is_err());
        let huge_count = [&[1; 41][..], &[0xff; 4], &[0; 24]].concat();
        assert!(EngineMessage::parse(&huge_count).is_err());
    }
}
