//! A door, a router, and an orderly end.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use metrics::counter;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::door::{BAD_HANDSHAKES, Door, Guest, OVERSTAYED};
use crate::tls::Tls;

/// Serves `router` to whoever comes in through `door` (a [`TcpListener`](tokio::net::TcpListener)
/// will do) until `shutdown`; requests under way may then finish, for a few seconds.
///
/// Small packets leave at once (`TCP_NODELAY`), and handlers can learn the client's address.
/// WebSockets outlive this: use [`Relay::serve`](crate::Relay::serve) where there is a relay. What a
/// listener reports passes or is logged.
pub async fn serve(
    door: impl Into<Door>,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) {
    let mut door = door.into();
    let (tls, stay) = (door.tls(), door.stay());
    let closing = watch::Sender::new(false);
    let mut shutdown = pin!(shutdown);
    loop {
        let guest = tokio::select! {
            biased;
            () = &mut shutdown => break,
            guest = door.next() => guest,
        };
        tokio::spawn(attend(guest, tls.clone(), router.clone(), stay, closing.subscribe()));
    }
    drop(door);
    closing.send_replace(true);
    // An idle or stuck client must not keep the process alive.
    let _ = timeout(FINISH_WITHIN, closing.closed()).await;
}

/// Answers a guest's requests until it leaves, or has become a WebSocket.
async fn attend(
    guest: Guest,
    tls: Option<Tls>,
    router: Router,
    stay: Duration,
    closing: watch::Receiver<bool>,
) {
    let Guest { connection, peer, ticket: _ticket } = guest;
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "small packets may be delayed");
    }
    match tls {
        None => converse(connection, peer, router, stay, closing).await,
        Some(tls) => match timeout(SAY_WITHIN, tls.accept(connection)).await {
            Ok(Ok(connection)) => converse(connection, peer, router, stay, closing).await,
            Ok(Err(_)) | Err(_) => counter!(BAD_HANDSHAKES).increment(1),
        },
    }
}

async fn converse(
    connection: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    peer: SocketAddr,
    router: Router,
    stay: Duration,
    mut closing: watch::Receiver<bool>,
) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SAY_WITHIN)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    // A client that breaks off, or says what is no HTTP, has nobody who should know.
    let closed = async { drop(closing.wait_for(|closing| *closing).await) };
    tokio::select! {
        _ = &mut connection => return,
        () = closed => {}
        () = sleep(stay) => {}
    }
    connection.as_mut().graceful_shutdown();
    if timeout(stay, connection).await.is_err() {
        counter!(OVERSTAYED).increment(1);
    }
}

/// For a TLS handshake, and for each request's head.
const SAY_WITHIN: Duration = Duration::from_secs(10);
/// Bytes of a request's head, at most.
const LONGEST_HEAD: usize = 32 << 10;
const FINISH_WITHIN: Duration = Duration::from_secs(3);
