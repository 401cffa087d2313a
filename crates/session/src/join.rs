use std::fmt;

use cryptab_engine::{Format, RevealPolicy};
use cryptab_link::Identity;
use cryptab_wire::Invite;

use crate::Role;

/// What a party joins a room with.
pub struct Join {
    /// The invite from the room's link.
    pub invite: Invite,
    /// The party's key pair, drawn for this room.
    pub identity: Identity,
    /// What the others shall call it. Cut to 64 bytes, without control characters.
    pub name: String,
    /// What it brings.
    pub role: Role,
    /// The slot wanted, or whichever is free.
    pub slot: Option<u8>,
    /// How it computes; all parties must say the same.
    pub format: Format,
    /// What it lets the computation reveal.
    pub reveal: RevealPolicy,
}

impl fmt::Debug for Join {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Join")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("slot", &self.slot)
            .finish_non_exhaustive()
    }
}
