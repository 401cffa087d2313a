//! What the page may load and whom it may talk to.

use axum::http::{HeaderMap, HeaderValue, header};

/// The `Content-Security-Policy` for the site as reached under the request's `Host`.
///
/// `'self'` covers WebSockets of the same host in current browsers; for older ones they are named
/// as well.
pub(crate) fn content_security(request: &HeaderMap, connect_sources: &[String]) -> HeaderValue {
    let host =
        request.get(header::HOST).and_then(|host| host.to_str().ok()).filter(|host| is_plain(host));
    let own = host.map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    let others = connect_sources.iter().filter(|source| is_source(source));
    let others: String = others.map(|source| format!(" {source}")).collect();
    let policy = format!("{FIXED}; connect-src 'self'{own}{others}");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(FIXED))
}

/// Whether this is a name and perhaps a port: nothing that could end a directive and begin another.
fn is_plain(host: &str) -> bool {
    !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
}

fn is_source(source: &str) -> bool {
    source.split_once("://").is_some_and(|(scheme, host)| {
        ["ws", "wss", "http", "https"].contains(&scheme) && is_plain(host)
    })
}

const FIXED: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' blob: data:; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(host: &str, others: &[&str]) -> String {
        let headers = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        content_security(&headers, &others).to_str().unwrap().to_owned()
    }

    #[test]
    fn connections_go_home_and_where_the_operator_says() {
        let policy = policy("localhost:8080", &["wss://dealer.example", "ws://127.0.0.1:9000"]);
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"));
        assert!(policy.ends_with(
            "; connect-src 'self' ws://localhost:8080 wss://localhost:8080 wss://dealer.example ws://127.0.0.1:9000"
        ));
    }

    #[test]
    fn no_host_or_source_can_add_a_directive() {
        let policy = policy("x; script-src *", &["wss://x; script-src *", "*", "wss://*"]);
        assert!(policy.ends_with("; connect-src 'self'"));
        assert!(!policy.contains('*'));
    }
}
