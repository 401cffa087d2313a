//! The site's files, with the headers that keep the page to itself.

mod cache;
mod policy;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::services::ServeDir;

use crate::relay::Shared;

/// Serves the files in `folder` wherever `router` has no route of its own.
pub(crate) fn attach(router: Router<Arc<Shared>>, folder: Option<&Path>) -> Router<Arc<Shared>> {
    match folder {
        Some(folder) => {
            router.fallback_service(ServeDir::new(folder).precompressed_br().precompressed_gzip())
        }
        None => router,
    }
}

/// Sets the security headers of every response, and says how long it may be kept.
pub(crate) async fn secure(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let policy = policy::content_security(request.headers(), &shared.config.connect_sources);
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert_with(|| HeaderValue::from_static(cache::control(&path, status)));
    response
}

const SECURITY: [(HeaderName, &str); 5] = [
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), bluetooth=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()",
    ),
];
