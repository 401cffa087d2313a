//! What a client and the relay say to each other.
//!
//! A client's first message is a [`ToRelay`] and nothing else. From then on both directions carry
//! either a sealed packet behind two bytes, or what client and relay say themselves:
//!
//! | direction | bytes | meaning |
//! |---|---|---|
//! | to the relay | `1, to, packet` | forward `packet` to the party in slot `to` |
//! | to the relay | `0, postcard` | an order of the room's owner: [`ToRelay::Order`] |
//! | to a client | `1, from, packet` | `packet` came from the party in slot `from` |
//! | to a client | `0, postcard` | a [`FromRelay`] notice |
//!
//! The relay changes one byte of what it forwards ([`readdress`]) and reads nothing behind it.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::control::{self, DecodeError};
use crate::{Admission, Charter, MAX_PARTIES, MIN_PARTIES, OwnerKey, Pass, SignedOrder};

/// What a client says to the relay itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum ToRelay {
    /// Let me into a room. The room comes into being with the first who joins.
    Join {
        /// Protocol version of the client.
        version: u8,
        /// The room's unguessable name.
        room: [u8; 16],
        /// How many parties the invite says; all who join must agree.
        parties: u8,
        /// The slot wanted, or the lowest free one.
        slot: Option<u8>,
        /// Who this is: one identity, drawn at random for the room, is present at most once.
        member: [u8; 16],
        /// When the room ends, in seconds since 1970.
        expires: u64,
        /// In a room with an owner: whose it is, and by what right this client comes.
        claim: Option<Claim>,
    },
    /// The owner's will: as the first message on a connection, which ends after the answer, or from
    /// a member. The answer is the order itself, which all members get ([`FromRelay::Ordered`]), or
    /// a refusal.
    Order {
        /// Protocol version of the client.
        version: u8,
        /// The room it is about, which need not have come into being.
        charter: Charter,
        /// What the owner wants.
        order: SignedOrder,
    },
}

/// By what right a client comes into a room with an owner.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Claim {
    /// Whose room it is.
    pub owner: OwnerKey,
    /// Where nobody is let in without: what this member shows.
    pub pass: Option<Pass>,
}

impl Claim {
    /// The charter of the room that is claimed, when the join says the rest.
    #[must_use]
    pub const fn charter(&self, parties: u8, expires: u64) -> Charter {
        let admission = if self.pass.is_some() { Admission::Token } else { Admission::Link };
        Charter { owner: self.owner, admission, parties, expires }
    }
}

impl ToRelay {
    /// The longest encoding, a join's: 1 + 1 + 16 + 1 + 2 + 16 + 10 and a claim of
    /// 1 + 32 + 1 + (32 + 2 + 2 + 10 + 64) + 64.
    pub const MAX_LENGTH: usize = 255;

    /// The bytes of this message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        control::encode(self)
    }

    /// The message that `bytes` are.
    ///
    /// # Errors
    /// [`DecodeError`], the client's fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = control::decode(bytes, Self::MAX_LENGTH)?;
        let (parties, slot) = match &message {
            Self::Join { parties, slot, .. } => (parties, slot),
            Self::Order { charter, .. } => (&charter.parties, &None),
        };
        if !(MIN_PARTIES..=MAX_PARTIES).contains(parties) {
            return Err(DecodeError::Range { field: "the number of parties" });
        }
        if slot.is_some_and(|slot| slot >= *parties) {
            return Err(DecodeError::Range { field: "the slot" });
        }
        Ok(message)
    }

    /// What a member sends for it, among its packets: with a leading 0.
    #[must_use]
    pub fn encode_within(&self) -> Vec<u8> {
        let mut bytes = self.encode();
        bytes.insert(0, NOTICE);
        bytes
    }

    /// What a member says to the relay itself, among its packets; nothing when `bytes` are a packet.
    ///
    /// # Errors
    /// [`DecodeError`], the client's fault.
    pub fn decode_within(bytes: &[u8]) -> Option<Result<Self, DecodeError>> {
        let body = bytes.strip_prefix(&[NOTICE])?;
        Some(Self::decode(body))
    }
}

/// What the relay says itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum FromRelay {
    /// You are in.
    Welcome {
        /// Your slot.
        slot: u8,
        /// The slots of those who were here before you, ascending.
        present: Vec<u8>,
    },
    /// Someone came.
    Joined {
        /// Their slot.
        slot: u8,
    },
    /// Someone left.
    Left {
        /// Their slot.
        slot: u8,
    },
    /// The owner wants this. Whoever it concerns verifies it.
    Ordered {
        /// What the owner signed.
        order: SignedOrder,
    },
    /// You are not let in, or no longer: the connection ends after this.
    Refused {
        /// Why.
        reason: Refusal,
    },
}

impl FromRelay {
    /// The longest encoding: `Ordered`, 1 + 1 + 8 + 64.
    pub const MAX_LENGTH: usize = 74;

    /// The whole message to a client, with its leading 0.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = control::encode(self);
        bytes.insert(0, NOTICE);
        bytes
    }

    /// What the relay's first message says to whoever brought it this order from outside the room
    /// ([`ToRelay::Order`]): that it obeys, or why not. Nothing when `message` is no answer to this order, which
    /// is the relay's fault.
    #[must_use]
    pub fn answer(message: &[u8], order: SignedOrder) -> Option<Result<(), Refusal>> {
        match ToClient::decode(message) {
            Ok(ToClient::Notice(Self::Ordered { order: told })) if told == order => Some(Ok(())),
            Ok(ToClient::Notice(Self::Refused { reason })) => Some(Err(reason)),
            _ => None,
        }
    }

    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let message: Self = control::decode(body, Self::MAX_LENGTH)?;
        let slots_fit = match &message {
            Self::Welcome { slot, present } => {
                *slot < MAX_PARTIES
                    && present.is_sorted_by(|earlier, later| earlier < later)
                    && present.iter().all(|other| *other < MAX_PARTIES && other != slot)
            }
            Self::Joined { slot } | Self::Left { slot } => *slot < MAX_PARTIES,
            Self::Ordered { .. } | Self::Refused { .. } => true,
        };
        if slots_fit { Ok(message) } else { Err(DecodeError::Range { field: "a slot" }) }
    }
}

/// Why the relay does not let a client in, or not any longer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Error, Hash, PartialEq, Serialize)]
pub enum Refusal {
    /// All slots are taken.
    #[error("the room is full")]
    Full,
    /// The slot asked for is taken.
    #[error("the slot is taken by someone else")]
    SlotTaken,
    /// This identity is present already, in another tab or process.
    #[error("you are in this room already, in another tab or process")]
    MemberPresent,
    /// The relay speaks another version of the protocol.
    #[error("the relay speaks another version of the protocol")]
    Version,
    /// The room has ended.
    #[error("the room has expired")]
    Expired,
    /// Others in this room hold an invite for another number of parties or another end.
    #[error("the others in this room hold a different invite")]
    Mismatch,
    /// Too many rooms, connections or messages.
    #[error("the relay has too much to do: try again later")]
    TooMany,
    /// The client said something the protocol does not know.
    #[error("the relay did not understand this client")]
    Malformed,
    /// The relay is shutting down.
    #[error("the relay is shutting down")]
    Closing,
    /// A place is free, but kept for a member whose connection broke.
    #[error("the free place is kept for somebody whose connection broke")]
    Reserved,
    /// The room's owner did not sign what this client shows, or not for this.
    #[error("this is not what the room's owner signed")]
    NotSigned,
    /// Someone else uses this token at the moment.
    #[error("somebody else is in the room by this invite")]
    TokenInUse,
    /// The token is past its end.
    #[error("this invite has expired")]
    TokenExpired,
    /// The room's owner took the token back.
    #[error("the room's owner took this invite back")]
    Revoked,
    /// The room's owner closed the room.
    #[error("the room's owner closed the room")]
    Closed,
    /// The room of an owner ends later than [`Charter::LONGEST`] allows.
    #[error("the room ends more than 30 days from now")]
    EndsTooLate,
}

impl Refusal {
    /// All there are.
    pub const ALL: [Self; 16] = [
        Self::Full,
        Self::SlotTaken,
        Self::MemberPresent,
        Self::Version,
        Self::Expired,
        Self::Mismatch,
        Self::TooMany,
        Self::Malformed,
        Self::Closing,
        Self::Reserved,
        Self::NotSigned,
        Self::TokenInUse,
        Self::TokenExpired,
        Self::Revoked,
        Self::Closed,
        Self::EndsTooLate,
    ];
}

/// A message to a client, read without copying the packet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ToClient<'bytes> {
    /// The relay speaks.
    Notice(FromRelay),
    /// Another party's sealed packet.
    Packet {
        /// Slot it came from.
        from: u8,
        /// For that party's channel to open.
        packet: &'bytes [u8],
    },
}

impl<'bytes> ToClient<'bytes> {
    /// The message that `bytes` are.
    ///
    /// # Errors
    /// [`DecodeError`], the relay's fault.
    pub fn decode(bytes: &'bytes [u8]) -> Result<Self, DecodeError> {
        if let Some((&NOTICE, body)) = bytes.split_first() {
            return FromRelay::decode(body).map(Self::Notice);
        }
        addressed(bytes).map(|(from, packet)| Self::Packet { from, packet })
    }
}

/// A sealed packet and the slot it is for or from: bytes for the relay, or for a client.
#[must_use]
pub fn address(slot: u8, packet: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ADDRESS + packet.len());
    bytes.extend_from_slice(&[PACKET, slot]);
    bytes.extend_from_slice(packet);
    bytes
}

/// The slot and the sealed packet in a message made by [`address`].
///
/// # Errors
/// [`DecodeError`], the sender's fault.
pub fn addressed(bytes: &[u8]) -> Result<(u8, &[u8]), DecodeError> {
    if bytes.len() > MAX_ADDRESSED {
        return Err(DecodeError::TooLong { length: bytes.len(), cap: MAX_ADDRESSED });
    }
    match bytes {
        [PACKET, slot, packet @ ..] if !packet.is_empty() => {
            if *slot >= MAX_PARTIES {
                return Err(DecodeError::Range { field: "the slot" });
            }
            Ok((*slot, packet))
        }
        _ => Err(DecodeError::Malformed),
    }
}

/// In the relay: turns a client's message to slot `to` into the one that slot receives, in place,
/// by writing the sender's slot over the receiver's. Returns `to`.
///
/// # Errors
/// [`DecodeError`], the client's fault.
pub fn readdress(bytes: &mut [u8], from: u8) -> Result<u8, DecodeError> {
    let (to, _) = addressed(bytes)?;
    bytes[1] = from;
    Ok(to)
}

/// The longest packet a channel makes: one Noise message.
pub const MAX_PACKET: usize = 65_535;

/// The longest message between a client and the relay.
pub const MAX_ADDRESSED: usize = ADDRESS + MAX_PACKET;

const ADDRESS: usize = 2;
const NOTICE: u8 = 0;
const PACKET: u8 = 1;

#[cfg(test)]
mod tests;
