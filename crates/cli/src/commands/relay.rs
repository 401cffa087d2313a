//! `cryptab relay`: the relay and the site.

use clap::Args;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::invites::{hex, key};
use crate::relay_options::RelayOptions;
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
    /// The dealer's WebSocket address.
    #[arg(long, requires = "dealer_key")]
    dealer_url: Option<String>,
    /// The dealer's public key, as `cryptab dealer --print-key` says it.
    #[arg(long, value_parser = key)]
    dealer_key: Option<[u8; 32]>,
    #[command(flatten)]
    options: RelayOptions,
}

impl RelayCommand {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let dealer_url = self.dealer_url.unwrap_or_else(|| "/dealer".to_owned());
        let public = match self.dealer_key {
            Some(key) => json!({ "dealer_key": hex(&key), "dealer_url": dealer_url }),
            None => json!({}),
        };
        let dealer_origin = origin_of(&dealer_url).into_iter().collect();
        let relay = self.options.relay(public, dealer_origin)?;
        // Only without another recorder in the process is there something to count into.
        let _ = relay.install_recorder();
        runtime::start()?.block_on(async {
            let open = self.options.listening.open(self.options.listen, console).await?;
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
