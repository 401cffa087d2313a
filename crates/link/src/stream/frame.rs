//! What the two sides of a stream put into sealed messages.
//!
//! | first byte | then | meaning |
//! |---|---|---|
//! | `0` | mine (16), yours (16), received (2 x 8), saved (2 x 8), keep (1) | this channel carries the stream between these two ends; so far I have this much, and my memory outlives me up to here; `keep` what it lacks if 1 |
//! | `16 + lane` | place (8), received (2 x 8), length (4), after (8), bytes | a message begins |
//! | `32 + lane` | place (8), received (2 x 8), bytes | it goes on |
//! | `48`, `49` | received (2 x 8) | I have this much; `49` wants to hear the same at once |
//! | `50` | saved (2 x 8) | my memory outlives me up to here |
//! | `64`, `65` | number (4), padding | a probe, and the last packet of one |
//! | `66` | number (4) | answers the last packet |
//! | `80` | bytes | something said past the stream |
//!
//! Numbers are little-endian. `received` counts fragments of both lanes, in order from the first since the
//! receiver began or was resumed; `saved` counts messages since the sender of them began or was resumed.

use super::Lane;

/// How much of both lanes has arrived.
pub(crate) type Received = [u64; 2];

/// How many messages of both lanes.
pub(crate) type Messages = [u64; 2];

/// One end of a stream: fresh random bytes of whoever holds it, and others of its present life. An end that
/// is resumed from memory begins another life.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct End {
    pub(crate) line: [u8; 8],
    pub(crate) life: [u8; 8],
}

/// What a sealed message says.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Frame<'bytes> {
    Attach { mine: End, yours: End, received: Received, saved: Messages, keep: bool },
    Data { lane: Lane, place: u64, received: Received, begins: Option<Begins>, bytes: &'bytes [u8] },
    Acknowledge { received: Received, reply: bool },
    Saved { saved: Messages },
    Probe { number: u32, last: bool },
    Reply { number: u32 },
    Aside { bytes: &'bytes [u8] },
}

/// What stands before a message's first fragment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Begins {
    /// Bytes of the message.
    pub(crate) length: u32,
    /// How many messages of the other lane must be delivered before it.
    pub(crate) after: u64,
}

impl<'bytes> Frame<'bytes> {
    /// The frame that `bytes` are, if they are one.
    pub(crate) fn parse(bytes: &'bytes [u8]) -> Option<Self> {
        let (&kind, mut rest) = bytes.split_first()?;
        let rest = &mut rest;
        let frame = match kind {
            ATTACH => Self::Attach {
                mine: end(rest)?,
                yours: end(rest)?,
                received: received(rest)?,
                saved: received(rest)?,
                keep: match take(rest)? {
                    [0] => false,
                    [1] => true,
                    _ => return None,
                },
            },
            BEGIN..CONTINUE => {
                let (lane, place, received) =
                    (Lane::of(kind - BEGIN)?, number(rest)?, received(rest)?);
                let length = u32::from_le_bytes(take(rest)?);
                let begins = Some(Begins { length, after: number(rest)? });
                return Some(Self::Data { lane, place, received, begins, bytes: rest });
            }
            CONTINUE..ACKNOWLEDGE => {
                let (lane, place, received) =
                    (Lane::of(kind - CONTINUE)?, number(rest)?, received(rest)?);
                return Some(Self::Data { lane, place, received, begins: None, bytes: rest });
            }
            ACKNOWLEDGE | ASK => {
                Self::Acknowledge { received: received(rest)?, reply: kind == ASK }
            }
            SAVED => Self::Saved { saved: received(rest)? },
            PROBE | LAST_PROBE => {
                let number = u32::from_le_bytes(take(rest)?);
                return Some(Self::Probe { number, last: kind == LAST_PROBE });
            }
            REPLY => Self::Reply { number: u32::from_le_bytes(take(rest)?) },
            ASIDE => return Some(Self::Aside { bytes: rest }),
            _ => return None,
        };
        rest.is_empty().then_some(frame)
    }

    /// The bytes; those of a data frame go on with the fragment itself.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut head = Vec::with_capacity(MAX_HEAD);
        match self {
            Self::Attach { mine, yours, received, saved, keep } => {
                head.push(ATTACH);
                for half in [mine.line, mine.life, yours.line, yours.life] {
                    head.extend_from_slice(&half);
                }
                put(&mut head, received);
                put(&mut head, saved);
                head.push(u8::from(*keep));
            }
            Self::Data { lane, place, received, begins, .. } => {
                let kind = if begins.is_some() { BEGIN } else { CONTINUE };
                head.push(kind + *lane as u8);
                head.extend_from_slice(&place.to_le_bytes());
                put(&mut head, received);
                if let Some(Begins { length, after }) = begins {
                    head.extend_from_slice(&length.to_le_bytes());
                    head.extend_from_slice(&after.to_le_bytes());
                }
            }
            Self::Acknowledge { received, reply } => {
                head.push(if *reply { ASK } else { ACKNOWLEDGE });
                put(&mut head, received);
            }
            Self::Saved { saved } => {
                head.push(SAVED);
                put(&mut head, saved);
            }
            Self::Probe { number, last } => {
                head.push(if *last { LAST_PROBE } else { PROBE });
                head.extend_from_slice(&number.to_le_bytes());
            }
            Self::Reply { number } => {
                head.push(REPLY);
                head.extend_from_slice(&number.to_le_bytes());
            }
            Self::Aside { .. } => head.push(ASIDE),
        }
        head
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*bytes)
}

fn end(rest: &mut &[u8]) -> Option<End> {
    Some(End { line: take(rest)?, life: take(rest)? })
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    take(rest).map(u64::from_le_bytes)
}

fn received(rest: &mut &[u8]) -> Option<Received> {
    Some([number(rest)?, number(rest)?])
}

fn put(head: &mut Vec<u8>, received: &Received) {
    received.iter().for_each(|count| head.extend_from_slice(&count.to_le_bytes()));
}

/// The most that stands before a fragment.
pub(crate) const MAX_HEAD: usize = 1 + 8 + 16 + 4 + 8;

const ATTACH: u8 = 0;
const BEGIN: u8 = 16;
const CONTINUE: u8 = 32;
const ACKNOWLEDGE: u8 = 48;
const ASK: u8 = 49;
const SAVED: u8 = 50;
const PROBE: u8 = 64;
const LAST_PROBE: u8 = 65;
const REPLY: u8 = 66;
const ASIDE: u8 = 80;

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::super::Lane;
    use super::{Begins, End, Frame};

    fn frames() -> Vec<Frame<'static>> {
        let begins = Some(Begins { length: 5, after: 3 });
        vec![
            Frame::Attach {
                mine: End { line: [1; 8], life: [2; 8] },
                yours: End { line: [3; 8], life: [4; 8] },
                received: [3, 4],
                saved: [5, 6],
                keep: true,
            },
            Frame::Saved { saved: [7, 8] },
            Frame::Data { lane: Lane::Small, place: 7, received: [1, 2], begins, bytes: b"" },
            Frame::Data { lane: Lane::Bulk, place: 7, received: [1, 2], begins: None, bytes: b"" },
            Frame::Acknowledge { received: [9, 8], reply: true },
            Frame::Acknowledge { received: [9, 8], reply: false },
            Frame::Probe { number: 5, last: true },
            Frame::Probe { number: 5, last: false },
            Frame::Reply { number: 6 },
            Frame::Aside { bytes: b"" },
        ]
    }

    #[test]
    fn frames_survive_the_way() {
        for frame in frames() {
            assert_eq!(Frame::parse(&frame.head()), Some(frame));
        }
    }

    #[test]
    fn shorter_frames_are_refused_and_so_are_longer_ones_of_fixed_length() {
        for frame in frames() {
            let head = frame.head();
            for end in 0..head.len() {
                assert_eq!(Frame::parse(&head[..end]), None, "{frame:?} cut at {end}");
            }
            let longer = [head.as_slice(), &[0]].concat();
            let open_ended =
                matches!(frame, Frame::Data { .. } | Frame::Probe { .. } | Frame::Aside { .. });
            assert_eq!(Frame::parse(&longer).is_some(), open_ended, "{frame:?}");
        }
        for kind in [1, 18, 31, 34, 51, 67, 255] {
            assert_eq!(Frame::parse(&[&[kind], [0; 64].as_slice()].concat()), None);
        }
    }
}
