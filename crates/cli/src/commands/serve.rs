//! `cryptab serve`: everything in one process.

use std::path::PathBuf;

use clap::Args;
use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::invites::hex;
use crate::relay_options::RelayOptions;
use crate::runtime;

/// Run relay, dealer and site in one process, for one machine.
///
/// In earnest use the dealer must be independent: whoever runs relay or page and the dealer can,
/// together with one party, open everybody's data. Run `cryptab dealer` elsewhere then.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  cryptab serve --listen 127.0.0.1:8787 --site web/dist")]
pub(crate) struct Serve {
    /// The dealer's key, made when absent; without it a new key for each start.
    #[arg(long)]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    options: RelayOptions,
}

impl Serve {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let key = match &self.key_file {
            Some(file) => DealerKey::load_or_create(file)?,
            None => DealerKey::generate()?,
        };
        let mut config = DealerConfig::new(key);
        config.address_source = self.options.listening.dealer_address_source();
        let dealer = Dealer::new(config);
        let dealer_key = hex(&dealer.public_key().0);
        let public = json!({ "dealer_key": dealer_key, "dealer_url": "/dealer" });
        let relay = self.options.relay(public, Vec::new())?;
        // Only without another recorder in the process is there something to count into. The
        // dealer finds the relay's, and describes what it counts there.
        let _ = (relay.install_recorder(), dealer.install_recorder());
        runtime::start()?.block_on(async {
            let open = self.options.listening.open(self.options.listen, console).await?;
            let url = open.site();
            console.show(
                &format!("Open {url}"),
                &json!({ "type": "serving", "url": url, "dealer_key": dealer_key }),
            );
            console.say(WARNING);
            let router = relay.router().merge(dealer.router());
            let closing = dealer.clone();
            let shutdown = async move {
                runtime::asked_to_stop().await;
                closing.close();
            };
            relay.serve(open.door, router, shutdown).await;
            dealer.closed().await;
            Ok(())
        })
    }
}

const WARNING: &str = "Relay and dealer run in this one process: fine for trying things out. In earnest use the \
    dealer must be independent (see `cryptab dealer --help`), because a dealer who colludes with any party opens \
    everybody's data.";
