//! What a party decides before it joins.

use std::path::PathBuf;
use std::time::Duration;

use cryptab_session::{Acquaintance, Format, Identity, Invite, RevealPolicy, Role, Route};

use crate::{Addresses, Error};

/// How to join a room. [`JoinOptions::new`] gives what most want; fields may be changed after.
#[derive(Debug)]
pub struct JoinOptions {
    /// The invite in the link.
    pub invite: Invite,
    /// Where relay and dealer are.
    pub addresses: Addresses,
    /// The party's key pair.
    pub identity: Identity,
    /// What the others shall call it.
    pub name: String,
    /// Whom it has met before.
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
    /// How long to wait for a party, the relay or the dealer to come back, before giving up.
    pub patience: Duration,
    /// The file of the party's journal: a party that is made anew with it, under the same key, goes on with
    /// the session that was under way. Without one, a session ends with the process.
    pub journal: Option<PathBuf>,
}

impl JoinOptions {
    /// Follows `link` under a fresh key, knowing nobody, in the usual format, and lets the program reveal what it
    /// says.
    ///
    /// # Errors
    /// [`Error::Link`] or [`Error::Address`] when the link leads nowhere.
    pub fn new(link: &str, name: &str, role: Role) -> Result<Self, Error> {
        let invite = Invite::from_link(link)?;
        let addresses = Addresses::of(link, &invite)?;
        Ok(Self {
            invite,
            addresses,
            identity: Identity::generate().map_err(|_| Error::Randomness)?,
            name: name.to_owned(),
            acquaintances: Vec::new(),
            role,
            slot: None,
            format: Format::default(),
            reveal: RevealPolicy::Any,
            route: Route::default(),
            patience: Duration::from_secs(60),
            journal: None,
        })
    }
}
