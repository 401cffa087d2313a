//! The site and the small pages.

use std::path::PathBuf;
use std::time::Duration;

use cryptab_relay::{IceConfig, Relay, RelayConfig, Turn, TurnSecret};
use serde_json::json;

use crate::server::Server;

/// A folder with a small site, removed when dropped.
struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("cryptab-relay-{name}-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("assets")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write("index.html", "<!doctype html><title>site</title>");
        write("assets/index-B7x_3-Qa.js", "export {}");
        write("assets/engine-DfK2lm90.wasm", "\0asm");
        write("site.webmanifest", "{}");
        Self(folder)
    }

    async fn serve(&self) -> Server {
        let config = RelayConfig {
            site: Some(self.0.clone()),
            public: json!({"dealer_url": "/dealer"}),
            connect_sources: vec!["wss://dealer.example".to_owned()],
            ..RelayConfig::default()
        };
        Server::start(config).await
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn the_page_comes_with_its_armour() {
    let site = Site::new("armour");
    let server = site.serve().await;
    let (head, body) = server.get("/").await;
    assert!(head.starts_with("http/1.1 200"));
    assert!(body.starts_with(b"<!doctype html>"));
    let host = server.address;
    let policy = format!(
        "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' blob: data:; font-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self' ws://{host} wss://{host} wss://dealer.example\r\n"
    );
    for line in [
        policy.as_str(),
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "cross-origin-opener-policy: same-origin",
        "permissions-policy: ",
        "cache-control: no-cache",
        "content-type: text/html",
    ] {
        assert!(head.contains(line), "{line}\n{head}");
    }
}

#[tokio::test]
async fn files_have_their_type_and_keep_as_long_as_their_names() {
    let site = Site::new("types");
    let server = site.serve().await;
    let immutable = "cache-control: public, max-age=31536000, immutable";
    for (path, kind, cache) in [
        ("/assets/engine-DfK2lm90.wasm", "application/wasm", immutable),
        ("/assets/index-B7x_3-Qa.js", "text/javascript", immutable),
        ("/site.webmanifest", "application/manifest+json", "cache-control: no-cache"),
        ("/index.html", "text/html", "cache-control: no-cache"),
    ] {
        let (head, _) = server.get(path).await;
        assert!(head.contains(&format!("content-type: {kind}")), "{path}\n{head}");
        assert!(head.contains(cache), "{path}\n{head}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let site = Site::new("missing");
    let server = site.serve().await;
    for path in
        ["/nothing", "/assets/gone-B7x_3-Qa.js", "/../Cargo.toml", "/%2e%2e/%2e%2e/etc/passwd"]
    {
        let (head, _) = server.get(path).await;
        assert!(head.starts_with("http/1.1 404"), "{path}\n{head}");
        assert!(
            head.contains("cache-control: no-store") && head.contains("nosniff"),
            "{path}\n{head}"
        );
    }
    let bare = Server::start(RelayConfig::default()).await;
    assert!(bare.get("/").await.0.starts_with("http/1.1 404"));
}

#[tokio::test]
async fn the_small_pages_answer() {
    let site = Site::new("small");
    let server = site.serve().await;
    for path in ["/healthz", "/readyz"] {
        let (head, _) = server.get(path).await;
        assert!(head.starts_with("http/1.1 200") && head.contains("no-store"), "{path}\n{head}");
    }
    let (head, body) = server.get("/config.json").await;
    assert!(head.contains("application/json") && head.contains("no-cache"));
    assert_eq!(body, br#"{"dealer_url":"/dealer"}"#);
    let (head, body) = server.get("/metrics").await;
    assert!(head.contains("text/plain; version=0.0.4"));
    let text = String::from_utf8(body).unwrap();
    for name in ["rooms", "members", "joins_total", "frames_total", "bytes_total"] {
        assert!(text.contains(&format!("cryptab_relay_{name} 0")), "{name}\n{text}");
    }
}

#[tokio::test]
async fn a_closing_relay_is_alive_but_not_ready() {
    let relay = Relay::new(RelayConfig::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        tokio::spawn(cryptab_relay::serve(listener, relay.router(), std::future::pending()));
    relay.close();
    let get = |path: &'static str| async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).await.unwrap();
        response
    };
    assert!(get("/healthz").await.contains(" 200 "));
    assert!(get("/readyz").await.contains(" 503 "));
    serving.abort();
}

#[tokio::test]
async fn the_relay_can_be_merged_with_another_service() {
    use axum::routing::get;
    let relay = Relay::new(RelayConfig::default());
    let dealer = axum::Router::new().route("/dealer", get(|| async { "dealer" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let router = relay.router().merge(dealer);
    relay.serve(listener, router, std::future::ready(())).await;
}

#[tokio::test]
async fn a_relay_that_knows_no_servers_says_so() {
    let server = Server::start(RelayConfig::default()).await;
    let (head, body) = server.get("/ice").await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body, json!({ "iceServers": [], "iceTransportPolicy": "all" }));
}

#[tokio::test]
async fn parties_learn_how_to_connect_directly_and_nobody_keeps_it() {
    let turn = Turn {
        urls: vec!["turn:turn.example:3478".to_owned()],
        secret: TurnSecret::new("north"),
        life: Duration::from_secs(60),
    };
    let ice = IceConfig { turn: Some(turn), ..IceConfig::default() };
    let server = Server::start(RelayConfig { ice, ..RelayConfig::default() }).await;
    let (head, body) = server.get("/ice").await;
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["iceTransportPolicy"], "all");
    let turn = &body["iceServers"][0];
    assert_eq!(turn["urls"], json!(["turn:turn.example:3478"]));
    assert!(turn["credential"].is_string() && !body.to_string().contains("north"), "{body}");
}
