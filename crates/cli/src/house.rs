//! A relay and a dealer within this process, for trying things out.

use cryptab_dealer::{Dealer, DealerConfig, DealerKey};
use cryptab_relay::{Relay, RelayConfig};
use tokio::net::TcpListener;

use crate::failure::{Failure, Kind};
use crate::invites::Room;
use crate::line::Line;

/// A relay and a dealer on free ports of the loopback.
pub(crate) struct House {
    origin: String,
    dealer_url: String,
    dealer_key: [u8; 32],
}

impl House {
    pub(crate) async fn open() -> Result<Self, Failure> {
        Self::open_behind(Line::default()).await
    }

    /// The same, with `line` between each of the two and everyone who comes.
    pub(crate) async fn open_behind(line: Line) -> Result<Self, Failure> {
        let (relay_listener, relay_address) = listen().await?;
        let (dealer_listener, dealer_address) = listen().await?;
        let relay = Relay::new(RelayConfig::default());
        let dealer = Dealer::new(DealerConfig::new(DealerKey::generate()?));
        let dealer_key = dealer.public_key().0;
        let never = std::future::pending::<()>();
        tokio::spawn(cryptab_relay::serve(dealer_listener, dealer.router(), never));
        tokio::spawn(async move {
            let never = std::future::pending::<()>();
            relay.serve(relay_listener, relay.router(), never).await
        });
        let relay_address = line.before(relay_address).await.map_err(broken)?;
        let dealer_address = line.before(dealer_address).await.map_err(broken)?;
        Ok(Self {
            origin: format!("http://{relay_address}"),
            dealer_url: format!("ws://{dealer_address}/dealer"),
            dealer_key,
        })
    }

    /// A link to a new room.
    pub(crate) fn link(&self, parties: u8, program: &str) -> Result<String, Failure> {
        let room = Room {
            parties,
            program: program.to_owned(),
            dealer_key: self.dealer_key,
            dealer_url: Some(self.dealer_url.clone()),
            expires_in: 24 * 60 * 60,
        };
        Ok(room.invite()?.link(&self.origin))
    }
}

async fn listen() -> Result<(TcpListener, std::net::SocketAddr), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(broken)?;
    let address = listener.local_addr().map_err(broken)?;
    Ok((listener, address))
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err passes")]
fn broken(error: std::io::Error) -> Failure {
    Failure::new(Kind::Bug, format!("the loopback: {error}"))
}
