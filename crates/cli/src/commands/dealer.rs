//! `cryptab dealer`: the dealer alone.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::invites::hex;
use crate::limits::DealerLimits;
use crate::listening::Listening;
use crate::runtime;

/// Run the dealer, which gives the parties of a session their common randomness.
///
/// A dealer sees shapes and kinds of operations, no data and no results. It MUST NOT COLLUDE WITH A
/// PARTY: with what one party sees, it can open everybody's data. So it should be run by somebody
/// whom all parties trust not to. Serves /healthz, /readyz and /metrics as well.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  cryptab dealer --listen 0.0.0.0:8788 --key-file dealer.key\n  \
    cryptab dealer --print-key --key-file dealer.key"
)]
pub(crate) struct DealerCommand {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8788")]
    listen: SocketAddr,
    /// The dealer's secret key, 32 bytes, made when absent. Whoever has it is the dealer.
    #[arg(long)]
    key_file: PathBuf,
    /// Print the public key, which invites pin, and end.
    #[arg(long)]
    print_key: bool,
    #[command(flatten)]
    listening: Listening,
    #[command(flatten)]
    limits: DealerLimits,
}

impl DealerCommand {
    pub(crate) fn run(self, console: &Console) -> Result<(), Failure> {
        let key = DealerKey::load_or_create(&self.key_file)?;
        let public = hex(&key.public().0);
        if self.print_key {
            console.show(&public, &json!({ "dealer_key": public }));
            return Ok(());
        }
        let mut config = DealerConfig::new(key);
        config.limits = self.limits.limits();
        config.address_source = self.listening.dealer_address_source();
        let dealer = Dealer::new(config);
        // Only without another recorder in the process is there something to count into.
        let _ = dealer.install_recorder();
        runtime::start()?.block_on(async {
            let open = self.listening.open(self.listen, console).await?;
            let url = open.socket("/dealer");
            console.show(
                &format!("Dealing at {url} under key {public}"),
                &json!({ "type": "dealing", "url": url, "dealer_key": public }),
            );
            let closing = dealer.clone();
            let shutdown = async move {
                runtime::asked_to_stop().await;
                closing.close();
            };
            let router = dealer.router().merge(dealer.service_router());
            cryptab_relay::serve(open.door, router, shutdown).await;
            dealer.closed().await;
            Ok(())
        })
    }
}
