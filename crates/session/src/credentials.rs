//! What this party shows to others, and the keys it shows it with.

use std::fmt;

use cryptab_link::{
    Channel, Error, Identity, Pair, Prologue, PublicKey, dealer_prologue, pair_psk,
};
use cryptab_wire::{Claim, Invite};
use zeroize::Zeroizing;

use crate::hello::Hello;

/// Identity, the room's key, and the own hello. Secret; shown as the public key alone.
pub(crate) struct Credentials {
    pub(crate) invite: Invite,
    pub(crate) hello: Hello,
    identity: Identity,
    /// What the dealer knows this party by: another key in every room, so that it cannot connect
    /// them.
    dealer_identity: Identity,
    psk: Zeroizing<[u8; 32]>,
}

impl Credentials {
    pub(crate) fn new(invite: Invite, identity: Identity, mut hello: Hello) -> Self {
        let psk = pair_psk(&invite);
        let dealer_identity = in_room(&invite, &identity);
        hello.dealer_key = dealer_identity.public().0;
        let member = member_of(&invite, identity.public());
        hello.pass = invite.ticket().map(|ticket| ticket.pass(invite.room, member));
        Self { invite, hello, identity, dealer_identity, psk }
    }

    pub(crate) fn key(&self) -> PublicKey {
        self.identity.public()
    }

    /// What the relay tells this party apart by.
    pub(crate) fn member(&self) -> [u8; 16] {
        member_of(&self.invite, self.key())
    }

    /// By what right this party comes, in a room with an owner.
    pub(crate) fn claim(&self) -> Option<Claim> {
        let ownership = self.invite.ownership.as_ref()?;
        Some(Claim { owner: ownership.owner, pass: self.hello.pass })
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
            &self.dealer_identity,
            &dealer,
            &dealer_prologue(self.invite.version),
            hello,
        )
    }
}

/// What the relay tells identities apart by: another one in every room, which nobody without the invite can
/// connect to the key.
pub(crate) fn member_of(invite: &Invite, key: PublicKey) -> [u8; 16] {
    let room = room_key("cryptab v1 members of a room", invite);
    let hash = blake3::keyed_hash(&room, &key.0);
    let mut member = [0; 16];
    member.copy_from_slice(&hash.as_bytes()[..16]);
    member
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("key", &self.key()).finish_non_exhaustive()
    }
}

/// The identity that this one has in one room alone.
fn in_room(invite: &Invite, identity: &Identity) -> Identity {
    let room = room_key("cryptab v1 keys for the dealer of a room", invite);
    let secret = Zeroizing::new(*blake3::keyed_hash(&room, identity.secret()).as_bytes());
    Identity::from_secret(&secret)
}

/// A key for one purpose, that only those who were invited have.
fn room_key(purpose: &'static str, invite: &Invite) -> Zeroizing<[u8; 32]> {
    let mut hasher = blake3::Hasher::new_derive_key(purpose);
    hasher.update(&invite.room).update(invite.secret.as_bytes());
    Zeroizing::new(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use cryptab_engine::Format;
    use cryptab_link::Identity;
    use cryptab_wire::{Invite, Secret};

    use super::{Credentials, Hello};
    use crate::Role;
    use crate::fixtures::invite;

    fn credentials(key: u8, secret: u8) -> Credentials {
        let invite = Invite { secret: Secret::from([secret; 16]), ..invite() };
        let hello = Hello::new("a", Role::Help, Format::default(), false);
        Credentials::new(invite, Identity::from_secret(&[key; 32]), hello)
    }

    #[test]
    fn the_relay_knows_nobody_again_in_another_room() {
        let member = |key, secret| credentials(key, secret).member();
        assert_eq!(member(1, 2), member(1, 2));
        assert_ne!(member(1, 2), member(1, 3));
        assert_ne!(member(1, 2), member(2, 2));
    }

    #[test]
    fn the_dealer_knows_nobody_again_in_another_room() {
        let key = |key, secret| credentials(key, secret).hello.dealer_key;
        assert_eq!(key(1, 2), key(1, 2));
        assert_ne!(key(1, 2), key(1, 3));
        assert_ne!(key(1, 2), key(2, 2));
        assert_ne!(key(1, 2), credentials(1, 2).key().0);
    }
}
