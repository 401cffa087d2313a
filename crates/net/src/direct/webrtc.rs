//! A WebRTC data channel: the way to tabs, and to native parties behind other routers.

mod channel;
mod handler;
mod runtime;

use std::sync::Arc;

use rtc::peer_connection::transport::RTCDtlsRole;
use tokio::sync::mpsc;
use webrtc::data_channel::{DataChannelEvent, RTCDataChannelInit};
use webrtc::peer_connection::{
    PeerConnection, PeerConnectionBuilder, RTCConfigurationBuilder, RTCIceCandidateInit,
    RTCIceServer, RTCIceTransportPolicy, RTCSessionDescription, SettingEngineBuilder,
};
use webrtc::runtime::TokioRuntime;

use super::Side;
use super::ice::{Ice, Policy};
use super::signal::{Candidate, Signal};
pub(super) use channel::Channel;
use handler::{Handler, Heard};
use runtime::Runtime;

/// A peer connection. Dropped, it is closed.
struct Peer {
    connection: Arc<dyn PeerConnection>,
    /// How many addresses of the other end it has been given.
    candidates: usize,
}

/// Opens a data channel. `signals` brings what the other end says; what it must hear goes to `said`.
/// Cancelled, it is closed.
pub(super) async fn open(
    side: Side,
    ice: &Ice,
    mut signals: mpsc::Receiver<Signal>,
    said: mpsc::UnboundedSender<Signal>,
) -> Result<Channel, String> {
    // Nothing costs anything before there is an offer.
    let offer = match side {
        Side::Offers => None,
        Side::Answers => Some(next_offer(&mut signals).await?),
    };
    let (heard, mut hears) = mpsc::unbounded_channel();
    let mut peer = Peer::new(ice, heard).await.map_err(text)?;
    let init = RTCDataChannelInit { ordered: true, negotiated: Some(0), ..Default::default() };
    let channel = peer.connection.create_data_channel(LABEL, Some(init)).await.map_err(text)?;
    let mut early = Vec::new();
    let mut described = offer.is_some();
    let description = match offer {
        None => peer.offer().await?,
        Some(offer) => peer.answer(offer).await?,
    };
    // Whoever listens no more has cancelled this.
    let _ = said.send(description);
    loop {
        tokio::select! {
            signal = signals.recv() => match (signal, described) {
                (None, _) => return Err("it is not needed any more".to_owned()),
                (Some(Signal::Answer { sdp }), false) if side == Side::Offers => {
                    let answer = RTCSessionDescription::answer(sdp).map_err(text)?;
                    peer.connection.set_remote_description(answer).await.map_err(text)?;
                    described = true;
                    for candidate in early.drain(..) {
                        peer.add(candidate).await;
                    }
                }
                (Some(Signal::Candidate(candidate)), true) => peer.add(candidate).await,
                (Some(Signal::Candidate(candidate)), false) if early.len() < MOST_CANDIDATES => {
                    early.push(candidate);
                }
                (Some(_), _) => {}
            },
            Some(heard) = hears.recv() => match heard {
                Heard::Candidate(candidate) => {
                    let _ = said.send(Signal::Candidate(candidate));
                }
                Heard::Failed => return Err("no pair of network addresses works".to_owned()),
            },
            event = channel.poll() => match event {
                Some(DataChannelEvent::OnOpen) => return Ok(Channel { peer, channel, hears }),
                Some(DataChannelEvent::OnClose) | None => {
                    return Err("the data channel was closed".to_owned());
                }
                Some(_) => {}
            },
        }
    }
}

async fn next_offer(signals: &mut mpsc::Receiver<Signal>) -> Result<String, String> {
    while let Some(signal) = signals.recv().await {
        if let Signal::Offer { sdp } = signal {
            return Ok(sdp);
        }
    }
    Err("it is not needed any more".to_owned())
}

impl Peer {
    async fn new(
        ice: &Ice,
        heard: mpsc::UnboundedSender<Heard>,
    ) -> Result<Self, webrtc::error::Error> {
        let server = |server: &super::ice::Server| RTCIceServer {
            urls: server.urls.clone(),
            username: server.username.clone(),
            credential: server.credential.clone(),
        };
        let policy = match ice.ice_transport_policy {
            Policy::All => RTCIceTransportPolicy::All,
            Policy::Relay => RTCIceTransportPolicy::Relay,
        };
        let configuration = RTCConfigurationBuilder::new()
            .with_ice_servers(ice.ice_servers.iter().map(server).collect())
            .with_ice_transport_policy(policy)
            .build();
        let settings = SettingEngineBuilder::new()
            .with_include_loopback_candidate(true)
            // The side that offers speaks first, and a client loses what comes with the last packet of the
            // server's handshake: its data channel is not there yet.
            .with_answering_dtls_role(RTCDtlsRole::Server)
            .build();
        let peer = PeerConnectionBuilder::new()
            .with_configuration(configuration)
            .with_setting_engine(settings)
            .with_runtime(Arc::new(Runtime(TokioRuntime)))
            .with_handler(Arc::new(Handler::new(ice.ice_transport_policy, heard)))
            .with_udp_addrs(vec!["0.0.0.0:0", "127.0.0.1:0"])
            .with_data_channel_send_buffer_limit(SEND_AHEAD)
            .build()
            .await?;
        Ok(Self { connection: Arc::new(peer), candidates: 0 })
    }

    async fn offer(&self) -> Result<Signal, String> {
        let offer = self.connection.create_offer(None).await.map_err(text)?;
        let sdp = offer.sdp.clone();
        self.connection.set_local_description(offer).await.map_err(text)?;
        Ok(Signal::Offer { sdp })
    }

    async fn answer(&self, offer: String) -> Result<Signal, String> {
        let offer = RTCSessionDescription::offer(offer).map_err(text)?;
        self.connection.set_remote_description(offer).await.map_err(text)?;
        let answer = self.connection.create_answer(None).await.map_err(text)?;
        let sdp = answer.sdp.clone();
        self.connection.set_local_description(answer).await.map_err(text)?;
        Ok(Signal::Answer { sdp })
    }

    /// Takes an address of the other end, unless it has had enough of them. One that makes no sense here may be
    /// followed by better ones.
    async fn add(&mut self, candidate: Candidate) {
        if candidate.candidate.is_empty() || self.candidates == MOST_CANDIDATES {
            return;
        }
        self.candidates += 1;
        let candidate = RTCIceCandidateInit {
            candidate: candidate.candidate,
            sdp_mid: candidate.sdp_mid,
            sdp_mline_index: candidate.sdp_m_line_index,
            ..Default::default()
        };
        if let Err(error) = self.connection.add_ice_candidate(candidate).await {
            tracing::debug!(%error, "an address of the other party cannot be used");
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let peer = Arc::clone(&self.connection);
        // Outside of a runtime nothing of it can run any more.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { peer.close().await });
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err passes")]
fn text(error: webrtc::error::Error) -> String {
    error.to_string()
}

const LABEL: &str = "cryptab";
/// Addresses of the other end that are tried.
const MOST_CANDIDATES: usize = 64;
/// Bytes that may wait in the channel; more wait in the queue before it.
const SEND_AHEAD: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::{Candidate, Ice, MOST_CANDIDATES, Peer, Signal};

    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_answers_lets_the_other_side_begin() {
        let (heard, _hears) = mpsc::unbounded_channel();
        let offers = Peer::new(&Ice::default(), heard.clone()).await.unwrap();
        let answers = Peer::new(&Ice::default(), heard).await.unwrap();
        let _channel = offers.connection.create_data_channel("", None).await.unwrap();
        let Signal::Offer { sdp } = offers.offer().await.unwrap() else { panic!("an offer") };
        let Signal::Answer { sdp } = answers.answer(sdp).await.unwrap() else {
            panic!("an answer")
        };
        assert!(sdp.contains("a=setup:passive"), "{sdp}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_connection_takes_no_more_addresses_than_it_can_use() {
        let (heard, _hears) = mpsc::unbounded_channel();
        let mut peer = Peer::new(&Ice::default(), heard).await.unwrap();
        for port in 1..200 {
            let candidate = format!("candidate:1 1 udp 1 127.0.0.1 {port} typ host");
            peer.add(Candidate { candidate, ..Candidate::default() }).await;
        }
        assert_eq!(peer.candidates, MOST_CANDIDATES);
    }
}
