//! Whom this party has met under which key.

use cryptab_link::PublicKey;
use serde::{Deserialize, Serialize};

use crate::hello::Hello;
use crate::peer::Introduced;

/// A key that someone of this name has shown. A person with several devices has several.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Acquaintance {
    /// What it called itself.
    pub name: String,
    /// Its public key, in hexadecimal digits.
    pub key: String,
    /// Whether this party's user has compared the words of a room in which it was.
    pub verified: bool,
}

/// What a party remembers of keys.
#[derive(Debug, Default)]
pub(crate) struct Acquaintances(Vec<Known>);

#[derive(Debug)]
struct Known {
    name: String,
    key: PublicKey,
    verified: bool,
}

/// What a key is, for someone of this name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Recognition {
    /// The name was never seen.
    New,
    /// The key was seen under this name.
    Known,
    /// The key was seen under this name, and verified.
    Verified,
    /// The name was seen, but under other keys.
    Changed,
}

impl Acquaintances {
    /// What is no key is left out: nobody can show it.
    pub(crate) fn new(known: Vec<Acquaintance>) -> Self {
        let known = known.into_iter().filter_map(|Acquaintance { name, key, verified }| {
            Some(Known { name, key: key_of(&key)?, verified })
        });
        Self(known.collect())
    }

    pub(crate) fn recognise(&self, Introduced { hello, key }: &Introduced) -> Recognition {
        let mut known = self.0.iter().filter(|known| known.name == hello.name).peekable();
        if known.peek().is_none() {
            return Recognition::New;
        }
        match known.find(|known| known.key == *key) {
            Some(Known { verified: true, .. }) => Recognition::Verified,
            Some(_) => Recognition::Known,
            None => Recognition::Changed,
        }
    }

    /// Remembers someone, and how: what is to be kept, if it is news.
    pub(crate) fn remember(
        &mut self,
        Introduced { hello, key }: &Introduced,
        trust: Trust,
    ) -> Option<Acquaintance> {
        let Hello { name, .. } = hello;
        let verified = trust == Trust::Verified;
        // One invitee could come under ever new names.
        let is_full = !verified && self.0.len() >= MAX_UNVERIFIED;
        match self.0.iter_mut().find(|known| known.name == *name && known.key == *key) {
            Some(known) if known.verified || !verified => return None,
            Some(known) => known.verified = true,
            None if is_full => return None,
            None => self.0.push(Known { name: name.clone(), key: *key, verified }),
        }
        Some(Acquaintance { name: name.clone(), key: digits(*key), verified })
    }
}

/// How far someone is trusted to be who it says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trust {
    /// Its key was accepted as it came.
    Accepted,
    /// The words were compared.
    Verified,
}

fn digits(key: PublicKey) -> String {
    key.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key_of(digits: &str) -> Option<PublicKey> {
    let mut key = [0; 32];
    if digits.len() != 2 * key.len() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&digits[at..at + 2], 16).ok()?;
    }
    Some(PublicKey(key))
}

/// With so many acquaintances, only those whose words were compared are added.
const MAX_UNVERIFIED: usize = 1000;

#[cfg(test)]
mod tests {
    use cryptab_engine::Format;
    use cryptab_link::PublicKey;

    use super::{Acquaintance, Acquaintances, Introduced, Recognition, Trust};
    use crate::Role;
    use crate::hello::Hello;

    fn someone(name: &str, key: u8) -> Introduced {
        let hello = Hello::new(name, Role::Help, Format::default(), false);
        Introduced { hello, key: PublicKey([key; 32]) }
    }

    #[test]
    fn another_key_under_a_known_name_is_noticed_until_it_is_accepted() {
        let mut known = Acquaintances::default();
        let (bob, other) = (someone("bob", 0xab), someone("bob", 2));
        assert_eq!(known.recognise(&bob), Recognition::New);
        let kept = known.remember(&bob, Trust::Accepted).unwrap();
        assert_eq!((kept.name.as_str(), kept.key, kept.verified), ("bob", "ab".repeat(32), false));
        assert_eq!(known.remember(&bob, Trust::Accepted), None);
        assert_eq!(known.recognise(&bob), Recognition::Known);
        assert_eq!(known.recognise(&other), Recognition::Changed);
        assert_eq!(known.recognise(&someone("carol", 2)), Recognition::New);
        known.remember(&other, Trust::Accepted).unwrap();
        assert_eq!(known.recognise(&other), Recognition::Known);
        assert_eq!(known.recognise(&bob), Recognition::Known);
    }

    #[test]
    fn what_was_kept_is_read_again() {
        let bob = someone("bob", 0xab);
        let kept = Acquaintances::default().remember(&bob, Trust::Verified).unwrap();
        let known = Acquaintances::new(vec![kept.clone()]);
        assert_eq!(known.recognise(&bob), Recognition::Verified);
        for key in ["", "zz", &"g".repeat(64), &"é".repeat(32)] {
            let damaged = Acquaintance { key: key.to_owned(), ..kept.clone() };
            assert_eq!(Acquaintances::new(vec![damaged]).recognise(&bob), Recognition::New);
        }
    }

    #[test]
    fn what_was_verified_stays_so() {
        let mut known = Acquaintances::default();
        let bob = someone("bob", 1);
        known.remember(&bob, Trust::Accepted).unwrap();
        assert!(known.remember(&bob, Trust::Verified).unwrap().verified);
        assert_eq!(known.recognise(&bob), Recognition::Verified);
        assert_eq!(known.remember(&bob, Trust::Accepted), None);
        assert_eq!(known.recognise(&bob), Recognition::Verified);
        // It is this key of bob's that was verified, and no other name's or key's.
        assert_eq!(known.recognise(&someone("carol", 1)), Recognition::New);
        assert_eq!(known.recognise(&someone("bob", 2)), Recognition::Changed);
    }
}
