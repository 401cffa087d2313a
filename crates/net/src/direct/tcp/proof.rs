//! The first bytes of a connection: whoever sends them has seen the signals of both sides.
//!
//! Signals travel sealed, so a stranger who finds the port cannot take the other party's place. This
//! keeps strangers from being a nuisance; that packets are safe is the sealed channel's business.

use std::fmt;
use std::io;

use cryptab_wire::hex;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subtle::ConstantTimeEq as _;

use crate::direct::Side;

/// One side's half of the secret.
#[derive(Clone, Copy)]
pub(crate) struct Token([u8; 16]);

/// Both halves, in the order of offer and answer.
#[derive(Clone, Copy)]
pub(super) struct Secret([u8; 32]);

/// Which end of a TCP connection says something.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Caller,
    Called,
}

impl Token {
    /// A fresh one.
    pub(in crate::direct) fn draw() -> Result<Self, io::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(bytes))
    }

    #[cfg(test)]
    pub(in crate::direct) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl Secret {
    pub(super) fn of(side: Side, mine: Token, theirs: Token) -> Self {
        let (offered, answered) = match side {
            Side::Offers => (mine, theirs),
            Side::Answers => (theirs, mine),
        };
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(&offered.0);
        secret[16..].copy_from_slice(&answered.0);
        Self(secret)
    }

    /// What `end` sends.
    pub(super) fn proof(&self, end: End) -> [u8; 32] {
        let name: &[u8] = match end {
            End::Caller => b"cryptab direct tcp 1 caller",
            End::Called => b"cryptab direct tcp 1 called",
        };
        *blake3::keyed_hash(&self.0, name).as_bytes()
    }

    /// Whether `end` has sent what it must.
    pub(super) fn is_proven(&self, end: End, said: &[u8; 32]) -> bool {
        self.proof(end).ct_eq(said).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

impl Eq for Token {}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let token = hex::decode(&text);
        token.map(Self).ok_or_else(|| de::Error::custom("a token is 32 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Secret, Token};
    use crate::direct::Side;

    #[test]
    fn both_sides_prove_the_same_and_strangers_do_not() {
        let (a, b, c) = (Token([1; 16]), Token([2; 16]), Token([3; 16]));
        let offers = Secret::of(Side::Offers, a, b);
        let answers = Secret::of(Side::Answers, b, a);
        for end in [End::Caller, End::Called] {
            assert!(answers.is_proven(end, &offers.proof(end)));
            for stranger in [
                Secret::of(Side::Offers, c, b),
                Secret::of(Side::Offers, a, c),
                Secret::of(Side::Offers, b, a),
            ] {
                assert!(!answers.is_proven(end, &stranger.proof(end)));
            }
        }
        let echo = offers.proof(End::Caller);
        assert!(!answers.is_proven(End::Called, &echo), "an echo proves nothing");
    }

    #[test]
    fn a_token_is_not_shown() {
        assert_eq!(format!("{:?}", Token([0xab; 16])), "Token(..)");
    }
}
