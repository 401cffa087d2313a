//! Asks the relay what it knows about direct connections: servers that help, and what is wanted.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::timeout;

use crate::http;

/// What the relay says.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ice {
    /// STUN and TURN servers.
    #[serde(default)]
    pub(super) ice_servers: Vec<Server>,
    /// Which addresses parties may tell each other.
    #[serde(default)]
    pub(super) ice_transport_policy: Policy,
}

/// A STUN or TURN server.
#[derive(Clone, Default, Deserialize, Eq, PartialEq)]
pub(super) struct Server {
    pub(super) urls: Vec<String>,
    #[serde(default)]
    pub(super) username: String,
    #[serde(default)]
    pub(super) credential: String,
}

/// Which addresses parties may tell each other.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Policy {
    /// All of them.
    #[default]
    All,
    /// Those of TURN servers alone.
    Relay,
}

impl Ice {
    /// Whether there is a server that carries packets.
    pub(super) fn names_turn(&self) -> bool {
        let mut urls = self.ice_servers.iter().flat_map(|server| &server.urls);
        urls.any(|url| url.starts_with("turn:") || url.starts_with("turns:"))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("urls", &self.urls).finish_non_exhaustive()
    }
}

/// Asks the relay whose WebSocket is at `relay`. Nothing is assumed of a relay that cannot be asked: it
/// might want parties not to tell their addresses.
pub(super) async fn ask(relay: &str) -> Result<Ice, String> {
    match timeout(PATIENCE, get(relay)).await {
        Ok(answer) => answer.map_err(|error| format!("the relay's /ice: {error}")),
        Err(_) => Err("the relay's /ice: no answer in time".to_owned()),
    }
}

async fn get(relay: &str) -> Result<Ice, http::Failure> {
    match http::get(relay, "/ice").await? {
        Some(body) => Ok(serde_json::from_slice(&body)?),
        None => Ok(Ice::default()),
    }
}

const PATIENCE: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::{Ice, Policy, Server, ask};

    /// Asks a relay that answers with `response`.
    async fn answered(response: &str) -> Result<Ice, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let relay = format!("ws://{}/relay", listener.local_addr().unwrap());
        let serve = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            let read = stream.read(&mut request).await.unwrap();
            assert!(request[..read].starts_with(b"GET /ice HTTP/1.1\r\n"));
            stream.write_all(response.as_bytes()).await.unwrap();
        };
        tokio::join!(ask(&relay), serve).0
    }

    fn ok(body: &str) -> String {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    }

    #[tokio::test]
    async fn what_the_relay_says_is_understood() {
        let servers = r#"{"urls":["stun:a"]},{"urls":["turn:b"],"username":"u","credential":"c"}"#;
        let body = format!(r#"{{"iceServers":[{servers}],"iceTransportPolicy":"relay"}}"#);
        let found = answered(&ok(&body)).await.unwrap();
        let server = |url: &str, username: &str, credential: &str| Server {
            urls: vec![url.to_owned()],
            username: username.to_owned(),
            credential: credential.to_owned(),
        };
        assert_eq!(found.ice_servers, [server("stun:a", "", ""), server("turn:b", "u", "c")]);
        assert_eq!(found.ice_transport_policy, Policy::Relay);
    }

    #[tokio::test]
    async fn a_relay_without_servers_has_no_wishes() {
        for response in [ok("{}"), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned()]
        {
            assert_eq!(answered(&response).await, Ok(Ice::default()));
        }
    }

    #[tokio::test]
    async fn nothing_is_assumed_of_a_relay_that_does_not_say() {
        let long = ok(&" ".repeat(1 << 17));
        for response in ["", "nonsense\r\n\r\n", &ok("{"), &long, "HTTP/1.1 500 X\r\n\r\n"] {
            assert!(answered(response).await.is_err(), "{response}");
        }
    }
}
