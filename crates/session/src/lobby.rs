use cryptab_link::Path;
use serde::{Deserialize, Serialize};

use crate::{Authentication, Role};

/// Who is in the room, as this party knows it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Lobby {
    /// Who is here, by slot. Empty while this party is not in the room itself.
    pub members: Vec<Member>,
    /// How many parties compute together.
    pub parties: u8,
    /// This party's slot; 0 while it has none.
    pub me: u8,
    /// Whether the relay can be reached.
    pub is_online: bool,
    /// How it stands with the dealer.
    pub dealer: DealerState,
    /// What people compare to be sure that nobody sits between them, once everyone is here.
    pub authentication: Option<Authentication>,
}

/// Someone in the room.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Its slot, which is its number in the computation.
    pub slot: u8,
    /// What it calls itself; two of the same name are told apart by their slots. A placeholder
    /// until the channel is sealed.
    pub name: String,
    /// What it brings; [`Role::Help`] until the channel is sealed.
    pub role: Role,
    /// Whether it is this party itself.
    pub you: bool,
    /// Whether the channel to it is sealed; until then nothing is known of it.
    pub sealed: bool,
    /// Which way its frames take.
    pub path: Path,
    /// Whether its connection is interrupted: it may come back.
    pub away: bool,
    /// Short form of its key, to be compared by people; empty until the channel is sealed.
    pub fingerprint: String,
    /// Whether the words were compared with someone of this name and key, now or in another room.
    pub verified: bool,
    /// Whether someone of this name was met before, but never with this key: it may be another.
    pub changed_key: bool,
    /// The name of the token it comes by, where the room's owner gave it one.
    pub token: Option<String>,
}

/// How it stands with the dealer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DealerState {
    /// Not needed yet: the room is not complete.
    Waiting,
    /// Being reached.
    Connecting,
    /// Reached, through a sealed channel.
    Sealed,
    /// Lost; it will be tried again.
    Lost,
}
