use std::fmt;

use cryptab_engine as engine;
use cryptab_wire::Refusal;
use serde::{Deserialize, Serialize};

use crate::Role;

/// Why a session failed or a node closed. Says whose fault it is, and names people as they named
/// themselves.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The relay does not let this party in, or not any longer.
    #[error("{0}: {remedy}", remedy = remedy(*.0))]
    Refused(Refusal),
    /// The relay cannot be reached, or does not keep to the protocol.
    #[error("the relay: {0}")]
    Relay(String),
    /// The dealer cannot be reached, refuses, or does not keep to the protocol.
    #[error("the dealer: {0}")]
    Dealer(String),
    /// Another party left, or did what it must not.
    #[error("{name} {complaint}")]
    Peer {
        /// Its slot.
        slot: u8,
        /// What it calls itself.
        name: String,
        /// What it did.
        complaint: String,
    },
    /// Another party ended the session, and says because of whom.
    #[error("{name} ended the session because of {because}")]
    GivenUp {
        /// The slot of whoever ended it.
        slot: u8,
        /// What it calls itself.
        name: String,
        /// Who could not be reached or trusted there.
        because: String,
    },
    /// The parties run different programs.
    #[error(
        "the parties run different programs: operation {operation} is `{mine}` here but `{theirs}` \
         at {name}"
    )]
    Programs {
        /// Slot of the party that runs another one.
        slot: u8,
        /// What it calls itself.
        name: String,
        /// The first operation that differs.
        operation: u32,
        /// This party's version of it.
        mine: String,
        /// The other's version of it.
        theirs: String,
    },
    /// Some party sent different shares of one opening to different peers. Noticed before anything
    /// was revealed; who it was cannot be told.
    #[error(
        "{name}'s view of what was opened differs from this party's: one of the parties sent \
         different shares to different peers"
    )]
    Equivocation {
        /// Slot of a party that saw another value opened. It need not be the one at fault.
        slot: u8,
        /// What it calls itself.
        name: String,
    },
    /// The computation stopped for a reason of its own.
    #[error(transparent)]
    Engine(engine::Error),
    /// The invite is past its end.
    #[error("the invite has expired: make a new room and share its link")]
    Expired,
    /// The room's owner granted another role.
    #[error(
        "you are invited as `{granted}`, not as `{role}`: join in that role, or ask whoever made the room"
    )]
    NotGranted {
        /// The role that was to be taken.
        role: Role,
        /// The one that was granted.
        granted: Role,
    },
    /// Several have a role that one must have.
    #[error("only one may have the role `{role}`, but {} have it: all but one must choose another", listed(.names))]
    DuplicateRole {
        /// The role.
        role: Role,
        /// Who has it.
        names: Vec<String>,
    },
    /// Nobody has a role that someone must have.
    #[error("nobody has the role `{role}`: one of you must choose it")]
    MissingRole {
        /// The role.
        role: Role,
    },
    /// The node was asked for what it cannot do now.
    #[error("{0}")]
    Misuse(&'static str),
    /// The journal cannot be used; it is left as it is.
    #[error(
        "the journal of the session before {0}: join as you did then, or move the journal away to begin anew"
    )]
    Journal(&'static str),
    /// The journal of the session cannot be written.
    #[error(
        "the journal cannot be written: {0}; the session ends before anything leaves that it lacks"
    )]
    Unsaved(String),
    /// The operating system's random generator failed.
    #[error("the operating system's random generator failed")]
    Randomness,
    /// This party left the room.
    #[error("you left the room")]
    Left,
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// Of what was given: a link, a photo, a choice.
    Input,
    /// Of another party.
    Peer,
    /// Of the relay, or the way to it.
    Relay,
    /// Of the dealer, or the way to it.
    Dealer,
    /// Of the calling program.
    Misuse,
    /// Of this program.
    Bug,
}

impl Error {
    /// Whose fault it is.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Refused(Refusal::TooMany | Refusal::Closing) | Self::Relay(_) => Fault::Relay,
            Self::Refused(Refusal::Malformed) | Self::Randomness => Fault::Bug,
            Self::Refused(_) | Self::Expired | Self::Journal(_) | Self::Unsaved(_) => Fault::Input,
            Self::DuplicateRole { .. } | Self::MissingRole { .. } | Self::NotGranted { .. } => {
                Fault::Input
            }
            Self::Dealer(_) => Fault::Dealer,
            Self::Peer { .. }
            | Self::GivenUp { .. }
            | Self::Programs { .. }
            | Self::Equivocation { .. } => Fault::Peer,
            Self::Engine(engine::Error::Input { .. }) => Fault::Input,
            Self::Engine(engine::Error::Peer { peer: engine::Peer::Dealer, .. }) => Fault::Dealer,
            Self::Engine(
                engine::Error::Peer { .. }
                | engine::Error::Programs { .. }
                | engine::Error::Equivocation { .. },
            ) => Fault::Peer,
            Self::Engine(_) | Self::Misuse(_) | Self::Left => Fault::Misuse,
        }
    }

    /// The name of the party at fault, if it is another party and can be told.
    #[must_use]
    pub fn peer(&self) -> Option<&str> {
        match self {
            Self::Peer { name, .. } | Self::GivenUp { name, .. } | Self::Programs { name, .. } => {
                Some(name)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Input => "input",
            Self::Peer => "peer",
            Self::Relay => "relay",
            Self::Dealer => "dealer",
            Self::Misuse => "misuse",
            Self::Bug => "bug",
        })
    }
}

/// What to do about a refusal.
const fn remedy(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Full => {
            "as many as were invited are here already; ask for a room with more places"
        }
        Refusal::SlotTaken => "join without asking for a place",
        Refusal::MemberPresent => "go on there, or close it first",
        Refusal::Version => "reload the page or update this program",
        Refusal::Expired => "make a new room and share its link",
        Refusal::Mismatch => "ask for the link once more",
        Refusal::TooMany => "wait a minute before that",
        Refusal::Malformed => "reload the page or update this program",
        Refusal::Closing => "it will be tried again",
        Refusal::Reserved => {
            "try again in a minute, or ask whoever was here before you to come back"
        }
        Refusal::NotSigned => "ask whoever made the room for an invite of your own",
        Refusal::TokenInUse => "ask whoever made the room for an invite of your own",
        Refusal::TokenExpired => "ask whoever made the room for a new one",
        Refusal::Revoked => "ask whoever made the room",
        Refusal::Closed => "make a new room and share its link",
        Refusal::EndsTooLate => "make a room that ends sooner and share its link",
    }
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use cryptab_wire::Refusal;

    use super::{Error, Fault};
    use crate::Role;

    #[test]
    fn every_refusal_says_what_to_do() {
        for refusal in Refusal::ALL {
            let text = Error::Refused(refusal).to_string();
            assert!(text.starts_with(&format!("{refusal}: ")), "{text}");
            assert!(text.len() > refusal.to_string().len() + 10, "{text}");
        }
    }

    #[test]
    fn those_at_fault_are_named() {
        let complaint = "left the room".to_owned();
        let left = Error::Peer { slot: 1, name: "bob".into(), complaint };
        assert_eq!(left.to_string(), "bob left the room");
        assert_eq!((left.fault(), left.peer()), (Fault::Peer, Some("bob")));
        let names = ["alice", "bob", "carol"].map(String::from).to_vec();
        let roles = Error::DuplicateRole { role: Role::Photo, names };
        assert!(roles.to_string().contains("`photo`, but alice, bob and carol have it"));
    }
}
