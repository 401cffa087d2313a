//! `cryptab link`: a new room's link.

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cryptab_net::http;
use cryptab_session::{Invite, Owner};
use serde_json::json;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::invites::{Place, Room, key, random};
use crate::{owner_file, runtime};

/// Make the link of a new room, for scripts.
///
/// Whoever has the link may join, so send it only to those who shall. The room comes into being when
/// the first one joins.
///
/// With --grant, each person gets a link of its own, for one role and one person at a time. With
/// --owner-file, you can take links back and close the room later (`cryptab room`).
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  cryptab link http://127.0.0.1:8787 --parties 3\n  \
    cryptab link https://cryptab.example --dealer-key HEX --dealer-url wss://dealer.example/dealer\n  \
    cryptab link http://127.0.0.1:8787 --owner-file room.key --grant photo --grant adjust")]
pub(crate) struct Link {
    /// Where the relay and its page are, for example http://127.0.0.1:8787.
    origin: String,
    /// The dealer's public key; without it, what the relay's /config.json says.
    #[arg(long, value_parser = key)]
    dealer_key: Option<[u8; 32]>,
    /// The dealer's address, a ws:// or wss:// URL or a path on the origin.
    #[arg(long)]
    dealer_url: Option<String>,
    /// How many parties, 2 to 8.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(2..=8))]
    parties: u8,
    /// The room's program.
    #[arg(long, default_value = "photo")]
    program: String,
    /// Where to write the key of the room's owner; the file must not exist.
    #[arg(long)]
    owner_file: Option<PathBuf>,
    /// A link for one person: photo, adjust, help or any, with @ and a number for a certain place.
    #[arg(long, requires = "owner_file")]
    grant: Vec<Place>,
    /// Seconds until the room ends, with an owner 30 days at most; negative for one that has ended, for
    /// tests.
    #[arg(long, default_value_t = 24 * 60 * 60, allow_hyphen_values = true)]
    expires_in: i64,
}

impl Link {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let (dealer_key, dealer_url) = match self.dealer_key {
            Some(key) => (key, self.dealer_url),
            None => {
                let (key, url) = runtime::start()?.block_on(configured(&self.origin))?;
                (key, self.dealer_url.or(Some(url)))
            }
        };
        let Self { origin, parties, program, expires_in, owner_file, grant: places, .. } = self;
        let room = Room { parties, program, dealer_key, dealer_url, expires_in };
        let invites = match owner_file {
            Some(file) => {
                let owner = Owner::from_secret(&Zeroizing::new(random::<32>()?));
                let invites = room.invites(&owner, &places)?;
                owner_file::create(&file, &owner)?;
                invites
            }
            None => vec![room.invite()?],
        };
        for invite in invites {
            show(console, &invite, &origin);
        }
        Ok(())
    }
}

/// A link alone, or what it is for, its name, and the link.
fn show(console: &Console, invite: &Invite, origin: &str) {
    let link = invite.link(origin);
    let mut object = json!({ "link": link, "expires": invite.expires });
    let Some(ticket) = invite.ticket() else { return console.show(&link, &object) };
    let role = ticket.grant.role.map_or_else(|| "any".to_owned(), |role| role.to_string());
    let token = ticket.token().id().to_string();
    object["role"] = json!(role);
    object["slot"] = json!(ticket.grant.slot);
    object["token"] = json!(token);
    console.show(&format!("{role} {token} {link}"), &object);
}

/// The dealer's key and address that the relay's page would use.
async fn configured(origin: &str) -> Result<([u8; 32], String), Failure> {
    let unreachable = |error: &dyn Display| {
        Failure::new(Kind::Relay, format!("the relay at {origin} cannot be asked: {error}"))
    };
    let answer = timeout(PATIENCE, http::get(origin, "/config.json")).await;
    let body = answer.map_err(|_| unreachable(&"no answer in time"))?;
    let body = body.map_err(|error| unreachable(&error))?.unwrap_or_default();
    let config: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let unknown = || Failure::new(Kind::Relay, format!("the relay at {origin} names no dealer"));
    let dealer_key = key(config["dealer_key"].as_str().ok_or_else(unknown)?);
    let dealer_url = config["dealer_url"].as_str().unwrap_or("/dealer").to_owned();
    Ok((dealer_key.map_err(|_| unknown())?, dealer_url))
}

const PATIENCE: Duration = Duration::from_secs(10);
