//! What the dealer does: "value minus the shares that the others expand", for every king.

use std::ops::Range;

use cryptab_tensor::{Formula, PIECE, pack, pack_onto, packed_len};

use crate::evaluate::{Planes, WINDOW, formula, sum_of_streams};
use crate::expand::plane_stride;
use crate::king::chunks;
use crate::parallel;
use crate::request::Size;
use crate::sources::{Products, Sources};
use crate::{Address, Deal, Error, Kings, Request, Result, Seed, SessionId, Stream, shuffle};

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
        let mut corrections = vec![Vec::new(); sizes.len()];
        let size = request.deal.size()?;
        let chunks: Vec<(u8, Range<usize>)> =
            chunks(size.len).map(|(chunk, range)| (kings.of(chunk), range)).collect();
        let parts: Vec<Result<(u8, Vec<u8>)>> = match &request.deal {
            Deal::Ring { known, bits } => {
                let numbers = formula(known, &sources)?;
                parallel::map(chunks.len(), |i| {
                    let (king, range) = chunks[i].clone();
                    Ok((king, dealt.ring_chunk(&numbers, range, king, u32::from(*bits))))
                })
            }
            Deal::Bits(known) => {
                let planes = Planes::prepare(known, &sources)?;
                parallel::map(chunks.len(), |i| {
                    let (king, range) = chunks[i].clone();
                    Ok((king, dealt.bits_chunk(&planes, range, king, size)?))
                })
            }
            Deal::Shuffle { .. } => Vec::new(),
        };
        for part in parts {
            let (king, bytes) = part?;
            let (correction, size) =
                (&mut corrections[usize::from(king)], sizes[usize::from(king)]);
            if size == bytes.len() {
                *correction = bytes;
            } else {
                correction.reserve_exact(size - correction.len());
                correction.extend(bytes);
            }
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

    fn ring_chunk(&self, numbers: &Formula, range: Range<usize>, king: u8, bits: u32) -> Vec<u8> {
        let bytes = packed_len(range.len(), bits).expect("elements of a request are capped");
        let mut packed = Vec::with_capacity(bytes.next_multiple_of(8));
        let others = sum_of_streams(numbers.shape(), self.others(king), self.at);
        let correction = Formula::weighted(vec![(1, numbers.clone()), (u64::MAX, others)]);
        let (mut reader, mut piece) = (correction.reader(), [0; PIECE]);
        for start in range.clone().step_by(PIECE) {
            let piece = &mut piece[..PIECE.min(range.end - start)];
            reader.read(start, piece);
            pack_onto(&mut packed, piece, bits);
        }
        packed
    }

    fn bits_chunk(
        &self,
        planes: &Planes<'_>,
        range: Range<usize>,
        king: u8,
        size: Size,
    ) -> Result<Vec<u8>> {
        let stride = plane_stride(size.len);
        let per_plane = range.len().div_ceil(8);
        let mut packed = vec![0; size.planes * per_plane];
        for start in range.clone().step_by(WINDOW) {
            let window = start..range.end.min(start + WINDOW);
            let mut bits = planes.window(window)?;
            for stream in self.others(king) {
                bits.change_planes(|plane, words| {
                    stream.apply(self.at, plane * stride + start / 64, words);
                });
            }
            let first = (start - range.start) / 8;
            for (plane, packed) in packed.chunks_exact_mut(per_plane).enumerate() {
                bits.plane_to_bytes(plane, &mut packed[first..]);
            }
        }
        Ok(packed)
    }
}

#[cfg(test)]
mod tests;
