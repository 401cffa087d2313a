//! What this party shows to others, and the keys it shows it with.

use std::fmt;

use cryptab_link::{
    Channel, Error, Identity, Pair, Prologue, PublicKey, dealer_prologue, pair_psk,
};
use cryptab_wire::Invite;
use zeroize::Zeroizing;

use crate::hello::Hello;

/// Identity, the room's key, and the own hello. Secret; shown as the public key alone.
pub(crate) struct Credentials {
    pub(crate) invite: Invite,
    pub(crate) hello: Hello,
    identity: Identity,
    psk: Zeroizing<[u8; 32]>,
}

impl Credentials {
    pub(crate) fn new(invite: Invite, identity: Identity, hello: Hello) -> Self {
        let psk = pair_psk(&invite);
        Self { invite, hello, identity, psk }
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.identity.public()
    }

    /// What the relay tells identities apart by.
    pub(crate) fn member(&self) -> [u8; 16] {
        let hash = blake3::hash(&self.key().0);
        let mut member = [0; 16];
        member.copy_from_slice(&hash.as_bytes()[..16]);
        member
    }

    /// What the journal is sealed under.
    pub(crate) fn journal_key(&self) -> Zeroizing<[u8; 32]> {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 key of a party's journal");
        hasher.update(self.identity.secret()).update(&*self.psk);
        Zeroizing::new(hasher.finalize().into())
    }

    /// This side of the channel between two slots.
    pub(crate) fn channel(&self, slots: Pair, me: u8) -> Result<Channel, Error> {
        let prologue = Prologue::of(&self.invite, slots).encode();
        let hello = self.hello.encode();
        if slots.initiator() == me {
            Channel::pair_initiator(&self.identity, &self.psk, &prologue, hello)
        } else {
            Channel::pair_responder(&self.identity, &self.psk, &prologue, hello)
        }
    }

    /// This side of the channel to the dealer.
    pub(crate) fn dealer_channel(&self, hello: Vec<u8>) -> Result<Channel, Error> {
        let dealer = PublicKey(self.invite.dealer_key);
        Channel::dealer_client(
            &self.identity,
            &dealer,
            &dealer_prologue(self.invite.version),
            hello,
        )
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("key", &self.key()).finish_non_exhaustive()
    }
}
