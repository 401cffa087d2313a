//! Two ends of a direct connection, without a node: the tests carry the signals.

use std::time::Duration;

use cryptab_relay::{IceConfig, Relay, RelayConfig};
use cryptab_session::Input;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::Directs;
use super::signal::Signal;

/// Two parties; each has the other in slot 1 or 0.
struct Pair {
    ends: [Directs; 2],
    /// Which signals do not arrive.
    lost: fn(&Signal) -> bool,
    /// What was signalled.
    said: Vec<Signal>,
}

impl Pair {
    async fn new(ice: IceConfig, lost: fn(&Signal) -> bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/relay", listener.local_addr().unwrap());
        let relay = Relay::new(RelayConfig { ice, ..RelayConfig::default() });
        tokio::spawn(cryptab_relay::serve(listener, relay.router(), std::future::pending()));
        Self { ends: [Directs::new(&url), Directs::new(&url)], lost, said: Vec::new() }
    }

    fn connect(&mut self) {
        self.ends[0].connect(1, true);
        self.ends[1].connect(0, false);
    }

    /// A pair that is connected, for all that a local network lets through.
    async fn open() -> Self {
        let mut pair = Self::new(IceConfig::default(), |_| false).await;
        pair.connect();
        pair.opened().await;
        pair
    }

    async fn opened(&mut self) {
        for _ in 0..2 {
            let (_, input) = self.next().await;
            assert!(matches!(input, Input::DirectOpened { .. }), "{input:?}");
        }
    }

    /// The next thing that happens, but for signals, which are delivered.
    async fn next(&mut self) -> (usize, Input) {
        let next = async {
            loop {
                let [a, b] = &mut self.ends;
                let (at, input) = tokio::select! {
                    input = a.next() => (0, input),
                    input = b.next() => (1, input),
                };
                let Input::DirectSignal { bytes, .. } = input else { return (at, input) };
                let signal = Signal::parse(&bytes).unwrap();
                if !(self.lost)(&signal) {
                    self.signal(at, bytes);
                }
                self.said.push(signal);
            }
        };
        timeout(Duration::from_secs(60), next).await.expect("nothing happened in time")
    }

    /// What end `at` says reaches the other.
    fn signal(&self, at: usize, bytes: Vec<u8>) {
        self.ends[1 - at].signal(slot_of(at), bytes);
    }

    fn send(&self, at: usize, message: &[u8]) {
        self.ends[at].send(slot_of(1 - at), message.to_vec());
    }

    /// Messages of many sizes, in both directions at once.
    async fn exchange(&mut self, count: u8) {
        for number in 0..count {
            for at in [0, 1] {
                self.send(at, &vec![number; 1 + 300 * usize::from(number)]);
            }
        }
        let mut heard = [0u8; 2];
        while heard != [count; 2] {
            let (at, input) = self.next().await;
            let Input::DirectMessage { slot, bytes } = input else { panic!("{input:?}") };
            assert_eq!(slot, slot_of(1 - at));
            assert_eq!(bytes, vec![heard[at]; 1 + 300 * usize::from(heard[at])]);
            heard[at] += 1;
        }
    }

    /// What was sent before closing arrives, and then the end.
    async fn close(mut self) {
        self.send(0, &[5; 60_000]);
        self.ends[0].close(1);
        let (at, input) = self.next().await;
        let last = matches!(&input, Input::DirectMessage { bytes, .. } if bytes.len() == 60_000);
        assert!(at == 1 && last, "{input:?}");
        let (at, input) = self.next().await;
        assert!(at == 1 && matches!(input, Input::DirectClosed { slot: 0, .. }), "{input:?}");
        assert!(self.ends.iter().all(|end| end.connections.is_empty()));
    }
}

fn slot_of(end: usize) -> u8 {
    u8::from(end == 1)
}

#[tokio::test]
async fn native_parties_on_one_machine_use_tcp() {
    let mut pair = Pair::open().await;
    pair.exchange(200).await;
    assert!(!pair.said.contains(&Signal::Take));
    pair.close().await;
}

#[tokio::test]
async fn nothing_is_heard_of_what_was_closed_or_replaced() {
    let mut pair = Pair::open().await;
    pair.send(1, b"old");
    pair.connect();
    pair.opened().await;
    pair.send(1, b"new");
    let (at, input) = pair.next().await;
    let new = matches!(&input, Input::DirectMessage { bytes, .. } if &bytes[..] == b"new");
    assert!(at == 0 && new, "{input:?}");
}

#[tokio::test]
async fn whoever_leaves_waits_until_its_last_words_have_left() {
    let [mut leaving, mut other] = Pair::open().await.ends;
    // More than the system keeps for whoever does not read.
    for _ in 0..400 {
        leaving.send(1, vec![3; 60_000]);
    }
    leaving.close(1);
    let mut farewell = std::pin::pin!(leaving.close_all());
    assert!(timeout(Duration::from_millis(100), &mut farewell).await.is_err());
    let heard = async {
        let mut count = 0;
        while let Input::DirectMessage { .. } = other.next().await {
            count += 1;
        }
        count
    };
    let (heard, ()) = tokio::join!(heard, farewell);
    assert_eq!(heard, 400);
}

#[tokio::test]
async fn nonsense_for_a_signal_changes_nothing() {
    let mut pair = Pair::new(IceConfig::default(), |_| false).await;
    pair.connect();
    for at in [0, 1] {
        for nonsense in [&b""[..], b"{}", b"{\"type\":\"later\"}", &[0xff; 100]] {
            pair.signal(at, nonsense.to_vec());
        }
    }
    pair.opened().await;
}

#[tokio::test]
async fn where_addresses_may_not_be_told_none_is() {
    let ice = IceConfig { relay_only: true, ..IceConfig::default() };
    let mut pair = Pair::new(ice, |_| false).await;
    pair.connect();
    // Without a server that would carry it there is no way.
    let (_, input) = pair.next().await;
    assert!(matches!(input, Input::DirectClosed { .. }), "{input:?}");
    assert!(pair.said.is_empty(), "{:?}", pair.said);
}

#[cfg(feature = "webrtc")]
mod webrtc {
    use std::time::Duration;

    use cryptab_relay::{IceConfig, Turn, TurnSecret};
    use cryptab_session::Input;
    use tokio::time::timeout;

    use super::{Pair, Signal};

    const fn is_tcp(signal: &Signal) -> bool {
        matches!(signal, Signal::Tcp(_))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn parties_that_know_no_tcp_use_a_data_channel() {
        let mut pair = Pair::new(IceConfig::default(), is_tcp).await;
        pair.connect();
        pair.opened().await;
        pair.exchange(200).await;
        pair.close().await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn where_tcp_leads_nowhere_the_offering_side_says_that_it_takes_the_channel() {
        let mut pair = Pair::new(IceConfig::default(), |_| false).await;
        pair.connect();
        for at in [0, 1] {
            let nowhere =
                br#"{"type":"tcp","token":"00000000000000000000000000000000","addresses":[]}"#;
            pair.signal(at, nowhere.to_vec());
        }
        pair.opened().await;
        pair.exchange(200).await;
        assert!(pair.said.contains(&Signal::Take));
        pair.close().await;
    }

    #[tokio::test]
    async fn a_data_channel_that_fails_at_once_does_not_end_the_search_for_tcp() {
        let mut pair = Pair::new(IceConfig::default(), |_| false).await;
        pair.ends[1].connect(0, false);
        pair.signal(0, br#"{"type":"offer","sdp":"nonsense"}"#.to_vec());
        let Input::DirectSignal { bytes, .. } = pair.ends[1].next().await else {
            panic!("it says first where it listens");
        };
        let goes_on = timeout(Duration::from_millis(300), pair.ends[1].next()).await;
        assert!(goes_on.is_err(), "{goes_on:?}");
        pair.ends[0].connect(1, true);
        pair.signal(1, bytes);
        pair.opened().await;
        pair.close().await;
    }

    /// Needs a coturn: `cargo xtask test --only turn` starts one and says where it is.
    #[tokio::test(flavor = "multi_thread")]
    #[ignore = "needs a TURN server"]
    async fn parties_connect_through_a_turn_server_alone() {
        let turn = std::env::var("CRYPTAB_TEST_TURN").expect("CRYPTAB_TEST_TURN names the server");
        let secret = std::env::var("CRYPTAB_TEST_TURN_SECRET").expect("its secret is known");
        let ice = IceConfig {
            stun: Vec::new(),
            turn: Some(Turn {
                urls: vec![turn],
                secret: TurnSecret::new(&secret),
                life: Duration::from_secs(600),
            }),
            relay_only: true,
        };
        let mut pair = Pair::new(ice, |_| false).await;
        pair.connect();
        pair.opened().await;
        pair.exchange(20).await;
        let relayed = |signal: &Signal| match signal {
            Signal::Candidate(candidate) => {
                candidate.candidate.is_empty()
                    || candidate.candidate.contains("typ relay raddr 0.0.0.0")
            }
            Signal::Offer { sdp } | Signal::Answer { sdp } => !sdp.contains("typ host"),
            Signal::Tcp(_) | Signal::Take => false,
        };
        assert!(pair.said.iter().all(relayed), "{:?}", pair.said);
        pair.close().await;
    }
}
