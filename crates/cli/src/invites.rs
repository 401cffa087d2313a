//! New rooms.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use cryptab_session::{Admission, Charter, Grant, Invite, Owner, Ownership, Role};

use crate::failure::{Failure, Kind};

/// What a new room is for.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) parties: u8,
    pub(crate) program: String,
    pub(crate) dealer_key: [u8; 32],
    pub(crate) dealer_url: Option<String>,
    /// Seconds from now; negative for a room that has ended.
    pub(crate) expires_in: i64,
}

/// What one person is invited to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) role: Option<Role>,
    pub(crate) slot: Option<u8>,
}

impl Room {
    /// An invite to a new room, with a name and a secret of its own.
    pub(crate) fn invite(self) -> Result<Invite, Failure> {
        let end = self.end();
        valid(self.named(random()?, end)?)
    }

    /// When it ends, in seconds since 1970.
    fn end(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        now.saturating_add_signed(self.expires_in)
    }

    fn named(self, room: [u8; 16], expires: u64) -> Result<Invite, Failure> {
        Ok(Invite {
            version: 1,
            room,
            secret: random::<16>()?.into(),
            dealer_key: self.dealer_key,
            parties: self.parties,
            program: self.program,
            expires,
            dealer_url: self.dealer_url,
            ownership: None,
        })
    }

    /// Invites to a new room of this owner, whose key is for this room alone: one for each place, or
    /// one for all.
    pub(crate) fn invites(self, owner: &Owner, places: &[Place]) -> Result<Vec<Invite>, Failure> {
        self.check(places)?;
        let (parties, expires) = (self.parties, self.end());
        let admission = if places.is_empty() { Admission::Link } else { Admission::Token };
        let charter = Charter { owner: owner.key(), admission, parties, expires };
        let invite = self.named(charter.room(), expires)?;
        let mine = |ticket| Invite {
            ownership: Some(Ownership { owner: owner.key(), ticket }),
            ..invite.clone()
        };
        if places.is_empty() {
            return Ok(vec![valid(mine(None))?]);
        }
        let one = |&Place { role, slot }: &Place| {
            let ticket = owner.invite(&charter, random()?, Grant { role, slot, expires });
            valid(mine(Some(ticket)))
        };
        places.iter().map(one).collect()
    }

    /// Refuses places that not everybody could take, and an end that no relay accepts.
    fn check(&self, places: &[Place]) -> Result<(), Failure> {
        if places.len() > usize::from(self.parties) {
            let text = format!("{} people cannot be {} parties", places.len(), self.parties);
            return Err(Failure::input(text));
        }
        let beyond = |slot: &u8| *slot >= self.parties;
        if let Some(slot) = places.iter().filter_map(|place| place.slot).find(beyond) {
            let text =
                format!("there is no slot {slot} among {} parties: they begin at 0", self.parties);
            return Err(Failure::input(text));
        }
        let mut slots = BTreeSet::new();
        if let Some(slot) =
            places.iter().filter_map(|place| place.slot).find(|slot| !slots.insert(*slot))
        {
            return Err(Failure::input(format!("two people cannot have the same place @{slot}")));
        }
        if u64::try_from(self.expires_in).is_ok_and(|left| left > Charter::LONGEST) {
            return Err(Failure::input("a room with an owner ends within 30 days"));
        }
        Ok(())
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (role, slot) = match text.split_once('@') {
            Some((role, slot)) => {
                let slot = slot.parse().map_err(|_| format!("`{slot}` is no place: 0 to 7"))?;
                (role, Some(slot))
            }
            None => (text, None),
        };
        let role = match role {
            "any" => None,
            role => Some(role.parse().map_err(|error| format!("{error}, or `any`"))?),
        };
        Ok(Self { role, slot })
    }
}

fn valid(invite: Invite) -> Result<Invite, Failure> {
    invite.validated().map_err(|error| Failure::input(error.to_string()))
}

/// The key that a text of 64 hexadecimal digits is.
pub(crate) fn key(text: &str) -> Result<[u8; 32], String> {
    let wrong = || "a dealer's key has 64 hexadecimal digits".to_owned();
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut key = [0; 32];
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())?;
    }
    Ok(key)
}

/// The hexadecimal digits of a key.
pub(crate) fn hex(key: &[u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)
        .map_err(|_| Failure::new(Kind::Bug, "the operating system's random generator failed"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use cryptab_session::Role;

    use super::{Place, hex, key};

    #[test]
    fn places_are_written_with_a_role_and_perhaps_a_slot() {
        let place = |role, slot| Ok(Place { role, slot });
        assert_eq!("photo".parse(), place(Some(Role::Photo), None));
        assert_eq!("any@2".parse(), place(None, Some(2)));
        for bad in ["", "boss", "photo@", "photo@x", "@1"] {
            assert!(bad.parse::<Place>().is_err(), "{bad}");
        }
    }

    #[test]
    fn keys_are_written_in_hexadecimal() {
        let bytes = std::array::from_fn(|i| u8::try_from(7 * i).unwrap());
        assert_eq!(key(&hex(&bytes)), Ok(bytes));
        assert!(key(&hex(&bytes)[1..]).is_err());
        assert!(key(&"g".repeat(64)).is_err());
        assert!(key("").is_err());
    }
}
