//! The relay as a whole: what all its connections share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::RelayConfig;
use crate::door::Door;
use crate::lobby::Lobby;
use crate::mailbox::Pool;
use crate::router;
use crate::serve::serve;
use crate::tally::Tally;
use crate::telemetry::{RecorderTaken, Telemetry};

/// One relay. Clones are the same relay.
#[derive(Clone)]
pub struct Relay {
    shared: Arc<Shared>,
}

/// What all connections of a relay share.
pub(crate) struct Shared {
    pub(crate) config: RelayConfig,
    pub(crate) lobby: Lobby,
    pub(crate) connections: Tally,
    pub(crate) pool: Pool,
    pub(crate) telemetry: Telemetry,
    pub(crate) closing: watch::Sender<bool>,
}

impl Relay {
    /// A relay without rooms.
    #[must_use]
    pub fn new(config: RelayConfig) -> Self {
        let limits = &config.limits;
        let telemetry = Telemetry::new();
        let shared = Shared {
            lobby: Lobby::new(limits, &config.times, telemetry.clone()),
            connections: Tally::new(limits.connections, limits.connections_per_address),
            pool: Pool::new(limits.queue_pool_bytes),
            telemetry,
            closing: watch::Sender::new(false),
            config,
        };
        Self { shared: Arc::new(shared) }
    }

    /// All routes of the relay and the site. It has a fallback, so it can be merged with routers
    /// that have none.
    pub fn router(&self) -> Router {
        router::router(Arc::clone(&self.shared))
    }

    /// Serves `router`, which contains [`Relay::router`], to whoever comes in through `door` (a
    /// [`TcpListener`](tokio::net::TcpListener) will do) until `shutdown`; then says goodbye to
    /// everybody.
    pub async fn serve(
        &self,
        door: impl Into<Door>,
        router: Router,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) {
        let relay = self.clone();
        let closing = async move {
            shutdown.await;
            relay.close();
        };
        serve(door, router, closing).await;
        self.closed().await;
    }

    /// Begins to close: members are told and disconnected, nobody is let in, `/readyz` says 503.
    pub fn close(&self) {
        self.shared.closing.send_replace(true);
    }

    /// Waits until the last client has gone, or has had its time to.
    pub async fn closed(&self) {
        let longest = self.shared.config.times.farewell + Duration::from_millis(500);
        if timeout(longest, self.shared.closing.closed()).await.is_err() {
            tracing::warn!("closed before all clients had gone");
        }
    }

    /// Makes this relay's metrics recorder the process's: then `/metrics` also shows what other
    /// services of the process count through the `metrics` macros.
    ///
    /// # Errors
    /// [`RecorderTaken`] when the process has one already.
    pub fn install_recorder(&self) -> Result<(), RecorderTaken> {
        self.shared.telemetry.install()
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Relay").finish_non_exhaustive()
    }
}

impl Shared {
    /// The metrics page, after forgetting what is over.
    pub(crate) fn metrics(&self) -> String {
        self.lobby.sweep(std::time::Instant::now());
        self.telemetry.render()
    }
}
