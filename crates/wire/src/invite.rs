//! What a room's link carries.
//!
//! A link is `<origin>/#<base64url(postcard(invite) + checksum)>`. Everything is in the fragment,
//! which browsers keep to themselves: no server ever receives it. The checksum (first 4 bytes of
//! BLAKE3) finds links that were cut or mistyped on the way; it is no protection against forgery,
//! since whoever holds a link may make another one. What an owner signed is protected by itself:
//! see [`Ownership`].

mod secret;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::control::{self, DecodeError};
use crate::{Admission, Charter, MAX_PARTIES, MIN_PARTIES, OwnerKey, Ticket, VERSION};

pub use secret::Secret;

/// An invitation to a room: who may come, what is computed, and the keys to begin with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Invite {
    /// Protocol version, [`VERSION`] in invites made here.
    pub version: u8,
    /// The room's unguessable name, which the relay knows.
    pub room: [u8; 16],
    /// What only the invited know; channels between parties are keyed with it.
    pub secret: Secret,
    /// The dealer's static X25519 key, pinned for the room.
    pub dealer_key: [u8; 32],
    /// How many parties compute together, 2 to 8.
    pub parties: u8,
    /// The program's name: 1 to 32 of `a-z`, `0-9` and `-`.
    pub program: String,
    /// When the room ends, in seconds since 1970.
    pub expires: u64,
    /// Where the dealer is: a path on the link's origin (`/dealer`) or a `ws:`/`wss:` address.
    /// Absent when whoever joins is told by other means.
    pub dealer_url: Option<String>,
    /// Whose room it is; absent for a room without an owner, which nobody can close before its end.
    pub ownership: Option<Ownership>,
}

/// Whose room it is, and by what right the holder of this link comes in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Ownership {
    /// The owner's public key; the room's name is a hash of it.
    pub owner: OwnerKey,
    /// Where nobody is let in without: what the owner signed for the holder of this link. All links
    /// to a room have one, or none has.
    pub ticket: Option<Ticket>,
}

impl Invite {
    /// The invite in a link, or in the fragment of one (with its `#`).
    ///
    /// Does not look at the clock: see [`Invite::expired`].
    ///
    /// # Errors
    /// [`InviteError`], the link's fault.
    pub fn from_link(link: &str) -> Result<Self, InviteError> {
        let (_, fragment) = link.trim().split_once('#').ok_or(InviteError::NotALink)?;
        if fragment.is_empty() {
            return Err(InviteError::NotALink);
        }
        if fragment.len() > MAX_FRAGMENT {
            return Err(InviteError::TooLong { length: fragment.len(), cap: MAX_FRAGMENT });
        }
        let bytes = URL_SAFE_NO_PAD.decode(fragment).map_err(|_| InviteError::NotALink)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(InviteError::Checksum)?;
        if *sum != checksum(body) {
            return Err(InviteError::Checksum);
        }
        match body.first() {
            Some(&VERSION) => {}
            Some(&found) => return Err(InviteError::Version { found }),
            None => return Err(InviteError::Malformed(DecodeError::Malformed)),
        }
        control::decode::<Self>(body, MAX_FRAGMENT)?.validated()
    }

    /// The link to this invite on a site, for example `https://cryptab.example`.
    #[must_use]
    pub fn link(&self, origin: &str) -> String {
        let mut bytes = control::encode(self);
        let sum = checksum(&bytes);
        bytes.extend_from_slice(&sum);
        format!("{}/#{}", origin.trim_end_matches('/'), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// This invite, when every field is in its range: what [`Invite::from_link`] would accept.
    ///
    /// # Errors
    /// [`InviteError::Version`], or [`InviteError::Malformed`] with the field's name.
    pub fn validated(self) -> Result<Self, InviteError> {
        let range = |field| Err(InviteError::Malformed(DecodeError::Range { field }));
        if self.version != VERSION {
            return Err(InviteError::Version { found: self.version });
        }
        if !(MIN_PARTIES..=MAX_PARTIES).contains(&self.parties) {
            return range("the number of parties");
        }
        if !is_program(&self.program) {
            return range("the program's name");
        }
        if self.dealer_url.as_deref().is_some_and(|url| !is_dealer_url(url)) {
            return range("the dealer's address");
        }
        if let (Some(charter), Some(ownership)) = (self.charter(), &self.ownership) {
            if charter.room() != self.room {
                return range("the room's name");
            }
            if ownership.ticket.as_ref().is_some_and(|ticket| !self.grants(&charter, ticket)) {
                return range("the token");
            }
        }
        Ok(self)
    }

    /// What the owner fixed of the room, if it has an owner.
    #[must_use]
    pub fn charter(&self) -> Option<Charter> {
        let ownership = self.ownership.as_ref()?;
        let admission = if ownership.ticket.is_some() { Admission::Token } else { Admission::Link };
        Some(Charter {
            owner: ownership.owner,
            admission,
            parties: self.parties,
            expires: self.expires,
        })
    }

    /// What the owner signed for the holder of this link, where that is needed.
    #[must_use]
    pub fn ticket(&self) -> Option<&Ticket> {
        self.ownership.as_ref()?.ticket.as_ref()
    }

    /// When the room, or the right to be in it, ends: in seconds since 1970.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.ticket().map_or(self.expires, |ticket| ticket.grant.expires.min(self.expires))
    }

    /// Whether that end has come by `now`, in seconds since 1970.
    #[must_use]
    pub fn expired(&self, now: u64) -> bool {
        now >= self.end()
    }

    fn grants(&self, charter: &Charter, ticket: &Ticket) -> bool {
        ticket.grant.slot.is_none_or(|slot| slot < self.parties)
            && ticket.token().is_genuine(charter)
    }
}

/// Why a link is no invite. Always the fault of the link, not of whoever follows it.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum InviteError {
    /// There is no invite after a `#`.
    #[error("this is not an invite link: the part after # is missing or damaged")]
    NotALink,
    /// Longer than any invite.
    #[error("this is not an invite link: {length} characters after #, at most {cap} are possible")]
    TooLong {
        /// Characters after the `#`.
        length: usize,
        /// The most an invite can have.
        cap: usize,
    },
    /// The end is missing, or a character was changed.
    #[error("the invite link is incomplete or was changed on the way: copy it again in full")]
    Checksum,
    /// Made by another version of the protocol.
    #[error("the invite was made by version {found} of the protocol, this is version {VERSION}")]
    Version {
        /// The version that made it.
        found: u8,
    },
    /// Undamaged, but not what an invite may say.
    #[error("the invite link is not valid: {0}")]
    Malformed(#[from] DecodeError),
}

fn is_program(name: &str) -> bool {
    (1..=32).contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

fn is_dealer_url(url: &str) -> bool {
    let path = url.starts_with('/') && !url.starts_with("//");
    let socket = ["ws://", "wss://"].iter().any(|scheme| {
        url.strip_prefix(scheme).is_some_and(|host| !host.is_empty() && !host.starts_with('/'))
    });
    url.len() <= MAX_DEALER_URL
        && (path || socket)
        && url.bytes().all(|byte| byte.is_ascii_graphic())
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    blake3::Hasher::new_derive_key("cryptab v1 invite link checksum")
        .update(body)
        .finalize_xof()
        .fill(&mut sum);
    sum
}

const CHECKSUM: usize = 4;
const MAX_DEALER_URL: usize = 256;

/// The longest body is 1 + 16 + (1 + 32) + 32 + 1 + (1 + 32) + 10 + (1 + 2 + 256) = 385 bytes and an
/// ownership of 1 + 32 + 1 + (1 + 32) + 2 + 2 + 10 + 64 = 145, with the checksum 534, in base64 712
/// characters.
const MAX_FRAGMENT: usize = 712;

#[cfg(test)]
mod tests;
