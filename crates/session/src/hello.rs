//! How two parties introduce themselves to each other, inside their handshake.

use cryptab_engine::Format;
use cryptab_wire::{DecodeError, Pass, TokenId, VERSION, control};
use serde::{Deserialize, Serialize};

use crate::Role;
use crate::name::{self, MAX_NAME};

/// What a party says of itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Hello {
    version: u8,
    /// What it wants to be called.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// How it computes; all must agree.
    pub(crate) format: Format,
    /// Whether it makes direct connections.
    pub(crate) direct: bool,
    /// The key that it shows the dealer in this room; its credentials know it.
    pub(crate) dealer_key: [u8; 32],
    /// Where the room's owner lets in whom it invited: the proof.
    pub(crate) pass: Option<Pass>,
}

impl Hello {
    pub(crate) fn new(name: &str, role: Role, format: Format, direct: bool) -> Self {
        let name = name::clean(name);
        let dealer_key = [0; 32];
        Self { version: VERSION, name, role, format, direct, dealer_key, pass: None }
    }

    /// The token that it comes by.
    pub(crate) fn token(&self) -> Option<TokenId> {
        self.pass.map(|pass| pass.token.id())
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        control::encode(self)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, HelloError> {
        // All versions begin with their number; what follows may be anything.
        if let Some(&theirs) = bytes.first().filter(|first| **first != VERSION) {
            return Err(HelloError::Version { theirs });
        }
        let hello: Self = control::decode(bytes, MAX_LENGTH)?;
        if !name::is_allowed(&hello.name) {
            return Err(DecodeError::Range { field: "the name" }.into());
        }
        Ok(hello)
    }
}

/// Why a hello is refused: what its sender did.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum HelloError {
    /// It is of another version.
    #[error(
        "speaks version {theirs} of the protocol, this party version {VERSION}: the older one needs a \
         reload of the page, or the newer program"
    )]
    Version { theirs: u8 },
    /// It cannot be read.
    #[error("introduced itself wrongly: {0}")]
    Malformed(#[from] DecodeError),
}

/// Version, a length byte, the name, role, fraction bits, evaluator, a yes or no, the key, and a pass of at
/// most 174 bytes.
const MAX_LENGTH: usize = 1 + 1 + MAX_NAME + 1 + 1 + 1 + 1 + 32 + 1 + 174;

#[cfg(test)]
mod tests {
    use cryptab_engine::Format;
    use cryptab_wire::{Admission, Charter, Grant, Owner};

    use super::{Hello, HelloError, MAX_LENGTH};
    use crate::Role;

    #[test]
    fn a_hello_survives_the_way() {
        let owner = Owner::from_secret(&[1; 32]);
        let (admission, expires) = (Admission::Token, u64::MAX);
        let charter = Charter { owner: owner.key(), admission, parties: 2, expires };
        let grant = Grant { role: Some(Role::Help), slot: Some(1), expires };
        let ticket = owner.invite(&charter, [2; 16], grant);
        let mut hello = Hello::new(&"n".repeat(80), Role::Help, Format::default(), true);
        assert_eq!(Hello::decode(&hello.encode()), Ok(hello.clone()));
        hello.pass = Some(ticket.pass(charter.room(), [3; 16]));
        assert_eq!(hello.encode().len(), MAX_LENGTH);
        assert_eq!(Hello::decode(&hello.encode()), Ok(hello));
    }

    #[test]
    fn bad_hellos_are_refused() {
        let good = Hello::new("alice", Role::Photo, Format::default(), false);
        let bytes = good.encode();
        for end in 0..bytes.len() {
            assert!(Hello::decode(&bytes[..end]).is_err());
        }
        assert!(Hello::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        let unknown = [&bytes[..bytes.len() - 34], &[9], &[0; 33]].concat();
        assert!(Hello::decode(&unknown).is_err(), "neither yes nor no");
        let newer = Hello { version: 9, ..good.clone() }.encode();
        for newer in [&newer[..], &[9], b"\x09 whatever version 9 says"] {
            let error = Hello::decode(newer).unwrap_err();
            assert_eq!(error, HelloError::Version { theirs: 9 });
            assert!(
                error
                    .to_string()
                    .starts_with("speaks version 9 of the protocol, this party version 1")
            );
        }
        assert!(Hello::decode(&Hello { name: "a\nb".into(), ..good }.encode()).is_err());
    }
}
