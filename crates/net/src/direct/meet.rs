//! Every way to the other party at the same time, until one leads there.

use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::connection::Ends;
use super::signal::{Invitation, Signal};
use super::tcp::{Listeners, Token, connect};
use super::{DirectNews, Side};

/// The way that was found.
pub(super) enum Met {
    Tcp(TcpStream),
}

/// Finds a way to the other party. Cancelled, it gives up.
pub(super) async fn meet(side: Side, ends: &mut Ends) -> Result<Met, String> {
    let listeners = Listeners::open().await;
    let token = Token::draw().map_err(|error| error.to_string())?;
    let invitation = Invitation { token, addresses: listeners.addresses() };
    let said = DirectNews::Signal(Signal::Tcp(invitation).encode());
    ends.news.send(said).await.map_err(|_| "it is not needed any more")?;
    let way = async {
        loop {
            let signal = ends.signals.recv().await.ok_or("it is not needed any more")?;
            if let Some(Signal::Tcp(theirs)) = Signal::parse(&signal) {
                return Ok(connect(side, &listeners, token, &theirs).await);
            }
        }
    };
    match timeout(PATIENCE, way).await {
        Ok(way) => way.map(Met::Tcp),
        Err(_) => Err(format!("no way within {} seconds", PATIENCE.as_secs())),
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
