//! The routes.

use std::sync::Arc;
use std::time::SystemTime;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get};

use crate::address::Address;
use crate::relay::Shared;
use crate::site;
use crate::visit::attend;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let router = Router::new()
        .route("/relay", any(relay))
        .route("/healthz", get(|| async { (NEVER_STORED, "alive\n") }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/config.json", get(config))
        .route("/ice", get(ice));
    site::attach(router, shared.config.site.as_deref())
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), site::secure))
        .with_state(shared)
}

async fn relay(
    upgrade: WebSocketUpgrade,
    address: Address,
    State(shared): State<Arc<Shared>>,
) -> Response {
    let closing = shared.closing.subscribe();
    upgrade
        .max_message_size(LONGEST_READ)
        .max_frame_size(LONGEST_READ)
        .read_buffer_size(READ_AT_ONCE)
        .max_write_buffer_size(8 * LONGEST_READ)
        .on_upgrade(move |socket| attend(socket, address, shared, closing))
}

async fn ready(
    State(shared): State<Arc<Shared>>,
) -> (StatusCode, [(HeaderName, &'static str); 1], &'static str) {
    if *shared.closing.borrow() {
        (StatusCode::SERVICE_UNAVAILABLE, NEVER_STORED, "closing\n")
    } else {
        (StatusCode::OK, NEVER_STORED, "ready\n")
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> ([(HeaderName, &'static str); 2], String) {
    let [never_stored] = NEVER_STORED;
    let text = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    ([never_stored, text], shared.metrics())
}

async fn config(State(shared): State<Arc<Shared>>) -> Json<serde_json::Value> {
    Json(shared.config.public.clone())
}

/// Credentials are in it: it is made anew each time and kept nowhere.
async fn ice(
    State(shared): State<Arc<Shared>>,
) -> ([(HeaderName, &'static str); 1], Json<serde_json::Value>) {
    (NEVER_STORED, Json(shared.config.ice.response(SystemTime::now())))
}

/// What is longer is not even read. Twice what is allowed, so that a client slightly over gets a
/// proper answer.
const LONGEST_READ: usize = 128 << 10;

/// Bytes of the buffer that each connection has, and that are cleared before each reading: small, for
/// there are many idle connections and many short messages.
const READ_AT_ONCE: usize = 16 << 10;

const NEVER_STORED: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];
