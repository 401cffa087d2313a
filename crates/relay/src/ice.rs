//! What parties need to connect to each other directly: STUN servers, which tell a party how the
//! Internet sees it, and TURN servers, which carry packets where two networks let nothing through.
//!
//! A TURN server shares a secret with this relay and accepts what is signed with it for as long as it
//! says: the convention of `draft-uberti-behave-turn-rest-00`, which coturn calls `use-auth-secret`.
//! Whoever can ask this relay gets such credentials, so give them a short life and the TURN server
//! quotas of its own.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use zeroize::Zeroizing;

/// What `/ice` tells parties. The default names no server: then parties find each other on one
/// machine or network, or where their own addresses are reachable.
#[derive(Clone, Debug, Default)]
pub struct IceConfig {
    /// Addresses such as `stun:stun.example:3478`.
    pub stun: Vec<String>,
    /// The TURN servers, if there are any.
    pub turn: Option<Turn>,
    /// Parties shall reach each other through TURN servers alone, so that none learns another's
    /// network address.
    pub relay_only: bool,
}

/// TURN servers. Browsers refuse to connect at all when one is named without credentials, so a
/// secret always goes with them.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Addresses such as `turn:turn.example:3478?transport=udp`.
    pub urls: Vec<String>,
    /// What this relay shares with the servers.
    pub secret: TurnSecret,
    /// How long credentials are good for.
    pub life: Duration,
}

/// The secret of TURN servers.
#[derive(Clone)]
pub struct TurnSecret(Zeroizing<Vec<u8>>);

impl IceConfig {
    /// The body of `/ice`, in the form of a browser's `RTCConfiguration`.
    pub(crate) fn response(&self, now: SystemTime) -> Value {
        let mut servers = Vec::new();
        if !self.stun.is_empty() {
            servers.push(json!({ "urls": self.stun }));
        }
        if let Some(Turn { urls, secret, life }) = &self.turn {
            let expires = now.duration_since(UNIX_EPOCH).unwrap_or_default() + *life;
            let username = expires.as_secs().to_string();
            let credential = secret.sign(&username);
            servers.push(json!({ "urls": urls, "username": username, "credential": credential }));
        }
        let policy = if self.relay_only { "relay" } else { "all" };
        json!({ "iceServers": servers, "iceTransportPolicy": policy })
    }
}

impl TurnSecret {
    /// The secret as it stands in a file: a last line break does not belong to it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim_end_matches(['\r', '\n']).as_bytes().to_vec()))
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn sign(&self, username: &str) -> String {
        let mut mac =
            Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes keys of every length");
        mac.update(username.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

impl fmt::Debug for TurnSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TurnSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use serde_json::json;

    use super::{IceConfig, Turn, TurnSecret};

    fn turn(secret: &str) -> Turn {
        Turn {
            urls: vec!["turn:b.example:3478".to_owned()],
            secret: TurnSecret::new(secret),
            life: Duration::from_secs(60),
        }
    }

    #[test]
    fn turn_credentials_follow_the_convention() {
        let config = IceConfig {
            stun: vec!["stun:a.example:3478".to_owned()],
            turn: Some(turn("north\n")),
            relay_only: true,
        };
        // printf 1700000060 | openssl dgst -sha1 -hmac north -binary | base64
        let expected = json!({
            "iceServers": [
                { "urls": ["stun:a.example:3478"] },
                {
                    "urls": ["turn:b.example:3478"],
                    "username": "1700000060",
                    "credential": "aqoYHq0SZvNMrBZ16421DRySfm0=",
                },
            ],
            "iceTransportPolicy": "relay",
        });
        assert_eq!(config.response(UNIX_EPOCH + Duration::from_secs(1_700_000_000)), expected);
    }

    #[test]
    fn without_servers_the_list_is_empty() {
        let response = IceConfig::default().response(UNIX_EPOCH);
        assert_eq!(response, json!({ "iceServers": [], "iceTransportPolicy": "all" }));
    }

    #[test]
    fn the_secret_is_not_shown() {
        let config = IceConfig { turn: Some(turn("north")), ..IceConfig::default() };
        assert!(!format!("{config:?}").contains("north"));
    }
}
