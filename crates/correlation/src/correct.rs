//! What the dealer does: "value minus the shares that the others expand", for every king.

use std::ops::Range;

use cryptab_tensor::{Bits, pack};

use crate::expand::plane_stride;
use crate::king::chunks;
use crate::parallel;
use crate::sources::{Products, Sources};
use crate::{
    Address, Deal, Error, Kings, Request, Result, Seed, SessionId, Stream, evaluate, shuffle,
};

/// The dealer's side of the correlated randomness of one session: a pure function of the seeds.
#[derive(Clone, Debug)]
pub struct Corrector {
    streams: Vec<Stream>,
    session: SessionId,
    products: Products,
}

impl Corrector {
    /// The dealer's side, from the seeds of all parties in order.
    #[must_use]
    pub fn new(seeds: &[Seed], session: SessionId) -> Self {
        let streams = seeds.iter().map(|seed| Stream::new(seed, &session)).collect();
        Self { streams, session, products: Products::default() }
    }

    /// The correction of `request` for every party, in order; empty where a party is no king.
    ///
    /// # Errors
    /// If the request does not fit together.
    pub fn correct(&self, request: &Request) -> Result<Vec<Vec<u8>>> {
        let parties = u8::try_from(self.streams.len())
            .map_err(|_| Error::Meaningless { reason: "more than 255 parties" })?;
        let sizes = request.correction_bytes(&self.session, parties)?;
        if let Deal::Shuffle { player, rows, columns } = request.deal {
            let count = |n| usize::try_from(n).unwrap_or(usize::MAX);
            let sizes = [count(rows), count(columns)];
            let delta = shuffle::delta(&self.streams, request, player, sizes)?;
            let mut corrections = vec![Vec::new(); self.streams.len()];
            corrections[usize::from(player)] = pack(&delta, 64);
            return Ok(corrections);
        }
        let kings = Kings::new(&self.session, request.address, parties);
        let streams = self.streams.iter().map(|stream| stream.dealing(request)).collect();
        let dealt = Dealt { streams, at: request.address };
        let sources = Sources { streams: &self.streams, products: &self.products };
        let mut corrections: Vec<Vec<u8>> = sizes.into_iter().map(Vec::with_capacity).collect();
        let parts: Vec<Result<(u8, Vec<u8>)>> = match &request.deal {
            Deal::Ring { known, bits } => {
                let value = evaluate::ring(known, &sources)?;
                let chunks: Vec<_> = chunks(value.len()).collect();
                parallel::map(chunks.len(), |i| {
                    let (chunk, range) = chunks[i].clone();
                    let king = kings.of(chunk);
                    let part = dealt.ring_chunk(value.as_slice(), range, king);
                    Ok((king, pack(&part, u32::from(*bits))))
                })
            }
            Deal::Bits(known) => {
                let value = evaluate::bits(known, &sources)?;
                let chunks: Vec<_> = chunks(value.len()).collect();
                parallel::map(chunks.len(), |i| {
                    let (chunk, range) = chunks[i].clone();
                    let king = kings.of(chunk);
                    Ok((king, dealt.bits_chunk(&value, range, king)?))
                })
            }
            Deal::Shuffle { .. } => Vec::new(),
        };
        for part in parts {
            let (king, bytes) = part?;
            corrections[usize::from(king)].extend(bytes);
        }
        Ok(corrections)
    }
}

/// The streams that expand the shares of one request, of all parties in order.
struct Dealt {
    streams: Vec<Stream>,
    at: Address,
}

impl Dealt {
    fn others(&self, king: u8) -> impl Iterator<Item = &Stream> {
        let king = usize::from(king);
        self.streams.iter().enumerate().filter(move |(i, _)| *i != king).map(|(_, stream)| stream)
    }

    fn ring_chunk(&self, value: &[u64], range: Range<usize>, king: u8) -> Vec<u64> {
        let mut part = value[range.clone()].to_vec();
        let mut share = vec![0; part.len()];
        for stream in self.others(king) {
            stream.fill(self.at, range.start, &mut share);
            for (word, &other) in part.iter_mut().zip(&share) {
                *word = word.wrapping_sub(other);
            }
        }
        part
    }

    fn bits_chunk(&self, value: &Bits, range: Range<usize>, king: u8) -> Result<Vec<u8>> {
        let stride = plane_stride(value.len());
        let words = range.start / 64..range.end.div_ceil(64);
        let mut part = Vec::with_capacity(value.planes() * words.len());
        for plane in 0..value.planes() {
            let start = part.len();
            part.extend_from_slice(&value.plane(plane)[words.clone()]);
            for stream in self.others(king) {
                stream.apply(self.at, plane * stride + words.start, &mut part[start..]);
            }
            if !range.len().is_multiple_of(64) {
                let last = part.len() - 1;
                part[last] &= (1 << (range.len() % 64)) - 1;
            }
        }
        Ok(Bits::from_words(range.len(), value.planes(), part)?.to_bytes())
    }
}

#[cfg(test)]
mod tests;
