//! The three packets of a handshake.
//!
//! | packet | XXpsk3 (pair) | XK (dealer) | payload |
//! |---|---|---|---|
//! | 1 | `-> e` | `-> e, es` | empty |
//! | 2 | `<- e, ee, s, es` | `<- e, ee` | the responder's ciphers |
//! | 3 | `-> s, se, psk` | `-> s, se` | the initiator's ciphers, its hello |
//!
//! Patterns and tokens as in the Noise Protocol Framework, revision 34, sections 7.5 and 9. Payloads are
//! part of what both sides must have seen alike: who changes the ciphers on the way keeps the channel shut.

use cryptab_wire::relay::MAX_PACKET;
use snow::resolvers::BoxedCryptoResolver;
use snow::{Builder, HandshakeState};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key::{Identity, PublicKey};
use crate::primitives::{Ciphers, Resolver};
use crate::sealed::Sealed;

/// A handshake under way. It carries the number of the packet that is due.
pub(crate) struct Handshake {
    noise: HandshakeState,
    packet: u8,
}

/// The two ways to be connected, seen from one side.
pub(crate) enum Way<'keys> {
    PairInitiator { psk: &'keys [u8; 32] },
    PairResponder { psk: &'keys [u8; 32] },
    DealerClient { dealer: &'keys PublicKey },
    DealerServer,
}

impl Handshake {
    pub(crate) fn new(way: &Way<'_>, identity: &Identity, prologue: &[u8]) -> Result<Self, Error> {
        Self::with_resolver(Box::new(Resolver), way, identity, prologue)
    }

    /// A handshake whose primitives come from `resolver`.
    pub(crate) fn with_resolver(
        resolver: BoxedCryptoResolver,
        way: &Way<'_>,
        identity: &Identity,
        prologue: &[u8],
    ) -> Result<Self, Error> {
        let pattern = match way {
            Way::PairInitiator { .. } | Way::PairResponder { .. } => PAIR,
            Way::DealerClient { .. } | Way::DealerServer => DEALER,
        };
        let params = pattern.parse().map_err(Error::Noise)?;
        let builder = Builder::with_resolver(params, resolver)
            .local_private_key(identity.secret())
            .and_then(|builder| builder.prologue(prologue))
            .map_err(Error::Noise)?;
        let noise = match way {
            Way::PairInitiator { psk } => {
                builder.psk(PSK_POSITION, psk).and_then(Builder::build_initiator)
            }
            Way::PairResponder { psk } => {
                builder.psk(PSK_POSITION, psk).and_then(Builder::build_responder)
            }
            Way::DealerClient { dealer } => {
                builder.remote_public_key(&dealer.0).and_then(Builder::build_initiator)
            }
            Way::DealerServer => builder.build_responder(),
        };
        Ok(Self { noise: noise.map_err(Error::Noise)?, packet: 1 })
    }

    /// The packet that is due, with its payload.
    pub(crate) fn write(&mut self, payload: &[u8]) -> Result<Vec<u8>, Error> {
        let mut packet = vec![0; MAX_OVERHEAD + payload.len()];
        let length = self.noise.write_message(payload, &mut packet).map_err(Error::Noise)?;
        packet.truncate(length);
        self.packet += 1;
        Ok(packet)
    }

    /// The payload of the packet that is due.
    pub(crate) fn read(&mut self, packet: &[u8]) -> Result<Vec<u8>, Error> {
        if packet.len() > MAX_PACKET {
            return Err(Error::PacketSize { length: packet.len(), min: 0, max: MAX_PACKET });
        }
        let mut payload = vec![0; packet.len()];
        let length = self
            .noise
            .read_message(packet, &mut payload)
            .map_err(|_| Error::Handshake { packet: self.packet })?;
        payload.truncate(length);
        self.packet += 1;
        Ok(payload)
    }

    /// Reads the first packet, which has no payload. What is not proven secret yet is not a place to talk.
    pub(crate) fn read_empty(&mut self, packet: &[u8]) -> Result<(), Error> {
        if self.read(packet)?.is_empty() {
            return Ok(());
        }
        Err(Error::Protocol("an early handshake packet carries a payload"))
    }

    /// Reads the second packet.
    pub(crate) fn read_ciphers(&mut self, packet: &[u8]) -> Result<Ciphers, Error> {
        match self.read(packet)?[..] {
            [ciphers] => Ok(Ciphers::from_byte(ciphers)),
            _ => Err(Error::Protocol("the second handshake packet says more than its ciphers")),
        }
    }

    /// The peer, and a channel sealed with the best of these ciphers, once finished.
    pub(crate) fn finish(mut self, ciphers: Ciphers) -> Result<(PublicKey, Sealed), Error> {
        if !self.noise.is_handshake_finished() {
            return Err(Error::Protocol("the handshake has not finished"));
        }
        let peer = self
            .noise
            .get_remote_static()
            .and_then(|key| key.try_into().ok())
            .ok_or(Error::Protocol("the handshake left no peer key"))?;
        let (initiators, responders) = self.noise.dangerously_get_raw_split();
        let keys = [initiators, responders].map(Zeroizing::new);
        let [initiators, responders] = keys.map(|key| ciphers.keyed(&key));
        let sealed = match self.noise.is_initiator() {
            true => Sealed::new(initiators, responders),
            false => Sealed::new(responders, initiators),
        };
        Ok((PublicKey(peer), sealed))
    }
}

const PAIR: &str = "Noise_XXpsk3_25519_ChaChaPoly_BLAKE2s";
const DEALER: &str = "Noise_XK_25519_ChaChaPoly_BLAKE2s";
const PSK_POSITION: u8 = 3;

/// The most that keys and tags add: packet 2 of `XXpsk3` has two keys and two tags.
const MAX_OVERHEAD: usize = 2 * 32 + 2 * 16;
