//! The dealer as a whole: what all its connections share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cryptab_link::{Identity, PublicKey};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::config::{AddressSource, DealerConfig, Limits, Times};
use crate::gate::Gate;
use crate::router;
use crate::sessions::Sessions;
use crate::telemetry::{Recorder, RecorderTaken};
use crate::underway::Pool;

/// One dealer. Clones are the same dealer. It must not collude with a party: see the crate's page.
#[derive(Clone)]
pub struct Dealer {
    shared: Arc<Shared>,
}

/// What all connections of a dealer share.
pub(crate) struct Shared {
    pub(crate) identity: Identity,
    pub(crate) address_source: AddressSource,
    pub(crate) limits: Limits,
    pub(crate) times: Times,
    pub(crate) gate: Gate,
    pub(crate) sessions: Sessions,
    pub(crate) underway: Pool,
    pub(crate) recorder: Recorder,
    pub(crate) closing: watch::Sender<bool>,
}

impl Dealer {
    /// A dealer with this key and these limits.
    #[must_use]
    pub fn new(config: DealerConfig) -> Self {
        let DealerConfig { key, address_source, limits, times } = config;
        let shared = Shared {
            identity: key.identity().clone(),
            gate: Gate::new(&limits),
            sessions: Sessions::new(key.master(), &limits, &times),
            underway: Pool::new(limits.underway_bytes),
            recorder: Recorder::default(),
            closing: watch::Sender::new(false),
            address_source,
            limits,
            times,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The key that invites pin.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.shared.identity.public()
    }

    /// The WebSocket at `/dealer`, and nothing else: to be merged with the routes of a relay, or
    /// with [`Dealer::service_router`]. Served so that handlers learn the client's address
    /// (`into_make_service_with_connect_info`), or all clients count as one.
    pub fn router(&self) -> Router {
        router::dealer(Arc::clone(&self.shared))
    }

    /// Health and metrics, for a dealer alone.
    pub fn service_router(&self) -> Router {
        router::service(Arc::clone(&self.shared))
    }

    /// Makes a metrics recorder for the process, shown at `/metrics` of [`Dealer::service_router`].
    ///
    /// # Errors
    /// [`RecorderTaken`] when the process has one already: the dealer then counts into that one, and
    /// describes there what it counts.
    pub fn install_recorder(&self) -> Result<(), RecorderTaken> {
        self.shared.recorder.install()
    }

    /// Begins to close: parties are told and disconnected, nobody is served, `/readyz` says 503.
    pub fn close(&self) {
        self.shared.closing.send_replace(true);
    }

    /// Waits until the last party has gone, or has had its time to.
    pub async fn closed(&self) {
        let longest = self.shared.times.farewell + Duration::from_millis(500);
        if timeout(longest, self.shared.closing.closed()).await.is_err() {
            tracing::warn!("closed before all parties had gone");
        }
    }
}

impl fmt::Debug for Dealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Dealer")
            .field("public_key", &self.public_key())
            .finish_non_exhaustive()
    }
}
