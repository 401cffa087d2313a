//! Two ends of which either is killed and resumed at any time.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use super::{FRAGMENT, Memory, News, Order, Path, Stream};

/// An end, what it would be resumed from, and the program that runs above it.
struct Side {
    stream: Stream,
    /// What is on its disk: the memory at the beginning, and what came since.
    start: Memory,
    disk: Vec<Entry>,
    /// Not on the disk yet.
    pending: Vec<Entry>,
    /// What it sends, in order; sent again in every life.
    sent: Vec<(Vec<u8>, Order)>,
    /// Numbers, in the order of their first coming.
    got: Vec<u32>,
    lives: u8,
}

enum Entry {
    Message { number: u32, delivered: [u64; 2] },
    Follow([u8; 8]),
}

struct World {
    sides: [Side; 2],
    wires: [VecDeque<Vec<u8>>; 2],
    complaint: Option<&'static str>,
}

const NOW: Duration = Duration::ZERO;

impl Side {
    fn memory(&self) -> Memory {
        let mut memory = self.start.clone();
        for entry in &self.disk {
            match entry {
                Entry::Message { delivered, .. } => memory.advance(*delivered),
                Entry::Follow(life) => memory.follow(*life),
            }
        }
        memory
    }

    fn note(&mut self, number: u32) {
        if !self.got.contains(&number) {
            self.got.push(number);
        }
    }
}

impl World {
    fn new() -> Self {
        let mut ends = [1, 2].map(|line| {
            let mut stream = Stream::new([line; 8]);
            stream.keep();
            stream
        });
        ends.iter_mut().for_each(|end| end.attach(Path::Relay, NOW));
        let first = ends.each_mut().map(|end| end.poll(NOW).unwrap().head);
        ends[0].receive(Path::Relay, &first[1], NOW).unwrap();
        ends[1].receive(Path::Relay, &first[0], NOW).unwrap();
        let sides = ends.map(|stream| {
            let start = stream.memory().unwrap();
            let (disk, pending, sent, got) = Default::default();
            Side { stream, start, disk, pending, sent, got, lives: 0 }
        });
        Self { sides, wires: Default::default(), complaint: None }
    }

    fn pump(&mut self) {
        for me in 0..2 {
            while let Some(departure) = self.sides[me].stream.poll(NOW) {
                self.wires[1 - me].push_back([&departure.head[..], &departure.body].concat());
            }
        }
    }

    fn send(&mut self, from: usize, message: Vec<u8>, order: Order) {
        self.sides[from].stream.send(vec![], message.clone().into(), order).unwrap();
        self.sides[from].sent.push((message, order));
        self.pump();
    }

    fn arrive(&mut self, at: usize) -> bool {
        let Some(message) = self.wires[at].pop_front() else { return false };
        let side = &mut self.sides[at];
        let news = side.stream.receive(Path::Relay, &message, NOW);
        self.complaint = self.complaint.or(news.as_ref().err().copied());
        for news in news.unwrap_or_default() {
            match news {
                News::Message { bytes, delivered } => {
                    let number = u32::from_le_bytes(bytes[..4].try_into().unwrap());
                    side.pending.push(Entry::Message { number, delivered });
                    side.note(number);
                }
                News::Resumed { life } => side.pending.push(Entry::Follow(life)),
                news => panic!("{news:?}"),
            }
        }
        self.pump();
        true
    }

    fn settle(&mut self) {
        while self.complaint.is_none() && (self.arrive(0) || self.arrive(1)) {}
    }

    fn save(&mut self, at: usize) {
        let side = &mut self.sides[at];
        side.disk.append(&mut side.pending);
        let saved = side.disk.last().map_or([0; 2], |entry| match entry {
            Entry::Message { delivered, .. } => *delivered,
            Entry::Follow(_) => [0; 2],
        });
        side.stream.save(saved);
        self.pump();
    }

    /// All channels are made anew.
    fn meet(&mut self) {
        self.wires = Default::default();
        for side in &mut self.sides {
            side.stream.detach(Path::Relay);
            side.stream.attach(Path::Relay, NOW);
        }
        self.pump();
    }

    /// The end is no more; another one is made from what is on its disk.
    fn kill(&mut self, at: usize) {
        let side = &mut self.sides[at];
        side.lives += 1;
        side.pending.clear();
        side.stream = Stream::resume(&side.memory(), [side.lives; 8]);
        side.got.clear();
        for entry in std::mem::take(&mut side.disk) {
            if let Entry::Message { number, .. } = entry {
                side.note(number);
            }
            side.disk.push(entry);
        }
        for (message, order) in &side.sent {
            side.stream.send(vec![], message.clone().into(), *order).unwrap();
        }
        self.meet();
    }
}

#[derive(Clone, Debug)]
enum Happening {
    Send { from: usize, fragments: usize, strict: bool },
    Arrive(usize),
    Save(usize),
    Kill(usize),
    Meet,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => (0..2_usize, 0..3_usize, any::<bool>())
            .prop_map(|(from, fragments, strict)| Happening::Send { from, fragments, strict }),
        12 => (0..2_usize).prop_map(Happening::Arrive),
        3 => (0..2_usize).prop_map(Happening::Save),
        1 => (0..2_usize).prop_map(Happening::Kill),
        1 => Just(Happening::Meet),
    ]
}

#[test]
fn both_paths_survive_when_both_ends_are_resumed_whichever_speaks_first() {
    let world = World::new();
    let mut ends =
        [(0, 5), (1, 6)].map(|(at, life)| Stream::resume(&world.sides[at].memory(), [life; 8]));
    for path in [Path::Relay, Path::Direct] {
        ends.iter_mut().for_each(|end| end.attach(path, NOW));
    }
    let mut wires: [[VecDeque<Vec<u8>>; 2]; 2] = Default::default();
    let pump = |ends: &mut [Stream; 2], wires: &mut [[VecDeque<Vec<u8>>; 2]; 2]| {
        for me in 0..2 {
            while let Some(departure) = ends[me].poll(NOW) {
                let message = [&departure.head[..], &departure.body].concat();
                wires[departure.path as usize][1 - me].push_back(message);
            }
        }
    };
    pump(&mut ends, &mut wires);
    // One hears the other over the direct path first, which hears it through the relay.
    let mut got = [0, 0];
    for (path, at) in [(Path::Direct, 0), (Path::Relay, 1), (Path::Relay, 0), (Path::Direct, 1)] {
        let message = wires[path as usize][at].pop_front().unwrap();
        ends[at].receive(path, &message, NOW).unwrap();
        pump(&mut ends, &mut wires);
    }
    for end in &mut ends {
        end.send(vec![], vec![7; 3 * FRAGMENT].into(), Order::Strict).unwrap();
    }
    pump(&mut ends, &mut wires);
    for _ in 0..100 {
        for (path, at) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let Some(message) = wires[path][at].pop_front() else { continue };
            let path = [Path::Relay, Path::Direct][path];
            let news = ends[at].receive(path, &message, NOW).unwrap();
            got[at] += news.iter().filter(|news| matches!(news, News::Message { .. })).count();
            pump(&mut ends, &mut wires);
        }
    }
    assert_eq!(got, [1, 1]);
    // What a former life has said, and comes late, changes nothing.
    let mut attached = |life: u8| {
        let mut end = Stream::resume(&world.sides[1].memory(), [life; 8]);
        end.attach(Path::Direct, NOW);
        let said = end.poll(NOW).unwrap().head;
        ends[0].attach(Path::Direct, NOW);
        ends[0].receive(Path::Direct, &said, NOW).unwrap()
    };
    assert_eq!(attached(9), [News::Resumed { life: [9; 8] }]);
    assert_eq!(attached(6), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn everything_arrives_whoever_is_killed(
        happenings in proptest::collection::vec(happening(), 1..120),
    ) {
        let mut world = World::new();
        let mut sent: [BTreeMap<u32, bool>; 2] = Default::default();
        for (number, happening) in (0..).zip(happenings) {
            match happening {
                Happening::Send { from, fragments, strict } => {
                    let mut message = u32::to_le_bytes(number).to_vec();
                    message.resize(4 + fragments * FRAGMENT, 7);
                    let order = if strict { Order::Strict } else { Order::Free };
                    world.send(from, message, order);
                    sent[from].insert(number, strict);
                }
                Happening::Arrive(at) => {
                    world.arrive(at);
                }
                Happening::Save(at) => world.save(at),
                Happening::Kill(at) => world.kill(at),
                Happening::Meet => world.meet(),
            }
        }
        world.meet();
        world.settle();
        prop_assert_eq!(world.complaint, None);
        for (from, sent) in sent.iter().enumerate() {
            let mut got = world.sides[1 - from].got.clone();
            for (strict, _) in sent.iter().filter(|(_, strict)| **strict) {
                let at = got.iter().position(|number| number == strict);
                let earlier = got[..at.unwrap_or(0)].iter().filter(|other| *other < strict);
                prop_assert_eq!(earlier.count(), sent.range(..strict).count(), "{} is early", strict);
            }
            got.sort_unstable();
            prop_assert_eq!(got, sent.keys().copied().collect::<Vec<_>>());
        }
    }
}

#[test]
fn whoever_lost_what_it_had_saved_is_refused() {
    let mut world = World::new();
    world.meet();
    world.send(0, vec![1, 0, 0, 0], Order::Strict);
    world.settle();
    world.save(1);
    // The acknowledgement travels with whatever is said next.
    world.send(1, vec![2, 0, 0, 0], Order::Strict);
    world.settle();
    world.sides[1].disk.clear();
    world.kill(1);
    world.settle();
    assert_eq!(world.complaint, Some("came back without what it had saved"));
}
