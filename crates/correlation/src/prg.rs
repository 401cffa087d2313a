//! Streams of uniform words: `ChaCha12`, keyed by seed and session, addressed by operation and step.
//!
//! Word `i` of the stream at an [`Address`] is the `i`-th little-endian u64 of the `ChaCha12`
//! keystream (RFC 8439 layout, 12 rounds) whose nonce is `op (u32) | step (u32) | 0 (u32)`.

use std::fmt;

use cryptab_chacha::Rounds;
use cryptab_tensor::in_pieces;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Address, Request, Seed, SessionId};

/// Words of one `ChaCha` block.
pub(crate) const BLOCK: usize = 8;

/// All streams of one party in one session.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Stream {
    key: [u8; 32],
}

impl Stream {
    /// The streams that grow from `seed` in `session`.
    #[must_use]
    pub fn new(seed: &Seed, session: &SessionId) -> Self {
        Self { key: seed.stream_key(session) }
    }

    /// The streams that expand the shares dealt for `request`, and for no other request.
    ///
    /// A party that asks for something else at an address where masks or other shares are
    /// expanded learns nothing about them: the streams have nothing in common.
    #[must_use]
    pub(crate) fn dealing(&self, request: &Request) -> Self {
        Self { key: *blake3::keyed_hash(&self.key, &request.to_bytes()).as_bytes() }
    }

    /// The xor of `words` and the stream at `address`, from word `offset` on, in place.
    ///
    /// # Panics
    /// If `offset` is not a multiple of 8 (the words of a block).
    pub fn apply(&self, address: Address, offset: usize, words: &mut [u64]) {
        assert!(offset.is_multiple_of(BLOCK), "streams are read from block boundaries");
        let block = u32::try_from(offset / BLOCK).expect("a stream has 2^32 blocks");
        words.iter_mut().for_each(|word| *word = word.to_le());
        let bytes = bytemuck::cast_slice_mut(words);
        cryptab_chacha::apply(Rounds::Twelve, &self.key, &nonce(address), block, bytes);
        words.iter_mut().for_each(|word| *word = u64::from_le(*word));
    }

    /// `count` words of the stream at `address`.
    #[must_use]
    pub fn words(&self, address: Address, count: usize) -> Vec<u64> {
        in_pieces(count, |start, piece| self.apply(address, start, piece))
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream(..)")
    }
}

fn nonce(address: Address) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&address.op.to_le_bytes());
    nonce[4..8].copy_from_slice(&address.step.to_le_bytes());
    nonce
}

/// Checks this build's kernel against known answers; for the tests of every platform.
///
/// # Errors
/// Names the vector that differs.
#[doc(hidden)]
pub fn check_known_answers(vectors: &str) -> Result<usize, String> {
    let mut checked = 0;
    for line in vectors.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [key, op, step, offset, expected] = fields[..] else {
            return Err(format!("a vector has five fields: {line}"));
        };
        let key: [u8; 32] = unhex(key)?.try_into().map_err(|_| "a key has 32 bytes")?;
        let number = |text: &str| text.parse::<u32>().map_err(|e| e.to_string());
        let address = Address::new(number(op)?, number(step)?);
        let expected = unhex(expected)?;
        let mut words = vec![0; expected.len() / 8];
        Stream { key }.apply(address, number(offset)? as usize, &mut words);
        let found: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        if found != expected {
            return Err(format!("the stream differs from the vector: {line}"));
        }
        checked += 1;
    }
    Ok(checked)
}

fn unhex(text: &str) -> Result<Vec<u8>, String> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|e| e.to_string()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers() {
        let vectors = include_str!("../../../tests/vectors/chacha12.txt");
        assert!(check_known_answers(vectors).unwrap() >= 4);
    }

    #[test]
    fn a_stream_can_be_read_in_parts() {
        let stream = Stream::new(&Seed::from_bytes([3; 32]), &SessionId([5; 32]));
        let address = Address::new(7, 9);
        let whole = stream.words(address, 100_003);
        for offset in [0, 8, 64, 65_536] {
            let mut part = vec![0; 1003];
            stream.apply(address, offset, &mut part);
            assert_eq!(part, whole[offset..offset + 1003]);
        }
        assert_ne!(stream.words(Address::new(7, 10), 4), whole[..4]);
    }
}
