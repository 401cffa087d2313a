//! What a party decides before it joins.

use std::path::PathBuf;
use std::time::Duration;

use cryptab_session::{Format, Identity, Invite, Join, Journal, RevealPolicy, Role, Route};

use crate::{Addresses, Error};

/// How to join a room. [`JoinOptions::new`] gives what most want; fields may be changed after.
#[derive(Debug)]
pub struct JoinOptions {
    /// Who joins what, and how. Its journal is the one of `journal`.
    pub join: Join,
    /// Where relay and dealer are.
    pub addresses: Addresses,
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
        let identity = Identity::generate().map_err(|_| Error::Randomness)?;
        let join = Join {
            invite,
            identity,
            name: name.to_owned(),
            acquaintances: Vec::new(),
            role,
            slot: None,
            format: Format::default(),
            reveal: RevealPolicy::Any,
            route: Route::default(),
            patience: PATIENCE,
            journal: Journal::Off,
        };
        Ok(Self { join, addresses, journal: None })
    }
}

/// How long a party waits for whoever is away, if it does not say otherwise.
const PATIENCE: Duration = Duration::from_secs(60);
