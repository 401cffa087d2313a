use std::fmt;
use std::time::Duration;

use cryptab_engine::{Format, RevealPolicy};
use cryptab_link::Identity;
use cryptab_wire::Invite;
use serde::{Deserialize, Serialize};

use crate::{Acquaintance, Journal, Role};

/// What a party joins a room with.
pub struct Join {
    /// The invite from the room's link.
    pub invite: Invite,
    /// The party's key pair, drawn for this room.
    pub identity: Identity,
    /// What the others shall call it. Cut to 64 bytes, without control characters.
    pub name: String,
    /// Whom it has met before; what [`Event::Acquainted`](crate::Event::Acquainted) told it then.
    pub acquaintances: Vec<Acquaintance>,
    /// What it brings.
    pub role: Role,
    /// The slot wanted, or whichever is free.
    pub slot: Option<u8>,
    /// How it computes; all parties must say the same.
    pub format: Format,
    /// What it lets the computation reveal.
    pub reveal: RevealPolicy,
    /// Which way its frames may take.
    pub route: Route,
    /// How long to wait for a party, the relay or the dealer to come back before the session is
    /// given up.
    pub patience: Duration,
    /// Whether it can be resumed after its process has ended, and from what.
    pub journal: Journal,
}

/// Which way frames between parties may take.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Route {
    /// Directly where that is possible and faster, else through the relay.
    #[default]
    Best,
    /// Through the relay alone: no party learns another's network address.
    Relay,
    /// Directly alone, but for what makes the direct connection.
    Direct,
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
