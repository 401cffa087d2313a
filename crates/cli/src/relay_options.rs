//! What `cryptab relay` and `cryptab serve` have in common.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use cryptab_relay::{Relay, RelayConfig};
use serde_json::Value;

use crate::failure::Failure;
use crate::ice::Ice;
use crate::limits::RelayLimits;
use crate::listening::Listening;

#[derive(Args, Debug)]
pub(crate) struct RelayOptions {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8787")]
    pub(crate) listen: SocketAddr,
    /// Folder of the built site; without it there is no page, but parties can join from terminals.
    #[arg(long)]
    site: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) listening: Listening,
    #[command(flatten)]
    limits: RelayLimits,
    #[command(flatten)]
    ice: Ice,
}

impl RelayOptions {
    /// A relay whose page is told `public`, and may connect to these besides.
    ///
    /// # Errors
    /// If the site's folder is no built site, or a file cannot be read.
    pub(crate) fn relay(
        &self,
        public: Value,
        connect_sources: Vec<String>,
    ) -> Result<Relay, Failure> {
        if let Some(folder) = &self.site
            && !folder.join("index.html").is_file()
        {
            let missing = "no site is here (index.html is missing): build it first";
            return Err(Failure::file(folder, missing));
        }
        Ok(Relay::new(RelayConfig {
            site: self.site.clone(),
            public,
            connect_sources,
            address_source: self.listening.address_source(),
            limits: self.limits.limits(),
            ice: self.ice.config()?,
            ..RelayConfig::default()
        }))
    }
}
