//! Two parties in a room, an honest dealer, and a relay that does what the fuzzer says.

use std::collections::VecDeque;
use std::time::Duration;

use cryptab_session::{
    Event, Format, Identity, Input, Invite, Join, Journal, Node, Output, RevealPolicy, Role, Route,
};
use cryptab_wire::{FromRelay, Secret};

use crate::Script;
use dealer::{Dealer, Line};

// The dealer of the behaviour tests: an honest one.
#[allow(dead_code, reason = "those tests tamper with it")]
#[path = "../../crates/session/tests/it/world/dealer.rs"]
mod dealer;

/// The room.
pub struct Room {
    parties: Vec<Party>,
    dealer: Dealer,
    now: Duration,
    ways: [Way; 2],
}

struct Party {
    node: Node,
    line: Option<Line>,
    said: Vec<Vec<u8>>,
    heard: Vec<Vec<u8>>,
    failures: usize,
}

/// What is under way to one party.
#[derive(Default)]
struct Way {
    packets: VecDeque<Vec<u8>>,
    /// All that was ever under way, to be sent again.
    seen: Vec<Vec<u8>>,
}

impl Way {
    fn put(&mut self, packet: Vec<u8>) {
        if self.seen.len() < 256 {
            self.seen.push(packet.clone());
        }
        self.packets.push_back(packet);
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new()
    }
}

impl Room {
    /// Both parties are let in, and nothing was delivered yet.
    ///
    /// # Panics
    /// Without a random generator.
    #[must_use]
    pub fn new() -> Self {
        let now = Duration::from_secs(1_800_000_000);
        let invite = Invite {
            version: cryptab_wire::VERSION,
            room: [0x5a; 16],
            secret: Secret::from([0xab; 32]),
            dealer_key: dealer::identity().public().0,
            parties: 2,
            program: "tensor".to_owned(),
            expires: now.as_secs() + 3600,
            dealer_url: None,
            ownership: None,
        };
        let party = |name: &str| {
            let join = Join {
                invite: invite.clone(),
                identity: Identity::generate().expect("a random generator"),
                name: name.to_owned(),
                role: Role::Help,
                slot: None,
                format: Format::default(),
                reveal: RevealPolicy::Any,
                acquaintances: Vec::new(),
                route: Route::Best,
                patience: Duration::from_secs(60),
                journal: Journal::Off,
            };
            let node = Node::new(join, now);
            Party { node, line: None, said: Vec::new(), heard: Vec::new(), failures: 0 }
        };
        let parties = vec![party("alice"), party("bob")];
        let mut room = Self { parties, dealer: Dealer::default(), now, ways: Default::default() };
        for (who, present) in [(0, vec![]), (1, vec![0])] {
            room.parties[who].node.handle(Input::RelayOpened, now);
            let slot = u8::try_from(who).expect("two parties");
            room.ways[who].put(FromRelay::Welcome { slot, present }.encode());
        }
        room.ways[0].put(FromRelay::Joined { slot: 1 }.encode());
        room.settle();
        room
    }

    /// One thing that a hostile relay can do, or that happens to a party.
    pub fn act(&mut self, script: &mut Script<'_>) {
        let what = script.byte();
        let who = usize::from(what & 1);
        let way = &mut self.ways[who];
        let at = |script: &mut Script<'_>, way: &Way| script.below(way.packets.len().max(1));
        match what >> 1 & 15 {
            0..=4 => self.deliver(who),
            5 => drop(way.packets.pop_front()),
            6 => {
                let (one, other) = (at(script, way), at(script, way));
                if one.max(other) < way.packets.len() {
                    way.packets.swap(one, other);
                }
            }
            7 => {
                let chosen = script.below(way.seen.len().max(1));
                way.packets.extend(way.seen.get(chosen).cloned());
            }
            8 => {
                let (chosen, place, change) = (at(script, way), script.number(), script.byte());
                if let Some(packet) = way.packets.get_mut(chosen) {
                    let place = place % packet.len().max(1);
                    packet.get_mut(place).into_iter().for_each(|byte| *byte ^= change);
                }
            }
            9 => {
                let (chosen, length) = (at(script, way), script.number());
                way.packets.get_mut(chosen).into_iter().for_each(|packet| packet.truncate(length));
            }
            10 => way.packets.push_front(script.message().to_vec()),
            // What one party sent comes back to it, as if from the other.
            11 => {
                let mut back = self.ways[1 - who].seen.last().cloned().unwrap_or_default();
                back.get_mut(1).into_iter().for_each(|slot| *slot ^= 1);
                self.ways[who].packets.push_back(back);
            }
            12 => {
                let party = &mut self.parties[who];
                let words = vec![script.byte(), u8::try_from(party.said.len()).unwrap_or(255)];
                if party.node.say(words.clone()).is_ok() {
                    party.said.push(words);
                }
            }
            13 => drop(self.parties[who].node.restart()),
            14 => {
                self.now += Duration::from_secs(1);
                self.parties[who].node.handle(Input::Tick, self.now);
            }
            _ => {
                let packet = script.message().to_vec().into();
                self.parties[who].node.handle(Input::DealerMessage(packet), self.now);
            }
        }
        self.settle();
    }

    /// Delivers what is under way, then checks what a hostile relay must never bring about.
    ///
    /// # Panics
    /// If it did, or if the parties talk without end.
    pub fn check(mut self) {
        for turn in 0.. {
            assert!(turn < 10_000, "the parties do not come to rest");
            match (0..2).find(|who| !self.ways[*who].packets.is_empty()) {
                Some(who) => self.deliver(who),
                None => break,
            }
        }
        for (one, other) in [(0, 1), (1, 0)] {
            let (said, heard) = (&self.parties[one].said, &self.parties[other].heard);
            let mut rest = said.iter();
            let in_order = heard.iter().all(|words| rest.any(|said| said == words));
            assert!(in_order, "heard {heard:?} of {said:?}");
        }
        let lobbies = self.parties.iter().map(|party| party.node.lobby());
        let sealed: Vec<_> = lobbies.filter(|lobby| lobby.members.len() == 2).collect();
        if let [alice, bob] = &sealed[..]
            && self.parties.iter().all(|party| party.node.engine().is_some())
        {
            let fingerprints = |lobby: &cryptab_session::Lobby| -> Vec<_> {
                lobby.members.iter().map(|member| member.fingerprint.clone()).collect()
            };
            assert_eq!(fingerprints(alice), fingerprints(bob), "both see the same keys");
        }
    }

    fn deliver(&mut self, who: usize) {
        if let Some(packet) = self.ways[who].packets.pop_front() {
            self.parties[who].node.handle(Input::RelayMessage(packet.into()), self.now);
            self.settle();
        }
    }

    /// Does what the nodes want done; the dealer answers at once.
    fn settle(&mut self) {
        for turn in 0.. {
            assert!(turn < 10_000, "a node wants something without end");
            let wanted: Vec<_> = (0..2)
                .filter_map(|who| self.parties[who].node.poll().map(|output| (who, output)))
                .collect();
            if wanted.is_empty() {
                return;
            }
            wanted.into_iter().for_each(|(who, output)| self.do_for(who, output));
        }
    }

    fn do_for(&mut self, who: usize, output: Output) {
        let party = &mut self.parties[who];
        match output {
            Output::ConnectDealer => party.line = Some(self.dealer.connect()),
            Output::CloseDealer => party.line = None,
            Output::ToDealer(packet) => {
                if let Some(line) = &mut party.line {
                    self.dealer.receive(line, &packet);
                }
            }
            Output::ToRelay(message) => {
                if let [1, to @ 0..2, packet @ ..] = &message[..] {
                    let from = u8::try_from(who).expect("two parties");
                    self.ways[usize::from(*to)].put([&[1, from], packet].concat());
                }
            }
            Output::Event(Event::Said { bytes, .. }) => party.heard.push(bytes),
            Output::Event(Event::Failed(error) | Event::Closed(error)) => {
                party.failures += 1;
                let _ = (error.to_string(), error.fault());
            }
            // Without direct connections, and without a second relay.
            Output::ConnectRelay
            | Output::ConnectDirect { .. }
            | Output::DirectSignal { .. }
            | Output::ToDirect { .. }
            | Output::CloseDirect { .. }
            | Output::Save { .. }
            | Output::ForgetJournal
            | Output::Event(_) => {}
        }
        if let Some(line) = &mut self.parties[who].line
            && let Some(input) = line.down.pop_front()
        {
            self.parties[who].node.handle(input, self.now);
        }
    }
}
