//! What a party does: expand its share of masks, and of whatever the dealer corrects.

use std::fmt;
use std::ops::Range;

use cryptab_tensor::{Bits, check_packed, in_pieces, unpack, unpack_into};

use crate::king::{CHUNK, chunks};
use crate::prg::BLOCK;
use crate::request::Size;
use crate::{
    Address, Deal, Error, Kings, Permuted, Request, Result, Seed, SessionId, Stream, shuffle,
};

/// One party's side of the correlated randomness of one session.
#[derive(Clone, Debug)]
pub struct Expander {
    stream: Stream,
    session: SessionId,
    party: u8,
    parties: u8,
}

impl Expander {
    /// The side of `party` among `parties`, from the seed it shares with the dealer.
    #[must_use]
    pub fn new(seed: &Seed, session: SessionId, party: u8, parties: u8) -> Self {
        Self { stream: Stream::new(seed, &session), session, party, parties }
    }

    /// This party's shares of a uniform tensor of `count` elements.
    #[must_use]
    pub fn mask(&self, address: Address, count: usize) -> Vec<u64> {
        self.stream.words(address, count)
    }

    /// This party's shares of `planes` uniform planes of `len` bits.
    #[must_use]
    pub fn mask_bits(&self, address: Address, len: usize, planes: usize) -> Bits {
        mask_bits(&self.stream, address, 0..len, planes, plane_stride(len))
    }

    /// Bytes that the dealer sends to this party for `request`.
    ///
    /// # Errors
    /// If the request does not fit together.
    pub fn correction_bytes(&self, request: &Request) -> Result<usize> {
        Ok(request.correction_bytes(&self.session, self.parties)?[usize::from(self.party)])
    }

    /// Some of [`Self::mask`]: the elements from `start` on, a multiple of 8; whatever was there is overwritten.
    pub fn read_mask(&self, address: Address, start: usize, elements: &mut [u64]) {
        elements.fill(0);
        self.stream.apply(address, start, elements);
    }

    /// This party's shares of the tensor that `request` deals, modulo 2^bits.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn ring(&self, request: &Request, correction: &[u8]) -> Result<Vec<u64>> {
        let shares = self.ring_shares(request, correction)?;
        Ok(in_pieces(shares.len, |start, piece| shares.read(start, piece)))
    }

    /// As [`Self::ring`], to be expanded where they are read.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn ring_shares<C: AsRef<[u8]>>(
        &self,
        request: &Request,
        correction: C,
    ) -> Result<RingShares<C>> {
        let size = self.checked(request, correction.as_ref())?;
        let bits = size.bits.ok_or(Error::Meaningless { reason: "not a tensor" })?;
        let mut due = 0;
        let mut starts = Vec::with_capacity(size.len.div_ceil(CHUNK));
        for (range, own) in self.chunks(request.address, size.len) {
            starts.push(own.then_some(due));
            due += if own { size.bytes(range.len()) } else { 0 };
        }
        let (stream, address) = (self.stream.dealing(request), request.address);
        Ok(RingShares { stream, address, bits, len: size.len, starts, correction })
    }

    /// This party's shares of the planes that `request` deals.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn bits(&self, request: &Request, correction: &[u8]) -> Result<Bits> {
        let size = self.checked(request, correction)?;
        let stream = self.stream.dealing(request);
        let mut shares = Bits::zeros(size.len, size.planes);
        let stride = plane_stride(size.len);
        let mut rest = correction;
        for (range, own) in self.chunks(request.address, size.len) {
            let words = range.start / 64..range.end.div_ceil(64);
            if own {
                let (bytes, after) = rest.split_at(size.bytes(range.len()));
                let planes = bytes.chunks_exact(range.len().div_ceil(8)).enumerate();
                planes.for_each(|(plane, bytes)| shares.set_plane(plane, range.start, bytes));
                rest = after;
            } else {
                shares.change_planes(|plane, all| {
                    let first = plane * stride + words.start;
                    stream.apply(request.address, first, &mut all[words.clone()]);
                });
            }
        }
        Ok(shares)
    }

    /// This party's part of the permutation that `request` deals.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn permuted(&self, request: &Request, correction: &[u8]) -> Result<Permuted> {
        let Deal::Shuffle { player, rows, columns } = request.deal else {
            return Err(Error::Meaningless { reason: "not a permutation" });
        };
        let count = shuffle::count(rows, columns)?;
        self.check_length(request, correction)?;
        if player == self.party {
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            let order = shuffle::order(&self.stream, request, rows);
            return Ok(Permuted::Player { order, delta: unpack(correction, 64, count)? });
        }
        let (hide, keep) = shuffle::hide_and_keep(&self.stream, request, count);
        Ok(Permuted::Other { hide, keep })
    }

    /// Whether `correction` is well-formed: its length, and zeros where nothing belongs.
    #[must_use]
    pub fn accepts(&self, request: &Request, correction: &[u8]) -> bool {
        if matches!(request.deal, Deal::Shuffle { .. }) {
            return self.check_length(request, correction).is_ok();
        }
        let Ok(size) = self.checked(request, correction) else { return false };
        // Only the last chunk can end within a byte.
        let Some(last) = self.own_chunks(request.address, size.len).last() else { return true };
        let ragged = &correction[correction.len() - size.bytes(last.len())..];
        match size.bits {
            Some(bits) => check_packed(ragged, bits, last.len()).is_ok(),
            None => Bits::check_bytes(last.len(), size.planes, ragged).is_ok(),
        }
    }

    fn checked(&self, request: &Request, correction: &[u8]) -> Result<Size> {
        self.check_length(request, correction)?;
        request.deal.size()
    }

    fn check_length(&self, request: &Request, correction: &[u8]) -> Result<()> {
        let expected = self.correction_bytes(request)?;
        match correction.len() {
            found if found == expected => Ok(()),
            found => Err(Error::Length { expected, found }),
        }
    }

    fn own_chunks(&self, address: Address, len: usize) -> impl Iterator<Item = Range<usize>> {
        self.chunks(address, len).filter(|(_, own)| *own).map(|(range, _)| range)
    }

    /// The chunks, and whether this party is their king.
    fn chunks(&self, address: Address, len: usize) -> impl Iterator<Item = (Range<usize>, bool)> {
        let kings = Kings::new(&self.session, address, self.parties);
        let party = self.party;
        chunks(len).map(move |(chunk, range)| (range, kings.of(chunk) == party))
    }
}

/// A party's shares of a tensor that was dealt, as they came.
pub struct RingShares<C> {
    stream: Stream,
    address: Address,
    bits: u32,
    len: usize,
    /// Where the correction of a chunk starts, if this party is its king.
    starts: Vec<Option<usize>>,
    correction: C,
}

impl<C: AsRef<[u8]>> RingShares<C> {
    /// Writes the shares from `start` on; whatever was there is overwritten. Multiples of 8 are fastest.
    pub fn read(&self, start: usize, shares: &mut [u64]) {
        let (mut start, mut rest) = (start, shares);
        while !rest.is_empty() {
            let before = start % BLOCK;
            let most = if before > 0 { BLOCK - before } else { CHUNK - start % CHUNK };
            let (part, after) = rest.split_at_mut(most.min(rest.len()));
            if before > 0 {
                let mut block = [0; BLOCK];
                let block = &mut block[..before + part.len()];
                self.read_part(start - before, block);
                part.copy_from_slice(&block[before..]);
            } else {
                self.read_part(start, part);
            }
            start += part.len();
            rest = after;
        }
    }

    /// As [`Self::read`], from a multiple of 8 on, of one chunk.
    fn read_part(&self, start: usize, shares: &mut [u64]) {
        match self.starts[start / CHUNK] {
            // Pieces, and the parts of chunks before them, end at whole bytes.
            Some(first) => {
                let bytes = first + start % CHUNK / 8 * self.bits as usize;
                unpack_into(&self.correction.as_ref()[bytes..], self.bits, shares);
            }
            None => {
                shares.fill(0);
                self.stream.apply(self.address, start, shares);
                if self.bits < 64 {
                    shares.iter_mut().for_each(|share| *share &= (1 << self.bits) - 1);
                }
            }
        }
    }
}

impl<C> fmt::Debug for RingShares<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RingShares(..)")
    }
}

/// Word `w` of plane `p` is word `p * stride + w` of the stream, the stride being the words of a
/// whole plane rounded up to whole blocks. The range starts at the boundary of a block.
pub(crate) fn mask_bits(
    stream: &Stream,
    address: Address,
    range: Range<usize>,
    planes: usize,
    stride: usize,
) -> Bits {
    let first = range.start / 64;
    let mut bits = Bits::zeros(range.len(), planes);
    bits.change_planes(|plane, words| stream.apply(address, plane * stride + first, words));
    bits
}

/// Words from one plane of `len` bits to the next.
pub(crate) const fn plane_stride(len: usize) -> usize {
    len.div_ceil(64).next_multiple_of(BLOCK)
}
