//! What a party and the dealer say to each other, inside their sealed channel.
//!
//! The party's hello of the handshake is a [`DealerHello`]: which session it belongs to, as it sees
//! it, and its place there. Seeds derive from a hash over the whole [`Statement`], so parties whose
//! statements differ in a single bit get unrelated randomness, and the dealer needs no memory.
//!
//! | direction | bytes | meaning |
//! |---|---|---|
//! | to the party | `1, seed (32 bytes)` | the root of its randomness, once, first |
//! | to the dealer | `2, request` | asks for one correction |
//! | to the party | `3, correction` | answers the requests, in their order |
//! | to the party | `4, utf-8 text` | refused, for this reason; the connection ends after this |
//!
//! Requests and corrections are encoded by `cryptab-correlation`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::control::{self, DecodeError};
use crate::{MAX_PARTIES, MIN_PARTIES, VERSION};

/// A session as one of its parties sees it; public.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Statement {
    /// Protocol version of the party.
    pub version: u8,
    /// The room.
    pub room: [u8; 16],
    /// Name of the program.
    pub program: String,
    /// How many parties, 2 to 8.
    pub parties: u8,
    /// The parties' static public keys in the order of their slots, all different.
    pub keys: Vec<[u8; 32]>,
    /// The parties' fresh nonces, in the same order.
    pub nonces: Vec<[u8; 32]>,
}

impl Statement {
    /// The session's name: a hash over all of the statement and the dealer's key.
    ///
    /// Equal statements give equal names, all others different ones. A fresh nonce of any one party
    /// makes the name fresh.
    #[must_use]
    pub fn session_id(&self, dealer_key: &[u8; 32]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 name of a session");
        hasher.update(dealer_key).update(&control::encode(self));
        *hasher.finalize().as_bytes()
    }

    fn validated(self) -> Result<Self, DecodeError> {
        let parties = usize::from(self.parties);
        let field = if self.version != VERSION {
            "the protocol version"
        } else if !(MIN_PARTIES..=MAX_PARTIES).contains(&self.parties) {
            "the number of parties"
        } else if self.keys.len() != parties || has_twins(&self.keys) {
            "the parties' keys"
        } else if self.nonces.len() != parties {
            "the parties' nonces"
        } else if self.program.is_empty() || self.program.len() > MAX_PROGRAM {
            "the program's name"
        } else {
            return Ok(self);
        };
        Err(DecodeError::Range { field })
    }
}

/// What a party says while it shakes hands with the dealer.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct DealerHello {
    /// The session.
    pub statement: Statement,
    /// The party's slot in it.
    pub index: u8,
}

impl DealerHello {
    /// The longest encoding: a statement of 8 parties with the longest name, and the index.
    pub const MAX_LENGTH: usize = 1 + 16 + (1 + MAX_PROGRAM) + 1 + 2 * (1 + 8 * 32) + 1;

    /// The bytes of this hello.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        control::encode(self)
    }

    /// The hello that `bytes` are; its statement is complete and its index one of the parties.
    ///
    /// # Errors
    /// [`DecodeError`], the party's fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let Self { statement, index } = control::decode(bytes, Self::MAX_LENGTH)?;
        let statement = statement.validated()?;
        if index >= statement.parties {
            return Err(DecodeError::Range { field: "the party's index" });
        }
        Ok(Self { statement, index })
    }
}

/// A message to the dealer, read without copying.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ToDealer<'bytes> {
    /// Asks for a correction.
    Request(&'bytes [u8]),
}

impl<'bytes> ToDealer<'bytes> {
    /// The bytes of this message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let Self::Request(request) = self;
        tagged(REQUEST, request)
    }

    /// The message that `bytes` are.
    ///
    /// # Errors
    /// [`DecodeError`], the party's fault.
    pub fn parse(bytes: &'bytes [u8]) -> Result<Self, DecodeError> {
        match bytes.split_first() {
            Some((&REQUEST, request)) => Ok(Self::Request(request)),
            _ => Err(DecodeError::Malformed),
        }
    }
}

/// A message from the dealer, read without copying. `Debug` shows neither seed nor correction.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum FromDealer<'bytes> {
    /// The root of the party's randomness. Secret.
    Seed(&'bytes [u8; 32]),
    /// The answer to the oldest request that has none yet. Secret.
    Correction(&'bytes [u8]),
    /// The dealer will not serve this party, for this reason.
    Refused(&'bytes str),
}

impl<'bytes> FromDealer<'bytes> {
    /// The bytes of this message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Seed(seed) => tagged(SEED, *seed),
            Self::Correction(correction) => tagged(CORRECTION, correction),
            Self::Refused(reason) => tagged(REFUSED, reason.as_bytes()),
        }
    }

    /// What comes before a correction in its message: for a channel that joins the two itself.
    pub const CORRECTION_HEAD: [u8; 1] = [CORRECTION];

    /// The message that `bytes` are.
    ///
    /// # Errors
    /// [`DecodeError`], the dealer's fault.
    pub fn parse(bytes: &'bytes [u8]) -> Result<Self, DecodeError> {
        let malformed = DecodeError::Malformed;
        let (tag, rest) = bytes.split_first().ok_or(malformed)?;
        match *tag {
            SEED => rest.try_into().map(Self::Seed).map_err(|_| malformed),
            CORRECTION => Ok(Self::Correction(rest)),
            REFUSED if rest.len() > MAX_REASON => {
                Err(DecodeError::TooLong { length: rest.len(), cap: MAX_REASON })
            }
            REFUSED => std::str::from_utf8(rest).map(Self::Refused).map_err(|_| malformed),
            _ => Err(malformed),
        }
    }
}

impl fmt::Debug for FromDealer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seed(_) => formatter.write_str("Seed(..)"),
            Self::Correction(bytes) => write!(formatter, "Correction({} bytes)", bytes.len()),
            Self::Refused(reason) => formatter.debug_tuple("Refused").field(reason).finish(),
        }
    }
}

fn tagged(tag: u8, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + rest.len());
    bytes.push(tag);
    bytes.extend_from_slice(rest);
    bytes
}

fn has_twins(keys: &[[u8; 32]]) -> bool {
    keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key))
}

const SEED: u8 = 1;
const REQUEST: u8 = 2;
const CORRECTION: u8 = 3;
const REFUSED: u8 = 4;

/// The longest name of a program, as in invites.
const MAX_PROGRAM: usize = 32;
/// The longest reason of a refusal.
const MAX_REASON: usize = 1024;

#[cfg(test)]
mod tests;
