//! What two parties say to each other inside their sealed channel.
//!
//! | bytes | meaning |
//! |---|---|
//! | `1, epoch (8, little-endian), nonce (32)` | my nonce for the session of this epoch |
//! | `2, digest (32)` | what I agree to, having everybody's nonces |
//! | `3, epoch (8), cause, slot` | I have given up the session of this epoch |
//! | `4, message` | my engine to yours |
//! | `5, number (8), bytes` | the application to yours; numbers count from 0 in a session |
//! | `7` | I leave the room |
//! | `16, visit (16)` | which of my stays in the room this is |
//! | `17, gathering (32), commitment (32)` | I commit to a value, among those who are here |
//! | `18, gathering (32), value (32)` | the value |
//! | `32, postcard` | the room's owner wants this |

use cryptab_wire::{DecodeError, SignedOrder, control};

use crate::authentication::{Gathering, Visit};

/// The longest message of an application: 64 KiB.
pub const MAX_SAID: usize = 64 << 10;

/// The longest order: what it is about, 1 + 8 bytes, and the signature.
const MAX_ORDER: usize = 1 + 8 + 64;

/// A message, read without copying.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Message<'bytes> {
    Nonce { epoch: u64, nonce: [u8; 32] },
    Agree([u8; 32]),
    Restart { epoch: u64, cause: Cause },
    Engine(&'bytes [u8]),
    Say { number: u64, bytes: &'bytes [u8] },
    Leave,
    Visit(Visit),
    Commit { gathering: Gathering, commitment: [u8; 32] },
    Open { gathering: Gathering, value: [u8; 32] },
    Order(SignedOrder),
}

/// Why a party has given up a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cause {
    /// It has lost the dealer.
    Dealer,
    /// It does not trust what came from the party in this slot.
    Member(u8),
    /// Its engine has stopped.
    Engine,
    /// It has no part in it any more: it was given up while the other one was away.
    Forgotten,
}

impl<'bytes> Message<'bytes> {
    /// The bytes, in two parts: a long one is not copied.
    pub(crate) fn encode(&self) -> (Vec<u8>, &'bytes [u8]) {
        match self {
            Self::Nonce { epoch, nonce } => {
                ([&[NONCE][..], &epoch.to_le_bytes(), nonce].concat(), &[])
            }
            Self::Agree(digest) => ([&[AGREE][..], digest].concat(), &[]),
            Self::Restart { epoch, cause } => {
                let cause = match cause {
                    Cause::Dealer => [DEALER, 0],
                    Cause::Member(slot) => [MEMBER, *slot],
                    Cause::Engine => [ENGINE_STOPPED, 0],
                    Cause::Forgotten => [FORGOTTEN, 0],
                };
                ([&[RESTART][..], &epoch.to_le_bytes(), &cause].concat(), &[])
            }
            Self::Engine(message) => (vec![ENGINE], message),
            Self::Say { number, bytes } => ([&[SAY][..], &number.to_le_bytes()].concat(), bytes),
            Self::Leave => (vec![LEAVE], &[]),
            Self::Visit(visit) => ([&[VISIT][..], &visit.0].concat(), &[]),
            Self::Commit { gathering, commitment } => {
                ([&[COMMIT][..], &gathering.0, commitment].concat(), &[])
            }
            Self::Open { gathering, value } => ([&[OPEN][..], &gathering.0, value].concat(), &[]),
            Self::Order(order) => ([vec![ORDER], control::encode(order)].concat(), &[]),
        }
    }

    /// Whether a party that is resumed hears it again.
    pub(crate) const fn is_heard_again(bytes: &[u8]) -> bool {
        matches!(bytes.first(), Some(&(ENGINE | SAY | ORDER)))
    }

    pub(crate) fn parse(bytes: &'bytes [u8]) -> Result<Self, DecodeError> {
        const MALFORMED: DecodeError = DecodeError::Malformed;
        let (tag, rest) = bytes.split_first().ok_or(MALFORMED)?;
        match *tag {
            NONCE => {
                let (epoch, nonce) = rest.split_first_chunk().ok_or(MALFORMED)?;
                let nonce = nonce.try_into().map_err(|_| MALFORMED)?;
                Ok(Self::Nonce { epoch: epoch_of(*epoch)?, nonce })
            }
            AGREE => rest.try_into().map(Self::Agree).map_err(|_| MALFORMED),
            RESTART => {
                let (epoch, cause) = rest.split_first_chunk().ok_or(MALFORMED)?;
                let cause = match cause {
                    [DEALER, 0] => Cause::Dealer,
                    [MEMBER, slot] => Cause::Member(*slot),
                    [ENGINE_STOPPED, 0] => Cause::Engine,
                    [FORGOTTEN, 0] => Cause::Forgotten,
                    _ => return Err(MALFORMED),
                };
                Ok(Self::Restart { epoch: epoch_of(*epoch)?, cause })
            }
            ENGINE => Ok(Self::Engine(rest)),
            SAY => {
                let (number, bytes) = rest.split_first_chunk().ok_or(MALFORMED)?;
                if bytes.len() > MAX_SAID {
                    return Err(DecodeError::TooLong { length: bytes.len(), cap: MAX_SAID });
                }
                Ok(Self::Say { number: u64::from_le_bytes(*number), bytes })
            }
            LEAVE if rest.is_empty() => Ok(Self::Leave),
            VISIT => rest.try_into().map(|visit| Self::Visit(Visit(visit))).map_err(|_| MALFORMED),
            COMMIT | OPEN => {
                let (gathering, rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
                let (gathering, rest) =
                    (Gathering(*gathering), rest.try_into().map_err(|_| MALFORMED)?);
                Ok(match *tag {
                    COMMIT => Self::Commit { gathering, commitment: rest },
                    _ => Self::Open { gathering, value: rest },
                })
            }
            ORDER => control::decode(rest, MAX_ORDER).map(Self::Order),
            _ => Err(MALFORMED),
        }
    }
}

fn epoch_of(bytes: [u8; 8]) -> Result<u64, DecodeError> {
    let epoch = u64::from_le_bytes(bytes);
    if (1..=MAX_EPOCH).contains(&epoch) {
        Ok(epoch)
    } else {
        Err(DecodeError::Range { field: "the epoch" })
    }
}

/// Far more sessions than a room ever sees, and far from an overflow.
const MAX_EPOCH: u64 = u64::MAX / 2;

const NONCE: u8 = 1;
const AGREE: u8 = 2;
const RESTART: u8 = 3;
const ENGINE: u8 = 4;
const SAY: u8 = 5;
const LEAVE: u8 = 7;
const VISIT: u8 = 16;
const COMMIT: u8 = 17;
const OPEN: u8 = 18;
const ORDER: u8 = 32;

const DEALER: u8 = 0;
const MEMBER: u8 = 1;
const ENGINE_STOPPED: u8 = 2;
const FORGOTTEN: u8 = 3;

#[cfg(test)]
mod tests {
    use cryptab_wire::{Admission, Charter, Order, Owner, TokenId};

    use super::{Cause, MAX_SAID, Message};
    use crate::authentication::{Gathering, Visit};

    fn order(order: Order) -> Message<'static> {
        let owner = Owner::from_secret(&[1; 32]);
        let (admission, expires) = (Admission::Link, u64::MAX);
        let charter = Charter { owner: owner.key(), admission, parties: 2, expires };
        Message::Order(owner.order(&charter, order))
    }

    fn fixed() -> Vec<Message<'static>> {
        vec![
            Message::Nonce { epoch: 7, nonce: [9; 32] },
            Message::Agree([8; 32]),
            Message::Restart { epoch: 1, cause: Cause::Dealer },
            Message::Restart { epoch: 2, cause: Cause::Member(3) },
            Message::Restart { epoch: 3, cause: Cause::Engine },
            Message::Restart { epoch: 3, cause: Cause::Forgotten },
            Message::Leave,
            Message::Visit(Visit([4; 16])),
            Message::Commit { gathering: Gathering([5; 32]), commitment: [6; 32] },
            Message::Open { gathering: Gathering([5; 32]), value: [7; 32] },
            order(Order::Close),
            order(Order::Revoke(TokenId([7; 8]))),
        ]
    }

    fn joined(message: &Message<'_>) -> Vec<u8> {
        let (head, body) = message.encode();
        [&head, body].concat()
    }

    #[test]
    fn messages_survive_the_way() {
        let said = Message::Say { number: 1 << 33, bytes: b"hi" };
        let free = [Message::Engine(b"shares"), Message::Engine(b""), said];
        for message in fixed().into_iter().chain(free) {
            assert_eq!(Message::parse(&joined(&message)), Ok(message));
        }
    }

    #[test]
    fn shorter_and_longer_messages_are_refused() {
        for message in fixed() {
            let bytes = joined(&message);
            for end in 0..bytes.len() {
                assert!(Message::parse(&bytes[..end]).is_err(), "{message:?} cut at {end}");
            }
            assert!(Message::parse(&[bytes.as_slice(), &[0]].concat()).is_err(), "{message:?}");
        }
        assert!(Message::parse(&[6]).is_err());
        assert!(Message::parse(&joined(&Message::Nonce { epoch: 0, nonce: [0; 32] })).is_err());
        assert!(
            Message::parse(&joined(&Message::Nonce { epoch: u64::MAX, nonce: [0; 32] })).is_err()
        );
    }

    #[test]
    fn what_an_application_says_is_capped() {
        let say = |length| joined(&Message::Say { number: 0, bytes: &vec![0; length] });
        assert!(Message::parse(&say(MAX_SAID)).is_ok());
        assert!(Message::parse(&say(MAX_SAID + 1)).is_err());
    }
}
