//! The short string by which people in a room find out that nobody sits between them.
//!
//! 1. Whoever is here says so with a fresh number, its *visit*. The keys and visits of all, in the
//!    order of their slots, and what the room is, name the [`gathering`].
//! 2. For each gathering everyone draws a fresh value and sends the others a commitment to it.
//! 3. Whoever has the commitments of all reveals its value; each is checked against its commitment.
//! 4. The gathering and all values, hashed, are the string.
//!
//! Someone in the middle takes part in two gatherings, with different keys: their strings are equal
//! with a probability of 2^-41, and because of the commitments nobody can choose values, or keys,
//! that make them equal. A key that was seen in a compared string is its holder's.

mod gathering;
mod round;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub(crate) use gathering::{Gathering, Visit};
pub(crate) use round::Round;

/// A short string that is equal on the screens of all parties if nobody sits between them. Either
/// form suffices.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Authentication {
    /// Four words: 41 bits.
    pub words: Vec<Cow<'static, str>>,
    /// Seven emoji: 42 bits.
    pub emoji: Vec<Emoji>,
}

/// A picture, and its name for who cannot see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Emoji {
    /// As it is drawn.
    pub symbol: Cow<'static, str>,
    /// As it is said.
    pub name: Cow<'static, str>,
}

impl Authentication {
    /// The string of a gathering in which these values were revealed.
    fn of(gathering: Gathering, values: &[[u8; 32]]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 authentication string");
        hasher.update(&gathering.0);
        values.iter().for_each(|value| _ = hasher.update(value));
        let mut numbers = [[0; 8]; 2];
        hasher.finalize_xof().fill(numbers.as_flattened_mut());
        let [words, emoji] = numbers.map(u64::from_le_bytes);
        Self {
            words: pick(WORDS, words, WORD_COUNT).map(Cow::Borrowed).collect(),
            emoji: pick(EMOJI, emoji, EMOJI_COUNT).map(Emoji::parse).collect(),
        }
    }
}

impl Emoji {
    fn parse(line: &'static str) -> Self {
        let (symbol, name) = line.split_once(' ').unwrap_or((line, line));
        Self { symbol: symbol.into(), name: name.into() }
    }
}

/// The lines that are the lowest digits of `number`. So many digits are far below 2^64 together that
/// all choices are as good as equally likely.
fn pick(list: &'static str, number: u64, count: usize) -> impl Iterator<Item = &'static str> {
    let lines: Vec<_> = list.lines().collect();
    let base = lines.len() as u64;
    let digits = std::iter::successors(Some(number), move |rest| Some(rest / base));
    digits.take(count).filter_map(move |rest| {
        let digit = usize::try_from(rest % base).unwrap_or_default();
        lines.get(digit).copied()
    })
}

/// 1,296 words of at most five letters; see `CREDITS.md` there.
const WORDS: &str = include_str!("authentication/words.txt");
const WORD_COUNT: usize = 4;
/// 64 pictures, each with its name.
const EMOJI: &str = include_str!("authentication/emoji.txt");
const EMOJI_COUNT: usize = 7;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Authentication, EMOJI, EMOJI_COUNT, Gathering, WORD_COUNT, WORDS, pick};

    #[test]
    fn each_form_has_at_least_forty_bits() {
        for (list, count, length) in [(WORDS, WORD_COUNT, 1296), (EMOJI, EMOJI_COUNT, 64)] {
            let lines: BTreeSet<_> = list.lines().collect();
            assert_eq!((lines.len(), list.lines().count()), (length, length));
            assert!((lines.len() as f64).log2() * count as f64 > 40.0);
        }
    }

    #[test]
    fn every_word_and_every_picture_has_its_number() {
        assert_eq!(pick(WORDS, 0, 4).collect::<Vec<_>>(), ["acid"; 4]);
        let number = 1 + 1296 * (1295 + 1296 * 2);
        assert_eq!(pick(WORDS, number, 4).collect::<Vec<_>>(), ["acorn", "zoom", "acre", "acid"]);
        let pictures: Vec<_> = pick(EMOJI, 63 << 36 | 1, 7).collect();
        assert_eq!(pictures[0], "🐱 cat");
        assert_eq!(pictures[6], "📌 pin");
    }

    #[test]
    fn everything_counts() {
        let string =
            |gathering, values: &[[u8; 32]]| Authentication::of(Gathering(gathering), values);
        let base = string([1; 32], &[[2; 32], [3; 32]]);
        assert_eq!((base.words.len(), base.emoji.len()), (4, 7));
        assert_eq!(base, string([1; 32], &[[2; 32], [3; 32]]));
        for other in [
            string([9; 32], &[[2; 32], [3; 32]]),
            string([1; 32], &[[3; 32], [2; 32]]),
            string([1; 32], &[[2; 32], [4; 32]]),
        ] {
            assert!(base.words != other.words && base.emoji != other.emoji, "{other:?}");
        }
    }
}
