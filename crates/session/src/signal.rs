//! What two parties say to each other outside of their sealed channel, to begin it.
//!
//! The relay forwards to a slot, not to a person: who comes into a slot may be handed packets that
//! were meant for whoever sat there before. So each side draws a fresh tag when it hears of the
//! other, hails with it, and answers a hail by repeating its tag. What comes behind the answer to
//! one's own tag was meant for oneself; everything before it is dropped.
//!
//! Signals are shorter than any sealed packet. They are not authenticated: a relay that forges them
//! achieves what it can achieve by forwarding nothing.

/// Marks one meeting of two parties.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Tag(pub(crate) [u8; 8]);

/// A packet between two parties.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Packet<'bytes> {
    Signal(Signal),
    /// For the channel.
    Sealed(&'bytes [u8]),
}

/// A signal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Signal {
    /// Here I am, under this tag.
    Hail(Tag),
    /// From here on I speak to the one with this tag.
    Answer(Tag),
    /// I cannot verify what you send, and will not listen any more.
    Broken,
}

impl Signal {
    pub(crate) fn encode(self) -> Vec<u8> {
        match self {
            Self::Hail(Tag(tag)) => [&[HAIL], tag.as_slice()].concat(),
            Self::Answer(Tag(tag)) => [&[ANSWER], tag.as_slice()].concat(),
            Self::Broken => vec![BROKEN],
        }
    }
}

impl<'bytes> Packet<'bytes> {
    /// The packet that `bytes` are, or nothing if they are none.
    pub(crate) fn parse(bytes: &'bytes [u8]) -> Option<Self> {
        if bytes.len() >= SHORTEST_SEALED {
            return Some(Self::Sealed(bytes));
        }
        let (kind, rest) = bytes.split_first()?;
        let signal = match (*kind, rest) {
            (HAIL, tag) => Signal::Hail(Tag(tag.try_into().ok()?)),
            (ANSWER, tag) => Signal::Answer(Tag(tag.try_into().ok()?)),
            (BROKEN, []) => Signal::Broken,
            _ => return None,
        };
        Some(Self::Signal(signal))
    }
}

/// An authentication tag alone.
const SHORTEST_SEALED: usize = 16;
const HAIL: u8 = 1;
const ANSWER: u8 = 2;
const BROKEN: u8 = 3;

#[cfg(test)]
mod tests {
    use super::{Packet, Signal, Tag};

    #[test]
    fn signals_survive_the_way() {
        for signal in [Signal::Hail(Tag([1; 8])), Signal::Answer(Tag([2; 8])), Signal::Broken] {
            assert_eq!(Packet::parse(&signal.encode()), Some(Packet::Signal(signal)));
        }
    }

    #[test]
    fn short_packets_that_are_no_signals_are_refused() {
        for bytes in [&[][..], &[0], &[1], &[1; 8], &[2; 10], &[3, 0], &[4; 9], &[1; 15]] {
            assert_eq!(Packet::parse(bytes), None, "{bytes:?}");
        }
        assert_eq!(Packet::parse(&[1; 16]), Some(Packet::Sealed(&[1; 16])));
    }
}
