//! Commitments and values of one gathering.

use std::collections::BTreeMap;
use std::fmt;

use cryptab_link::PublicKey;
use zeroize::Zeroizing;

use super::{Authentication, Gathering};

/// One party's view of one gathering. Everyone commits to one value in it, once.
pub(crate) struct Round {
    pub(crate) gathering: Gathering,
    /// The keys of all, by slot.
    keys: Vec<PublicKey>,
    me: u8,
    value: Zeroizing<[u8; 32]>,
    commitments: BTreeMap<u8, [u8; 32]>,
    /// What was revealed, and was found to be what was committed to.
    values: BTreeMap<u8, [u8; 32]>,
    /// Once all values are known.
    authentication: Option<Authentication>,
}

impl Round {
    /// The party in slot `me` draws `value`, for this gathering alone.
    pub(crate) fn new(gathering: Gathering, keys: Vec<PublicKey>, me: u8, value: [u8; 32]) -> Self {
        let value = Zeroizing::new(value);
        let (commitments, values) = (BTreeMap::new(), BTreeMap::new());
        Self { gathering, keys, me, value, commitments, values, authentication: None }
    }

    /// What this party commits to its value with.
    pub(crate) fn commitment(&self) -> [u8; 32] {
        self.commitment_to(self.me, &self.value).unwrap_or_default()
    }

    /// A peer's commitment, perhaps once more. If it was the last that was missing: what this party
    /// reveals now.
    pub(crate) fn commit(
        &mut self,
        slot: u8,
        commitment: [u8; 32],
    ) -> Result<Option<[u8; 32]>, &'static str> {
        match self.commitments.insert(slot, commitment) {
            Some(former) if former != commitment => Err(COMMITTED_TWICE),
            Some(_) => Ok(None),
            None => Ok(self.opening()),
        }
    }

    /// What this party has revealed: nothing before all others have committed.
    pub(crate) fn opening(&self) -> Option<[u8; 32]> {
        (self.commitments.len() + 1 == self.keys.len()).then_some(*self.value)
    }

    /// What a peer reveals.
    pub(crate) fn open(&mut self, slot: u8, value: [u8; 32]) -> Result<(), &'static str> {
        let Some(commitment) = self.commitments.get(&slot) else {
            return Err(OPENED_EARLY);
        };
        if self.commitment_to(slot, &value) != Some(*commitment) {
            return Err(LIED);
        }
        self.values.insert(slot, value);
        self.authentication = self.string();
        Ok(())
    }

    /// The string, once all values are known.
    pub(crate) const fn authentication(&self) -> Option<&Authentication> {
        self.authentication.as_ref()
    }

    fn string(&self) -> Option<Authentication> {
        let slots = 0..u8::try_from(self.keys.len()).ok()?;
        let value = |slot| {
            if slot == self.me { Some(*self.value) } else { self.values.get(&slot).copied() }
        };
        let values: Option<Vec<_>> = slots.map(value).collect();
        Some(Authentication::of(self.gathering, &values?))
    }

    fn commitment_to(&self, slot: u8, value: &[u8; 32]) -> Option<[u8; 32]> {
        let key = self.keys.get(usize::from(slot))?;
        let mut hasher = blake3::Hasher::new_derive_key("cryptab v1 commitment to a value");
        hasher.update(&self.gathering.0).update(&[slot]).update(&key.0).update(value);
        Some(*hasher.finalize().as_bytes())
    }
}

/// Without the value, which is secret until it is revealed.
impl fmt::Debug for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Round").field("me", &self.me).finish_non_exhaustive()
    }
}

const OPENED_EARLY: &str =
    "cannot be trusted: it revealed a value for the words to compare before it committed to one";
const COMMITTED_TWICE: &str =
    "cannot be trusted: it committed to two values for the words to compare";
const LIED: &str = "cannot be trusted: what it revealed for the words to compare is not what it committed to; \
                    someone may sit in between";

#[cfg(test)]
mod tests {
    use cryptab_link::PublicKey;

    use super::{Gathering, Round};

    fn round(me: u8, value: u8) -> Round {
        Round::new(
            Gathering([1; 32]),
            vec![PublicKey([2; 32]), PublicKey([3; 32])],
            me,
            [value; 32],
        )
    }

    #[test]
    fn both_sides_have_the_same_string() {
        let (mut alice, mut bob) = (round(0, 4), round(1, 5));
        assert!(alice.opening().is_none() && alice.authentication().is_none());
        alice.commit(1, bob.commitment()).unwrap();
        bob.commit(0, alice.commitment()).unwrap();
        bob.commit(0, alice.commitment()).unwrap();
        alice.open(1, bob.opening().unwrap()).unwrap();
        bob.open(0, alice.opening().unwrap()).unwrap();
        assert!(alice.authentication().is_some());
        assert_eq!(alice.authentication(), bob.authentication());
    }

    #[test]
    fn nothing_is_revealed_before_all_have_committed() {
        let keys = [1, 2, 3].map(|byte| PublicKey([byte; 32])).to_vec();
        let mut alice = Round::new(Gathering([1; 32]), keys, 0, [4; 32]);
        assert_eq!(alice.commit(2, [9; 32]), Ok(None));
        assert_eq!(alice.commit(2, [9; 32]), Ok(None));
        assert_eq!(alice.opening(), None);
        assert_eq!(alice.commit(1, [8; 32]), Ok(Some([4; 32])));
    }

    #[test]
    fn nothing_but_what_was_committed_to_is_accepted() {
        let mut alice = round(0, 4);
        assert!(alice.open(1, [5; 32]).is_err());
        alice.commit(1, round(1, 5).commitment()).unwrap();
        assert!(alice.open(1, [6; 32]).is_err());
        assert!(alice.commit(1, round(1, 6).commitment()).is_err());
        let mut alice = round(0, 4);
        // Another's commitment, repeated, binds nobody else.
        alice.commit(1, alice.commitment()).unwrap();
        assert!(alice.open(1, [4; 32]).is_err());
    }

    #[test]
    fn debug_hides_the_value() {
        let shown = format!("{:?}", round(0, 0xab));
        assert!(!shown.contains("171") && !shown.contains("ab, ab"), "{shown}");
    }
}
