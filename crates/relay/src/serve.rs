//! A listener, a router, and an orderly end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Serves `router` on `listener` until `shutdown`; requests under way may then finish, for a few
/// seconds.
///
/// Small packets leave at once (`TCP_NODELAY`), and handlers can learn the client's address.
/// WebSockets outlive this: use [`Relay::serve`](crate::Relay::serve) where there is a relay.
///
/// # Errors
/// What the listener reports.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "small packets may be delayed");
        }
    });
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move {
        shutdown.await;
        // Nobody waits any longer: then the server has ended already.
        let _ = stop.send(());
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(shutdown);
    let overdue = async {
        match stopped.await {
            Ok(()) => sleep(FINISH_WITHIN).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        result = server => result,
        () = overdue => Ok(()),
    }
}

/// An idle or stuck client must not keep the process alive.
const FINISH_WITHIN: Duration = Duration::from_secs(3);
