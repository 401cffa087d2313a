//! What the two ends of a direct connection tell each other, through the node, to come about.
//!
//! JSON, the same that tabs speak: `pkg/src/direct` has the other half.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use super::tcp::Token;

/// A signal.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase", tag = "type")]
pub(crate) enum Signal {
    /// This side listens here. Tabs do not understand it and go on without.
    Tcp(Invitation),
    /// The side that offers takes the data channel, though both have said [`Signal::Tcp`]. Those who
    /// have not know one way only, and need no telling.
    Take,
    /// What one side proposes, as in the Session Description Protocol.
    Offer {
        /// The description.
        sdp: String,
    },
    /// What the other side says to it.
    Answer {
        /// The description.
        sdp: String,
    },
    /// A network address where this side may be reached; empty when there are no more.
    Candidate(Candidate),
}

/// How to reach a party by TCP.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub(crate) struct Invitation {
    /// Its half of the secret that a connection begins with.
    pub(super) token: Token,
    /// Where it listens.
    pub(super) addresses: Vec<SocketAddr>,
}

/// What browsers call `RTCIceCandidateInit`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Candidate {
    /// The candidate's line.
    pub(super) candidate: String,
    /// The media section it belongs to.
    #[serde(default)]
    pub(super) sdp_mid: Option<String>,
    /// The same, by number.
    #[serde(default, rename = "sdpMLineIndex")]
    pub(super) sdp_m_line_index: Option<u16>,
}

impl Signal {
    pub(crate) fn encode(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a signal has string keys and no numbers that JSON lacks")
    }

    /// The signal that `bytes` are; nothing for what a later version may say.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl Invitation {
    /// The addresses that a single party can have: at most a few, none that reaches many.
    pub(super) fn usable(&self) -> impl Iterator<Item = SocketAddr> {
        let usable = |address: &&SocketAddr| {
            let broadcast = matches!(address.ip(), IpAddr::V4(ip) if ip.is_broadcast());
            let many = address.ip().is_multicast() || address.ip().is_unspecified() || broadcast;
            address.port() != 0 && !many
        };
        self.addresses.iter().filter(usable).take(MOST_ADDRESSES).copied()
    }
}

/// A machine with more networks than this is reached by its first ones.
pub(super) const MOST_ADDRESSES: usize = 16;

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::{Candidate, Invitation, Signal};
    use crate::direct::tcp::Token;

    #[test]
    fn signals_have_the_form_that_tabs_speak() {
        let token = Token::from_bytes([0xab; 16]);
        let addresses = vec!["127.0.0.1:1234".parse().unwrap(), "[::1]:5".parse().unwrap()];
        let sdp = || "v=0".to_owned();
        let candidate = Candidate {
            candidate: "candidate:1".to_owned(),
            sdp_mid: Some("0".to_owned()),
            sdp_m_line_index: Some(0),
        };
        let hex = "ab".repeat(16);
        for (signal, text) in [
            (
                Signal::Tcp(Invitation { token, addresses }),
                &*format!(
                    r#"{{"type":"tcp","token":"{hex}","addresses":["127.0.0.1:1234","[::1]:5"]}}"#
                ),
            ),
            (Signal::Take, r#"{"type":"take"}"#),
            (Signal::Offer { sdp: sdp() }, r#"{"type":"offer","sdp":"v=0"}"#),
            (Signal::Answer { sdp: sdp() }, r#"{"type":"answer","sdp":"v=0"}"#),
            (
                Signal::Candidate(candidate),
                r#"{"type":"candidate","candidate":"candidate:1","sdpMid":"0","sdpMLineIndex":0}"#,
            ),
        ] {
            assert_eq!(String::from_utf8(signal.encode()).unwrap(), text);
            assert_eq!(Signal::parse(text.as_bytes()), Some(signal));
        }
    }

    #[test]
    fn the_last_candidate_may_name_no_section() {
        let parsed = Signal::parse(br#"{"type":"candidate","candidate":""}"#);
        assert_eq!(parsed, Some(Signal::Candidate(Candidate::default())));
    }

    #[test]
    fn what_is_no_signal_is_nothing() {
        for text in [
            "",
            "null",
            r#"{"type":"udp"}"#,
            r#"{"type":"tcp","token":"ab","addresses":[]}"#,
            r#"{"type":"tcp","token":"zz","addresses":[]}"#,
            r#"{"type":"offer","sdp":"v=0"} x"#,
        ] {
            assert_eq!(Signal::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn addresses_of_nobody_or_of_many_are_left_out() {
        let one: SocketAddr = "192.168.0.7:99".parse().unwrap();
        let bad = [
            "0.0.0.0:1",
            "255.255.255.255:1",
            "224.0.0.1:1",
            "127.0.0.1:0",
            "[::]:1",
            "[ff02::1]:1",
        ];
        let mut addresses: Vec<_> = bad.iter().map(|text| text.parse().unwrap()).collect();
        addresses.extend([one; 40]);
        let invitation = Invitation { token: Token::from_bytes([0; 16]), addresses };
        assert_eq!(invitation.usable().collect::<Vec<_>>(), [one; 16]);
    }
}
