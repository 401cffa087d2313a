//! How a service listens: in the clear or by TLS, to clients or to a proxy.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use cryptab_relay::{AddressSource, Door, DoorLimits, Tls};
use tokio::net::TcpListener;

use crate::console::Console;
use crate::failure::Failure;
use crate::{open_files, runtime};

/// The options of everything that listens.
#[derive(Args, Debug)]
pub(crate) struct Listening {
    /// Certificate chain, PEM. Speak TLS; read the files again when they change, or on SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Believe `X-Forwarded-For`: only behind a proxy that sets it.
    #[arg(long)]
    behind_proxy: bool,
}

/// A service's door, and where it is.
pub(crate) struct Open {
    pub(crate) door: Door,
    pub(crate) address: SocketAddr,
    tls: Option<Tls>,
}

impl Listening {
    /// How clients' addresses are found.
    pub(crate) const fn address_source(&self) -> AddressSource {
        if self.behind_proxy { AddressSource::ForwardedFor } else { AddressSource::Peer }
    }

    /// The same, for a dealer.
    pub(crate) const fn dealer_address_source(&self) -> cryptab_dealer::AddressSource {
        match self.address_source() {
            AddressSource::Peer => cryptab_dealer::AddressSource::Peer,
            AddressSource::ForwardedFor => cryptab_dealer::AddressSource::ForwardedFor,
        }
    }

    /// Opens the door. From now on a new certificate is noticed. Must be called within a runtime.
    pub(crate) async fn open(
        &self,
        address: SocketAddr,
        console: &Console,
    ) -> Result<Open, Failure> {
        open_files::allow_many();
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => {
                let tls = Tls::load(certificate, key);
                Some(tls.map_err(|error| Failure::input(error.to_string()))?)
            }
            _ => None,
        };
        let refused =
            |error: std::io::Error| Failure::input(format!("cannot listen on {address}: {error}"));
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        if tls.is_none() && !self.behind_proxy && !address.ip().is_loopback() {
            console.say(IN_THE_CLEAR);
        }
        if let Some(tls) = &tls {
            tokio::spawn(tls.clone().watch(LOOK_EVERY));
        }
        tokio::spawn(runtime::on_hangup({
            let tls = tls.clone();
            move || tls.iter().for_each(Tls::reload_and_log)
        }));
        let limits = DoorLimits { address_source: self.address_source(), ..DoorLimits::default() };
        let door = Door::new(listener, &limits).with_tls(tls.clone());
        Ok(Open { door, address, tls })
    }
}

impl Open {
    /// The address of the site.
    pub(crate) fn site(&self) -> String {
        format!("{}://{}/", if self.tls.is_some() { "https" } else { "http" }, self.address)
    }

    /// The address of the WebSocket at `path`.
    pub(crate) fn socket(&self, path: &str) -> String {
        format!("{}://{}{path}", if self.tls.is_some() { "wss" } else { "ws" }, self.address)
    }
}

/// Between two looks at the certificate's files.
const LOOK_EVERY: Duration = Duration::from_secs(10);

const IN_THE_CLEAR: &str = "This listens beyond this machine without TLS: browsers refuse what the page needs there. Use \
    --tls-cert and --tls-key, or a proxy and --behind-proxy.";
