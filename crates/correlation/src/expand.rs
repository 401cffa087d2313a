//! What a party does: expand its share of masks, and of whatever the dealer corrects.

use std::ops::Range;

use cryptab_tensor::{Bits, unpack};

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
        mask_words(&self.stream, address, count)
    }

    /// This party's shares of `planes` uniform planes of `len` bits.
    #[must_use]
    pub fn mask_bits(&self, address: Address, len: usize, planes: usize) -> Bits {
        mask_bits(&self.stream, address, len, planes)
    }

    /// Bytes that the dealer sends to this party for `request`.
    ///
    /// # Errors
    /// If the request does not fit together.
    pub fn correction_bytes(&self, request: &Request) -> Result<usize> {
        Ok(request.correction_bytes(&self.session, self.parties)?[usize::from(self.party)])
    }

    /// This party's shares of the tensor that `request` deals, modulo 2^bits.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn ring(&self, request: &Request, correction: &[u8]) -> Result<Vec<u64>> {
        let size = self.checked(request, correction)?;
        let bits = size.bits.ok_or(Error::Meaningless { reason: "not a tensor" })?;
        let stream = self.stream.dealing(request);
        let mut shares = Vec::with_capacity(size.len);
        let mut rest = correction;
        for (range, own) in self.chunks(request.address, size.len) {
            if own {
                let (bytes, after) = rest.split_at(size.bytes(range.len()));
                shares.extend(unpack(bytes, bits, range.len())?);
                rest = after;
            } else {
                shares.resize(range.end, 0);
                stream.apply(request.address, range.start, &mut shares[range.clone()]);
                if bits < 64 {
                    shares[range].iter_mut().for_each(|share| *share &= (1 << bits) - 1);
                }
            }
        }
        Ok(shares)
    }

    /// This party's shares of the planes that `request` deals.
    ///
    /// # Errors
    /// If the correction has another length than the request calls for.
    pub fn bits(&self, request: &Request, correction: &[u8]) -> Result<Bits> {
        let size = self.checked(request, correction)?;
        let stream = self.stream.dealing(request);
        if self.chunks(request.address, size.len).all(|(_, own)| own) && size.len <= CHUNK {
            return Ok(Bits::from_bytes(size.len, size.planes, correction)?);
        }
        let mut shares = mask_bits(&stream, request.address, size.len, size.planes);
        let mut rest = correction;
        for range in self.own_chunks(request.address, size.len) {
            let (bytes, after) = rest.split_at(size.bytes(range.len()));
            let part = Bits::from_bytes(range.len(), size.planes, bytes)?;
            let words = range.start / 64..range.end.div_ceil(64);
            for plane in 0..size.planes {
                shares.plane_mut(plane)[words.clone()].copy_from_slice(part.plane(plane));
            }
            rest = after;
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
            Some(bits) => unpack(ragged, bits, last.len()).is_ok(),
            None => Bits::from_bytes(last.len(), size.planes, ragged).is_ok(),
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

pub(crate) fn mask_words(stream: &Stream, address: Address, count: usize) -> Vec<u64> {
    stream.words(address, count)
}

/// Word `w` of plane `p` is word `p * stride + w` of the stream, the stride being the words of a
/// plane rounded up to whole blocks.
pub(crate) fn mask_bits(stream: &Stream, address: Address, len: usize, planes: usize) -> Bits {
    let words = len.div_ceil(64);
    let stride = plane_stride(len);
    let mut all = stream.words(address, planes * stride);
    if stride != words {
        for plane in 0..planes {
            all.copy_within(plane * stride..plane * stride + words, plane * words);
        }
        all.truncate(planes * words);
    }
    if !len.is_multiple_of(64) {
        let tail = (1 << (len % 64)) - 1;
        all.chunks_exact_mut(words).for_each(|plane| plane[words - 1] &= tail);
    }
    Bits::from_words(len, planes, all).expect("a word per 64 bits of every plane")
}

pub(crate) const fn plane_stride(len: usize) -> usize {
    len.div_ceil(64).next_multiple_of(BLOCK)
}
