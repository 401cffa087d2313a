//! The async runtime, and the wish to stop.

use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

use crate::failure::{Failure, Kind};

/// A runtime with a thread for each processor.
pub(crate) fn start() -> Result<Runtime, Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::new(Kind::Bug, format!("no threads: {error}")))
}

/// Runs a party on this thread, its sockets on the runtime's.
pub(crate) fn run_party<T>(runtime: &Runtime, party: impl Future<Output = T>) -> T {
    runtime.block_on(LocalSet::new().run_until(party))
}

/// Resolves when the user or the system asks this process to stop.
pub(crate) async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupted => {}
        () = terminated() => {}
    }
}

/// Calls `reload` whenever this process is told to read its files again (SIGHUP). Never returns.
#[cfg(unix)]
pub(crate) async fn on_hangup(reload: impl Fn()) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut signal) = signal(SignalKind::hangup()) else { return };
    while signal.recv().await.is_some() {
        reload();
    }
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(crate) async fn on_hangup(_: impl Fn()) {}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            let _ = signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
