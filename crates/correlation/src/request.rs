use bytes::Bytes;
use cryptab_tensor::packed_len;
use serde::{Deserialize, Serialize};

use crate::king::chunks;
use crate::known::elements;
use crate::{Address, Error, Kings, Known, KnownBits, Result, SessionId, shuffle};

/// What the dealer is asked to share.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Deal {
    /// Additive shares, modulo 2^bits, of a tensor.
    Ring {
        /// The tensor.
        known: Known,
        /// Width of the shares.
        bits: u8,
    },
    /// Xor shares of planes of bits.
    Bits(KnownBits),
    /// What it takes that one party permutes the rows of shared numbers.
    Shuffle {
        /// Who permutes; its correction is the only one.
        player: u8,
        /// Rows.
        rows: u64,
        /// Numbers of a row.
        columns: u64,
    },
}

/// A request for one correction; its address also is where the shares are expanded.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Request {
    /// Operation and step that need the shares.
    pub address: Address,
    /// What is shared.
    pub deal: Deal,
}

/// Longest encoding of a request: expressions are small.
const MAX_REQUEST_BYTES: usize = 1 << 20;
/// Largest expression.
const MAX_SIZE: usize = 4096;

impl Request {
    /// The bytes that travel to the dealer.
    ///
    /// # Panics
    /// Never: requests are plain data.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a request is plain data")
    }

    /// Parses and checks a request: it fits together and its size is served.
    ///
    /// # Errors
    /// If the bytes are not a request, or not one that is served.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        const WHAT: Error = Error::Malformed { what: "request" };
        if bytes.len() > MAX_REQUEST_BYTES {
            return Err(WHAT);
        }
        let (request, rest) = postcard::take_from_bytes::<Self>(bytes).map_err(|_| WHAT)?;
        if !rest.is_empty() || request.deal.expression_size() > MAX_SIZE {
            return Err(WHAT);
        }
        // A longer way to write the same number: a request has one encoding, and so one digest.
        if request.to_bytes() != bytes {
            return Err(WHAT);
        }
        match request.deal {
            Deal::Shuffle { rows, columns, .. } => shuffle::count(rows, columns).map(|_| request),
            _ => request.deal.size().map(|_| request),
        }
    }

    /// Bytes that the dealer sends to each party, in the order of the parties.
    ///
    /// # Errors
    /// If the request does not fit together.
    pub fn correction_bytes(&self, session: &SessionId, parties: u8) -> Result<Vec<usize>> {
        if let Deal::Shuffle { player, rows, columns } = self.deal {
            let player = usize::from(player);
            let mut bytes = vec![0; usize::from(parties)];
            let own =
                bytes.get_mut(player).ok_or(Error::Meaningless { reason: "no such party" })?;
            *own = 8 * shuffle::count(rows, columns)?;
            return Ok(bytes);
        }
        let size = self.deal.size()?;
        let kings = Kings::new(session, self.address, parties);
        let mut bytes = vec![0; usize::from(parties)];
        for (chunk, range) in chunks(size.len) {
            bytes[usize::from(kings.of(chunk))] += size.bytes(range.len());
        }
        Ok(bytes)
    }
}

/// Dimensions of what is dealt: `len` elements of `bits` bits, or `planes` planes of `len` bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) len: usize,
    /// Bits of a ring element, or `None` for planes.
    pub(crate) bits: Option<u32>,
    pub(crate) planes: usize,
}

impl Size {
    /// Bytes of a correction of `len` elements.
    pub(crate) fn bytes(&self, len: usize) -> usize {
        match self.bits {
            Some(bits) => packed_len(len, bits).expect("elements of a request are capped"),
            None => self.planes * len.div_ceil(8),
        }
    }
}

impl Deal {
    pub(crate) fn size(&self) -> Result<Size> {
        match self {
            Self::Ring { known, bits } => {
                if !(1..=64).contains(bits) {
                    return Err(Error::Meaningless { reason: "shares have 1 to 64 bits" });
                }
                let len = elements(&known.shape()?)?;
                Ok(Size { len, bits: Some(u32::from(*bits)), planes: 0 })
            }
            Self::Bits(known) => {
                let (len, planes) = known.dimensions()?;
                Ok(Size { len, bits: None, planes })
            }
            Self::Shuffle { .. } => Err(Error::Meaningless { reason: "not shares of a value" }),
        }
    }

    fn expression_size(&self) -> usize {
        match self {
            Self::Ring { known, .. } => known.size(),
            Self::Bits(known) => known.size(),
            Self::Shuffle { .. } => 1,
        }
    }
}

/// What the dealer sends to one king: the address, and the corrections of its chunks in order.
#[derive(Clone, Debug)]
pub struct Correction {
    /// Which request this answers.
    pub address: Address,
    /// The corrections.
    pub bytes: Bytes,
}

impl Correction {
    /// What comes first in the message: the address (little-endian).
    #[must_use]
    pub fn head(&self) -> [u8; 8] {
        let Address { op, step } = self.address;
        (u64::from(step) << 32 | u64::from(op)).to_le_bytes()
    }

    /// The message: the head, then the corrections.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [&self.head()[..], &self.bytes].concat()
    }

    /// Parses a message.
    ///
    /// # Errors
    /// If it is shorter than an address.
    pub fn from_bytes(message: &Bytes) -> Result<Self> {
        let Some(head) = message.first_chunk::<8>() else {
            return Err(Error::Malformed { what: "correction" });
        };
        let [a, b, c, d, e, f, g, h] = *head;
        let address =
            Address::new(u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        Ok(Self { address, bytes: message.slice(8..) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Deal, Request};
    use crate::{Address, Known, KnownBits};

    #[test]
    fn a_plane_of_bits_has_one_for_each_element() {
        let refused = |planes, shape: &[u64]| {
            let plane = KnownBits::Mask { address: Address::new(0, 0), len: 32, planes };
            let known = Known::Bit(Arc::new(plane), shape.to_vec());
            let request =
                Request { address: Address::new(0, 1), deal: Deal::Ring { known, bits: 16 } };
            Request::from_bytes(&request.to_bytes()).is_err()
        };
        assert!(!refused(1, &[4, 8]));
        assert!(refused(1, &[68, 8]), "more elements than bits");
        assert!(refused(0, &[4, 8]), "no plane");
    }

    #[test]
    fn a_request_has_one_encoding() {
        // Two rows of 98 numbers are shuffled: the 98 as one byte, and as two.
        assert!(Request::from_bytes(&[1, 0, 2, 0, 2, 98]).is_ok());
        assert!(Request::from_bytes(&[1, 0, 2, 0, 2, 98 | 0x80, 0]).is_err());
    }
}
