//! `cryptab relay`: the relay and the site.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use cryptab_relay::{Relay, RelayConfig};
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::ice::Ice;
use crate::invites::{hex, key};
use crate::limits::RelayLimits;
use crate::listening::Listening;
use crate::runtime;

/// Run the relay, which carries sealed packets between parties, and the site.
///
/// A relay can read nothing and change nothing unnoticed. It tells the page which dealer to use.
/// Serves /healthz, /readyz and /metrics as well.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  cryptab relay --listen 0.0.0.0:8787 --site web/dist \\\n      \
    --dealer-url wss://dealer.example/dealer --dealer-key HEX"
)]
pub(crate) struct RelayCommand {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8787")]
    listen: SocketAddr,
    /// Folder of the built site.
    #[arg(long)]
    site: Option<PathBuf>,
    /// The dealer's WebSocket address.
    #[arg(long, requires = "dealer_key")]
    dealer_url: Option<String>,
    /// The dealer's public key, as `cryptab dealer --print-key` says it.
    #[arg(long, value_parser = key)]
    dealer_key: Option<[u8; 32]>,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    limits: RelayLimits,
    #[command(flatten)]
    ice: Ice,
}

impl RelayCommand {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        check_site(self.site.as_deref())?;
        let dealer_url = self.dealer_url.unwrap_or_else(|| "/dealer".to_owned());
        let public = match self.dealer_key {
            Some(key) => json!({ "dealer_key": hex(&key), "dealer_url": dealer_url }),
            None => json!({}),
        };
        let relay = Relay::new(RelayConfig {
            site: self.site,
            public,
            connect_sources: origin_of(&dealer_url).into_iter().collect(),
            address_source: self.listening.address_source(),
            limits: self.limits.limits(),
            ice: self.ice.config()?,
            ..RelayConfig::default()
        });
        // Only without another recorder in the process is there something to count into.
        let _ = relay.install_recorder();
        runtime::start()?.block_on(async {
            let open = self.listening.open(self.listen, console).await?;
            let url = open.site();
            console.show(&format!("Open {url}"), &json!({ "type": "serving", "url": url }));
            if self.dealer_key.is_none() {
                console.say(
                    "No --dealer-key: the page cannot make rooms, and links must name a dealer.",
                );
            }
            relay.serve(open.door, relay.router(), runtime::asked_to_stop()).await;
            Ok(())
        })
    }
}

/// Refuses a folder that is no built site.
pub(crate) fn check_site(site: Option<&Path>) -> Result<(), Failure> {
    match site {
        Some(folder) if !folder.join("index.html").is_file() => {
            Err(Failure::file(folder, "no site is here (index.html is missing): build it first"))
        }
        _ => Ok(()),
    }
}

/// `wss://dealer.example` of `wss://dealer.example/dealer`; nothing for a path.
fn origin_of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::origin_of;

    #[test]
    fn a_dealer_elsewhere_has_an_origin() {
        assert_eq!(origin_of("ws://127.0.0.1:9/dealer").as_deref(), Some("ws://127.0.0.1:9"));
        assert_eq!(origin_of("/dealer"), None);
    }
}
