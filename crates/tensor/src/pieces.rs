//! Long results, computed piece by piece: what is worked on stays in the nearest cache.
#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(
        unsafe_code,
        reason = "several threads write parts of memory that is not initialised yet"
    )
)]

#[cfg(not(target_arch = "wasm32"))]
use std::{mem::MaybeUninit, ptr};

#[cfg(not(target_arch = "wasm32"))]
use rayon::prelude::*;

#[cfg(not(target_arch = "wasm32"))]
use crate::parallel;

/// Elements of a piece.
pub const PIECE: usize = 2048;

/// `len` numbers: `fill(start, piece)` computes those from `start` on, of a piece that holds zeros.
///
/// All pieces but the last have [`PIECE`] elements. They are filled in parallel where there are threads and much to do.
pub fn in_pieces(len: usize, fill: impl Fn(usize, &mut [u64]) + Send + Sync) -> Vec<u64> {
    in_pieces_with(len, || (), |(), start, piece| fill(start, piece))
}

/// As [`in_pieces`]; what `prepare` makes is kept from piece to piece of what one thread does at a time.
pub(crate) fn in_pieces_with<S>(
    len: usize,
    prepare: impl Fn() -> S + Send + Sync,
    fill: impl Fn(&mut S, usize, &mut [u64]) + Send + Sync,
) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(len);
    #[cfg(not(target_arch = "wasm32"))]
    if len >= parallel::WORTHWHILE && parallel::threads() > 1 {
        let chunk = parallel::chunk_size(len, parallel::WORTHWHILE).next_multiple_of(PIECE);
        let room = &mut numbers.spare_capacity_mut()[..len];
        room.par_chunks_mut(chunk).enumerate().for_each(|(index, room)| {
            let mut state = prepare();
            for (offset, room) in room.chunks_mut(PIECE).enumerate() {
                room.fill(MaybeUninit::new(0));
                // SAFETY: the line above has written all of it, and the layout is that of numbers.
                let piece = unsafe { &mut *(ptr::from_mut(room) as *mut [u64]) };
                fill(&mut state, index * chunk + offset * PIECE, piece);
            }
        });
        // SAFETY: the vector has room for `len` numbers, and the loop above has written all of them: its chunks
        // cover the room, and so do their pieces.
        unsafe { numbers.set_len(len) };
        return numbers;
    }
    let mut state = prepare();
    while numbers.len() < len {
        let start = numbers.len();
        numbers.resize(len.min(start + PIECE), 0);
        fill(&mut state, start, &mut numbers[start..]);
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_computed_once() {
        for len in [0, 1, PIECE, PIECE + 1, 300_001] {
            let numbers = in_pieces(len, |start, piece| {
                for (at, number) in (start as u64..).zip(piece) {
                    *number += at;
                }
            });
            assert!(numbers.into_iter().eq(0..len as u64));
        }
    }
}
