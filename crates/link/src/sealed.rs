//! Messages in sealed packets.
//!
//! A message of `length` bytes is cut into packets. Each packet is one Noise transport message (so at
//! most 65,535 bytes with its tag of 16); inside, the first begins with `length` (4 bytes,
//! little-endian), and all but the last are full:
//!
//! ```text
//! seal( length ‖ up to 65,515 bytes )  seal( up to 65,519 bytes )  ...
//! ```
//!
//! There is exactly one way to cut a message, and any other is refused. Nonces count packets, so a
//! packet opens only at its place.

use cryptab_wire::relay::MAX_PACKET;

use crate::error::Error;
use crate::primitives::{PacketCipher, TAG};

/// The longest message: 1 GiB.
pub const MAX_MESSAGE: usize = 1 << 30;

/// The sealed phase of a channel.
pub(crate) struct Sealed {
    sending: Lane,
    receiving: Lane,
    awaiting: Awaiting,
    /// Plain text of a message's first packet, before its length is known. Kept to be used again.
    first: Vec<u8>,
}

/// The packets one way.
struct Lane {
    cipher: Box<dyn PacketCipher>,
    /// The number of the next one.
    next: u64,
}

enum Awaiting {
    Message,
    Rest { length: usize, message: Vec<u8> },
}

impl Sealed {
    pub(crate) fn new(sending: Box<dyn PacketCipher>, receiving: Box<dyn PacketCipher>) -> Self {
        let [sending, receiving] = [sending, receiving].map(|cipher| Lane { cipher, next: 0 });
        Self { sending, receiving, awaiting: Awaiting::Message, first: Vec::new() }
    }

    /// The packets of the message `head ‖ body`, each behind `prefix`.
    ///
    /// `head` is short: it fits the first packet.
    pub(crate) fn seal(
        &mut self,
        head: &[u8],
        body: &[u8],
        prefix: &[u8],
    ) -> Result<Vec<Vec<u8>>, Error> {
        let length = head.len() + body.len();
        let too_long = Error::MessageTooLong { length, cap: MAX_MESSAGE };
        if length > MAX_MESSAGE || head.len() > FULL - HEADER {
            return Err(too_long);
        }
        let length = u32::try_from(length).map_err(|_| too_long)?;
        let (start, rest) = body.split_at(body.len().min(FULL - HEADER - head.len()));
        let mut packets = Vec::with_capacity(1 + rest.len().div_ceil(FULL));
        packets.push(self.seal_packet(prefix, &[&length.to_le_bytes(), head, start])?);
        for part in rest.chunks(FULL) {
            packets.push(self.seal_packet(prefix, &[part])?);
        }
        Ok(packets)
    }

    /// The message that a packet completes, if it completes one.
    pub(crate) fn open(&mut self, packet: &[u8], cap: usize) -> Result<Option<Vec<u8>>, Error> {
        let size = Error::PacketSize { length: packet.len(), min: TAG, max: MAX_PACKET };
        let (text, tag) = match packet.split_last_chunk::<TAG>() {
            Some(parts) if packet.len() <= MAX_PACKET => parts,
            _ => return Err(size),
        };
        match &mut self.awaiting {
            Awaiting::Message => {
                self.first.clear();
                self.first.extend_from_slice(text);
                if !self.receiving.open(&mut self.first, tag) {
                    return Err(self.receiving.diagnose(text, tag));
                }
                self.begin(cap)
            }
            Awaiting::Rest { length, message } => {
                let start = message.len();
                reserve(message, start + text.len(), *length)?;
                message.extend_from_slice(text);
                if !self.receiving.open(&mut message[start..], tag) {
                    return Err(self.receiving.diagnose(text, tag));
                }
                if text.len() != FULL.min(*length - start) {
                    return Err(Error::Protocol("a fragment has the wrong size"));
                }
                Ok(self.complete())
            }
        }
    }

    /// Reads the header of a message whose first packet was opened.
    fn begin(&mut self, cap: usize) -> Result<Option<Vec<u8>>, Error> {
        let Some((header, head)) = self.first.split_first_chunk::<HEADER>() else {
            return Err(Error::Protocol("a message has no header"));
        };
        let length = usize::try_from(u32::from_le_bytes(*header)).unwrap_or(usize::MAX);
        if length > cap {
            return Err(Error::Announced { length, cap });
        }
        if head.len() != length.min(FULL - HEADER) {
            return Err(Error::Protocol("a fragment has the wrong size"));
        }
        let mut message = Vec::new();
        message.try_reserve_exact(length.min(EAGER)).map_err(|_| Error::Memory { length })?;
        message.extend_from_slice(head);
        self.awaiting = Awaiting::Rest { length, message };
        Ok(self.complete())
    }

    fn complete(&mut self) -> Option<Vec<u8>> {
        match &mut self.awaiting {
            Awaiting::Rest { length, message } if message.len() == *length => {
                let message = std::mem::take(message);
                self.awaiting = Awaiting::Message;
                Some(message)
            }
            _ => None,
        }
    }

    /// Behind the prefix, these parts of a plain text.
    fn seal_packet(&mut self, prefix: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>, Error> {
        let text: usize = parts.iter().map(|part| part.len()).sum();
        let mut packet = Vec::with_capacity(prefix.len() + text + TAG);
        packet.extend_from_slice(prefix);
        parts.iter().for_each(|part| packet.extend_from_slice(part));
        let tag = self.sending.seal(&mut packet[prefix.len()..])?;
        packet.extend_from_slice(&tag);
        Ok(packet)
    }
}

impl Lane {
    fn seal(&mut self, text: &mut [u8]) -> Result<[u8; TAG], Error> {
        let number = self.next;
        // the last number is reserved
        self.next = number.checked_add(1).ok_or(Error::Protocol("all numbers are used up"))?;
        Ok(self.cipher.seal(number, text))
    }

    /// Whether this is the packet that is due: then its plain text is there now.
    fn open(&mut self, text: &mut [u8], tag: &[u8; TAG]) -> bool {
        let opened = self.cipher.open(self.next, text, tag);
        self.next += u64::from(opened);
        opened
    }

    /// Says what is wrong with a packet that does not open at its place, by trying the places around
    /// it. The channel is over by then, so this helps nobody but the reader of the error.
    fn diagnose(&self, text: &[u8], tag: &[u8; TAG]) -> Error {
        let due = self.next;
        let around =
            (1..=NEIGHBOURS).flat_map(|step| [due.checked_sub(step), due.checked_add(step)]);
        let found =
            around.flatten().find(|place| self.cipher.open(*place, &mut text.to_vec(), tag));
        match found {
            None => Error::Altered { packet: due + 1 },
            Some(place) if place < due => Error::Replayed { expected: due + 1, found: place + 1 },
            Some(place) => Error::Reordered { expected: due + 1, found: place + 1 },
        }
    }
}

/// Makes room for a message's next part without trusting its announced length: memory is taken as
/// packets arrive, in steps that double.
fn reserve(message: &mut Vec<u8>, needed: usize, length: usize) -> Result<(), Error> {
    if needed > message.capacity() {
        let capacity = needed.max(length.min(2 * message.capacity()));
        let more = capacity - message.len();
        message.try_reserve_exact(more).map_err(|_| Error::Memory { length })?;
    }
    Ok(())
}

/// The length in front of a message.
const HEADER: usize = 4;

/// The plain text of a full packet.
const FULL: usize = MAX_PACKET - TAG;

/// How much memory an announced length gets before its bytes arrive: 16 MiB, the usual message whole.
const EAGER: usize = 16 << 20;

/// How far around its place a packet is looked for when it does not open.
const NEIGHBOURS: u64 = 64;

#[cfg(test)]
pub(crate) mod tests;
