//! Two ends of a direct connection, without a node: the tests carry the signals.

use std::time::Duration;

use cryptab_session::Input;
use tokio::time::timeout;

use super::Directs;

/// Two parties; each has the other in slot 1 or 0.
struct Pair {
    ends: [Directs; 2],
}

impl Pair {
    fn connect() -> Self {
        let mut ends = [Directs::default(), Directs::default()];
        ends[0].connect(1, true);
        ends[1].connect(0, false);
        Self { ends }
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
                match input {
                    Input::DirectSignal { bytes, .. } => self.signal(at, bytes),
                    input => return (at, input),
                }
            }
        };
        timeout(Duration::from_secs(30), next).await.expect("nothing happened in time")
    }

    /// What end `at` says reaches the other.
    fn signal(&self, at: usize, bytes: Vec<u8>) {
        self.ends[1 - at].signal(slot_of(at), bytes);
    }

    fn send(&self, at: usize, message: &[u8]) {
        self.ends[at].send(slot_of(1 - at), message.to_vec());
    }

    async fn open() -> Self {
        let mut pair = Self::connect();
        for _ in 0..2 {
            let (_, input) = pair.next().await;
            assert!(matches!(input, Input::DirectOpened { .. }), "{input:?}");
        }
        pair
    }
}

fn slot_of(end: usize) -> u8 {
    u8::from(end == 1)
}

#[tokio::test]
async fn messages_pass_in_both_directions_in_order() {
    let mut pair = Pair::open().await;
    for number in 0..200u8 {
        for at in [0, 1] {
            pair.send(at, &vec![number; 300 * usize::from(number)]);
        }
    }
    let mut heard = [0u8; 2];
    while heard != [200; 2] {
        let (at, input) = pair.next().await;
        let Input::DirectMessage { slot, bytes } = input else { panic!("{input:?}") };
        assert_eq!(slot, slot_of(1 - at));
        assert_eq!(bytes, vec![heard[at]; 300 * usize::from(heard[at])]);
        heard[at] += 1;
    }
}

#[tokio::test]
async fn what_was_sent_before_closing_arrives_and_then_the_end() {
    let mut pair = Pair::open().await;
    pair.send(0, &[5; 60_000]);
    pair.ends[0].close(1);
    let (at, input) = pair.next().await;
    assert!(
        at == 1 && matches!(&input, Input::DirectMessage { bytes, .. } if bytes.len() == 60_000),
        "{input:?}"
    );
    let (at, input) = pair.next().await;
    assert!(at == 1 && matches!(input, Input::DirectClosed { slot: 0, .. }), "{input:?}");
    assert!(pair.ends.iter().all(|end| end.connections.is_empty()));
}

#[tokio::test]
async fn nothing_is_heard_of_what_was_closed_or_replaced() {
    let mut pair = Pair::open().await;
    pair.send(1, b"old");
    pair.ends[0].connect(1, true);
    pair.ends[1].connect(0, false);
    for _ in 0..2 {
        let (_, input) = pair.next().await;
        assert!(matches!(input, Input::DirectOpened { .. }), "{input:?}");
    }
    pair.send(1, b"new");
    let (at, input) = pair.next().await;
    assert!(
        at == 0 && matches!(&input, Input::DirectMessage { bytes, .. } if &bytes[..] == b"new"),
        "{input:?}"
    );
}

#[tokio::test]
async fn nonsense_for_a_signal_changes_nothing() {
    let mut pair = Pair::connect();
    for at in [0, 1] {
        for nonsense in [&b""[..], b"{}", b"{\"type\":\"later\"}", &[0xff; 100]] {
            pair.signal(at, nonsense.to_vec());
        }
    }
    let (_, input) = pair.next().await;
    assert!(matches!(input, Input::DirectOpened { .. }), "{input:?}");
}
