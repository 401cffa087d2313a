//! What a peer connection reports besides its data channel.

use async_trait::async_trait;
use tokio::sync::mpsc;
use webrtc::peer_connection::{
    PeerConnectionEventHandler, RTCIceGatheringState, RTCPeerConnectionIceEvent,
    RTCPeerConnectionState,
};

use crate::direct::ice::Policy;
use crate::direct::signal::Candidate;

/// Passes it on.
pub(super) struct Handler {
    policy: Policy,
    heard: mpsc::UnboundedSender<Heard>,
}

/// What was heard.
#[derive(Debug)]
pub(super) enum Heard {
    /// An address of this end; an empty one when there are no more.
    Candidate(Candidate),
    /// The connection could not be made, or is lost.
    Failed,
}

impl Handler {
    pub(super) const fn new(policy: Policy, heard: mpsc::UnboundedSender<Heard>) -> Self {
        Self { policy, heard }
    }

    fn say(&self, heard: Heard) {
        // Nobody listens to a connection that is given up.
        let _ = self.heard.send(heard);
    }
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        match event.candidate.to_json() {
            Ok(candidate) => self.say(Heard::Candidate(Candidate {
                candidate: match self.policy {
                    Policy::All => candidate.candidate,
                    Policy::Relay => without_origin(&candidate.candidate),
                },
                // An empty name is one that no section has; the number says it then.
                sdp_mid: candidate.sdp_mid.filter(|name| !name.is_empty()),
                sdp_m_line_index: candidate.sdp_mline_index,
            })),
            Err(error) => tracing::debug!(%error, "an address cannot be told"),
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.say(Heard::Candidate(Candidate::default()));
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        tracing::debug!(%state, "WebRTC");
        if matches!(state, RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed) {
            self.say(Heard::Failed);
        }
    }
}

/// A candidate without the address behind it, which parties shall not learn where they use TURN servers
/// alone. Nothing but diagnostics needs it; browsers leave it out as well.
fn without_origin(candidate: &str) -> String {
    let mut words: Vec<&str> = candidate.split(' ').collect();
    for at in 1..words.len() {
        match words[at - 1] {
            "raddr" => words[at] = "0.0.0.0",
            "rport" => words[at] = "0",
            _ => {}
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::without_origin;

    #[test]
    fn a_relayed_address_does_not_tell_whose_it_is() {
        assert_eq!(
            without_origin("candidate:1 1 udp 9 203.0.113.1 6 typ relay raddr 10.0.0.1 rport 55"),
            "candidate:1 1 udp 9 203.0.113.1 6 typ relay raddr 0.0.0.0 rport 0"
        );
        assert_eq!(
            without_origin("candidate:1 1 udp 9 ::1 6 typ host"),
            "candidate:1 1 udp 9 ::1 6 typ host"
        );
    }
}
