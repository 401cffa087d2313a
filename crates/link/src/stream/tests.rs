//! Two ends over paths that are cut and made again.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{FRAGMENT, News, Order, Path, Stream};

/// Two ends, and what is under way between them.
struct Pair {
    ends: [Stream; 2],
    /// By path and receiver.
    wires: [[VecDeque<Vec<u8>>; 2]; 2],
    open: [bool; 2],
    got: [Vec<Vec<u8>>; 2],
    news: Vec<News>,
    now: Duration,
}

impl Pair {
    fn new() -> Self {
        Self {
            ends: [Stream::new([1; 8]), Stream::new([2; 8])],
            wires: Default::default(),
            open: [false; 2],
            got: Default::default(),
            news: Vec::new(),
            now: Duration::ZERO,
        }
    }

    fn attach(&mut self, path: Path) {
        self.cut(path);
        self.open[path as usize] = true;
        self.ends.iter_mut().for_each(|end| end.attach(path, self.now));
        self.pump();
    }

    fn cut(&mut self, path: Path) {
        self.open[path as usize] = false;
        self.wires[path as usize] = Default::default();
        self.ends.iter_mut().for_each(|end| end.detach(path));
        self.pump();
    }

    /// Puts on the wires whatever the ends want to send.
    fn pump(&mut self) {
        for (me, end) in self.ends.iter_mut().enumerate() {
            while let Some(departure) = end.poll(self.now) {
                if self.open[departure.path as usize] {
                    let message = [&departure.head[..], &departure.body].concat();
                    self.wires[departure.path as usize][1 - me].push_back(message);
                }
            }
        }
    }

    /// Lets one message arrive.
    fn arrive(&mut self, path: Path, at: usize) -> bool {
        let Some(message) = self.wires[path as usize][at].pop_front() else { return false };
        for news in self.ends[at].receive(path, &message, self.now).unwrap() {
            match news {
                News::Message { bytes, .. } => self.got[at].push(bytes),
                news => self.news.push(news),
            }
        }
        self.pump();
        true
    }

    fn settle(&mut self) {
        loop {
            let arrived = [Path::Relay, Path::Direct]
                .into_iter()
                .flat_map(|path| [(path, 0), (path, 1)])
                .filter(|&(path, at)| self.arrive(path, at))
                .count();
            if arrived == 0 {
                return;
            }
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        for end in &mut self.ends {
            let _silent = end.tick(self.now);
        }
        self.pump();
    }

    fn send(&mut self, from: usize, message: Vec<u8>, order: Order) {
        self.ends[from].send(vec![], message.into(), order).unwrap();
        self.pump();
    }
}

/// A message that says its number and length.
fn message(number: u32, length: usize) -> Vec<u8> {
    let mut message = number.to_le_bytes().to_vec();
    message.resize(length.max(4), 7);
    message
}

#[test]
fn messages_cross_and_both_ends_forget_what_has_arrived() {
    let mut pair = Pair::new();
    pair.send(0, message(1, 5), Order::Strict);
    pair.attach(Path::Relay);
    pair.settle();
    pair.send(1, message(2, 3 * FRAGMENT), Order::Strict);
    pair.settle();
    pair.pass(Duration::from_secs(1));
    pair.settle();
    assert_eq!(pair.got, [vec![message(2, 3 * FRAGMENT)], vec![message(1, 5)]]);
    for end in &pair.ends {
        assert!(end.outboxes.iter().all(|outbox| outbox.in_flight() == 0), "{end:?}");
    }
}

#[test]
fn a_short_message_overtakes_a_long_one_unless_it_must_not() {
    let mut pair = Pair::new();
    pair.attach(Path::Relay);
    pair.settle();
    pair.ends[0].send(vec![], Bytes::from(message(1, 9 * FRAGMENT)), Order::Free).unwrap();
    pair.ends[0].send(vec![], Bytes::from(message(2, 9)), Order::Free).unwrap();
    pair.ends[0].send(vec![], Bytes::from(message(3, 9)), Order::Strict).unwrap();
    pair.ends[0].send(vec![], Bytes::from(message(4, FRAGMENT)), Order::Free).unwrap();
    pair.pump();
    pair.settle();
    let order: Vec<_> = pair.got[1].iter().map(|message| message[0]).collect();
    assert_eq!(order, [2, 1, 3, 4]);
}

#[test]
fn the_faster_path_is_taken_and_the_other_one_when_it_dies() {
    let mut pair = Pair::new();
    pair.attach(Path::Relay);
    pair.settle();
    assert_eq!(pair.ends[0].active(), Some(Path::Relay));
    // The relay answers after 10 ms, the direct path at once.
    pair.attach(Path::Direct);
    for _ in 0..20 {
        while (0..2).any(|at| pair.arrive(Path::Direct, at)) {}
        pair.now += Duration::from_millis(10);
        let under_way = [0, 1].map(|at| pair.wires[Path::Relay as usize][at].len());
        for (at, messages) in under_way.into_iter().enumerate() {
            for _ in 0..messages {
                pair.arrive(Path::Relay, at);
            }
        }
    }
    assert!(pair.ends.iter().all(|end| end.active() == Some(Path::Direct)), "{:?}", pair.news);
    pair.send(0, message(1, 5 * FRAGMENT), Order::Free);
    assert!(pair.arrive(Path::Direct, 1));
    pair.cut(Path::Direct);
    pair.settle();
    assert_eq!(pair.got[1], [message(1, 5 * FRAGMENT)]);
    assert_eq!(pair.ends[0].active(), Some(Path::Relay));
}

#[test]
fn what_is_under_way_by_the_former_path_is_sent_again_when_that_dies() {
    let mut pair = Pair::new();
    pair.attach(Path::Relay);
    pair.settle();
    pair.attach(Path::Direct);
    assert!(pair.arrive(Path::Direct, 0) && pair.arrive(Path::Direct, 1));
    for _ in 0..20 {
        pair.now += Duration::from_millis(10);
        for at in 0..2 {
            for _ in 0..pair.wires[Path::Relay as usize][at].len() {
                pair.arrive(Path::Relay, at);
            }
        }
    }
    assert_eq!(pair.ends[0].active(), Some(Path::Relay), "the other one is not measured yet");
    pair.send(0, message(1, 5), Order::Free);
    pair.send(0, message(2, 5 * FRAGMENT), Order::Free);
    while (0..2).any(|at| pair.arrive(Path::Direct, at)) {}
    assert_eq!(pair.ends[0].active(), Some(Path::Direct));
    pair.cut(Path::Relay);
    pair.settle();
    assert!(pair.got[1] == [message(1, 5), message(2, 5 * FRAGMENT)]);
}

#[test]
fn a_path_that_must_not_be_taken_is_not() {
    let mut pair = Pair::new();
    pair.ends.iter_mut().for_each(|end| end.insist(Path::Direct));
    pair.attach(Path::Relay);
    pair.settle();
    pair.send(0, message(1, 5), Order::Strict);
    pair.ends[0].aside(Bytes::from_static(b"offer"));
    pair.pump();
    pair.settle();
    assert_eq!((pair.got[1].len(), pair.news.clone()), (0, vec![News::Aside(b"offer".to_vec())]));
    pair.attach(Path::Direct);
    pair.settle();
    assert_eq!(pair.got[1], [message(1, 5)]);
    pair.cut(Path::Direct);
    pair.send(0, message(2, 5), Order::Strict);
    pair.settle();
    assert_eq!((pair.got[1].len(), pair.ends[0].active()), (1, None));
}

#[test]
fn an_end_that_forgot_is_noticed() {
    let mut pair = Pair::new();
    pair.attach(Path::Relay);
    pair.send(0, message(1, 5), Order::Strict);
    pair.settle();
    pair.ends[1] = Stream::new([3; 8]);
    pair.attach(Path::Relay);
    pair.settle();
    assert!(pair.news.contains(&News::Restarted), "{:?}", pair.news);
    pair.send(0, message(2, 5), Order::Strict);
    pair.send(1, message(3, 5), Order::Strict);
    pair.settle();
    assert_eq!(pair.got[1], [message(1, 5), message(2, 5)]);
    assert_eq!(pair.got[0], [message(3, 5)]);
}

#[test]
fn a_lying_end_is_refused() {
    let refused = |frame: &[u8]| {
        let mut pair = Pair::new();
        pair.attach(Path::Relay);
        pair.settle();
        pair.ends[0].receive(Path::Relay, frame, pair.now).is_err()
    };
    let received = |counts: [u64; 2]| counts.map(u64::to_le_bytes).concat();
    assert!(!refused(&[&[48][..], &received([0, 0])].concat()));
    assert!(refused(&[&[48][..], &received([1, 0])].concat()), "nobody has what was never sent");
    assert!(refused(&[9]) && refused(&[]));
}

#[derive(Clone, Debug)]
enum Happening {
    Send { from: usize, fragments: usize, strict: bool },
    Arrive { path: bool, at: usize },
    Cut { path: bool },
    Attach { path: bool },
    Pass(u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..2_usize, 0..4_usize, any::<bool>())
            .prop_map(|(from, fragments, strict)| Happening::Send { from, fragments, strict }),
        12 => (any::<bool>(), 0..2_usize).prop_map(|(path, at)| Happening::Arrive { path, at }),
        1 => any::<bool>().prop_map(|path| Happening::Cut { path }),
        1 => any::<bool>().prop_map(|path| Happening::Attach { path }),
        1 => (0..3000_u64).prop_map(Happening::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn everything_arrives_once_whatever_happens_to_the_paths(
        happenings in proptest::collection::vec(happening(), 1..120),
    ) {
        let mut pair = Pair::new();
        let mut sent: [Vec<(u32, usize, bool)>; 2] = Default::default();
        let way = |path: bool| if path { Path::Direct } else { Path::Relay };
        for (number, happening) in (0..).zip(happenings) {
            match happening {
                Happening::Send { from, fragments, strict } => {
                    let length = 4 + fragments * FRAGMENT;
                    let order = if strict { Order::Strict } else { Order::Free };
                    pair.send(from, message(number, length), order);
                    sent[from].push((number, length, strict));
                }
                Happening::Arrive { path, at } => {
                    pair.arrive(way(path), at);
                }
                Happening::Cut { path } => pair.cut(way(path)),
                Happening::Attach { path } => pair.attach(way(path)),
                Happening::Pass(time) => pair.pass(Duration::from_millis(time)),
            }
        }
        pair.attach(Path::Relay);
        pair.settle();
        for (from, sent) in sent.iter().enumerate() {
            let mut got = pair.got[1 - from].clone();
            let number = |message: &[u8]| u32::from_le_bytes(message[..4].try_into().unwrap());
            for &(strict, ..) in sent.iter().filter(|message| message.2) {
                let at = got.iter().position(|message| number(message) == strict);
                let earlier = got[..at.unwrap_or(0)].iter().filter(|other| number(other) < strict);
                let due = sent.iter().filter(|other| other.0 < strict);
                prop_assert_eq!(earlier.count(), due.count(), "{} came too early", strict);
            }
            got.sort_by_key(|message| number(message));
            let due: Vec<_> = sent.iter().map(|&(number, length, _)| message(number, length)).collect();
            prop_assert_eq!(got, due);
        }
    }
}
