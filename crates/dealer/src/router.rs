//! The routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use crate::address::Address;
use crate::dealer::Shared;
use crate::visit::attend;

pub(crate) fn dealer(shared: Arc<Shared>) -> Router {
    Router::new().route("/dealer", any(connect)).with_state(shared)
}

pub(crate) fn service(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(shared)
}

async fn connect(
    upgrade: WebSocketUpgrade,
    address: Address,
    State(shared): State<Arc<Shared>>,
) -> Response {
    let closing = shared.closing.subscribe();
    upgrade
        .max_message_size(LONGEST_READ)
        .max_frame_size(LONGEST_READ)
        .write_buffer_size(2 * LONGEST_READ)
        .max_write_buffer_size(8 * LONGEST_READ)
        .on_upgrade(move |socket| attend(socket, address, shared, closing))
}

async fn ready(State(shared): State<Arc<Shared>>) -> (StatusCode, &'static str) {
    if *shared.closing.borrow() {
        (StatusCode::SERVICE_UNAVAILABLE, "closing\n")
    } else {
        (StatusCode::OK, "ready\n")
    }
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    match shared.recorder.render() {
        Some(page) => (text, page).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What is longer is not even read. Twice the longest packet, so that a client slightly over gets a
/// proper answer.
const LONGEST_READ: usize = 128 << 10;
