//! Who is together in a room at a time.

use cryptab_link::PublicKey;
use cryptab_wire::{Invite, VERSION};

/// Tells one stay of a party in a room from its others under the same key: after a reload it knows
/// nothing of what it revealed before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Visit(pub(crate) [u8; 16]);

/// Names those who are together in a room, and the room.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Gathering(pub(crate) [u8; 32]);

impl Gathering {
    /// The gathering of these parties, in the order of their slots.
    pub(crate) fn new(invite: &Invite, present: &[(PublicKey, Visit)]) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 gathering in a room");
        hasher.update(&[VERSION]).update(&invite.room).update(&invite.dealer_key);
        hasher.update(&[invite.parties]);
        for (key, visit) in present {
            hasher.update(&key.0).update(&visit.0);
        }
        // The only part of its own length comes last.
        hasher.update(invite.program.as_bytes());
        Self(*hasher.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use cryptab_link::PublicKey;
    use cryptab_wire::Invite;

    use super::{Gathering, Visit};
    use crate::fixtures::invite;

    #[test]
    fn everything_counts() {
        let invite = invite();
        let party = |key, visit| (PublicKey([key; 32]), Visit([visit; 16]));
        let present = [party(4, 5), party(6, 7)];
        let base = Gathering::new(&invite, &present);
        assert_eq!(base, Gathering::new(&invite, &present));
        for other in [
            Gathering::new(&invite, &[present[1], present[0]]),
            Gathering::new(&invite, &[party(4, 5), party(8, 7)]),
            Gathering::new(&invite, &[party(4, 5), party(6, 8)]),
            Gathering::new(&Invite { room: [9; 16], ..invite.clone() }, &present),
            Gathering::new(&Invite { dealer_key: [9; 32], ..invite.clone() }, &present),
            Gathering::new(&Invite { program: "photos".into(), ..invite }, &present),
        ] {
            assert_ne!(base, other);
        }
    }
}
